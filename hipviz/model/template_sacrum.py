"""The template of sacrum and coccyx as a sculpt: bodies, masses, wings, crest, four pairs of foramina. Data only."""

from hipviz.model.sculpt import Sculpt, Tunnel, mirrored_words

# mm, frame of the measured adult: origin midway between the hip centres.
MIDLINE = """
promontory               0    -45     95     14
body1                    0    -62     84     20
body2                    0    -90     72     17
body3                    0   -103     60     12
body4                    0   -108     48      9
body5                    0   -111     36    5.5
coccyx0                  0   -110     24    5.5
coccyx1                  0   -102     11      5
coccyx_tip               0    -88      1      5
crest0                   0    -88    106    3.5
crest1                   0    -96     95      4
crest2                   0   -100     82    4.5
crest3                   0   -108     66      5
"""

RIGHT = """
endplate                19    -40     98     14
mass1                   20    -64     96     13
mass2                   20    -62     84     15
mass3                   20    -78     82     14
mass4                   20    -83     72     14
mass5                   20    -96     60      7
mass6                   19   -104     48    5.5
mass7                   18   -110     36    4.5
coccyx_side0            11   -110     24    4.5
coccyx_side1             5   -103     12    4.5
articular_process       25    -63    117    5.5
articular_base          26    -65    106      8
ala0                    38    -48    102     12
ala1                    49    -46    103      7
ala_tip                 48    -52    115    3.5
ala2                    50    -45     88      8
ala3                    48    -62     86     11
ala4                    49    -47     76      8
ala5                    46    -66     74     12
ala6                    47    -81     74      8
ala7                    44    -82     61      9
ala8                    32    -98     54      7
ala9                    33   -102     47      4
dorsum0                 34    -85     84      8
dorsum1                 35    -60     90     13
"""

TRIANGLES = """
promontory endplate body1, endplate body1 mass1, body1 mass1 mass2, body1 mass2 mass3, body1 body2 mass3,
body2 mass3 mass4, body2 body3 mass5, body2 mass4 mass5, body3 body4 mass5, body4 mass5 mass6,
body4 body5 mass6, body5 mass6 mass7, body5 coccyx0 mass7, coccyx0 mass7 coccyx_side0,
coccyx0 coccyx1 coccyx_side0, coccyx1 coccyx_side0 coccyx_side1, coccyx1 coccyx_tip coccyx_side1,
endplate ala0 mass1, ala0 mass1 articular_base, endplate mass1 mass2, endplate ala0 dorsum1,
ala0 ala1 dorsum1, ala1 ala2 ala3, ala1 ala0 ala3, ala0 dorsum1 ala3, ala2 ala3 ala5, ala2 ala4 ala5,
ala3 ala5 dorsum0, ala5 ala6 dorsum0, ala5 ala6 ala7, ala5 mass4 ala7, mass4 mass5 ala7, mass5 ala7 ala8,
mass5 mass6 ala8, mass6 ala8 ala9, mass6 mass7 ala9, mass2 dorsum1 dorsum0, dorsum1 dorsum0 ala3,
mass2 mass3 dorsum0, mass3 mass4 dorsum0, dorsum0 mass4 ala5, dorsum0 mass4 ala6, ala6 ala7 mass4,
endplate dorsum1 mass2, crest0 crest1 mass1, crest1 crest2 mass3, crest2 crest3 mass4, crest3 body3 mass5,
crest1 mass1 mass3, crest2 mass3 mass4, crest3 mass4 mass5, articular_base mass1 dorsum1, crest1 crest2 body1,
crest2 crest3 body2
"""

RODS = """
articular_process articular_base, ala1 ala_tip, crest3 body3, crest1 crest0
"""

# One straight tunnel for each anterior foramen and the posterior foramen behind it (in a body both open into the
# sacral canal, which is left out): start in front, end behind.
_RIGHT_FORAMINA = (
    Tunnel((23.0, -40.0, 77.0), (21.0, -86.0, 100.0), 6.6, 4.6, rounding=3.0),
    Tunnel((20.0, -66.0, 64.5), (18.5, -97.0, 84.0), 5.8, 4.2, rounding=2.5),
    Tunnel((17.5, -86.0, 55.5), (16.5, -104.0, 69.0), 5.0, 3.7, rounding=2.5),
    Tunnel((15.5, -99.0, 41.0), (14.5, -111.0, 55.0), 4.2, 3.2, rounding=2.0),
)


def _mirrored(tunnel: Tunnel) -> Tunnel:
    (sx, sy, sz), (ex, ey, ez) = tunnel.start, tunnel.end
    return Tunnel((-sx, sy, sz), (-ex, ey, ez), tunnel.start_radius, tunnel.end_radius, tunnel.rounding)


FORAMINA = (*_RIGHT_FORAMINA, *(_mirrored(tunnel) for tunnel in _RIGHT_FORAMINA))

_SPHERES, _JOINED = mirrored_words(MIDLINE, RIGHT, f"{TRIANGLES}, {RODS}")

SACRUM = Sculpt(spheres=_SPHERES, triangles=_JOINED, rods="", blur_mm=1.6, tunnels=FORAMINA)
