"""The template of the right femur as a sculpt: head, trochanters, shaft, condyles. Data only."""

from hipviz.model.sculpt import Sculpt

# mm, frame of the measured adult: origin midway between the hip centres.
SPHERES = """
head                  98.4      0      0   23.5
neck                   117     -2    -16     15
neck_base              131     -5    -29     15
trochanter_top         147    -17     -2      6
trochanter_upper       153    -20    -12      9
trochanter_front       158     -6    -20      8
trochanter_low         155     -5    -35     11
trochanter_rear        143    -26     -8      6
crest                  138    -24    -27      8
lesser_trochanter      113    -22    -52      6
upper_shaft0           134    -12    -45     17
upper_shaft1           133     -9    -66   16.5
upper_shaft2           133     -8    -80     16
shaft0                 129    0.5   -120   14.7
shaft1                 122    8.5   -180   14.5
shaft2                 113     13   -240   14.5
lower_shaft_medial     104     16   -300   15.5
lower_shaft_lateral    109     16   -300   15.5
flare_medial            94     16   -340   15.5
flare_lateral          110     16   -340   15.5
medial_condyle0         73    -12   -378     13
medial_condyle1         73     -3   -386     14
medial_condyle2         74     10   -380     14
medial_condyle3         74      8   -366     14
lateral_condyle0       124    -13   -378     12
lateral_condyle1       124     -5   -384     13
lateral_condyle2       123     11   -380     13
lateral_condyle3       121     10   -364     14
trochlea_medial         88     20   -373     11
trochlea_lateral       112     22   -372     13
trochlea_groove         99     12   -370     11
medial_epicondyle       66      3   -371      8
lateral_epicondyle     131     -4   -372      8
"""

TRIANGLES = """
trochanter_top trochanter_upper trochanter_rear, trochanter_top trochanter_upper trochanter_front,
trochanter_upper trochanter_front trochanter_low, trochanter_upper trochanter_rear crest,
trochanter_upper trochanter_low upper_shaft0, trochanter_low upper_shaft0 neck_base,
crest upper_shaft0 trochanter_upper, crest lesser_trochanter upper_shaft0,
lesser_trochanter upper_shaft0 upper_shaft1, crest neck_base trochanter_rear, neck_base neck trochanter_rear,
lower_shaft_medial lower_shaft_lateral flare_medial, lower_shaft_lateral flare_medial flare_lateral,
flare_medial flare_lateral trochlea_groove, flare_medial trochlea_medial trochlea_groove,
flare_lateral trochlea_lateral trochlea_groove, flare_medial medial_condyle3 trochlea_medial,
flare_lateral lateral_condyle3 trochlea_lateral, medial_condyle0 medial_condyle1 medial_condyle3,
medial_condyle1 medial_condyle2 medial_condyle3, medial_condyle1 medial_condyle2 trochlea_medial,
medial_condyle2 medial_condyle3 trochlea_medial, lateral_condyle0 lateral_condyle1 lateral_condyle3,
lateral_condyle1 lateral_condyle2 lateral_condyle3, lateral_condyle2 lateral_condyle3 trochlea_lateral,
lateral_condyle1 lateral_condyle2 trochlea_lateral, trochlea_medial trochlea_lateral trochlea_groove,
medial_condyle3 trochlea_medial trochlea_groove, lateral_condyle3 trochlea_lateral trochlea_groove,
medial_epicondyle medial_condyle3 medial_condyle0, lateral_epicondyle lateral_condyle3 lateral_condyle0,
medial_epicondyle medial_condyle3 medial_condyle2, lateral_epicondyle lateral_condyle3 lateral_condyle2
"""

RODS = """
head neck, neck neck_base, neck_base upper_shaft0, upper_shaft0 upper_shaft1, upper_shaft1 upper_shaft2,
upper_shaft2 shaft0, shaft0 shaft1, shaft1 shaft2, shaft2 lower_shaft_medial, shaft2 lower_shaft_lateral
"""

FEMUR = Sculpt(spheres=SPHERES, triangles=TRIANGLES, rods=RODS, blur_mm=1.6)
