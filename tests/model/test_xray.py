import numpy as np
import pytest

from hipviz.model.pose import Posture
from hipviz.model.units import BANDS, SIDES
from hipviz.model.xray import AROUND_POINT_MM


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("side", SIDES)
def test_the_window_opens_zone_and_point_and_nothing_else(anatomy, band, side):
    distance = anatomy.xray_window(band, side)
    zone, skin = anatomy.zones[band, side], anatomy.skin.rest.vertices
    point, _ = anatomy.trigger_point(band, side, anatomy.figure(Posture()))
    assert distance[zone.essential > 0.5].max() < 0.0
    assert distance[np.linalg.norm(skin - point, axis=1) < AROUND_POINT_MM].max() < 0.0
    open_share = (distance < 0.0).mean()
    assert 0.01 < open_share < 0.25
    # Thighs, belly and the other flank stay closed.
    hip = anatomy.hip_centre(side)
    outward = np.sign(hip[0])
    assert distance[skin[:, 2] < hip[2] - 120.0].min() > 20.0
    assert distance[outward * skin[:, 0] < -60.0].min() > 20.0
