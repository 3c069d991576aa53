"""What an action makes of the State: pure functions of State and Words, each to be tried without a window.

Which key or button does which of them stands in the table in `actions`.
"""

import math
from collections.abc import Callable

import msgspec

from hipviz.model.comparison import comparison_of, mirrored
from hipviz.model.content import Words
from hipviz.model.explore import Hold, hold_of
from hipviz.model.movement import phase_of, span_of
from hipviz.model.proportions import OWN
from hipviz.model.state import ASIDE, LAYERS, Beside, Layer, LayerName, State, View, legs_shown, movement_of
from hipviz.model.units import BANDS, Band, Side

Changes = dict[str, object]
Change = Callable[[State, Words], Changes]
Test = Callable[[State], bool]

SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
TEXT_SCALES = (0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)
SCRUB_STEP = 0.02
FRAMES_PER_S = 30.0
"""Pictures of a film in a second, by which single steps go."""
OVER_THE_BONES: tuple[LayerName, ...] = ("skin", "bands", "zones", "minimus", "maximus", "piriformis")
"""Layers that would hide where the bands grip."""
ASKING_SKIN = 0.9
"""Least opacity of the skin while one points at it."""


FROM_THE_POINT: Changes = {"referral": 0.0, "spreading": True}
WHOLE_ZONE: Changes = {"referral": 1.0, "spreading": False}
"""The chosen point's zone begins to spread; or stands."""
AFRESH: Changes = {"movement": None, "phase": 0.0, "repeated": None, "pose": None}
NOTHING: Changes = AFRESH | WHOLE_ZONE | {"band": None, "playing": False, "isolated": False}


def choose(band: Band) -> Change:
    """Choose a band; play its movement and, once, how what is felt from its point spreads.

    A pose of one's own stays as it is; a practice ends.
    """
    played: Changes = AFRESH | FROM_THE_POINT | {"playing": True}

    def change(state: State, words: Words) -> Changes:
        ended = from_practice(state, words)
        return ended | {"band": band} | (WHOLE_ZONE if state.panel == "explore" else played)

    return change


def clear(state: State, words: Words) -> Changes:
    """Choose no band."""
    return {"band": None, "isolated": False} if state.panel == "explore" else dict(NOTHING)


def refer(state: State, words: Words) -> Changes:
    """Play from the start how what is felt from the chosen point spreads; a hidden zone is shown for it."""
    return FROM_THE_POINT | {"zones": shown(state.zones)}


def escape(state: State, words: Words) -> Changes:
    """Leave the presentation; outside it, go back to the card; from there, choose no band."""
    if state.presenting:
        return {"presenting": False}
    if state.panel != "card":
        return to_card(state, words)
    return from_grips(state) if state.grips else clear(state, words)


def to_card(state: State, words: Words) -> Changes:
    """Show the card of the band again, and the body as it stood before."""
    left: Changes = {"skin": seen_through(state)}
    if state.panel == "practice":
        left = {"movement": None, "phase": 0.0, "playing": False, "pose": None, "camera": None, "zones": Layer()}
    elif state.panel == "explore":
        left = {"pose": None, "playing": False, "zones": Layer()}
    elif state.panel == "shape":
        left = {"proportions": OWN, "zones": Layer(), "view": None, "camera": None}
    return {"panel": "card", "hurting": (), "places": (), "brush": False, "practice": None, "step": 0} | left


def from_practice(state: State, words: Words) -> Changes:
    """End a practice, whose step would say something else than is seen."""
    return to_card(state, words) if state.panel == "practice" else {}


def seen_through(state: State) -> Layer:
    """Return the skin as it was before it was closed for pointing at it."""
    return State().skin if state.skin.opacity == ASKING_SKIN else state.skin


def explore(state: State, words: Words) -> Changes:
    """Hold the body as it stands at this moment, to be moved by hand; or stop that."""
    if state.panel == "explore":
        return to_card(state, words)
    before = to_card(state, words) if state.panel != "card" else {}
    zones = Layer(shown=False, opacity=state.zones.opacity)  # they would hide what the hand does
    return before | {"panel": "explore", "presenting": False, "zones": zones} | hold_of(state, words).changes


def study_shapes(state: State, words: Words) -> Changes:
    """Change the shape of the bones; or go back to the card, and to the bones as they were."""
    if state.panel == "shape":
        return to_card(state, words)
    before = to_card(state, words) if state.panel != "card" else {}
    zones = Layer(shown=False, opacity=state.zones.opacity)  # they would hide the bones
    return before | {"panel": "shape", "presenting": False, "zones": zones, "view": "anterior", "camera": None}


def reset_pose(state: State, words: Words) -> Changes:
    """Stand the body up straight, to be moved by hand."""
    return Hold().changes


