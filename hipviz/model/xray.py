"""Where one looks through the skin: a window around a trigger point and the place where it is mainly felt.

How such a window is drawn lives in the view.
"""

import numpy as np

from hipviz.model.blending import smooth_union
from hipviz.model.units import Floats
from hipviz.model.zones import Zone

AROUND_ZONE_MM, AROUND_POINT_MM = 16.0, 62.0
"""How far the window reaches beyond the essential zone, and around the trigger point under the skin."""
BLEND_MM = 40.0


def window_distance(zone: Zone, skin: Floats, trigger_point: Floats) -> Floats:
    """Return the signed distance (n,) mm of the skin's vertices to the window's border, negative inside.

    skin : (n, 3) mm, at rest; trigger_point : (3,) mm, at rest, under the skin.
    """
    felt = skin[zone.essential > 0.5]
    # Few enough to be compared with all; squares first, since the root of so many is slow.
    squared = np.full(len(skin), np.inf)
    for place in felt:
        np.minimum(squared, ((skin - place) ** 2).sum(axis=1), out=squared)
    around_zone = np.sqrt(squared) - AROUND_ZONE_MM
    around_point = np.linalg.norm(skin - trigger_point, axis=1) - AROUND_POINT_MM
    return smooth_union(around_zone, around_point, BLEND_MM)
