"""The template of the right hip bone as a sculpt: crest, wing, socket, ischium, pubis. Data only."""

from hipviz.model.sculpt import Sculpt, Shell, Tunnel

# mm, frame of the measured adult: origin midway between the hip centres.
SPHERES = """
crest0                 125     44     67      5
crest1                 129     43     80    4.5
crest2                 133     34     97      5
crest3                 137     20    110      6
crest4                 135      5    120      6
crest5                 128    -10    130    5.5
crest6                 117    -26    138      5
crest7                 103    -42    140      5
crest8                  88    -56    136      6
crest9                  79    -70    126      6
crest10                 71    -84    112      7
crest11                 63    -94     98      6
crest12                 57    -97     86      5
wing1                  125     30     82    4.5
wing2                  121     16     86      4
wing3                  121      0     94    3.5
wing4                  105    -19     95      3
wing5                  111    -19    113      4
wing6                   98    -31    113      5
wing7                   84    -40    110      9
wing8                   76    -55    115      9
wing9                   69    -70    105      9
wing10                  73    -50     95     10
wing11                  68    -62     80      8
wing12                  72    -40     72     12
wing13                  66    -54     64      8
wing14                  60    -82     94      8
wing15                  56    -88     80      6
wing16                  58    -76     72      6
piis                    59    -66     60      5
wing17                  98    -14     78      6
wing18                 111      4     78    5.5
notch_front             84    -22     60     12
above_socket           103      0     60      9
aiis_back              115     20     63      7
aiis                   110     30     48      5
below_asis             125     37     66      5
socket_roof             89    -12     42     15
socket_roof_front       98      8     44     11
notch_apex              80    -28     25     11
socket_back0            76    -18     35      8
ischium0                74    -34      5     11
spine_base              70    -42      0      6
spine_tip               61    -53     -2      3
ischium1                74    -37    -22      9
ischium2                75    -46    -36      8
tuberosity0             69    -34    -50     11
tuberosity1             62    -30    -56      9
ischial_ramus0          53    -19    -54      8
ischial_ramus1          45     -9    -50      7
ischial_ramus2          37      0    -44    6.5
pubic_ramus             26     10    -34    6.5
symphysis_low           13     20    -36    4.5
symphysis_mid            9     34    -28      6
symphysis_top            8     37    -23      5
pubic_body              20     31    -23      6
symphysis_back           9     23    -38      4
pubic_tubercle          18     41    -19      4
superior_ramus1         32     27    -17      6
superior_ramus2         43     26     -9      7
superior_ramus3         58     21      0      8
superior_ramus4         71     16     12      9
superior_ramus5         82     18     24      8
pubic_body_low          29     13    -28    5.5
superior_ramus0         38     16    -15      5
socket_floor0           70      2      6      8
socket_floor1           71    -14     -6      8
socket_floor2           66     10      0      6
"""

