import numpy as np
import pytest

from hipviz.model.pose import Posture
from hipviz.model.referral import SPREADS_FROM, beat, reach
from hipviz.model.units import BANDS, SIDES


def test_the_point_beats_first_then_the_main_zone_spreads_then_the_rest():
    moments = np.linspace(0.0, 1.0, 201)
    beats = np.array([beat(at) for at in moments])
    essential, spillover = np.array([reach(at) for at in moments]).T
    assert beats.max() > 0.95 and not beats[moments >= SPREADS_FROM].any()
    assert not essential[beats > 0.0].any()
    assert not spillover[essential < 1.0].any()
    assert (np.diff(essential) >= 0.0).all() and (np.diff(spillover) >= 0.0).all()
    assert reach(0.0) == (0.0, 0.0) and reach(1.0) == (1.0, 1.0) and beat(1.0) == 0.0


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("side", SIDES)
def test_a_zone_spreads_from_its_point_outwards(anatomy, band, side):
    zone, rest = anatomy.zones[band, side], anatomy.skin.rest.vertices
    point, _ = anatomy.trigger_point(band, side, anatomy.figure(Posture()))
    found = anatomy.arrival(band, side)
    away = np.linalg.norm(rest - point, axis=1)
    for field, came in ((zone.essential, found.essential), (zone.spillover, found.spillover)):
        members = field > 0.02
        assert came[members].min() == 0.0 and came[members].max() == 1.0
        # On a body's own curved surface the order of arrival is nearly that of straight distance.
        assert np.corrcoef(away[members], came[members])[0, 1] > 0.9
        assert away[members][came[members].argmin()] < away[members].min() + 15.0


def test_left_spreads_as_right(anatomy):
    for band in BANDS:
        right, left = (anatomy.arrival(band, side) for side in SIDES)
        felt = anatomy.zones[band, "right"].spillover > 0.02
        assert np.abs(left.spillover[anatomy.skin.mate] - right.spillover)[felt].max() < 0.02
