"""The template of sacrum and coccyx as a sculpt: bodies, masses, wings, crest, foramina. Data only."""

from itertools import pairwise

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

# One tunnel for each anterior foramen and the posterior foramen behind it (in a body both open into the sacral
# canal, which is left out): from the mouth in front through the throat to the mouth behind, x y z radius each.
_RIGHT_FORAMINA = """
23 -44 79 6.6, 22.3 -55 84.5 2.4, 21.4 -74 94 2.1, 21 -82 98 4.4
20 -69 66.5 6.0, 19.5 -78 72 2.5, 18.9 -87 78 2.3, 18.5 -94 82.5 4.2
17.5 -88 57 5.3, 17 -96 63 2.8, 16.5 -102 67.5 3.9
15.5 -101 43.5 4.5, 15 -106 49 2.8, 14.5 -109.5 53.5 3.5
"""


def _tunnels(side: float) -> tuple[Tunnel, ...]:
    tunnels = []
    for line in filter(None, _RIGHT_FORAMINA.split("\n")):
        stations = [tuple(map(float, words.split())) for words in line.split(",")]
        for (x, y, z, radius), (next_x, next_y, next_z, next_radius) in pairwise(stations):
            start, end = (side * x, y, z), (side * next_x, next_y, next_z)
            tunnels.append(Tunnel(start, end, radius, next_radius, rounding=2.0))
    return tuple(tunnels)


FORAMINA = (*_tunnels(1.0), *_tunnels(-1.0))

_SPHERES, _JOINED = mirrored_words(MIDLINE, RIGHT, f"{TRIANGLES}, {RODS}")

SACRUM = Sculpt(spheres=_SPHERES, triangles=_JOINED, rods="", blur_mm=1.6, tunnels=FORAMINA)
