"""How each band is drawn in a State: at rest, chosen or muted, how opaque, with or without its outline.

Colours live in `tokens`, drawing in `muscle`.
"""

from dataclasses import dataclass
from typing import Literal

from hipviz.model.movement_record import MovementRecord
from hipviz.model.state import State
from hipviz.model.units import Band, Side
from hipviz.view.mesh_actor import veiled

Look = Literal["rest", "muted", "chosen"]


@dataclass(frozen=True)
class BandLook:
    """How one band is drawn; `marked` gives the chosen one its outline."""

    look: Look = "rest"
    hovered: bool = False
    opacity: float = 1.0
    marked: bool = True


def band_look(
    state: State, side: Side, band: Band, veil: float = 0.0, movement: MovementRecord | None = None
) -> BandLook:
    """Return how a band is drawn in a state; `movement` when one is shown that tells which bands it is about."""
    chosen = state.band == band and state.side == side
    opacity = veiled(state.bands.strength, veil)
    if state.isolated and state.band is not None and not chosen:
        opacity = 0.0
    hovered = state.hovered == band and state.side == side
    if state.band is None and state.panel == "explore":
        # The panel beside the picture speaks of all three, each in its hue.
        return BandLook("chosen" if side == state.side else "muted", hovered, opacity, marked=False)
    if state.band is None and movement is not None and movement.bands:
        meant = band in movement.bands and (side == state.side or movement.alternating)
        return BandLook("chosen" if meant else "muted", hovered, opacity, marked=False)
    if state.band is None:
        return BandLook("rest", hovered, opacity)
    return BandLook("chosen" if chosen else "muted", hovered, opacity)