TRIANGLES = """
crest0 crest1 below_asis, crest1 below_asis wing1, crest1 crest2 wing1, crest2 wing1 wing2,
crest2 crest3 wing2, crest3 wing2 wing3, crest3 crest4 wing3, crest4 crest5 wing3, crest5 wing3 wing5,
wing3 wing4 wing5, crest5 crest6 wing5, crest6 wing5 wing6, wing4 wing5 wing6, crest6 crest7 wing6,
crest7 wing6 wing7, crest7 crest8 wing7, crest8 wing7 wing8, crest8 crest9 wing8, crest9 wing8 wing9,
crest9 crest10 wing9, crest10 wing9 wing14, crest10 crest11 wing14, crest11 crest12 wing14,
crest12 wing14 wing15, wing14 wing15 wing16, wing14 wing16 wing11, wing14 wing9 wing11, wing9 wing8 wing10,
wing9 wing10 wing11, wing8 wing7 wing10, wing10 wing11 wing12, wing11 wing12 wing13, wing11 wing13 piis,
wing11 wing16 piis, wing7 wing10 wing12, wing6 wing7 wing17, wing4 wing6 wing17, wing7 wing17 wing12,
wing4 wing3 wing18, wing4 wing17 wing18, wing17 wing18 above_socket, wing17 above_socket notch_front,
wing17 wing12 notch_front, wing12 wing13 notch_front, wing3 wing2 wing18, wing2 wing18 aiis_back,
wing18 above_socket aiis_back, wing1 wing2 aiis_back, wing1 below_asis aiis_back,
aiis_back above_socket socket_roof_front, aiis_back socket_roof_front aiis,
notch_front above_socket socket_roof, above_socket socket_roof socket_roof_front,
socket_roof socket_back0 notch_apex, socket_back0 notch_apex ischium0, notch_apex ischium0 spine_base,
ischium0 spine_base spine_tip, ischium0 spine_base ischium1, ischium1 ischium2 tuberosity0,
symphysis_low symphysis_mid pubic_body, symphysis_low symphysis_back symphysis_mid,
symphysis_mid symphysis_top pubic_body, symphysis_top pubic_tubercle pubic_body,
pubic_tubercle pubic_body superior_ramus1, pubic_body symphysis_low pubic_ramus,
aiis socket_roof_front superior_ramus5, socket_back0 superior_ramus4 socket_floor0,
socket_back0 socket_floor0 socket_floor1, socket_back0 ischium0 socket_floor1,
pubic_body pubic_body_low pubic_ramus, pubic_body superior_ramus1 pubic_body_low,
pubic_body symphysis_low pubic_body_low, superior_ramus1 superior_ramus0 pubic_body_low,
superior_ramus1 superior_ramus2 superior_ramus0, superior_ramus2 superior_ramus0 socket_floor2,
superior_ramus2 superior_ramus3 socket_floor2, ischium0 ischium1 socket_floor1,
socket_floor0 socket_floor2 superior_ramus4, socket_floor0 socket_floor1 socket_floor2,
below_asis aiis_back aiis, superior_ramus5 superior_ramus4 socket_roof_front,
socket_back0 superior_ramus4 socket_roof_front, socket_back0 socket_roof socket_roof_front
"""

RODS = """
notch_front socket_back0, tuberosity0 tuberosity1, tuberosity1 ischial_ramus0, ischial_ramus0 ischial_ramus1,
ischial_ramus1 ischial_ramus2, ischial_ramus2 pubic_ramus, pubic_ramus symphysis_low,
pubic_ramus symphysis_back, pubic_body superior_ramus1, superior_ramus1 superior_ramus2,
superior_ramus2 superior_ramus3, superior_ramus3 superior_ramus4, superior_ramus4 superior_ramus5,
superior_ramus5 socket_roof_front, superior_ramus4 socket_back0, socket_roof ischium0, ischium0 tuberosity0,
spine_base ischium2
"""

HIP_CENTRE = (98.2, 0.1, -0.3)
SOCKET_AXIS = (0.842, 0.337, -0.421)

HIP_BONE = Sculpt(
    spheres=SPHERES,
    triangles=TRIANGLES,
    rods=RODS,
    blur_mm=1.2,
    shells=(
        Shell(
            centre=(93.2, -1.9, -0.3),
            radius=31.5,
            plane_point=(94.0, -1.6, 1.8),
            plane_normal=SOCKET_AXIS,
            # keeps the wall of the socket from closing the obturator foramen
            spared=Tunnel((20, -3, -30), (110, -3, -32), 13.0, 13.0),
        ),
    ),
    tunnels=(
        Tunnel(HIP_CENTRE, (98.3, 0.1, -0.3), 25.5, 25.5, rounding=1.5),
        # the notch of the socket
        Tunnel((92.2, 0.1, -3.3), (94.2, 4.1, -30.3), 11.0, 11.0, rounding=2.0),
    ),
)
