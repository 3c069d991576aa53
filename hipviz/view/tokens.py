"""The one table of colours, light and dark, for the picture and the window alike.

Plain strings and numbers only; how they become a style sheet or a texture is decided where they are used.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hipviz.model.units import Band, Floats

Theme = Literal["light", "dark"]


@dataclass(frozen=True)
class BandColours:
    """`fill` paints muscle and swatches, `ink` text, outlines and accents, `tint` the ground of a chosen entry."""

    fill: str
    ink: str
    tint: str


@dataclass(frozen=True)
class Tokens:
    """All colours of one theme, as "#RRGGBB"; numbers are shares 0…1."""

    name: Theme
    background: str
    surface: str
    raised: str
    hover: str
    text: str
    text_second: str
    text_third: str
    line: str
    line_strong: str
    button: str
    button_text: str
    warning: str
    warning_ground: str
    stage_top: str
    stage_bottom: str
    label_ground: str
    label_ground_opacity: float
    axis: str
    zone: str
    zone_outline: str
    zone_text: str
    zone_opacity: float
    zone_dot: str
    hurt: str
    skin: str
    skin_opacity_facing: float
    skin_opacity_rim: float
    skin_ambient: float
    skin_diffuse: float
    skin_solid_ambient: float
    skin_solid_diffuse: float
    outline: str
    bands: dict[Band, BandColours]


LIGHT = Tokens(
    name="light",
    background="#EEF1F4",
    surface="#FFFFFF",
    raised="#F5F7F9",
    hover="#EDF0F4",
    text="#17202B",
    text_second="#4A5665",
    text_third="#5B6776",
    line="#E1E5EA",
    line_strong="#C3CAD3",
    button="#1F2A37",
    button_text="#FFFFFF",
    warning="#8A5300",
    warning_ground="#FDF4E1",
    stage_top="#FAFBFC",
    stage_bottom="#D9E0E7",
    label_ground="#FFFFFF",
    label_ground_opacity=0.92,
    axis="#4A5665",
    zone="#C4122F",
    zone_outline="#5E0812",
    zone_text="#A50E26",
    zone_opacity=0.46,
    zone_dot="#B80F2A",
    hurt="#14508C",
    skin="#ECB492",
    skin_opacity_facing=0.22,
    skin_opacity_rim=0.74,
    skin_ambient=0.42,
    skin_diffuse=0.62,
    skin_solid_ambient=0.34,
    skin_solid_diffuse=0.72,
    outline="#3B2A22",
    bands={
        "anterior": BandColours("#F2B233", "#835200", "#FEF6E3"),
        "middle": BandColours("#2AA198", "#0A6A62", "#E4F5F3"),
        "posterior": BandColours("#5A3FC0", "#4D33AE", "#EFECFA"),
    },
)

DARK = Tokens(
    name="dark",
    background="#0F1318",
    surface="#181D24",
    raised="#20262F",
    hover="#28303A",
    text="#EEF2F6",
    text_second="#B3BDC9",
    text_third="#8E99A8",
    line="#2A323C",
    line_strong="#465160",
    button="#EEF2F6",
    button_text="#12161B",
    warning="#F3C26B",
    warning_ground="#2E2718",
    stage_top="#343D48",
    stage_bottom="#12161C",
    label_ground="#14191F",
    label_ground_opacity=0.88,
    axis="#C9D2DC",
    zone="#D92B45",
    zone_outline="#FFD7DB",
    zone_text="#FF8A97",
    zone_opacity=0.50,
    zone_dot="#FF7A88",
    hurt="#9CC8FF",
    skin="#CDA894",
    skin_opacity_facing=0.18,
    skin_opacity_rim=0.58,
    skin_ambient=0.80,
    skin_diffuse=0.38,
    skin_solid_ambient=0.30,
    skin_solid_diffuse=0.78,
    outline="#0B0E12",
    bands={
        "anterior": BandColours("#F2B233", "#F6C661", "#2D2819"),
        "middle": BandColours("#2AA198", "#5FD3C8", "#17302F"),
        "posterior": BandColours("#7C66DE", "#B8A9FA", "#262243"),
    },
)

BONE = "#EFE4CC"
"""Bone where it is neither hollow nor edge."""

MUSCLE_AT_REST: dict[Band, str] = {"anterior": "#C8574A", "middle": "#B9473F", "posterior": "#A33A38"}
"""Natural red of the three bands while none is chosen: three shades, so that the fan can be read."""

MUSCLE_MUTED: dict[Band, str] = {"anterior": "#A06C61", "middle": "#986459", "posterior": "#905D53"}
"""The bands that are not chosen: still muscle, but quiet."""

TENDON = "#EDE2CF"


def tokens(theme: Theme) -> Tokens:
    """Return the table of a theme."""
    return DARK if theme == "dark" else LIGHT


def rgb(colour: str) -> Floats:
    """Return "#RRGGBB" as (3,) float, 0…1."""
    return np.array([int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)])