def mirror_pose(state: State, words: Words) -> Changes:
    """Hold the body in the mirror image of its pose."""
    return hold_of(state, words).exchanged().changes


def ask_where(state: State, words: Words) -> Changes:
    """Ask where it hurts, seen from behind with the skin closed enough to be pointed at; or stop asking."""
    if state.panel == "pain":
        return to_card(state, words)
    skin = msgspec.structs.replace(state.skin, shown=True, opacity=max(ASKING_SKIN, state.skin.opacity))
    asked: Changes = {"panel": "pain", "practice": None, "view": "posterior", "camera": None, "skin": skin}
    return NOTHING | from_grips(state) | asked


def tick(region: str, side: Side, ticked: bool) -> Change:
    """Add a region to those that hurt, or take it away; places that were pointed at give way."""

    def change(state: State, words: Words) -> Changes:
        rest = tuple(each for each in state.hurting if each != (region, side))
        return {"hurting": (*rest, (region, side)) if ticked else rest, "places": ()}

    return change


def neighbour(step: int) -> Change:
    """Choose the next or the previous band: what the two keys of a presenter's remote control send."""

    def change(state: State, words: Words) -> Changes:
        if state.band is None:
            return choose(BANDS[0 if step > 0 else -1])(state, words)
        return choose(BANDS[(BANDS.index(state.band) + step) % len(BANDS)])(state, words)

    return change


def play_or_pause(state: State, words: Words) -> Changes:
    """Start or stop movement and referral; a movement that has come to its end starts again."""
    if movement_of(state, words) is None:
        return {}
    if state.playing or state.spreading:
        return {"playing": False, "spreading": False}
    phase = 0.0 if state.phase >= 1.0 else state.phase
    return {"playing": True, "pose": None, "phase": phase, "spreading": state.referral < 1.0}


def scrub(step: float) -> Change:
    """Move a little along the movement, and stop there."""

    def change(state: State, words: Words) -> Changes:
        if movement_of(state, words) is None:
            return {}
        phase = min(1.0, max(0.0, round(state.phase + step, 6)))
        return {"phase": phase, "playing": False, "pose": None} | WHOLE_ZONE

    return change


def to_phase(step: int) -> Change:
    """Jump to the start of the next or of the previous named phase."""

    def change(state: State, words: Words) -> Changes:
        movement = movement_of(state, words)
        if movement is None:
            return {}
        starts = [phase.start for phase in movement.phases]
        if step > 0:
            phase = min((start for start in starts if start > state.phase + 1e-6), default=1.0)
        else:
            phase = max((start for start in starts if start < state.phase - 1e-6), default=0.0)
        return {"phase": phase, "playing": False, "pose": None} | WHOLE_ZONE

    return change


def step_frames(count: int) -> Change:
    """Go on by whole pictures of a film of the movement, and stop there; from between two, to the next one."""

    def change(state: State, words: Words) -> Changes:
        movement = movement_of(state, words)
        if movement is None:
            return {}
        whole = max(2, round(movement.duration_s * FRAMES_PER_S))
        at = state.phase * whole
        frame = math.floor(at + 1e-6) if count > 0 else math.ceil(at - 1e-6)
        return {"phase": min(whole, max(0, frame + count)) / whole, "playing": False, "pose": None}

    return change


def repeat_phase(number: int | None = None) -> Change:
    """Play one phase over and over, by default the present one; asked again, play the whole movement."""

    def change(state: State, words: Words) -> Changes:
        movement = movement_of(state, words)
        if movement is None:
            return {}
        meant = movement.phases.index(phase_of(movement, state.phase)) if number is None else number
        if state.repeated is not None and number in (None, state.repeated):
            return {"repeated": None}
        start, end = span_of(movement, meant)
        phase = state.phase if start <= state.phase < end else start
        return {"repeated": meant, "phase": phase, "playing": True, "pose": None}

    return change


def to_start(state: State, words: Words) -> Changes:
    """Return to rest and stop."""
    return {"phase": 0.0, "playing": False, "pose": None} | WHOLE_ZONE


def stepped(name: str, steps: tuple[float, ...], direction: int) -> Change:
    """Go to the next larger or smaller of `steps`."""

    def change(state: State, words: Words) -> Changes:
        now: float = getattr(state, name)
        larger = [step for step in steps if step > now + 1e-6]
        smaller = [step for step in steps if step < now - 1e-6]
        return {name: (larger or [now])[0] if direction > 0 else (smaller or [now])[-1]}

    return change


def set_to(**values: object) -> Change:
    """Set fields to fixed values."""
    return lambda state, words: dict(values)


def is_set(**values: object) -> Test:
    """Tell whether the state has all these values."""
    return lambda state: all(getattr(state, name) == value for name, value in values.items())


def flip(name: str) -> Change:
    """Turn a yes into a no."""
    return lambda state, words: {name: not getattr(state, name)}


def has_band(state: State) -> bool:
    """Tell whether a band is chosen."""
    return state.band is not None


def explores(state: State) -> bool:
    """Tell whether the body is moved by hand."""
    return state.panel == "explore"


def repeats_phase(state: State) -> bool:
    """Tell whether one phase is played over and over."""
    return state.repeated is not None


def moves(state: State) -> bool:
    """Tell whether there is a movement to play: a step that holds a pose of its own speaks of nothing else."""
    holds = state.panel == "practice" and state.pose is not None
    return not holds and (state.band is not None or state.movement is not None)


def has_specimen(state: State) -> bool:
    """Tell whether the bones of a specimen are shown."""
    return bool(state.specimen)


def shows_the_hip(state: State) -> bool:
    """Tell whether the picture is there to be looked at, not to point at or to work by."""
    return state.panel not in ("pain", "practice")


def beside(kind: Beside) -> Change:
    """Set a second picture beside the first one, or take it away when it is there."""
    return lambda state, words: {"beside": None if comparison_of(state, words) == kind else kind}


def to_side(side: Side) -> Change:
    """Act on the other side; a viewpoint of the user's own is mirrored with it, so that the picture stays."""

    def change(state: State, words: Words) -> Changes:
        if side == state.side:
            return {}
        if state.panel == "explore" and state.pose is not None:
            # The body that one holds stays as it is; it is its other hip that is moved now.
            return {"side": side, **hold_of(state, words).exchanged().changes}
        return {"side": side, "camera": mirrored(state.camera) if state.camera else None}

    return change


def published(state: State, words: Words) -> Changes:
    """Show published levers in the chart, opened if need be; or leave them out."""
    shown = not (state.levers and state.published)
    return {"published": shown, "levers": state.levers or shown}


def grips(state: State, words: Words) -> Changes:
    """Look at the grips from near, or go back to the whole hip."""
    return from_grips(state) if state.grips else close_up(state)


def may_look_near(state: State) -> bool:
    """Tell whether the grips can be looked at: not while the skin is asked or something is done."""
    return state.panel in ("card", "explore")


def close_up(state: State) -> Changes:
    """Look at the grips on the trochanter from near, on bare bones."""
    bare: Changes = {name: msgspec.structs.replace(state.layer(name), shown=False) for name in OVER_THE_BONES}
    return {"grips": True, "view": None, "camera": None, "attachments": Layer(), **bare}


def from_grips(state: State) -> Changes:
    """Go back from the grips to the whole hip, with its layers as opaque as they were."""
    if not state.grips:
        return {}
    fresh = State()
    names: tuple[LayerName, ...] = (*OVER_THE_BONES, "attachments")
    layers: Changes = {
        name: msgspec.structs.replace(state.layer(name), shown=fresh.layer(name).shown) for name in names
    }
    return {"grips": False, "view": None, "camera": None, **layers}


def look(view: View | None) -> Change:
    """Turn to a canonical view, or with None to the one that shows the chosen band's movement best."""
    return lambda state, words: {"view": view, "camera": None}


def flip_layer(name: LayerName) -> Change:
    """Show or hide a layer; one that was faded out completely comes back half opaque."""

    def change(state: State, words: Words) -> Changes:
        layer = state.layer(name)
        return {name: msgspec.structs.replace(layer, shown=False) if layer.shown else shown(layer)}

    return change


def look_through(state: State, words: Words) -> Changes:
    """Open the skin around the chosen point, or close it; a hidden skin is shown for it."""
    return {"xray": False} if state.xray else {"xray": True, "skin": shown(state.skin)}


def shown(layer: Layer) -> Layer:
    """Return a layer so that it can be seen."""
    return msgspec.structs.replace(layer, shown=True, opacity=layer.opacity if layer.opacity > 0.0 else 0.5)


def flip_legs(state: State, words: Words) -> Changes:
    """Show or hide the lower legs; where that is what the movement needs anyway, leave it to the movement."""
    wanted = not legs_shown(state, words)
    needed = legs_shown(msgspec.structs.replace(state, legs=None), words)
    return {"legs": None if wanted == needed else wanted}


def layer_shown(name: LayerName, state: State) -> bool:
    """Tell whether a layer is shown."""
    return state.layer(name).shown


def everything(state: State, words: Words) -> Changes:
    """Show all layers as at the first start."""
    fresh = State()
    return {name: fresh.layer(name) for name in (*LAYERS, *ASIDE)} | {"isolated": False, "xray": False}


def other_wording(state: State, words: Words) -> Changes:
    """Go on to the next wording: plain, clinical, what the sources say."""
    order = ("plain", "clinical", "sources")
    return {"wording": order[(order.index(state.wording) + 1) % len(order)]}
