"""The table of everything a person can do: text, keys, picture and what it makes of the State.

Menus, tool bar, shortcut sheet and command palette are views of this table. Rows without `change` concern the
window itself (files, dialogs, undo); the window binds them by their id.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import msgspec
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from hipviz.model.content import Words
from hipviz.model.state import VIEWS, Camera, LayerName, State, View
from hipviz.model.units import BANDS, Band, Side

Changes = dict[str, object]
Change = Callable[[State, Words], Changes]
Test = Callable[[State], bool]

SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
TEXT_SCALES = (0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)
SCRUB_STEP = 0.02

GROUPS: dict[str, str] = {
    "band": QT_TRANSLATE_NOOP("actions", "Band"),
    "movement": QT_TRANSLATE_NOOP("actions", "Movement"),
    "view": QT_TRANSLATE_NOOP("actions", "View"),
    "layers": QT_TRANSLATE_NOOP("actions", "Layers"),
    "screen": QT_TRANSLATE_NOOP("actions", "Screen"),
    "file": QT_TRANSLATE_NOOP("actions", "Picture and choices"),
    "help": QT_TRANSLATE_NOOP("actions", "Help"),
}
"""Headings of menus and of the shortcut sheet, in order."""


@dataclass(frozen=True)
class Action:
    """One row: `keys` are portable names of key sequences, the first of them is the one shown."""

    id: str
    group: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    change: Change | None = None
    checked: Test | None = None
    possible: Test | None = None

    @property
    def label(self) -> str:
        """The text in the user's language."""
        return QCoreApplication.translate("actions", self.text)


def group_label(group: str) -> str:
    """Return the heading of a group in the user's language."""
    return QCoreApplication.translate("actions", GROUPS[group])


# What the rows do. Pure functions of State and Words, so that every row can be tried without a window.


def choose(band: Band) -> Change:
    """Choose a band and play its movement from the start."""
    return lambda state, words: {"band": band, "phase": 0.0, "playing": True, "pose": None}


def clear(state: State, words: Words) -> Changes:
    """Choose no band."""
    return {"band": None, "phase": 0.0, "playing": False, "pose": None, "isolated": False}


def escape(state: State, words: Words) -> Changes:
    """Leave the presentation; outside it, choose no band."""
    return {"presenting": False} if state.presenting else clear(state, words)


def neighbour(step: int) -> Change:
    """Choose the next or the previous band: what the two keys of a presenter's remote control send."""

    def change(state: State, words: Words) -> Changes:
        if state.band is None:
            return choose(BANDS[0 if step > 0 else -1])(state, words)
        return choose(BANDS[(BANDS.index(state.band) + step) % len(BANDS)])(state, words)

    return change


def play_or_pause(state: State, words: Words) -> Changes:
    """Start or stop; a movement that has come to its end starts again."""
    if state.band is None:
        return {}
    if state.playing:
        return {"playing": False}
    return {"playing": True, "pose": None, "phase": 0.0 if state.phase >= 1.0 else state.phase}


def scrub(step: float) -> Change:
    """Move a little along the movement, and stop there."""

    def change(state: State, words: Words) -> Changes:
        if state.band is None:
            return {}
        phase = min(1.0, max(0.0, round(state.phase + step, 6)))
        return {"phase": phase, "playing": False, "pose": None}

    return change


def to_phase(step: int) -> Change:
    """Jump to the start of the next or of the previous named phase."""

    def change(state: State, words: Words) -> Changes:
        if state.band is None:
            return {}
        starts = [phase.start for phase in words.movements[words.bands[state.band].movement].phases]
        if step > 0:
            phase = min((start for start in starts if start > state.phase + 1e-6), default=1.0)
        else:
            phase = max((start for start in starts if start < state.phase - 1e-6), default=0.0)
        return {"phase": phase, "playing": False, "pose": None}

    return change


def to_start(state: State, words: Words) -> Changes:
    """Return to rest and stop."""
    return {"phase": 0.0, "playing": False, "pose": None}


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


def to_side(side: Side) -> Change:
    """Act on the other side; a viewpoint of the user's own is mirrored with it, so that the picture stays."""

    def change(state: State, words: Words) -> Changes:
        if side == state.side:
            return {}
        return {"side": side, "camera": mirrored(state.camera) if state.camera else None}

    return change


def mirrored(camera: Camera) -> Camera:
    """Return the camera that sees the left side as `camera` sees the right one, and the reverse."""
    (fx, fy, fz), (dx, dy, dz), (ux, uy, uz) = camera.focal_point, camera.direction, camera.up
    return Camera((-fx, fy, fz), (-dx, dy, dz), (-ux, uy, uz), camera.half_height_mm)


def look(view: View | None) -> Change:
    """Turn to a canonical view, or with None to the one that shows the chosen band's movement best."""
    return lambda state, words: {"view": view, "camera": None}


def flip_layer(name: LayerName) -> Change:
    """Show or hide a layer; one that was faded out completely comes back half opaque."""

    def change(state: State, words: Words) -> Changes:
        layer = state.layer(name)
        opacity = layer.opacity if layer.shown or layer.opacity > 0.0 else 0.5
        return {name: msgspec.structs.replace(layer, shown=not layer.shown, opacity=opacity)}

    return change


def layer_shown(name: LayerName, state: State) -> bool:
    """Tell whether a layer is shown."""
    return state.layer(name).shown


def everything(state: State, words: Words) -> Changes:
    """Show all layers as at the first start."""
    fresh = State()
    return {name: fresh.layer(name) for name in ("bones", "bands", "skin", "zones")} | {"isolated": False}


def other_wording(state: State, words: Words) -> Changes:
    """Change between plain and clinical words."""
    return {"wording": "clinical" if state.wording == "plain" else "plain"}


_ = QT_TRANSLATE_NOOP

VIEW_TEXTS: dict[View, str] = {
    "anterior": _("actions", "From the front (anterior)"),
    "posterior": _("actions", "From behind (posterior)"),
    "lateral": _("actions", "From the side (lateral)"),
    "medial": _("actions", "From the inside (medial)"),
    "superior": _("actions", "From above (superior)"),
    "inferior": _("actions", "From below (inferior)"),
}
BAND_TEXTS: dict[Band, str] = {
    "anterior": _("actions", "Anterior band"),
    "middle": _("actions", "Middle band"),
    "posterior": _("actions", "Posterior band"),
}


def _layer_row(name: LayerName, text: str, key: str) -> Action:
    shown = partial(layer_shown, name)
    return Action(f"layer.{name}", "layers", text, (key,), change=flip_layer(name), checked=shown)


ACTIONS: tuple[Action, ...] = (
    *(
        Action(f"band.{band}", "band", BAND_TEXTS[band], (str(n),), change=choose(band), checked=is_set(band=band))
        for n, band in enumerate(BANDS, start=1)
    ),
    Action("band.next", "band", _("actions", "Next band"), ("PgDown",), change=neighbour(1)),
    Action("band.previous", "band", _("actions", "Previous band"), ("PgUp",), change=neighbour(-1)),
    Action("escape", "band", _("actions", "Clear the choice, leave the presentation"), ("Esc",), change=escape),
    Action("side.left", "band", _("actions", "Left side"), ("L",), change=to_side("left"), checked=is_set(side="left")),
    Action(
        "side.right", "band", _("actions", "Right side"), ("R",), change=to_side("right"), checked=is_set(side="right")
    ),
    Action(
        "wording", "band", _("actions", "Clinical words"), ("W",), "ph.book-open", other_wording,
        is_set(wording="clinical"),
    ),
    Action(
        "play", "movement", _("actions", "Play or pause"), ("Space",), "ph.play-fill", play_or_pause,
        is_set(playing=True), has_band,
    ),
    Action("back", "movement", _("actions", "A little back"), ("Left",), change=scrub(-SCRUB_STEP), possible=has_band),
    Action("on", "movement", _("actions", "A little on"), ("Right",), change=scrub(SCRUB_STEP), possible=has_band),
    Action(
        "phase.previous", "movement", _("actions", "Previous phase"), ("Shift+Left",), change=to_phase(-1),
        possible=has_band,
    ),
    Action(
        "phase.next", "movement", _("actions", "Next phase"), ("Shift+Right",), change=to_phase(1), possible=has_band
    ),
    Action(
        "start", "movement", _("actions", "Back to rest"), ("0", "Backspace"), "ph.arrow-counter-clockwise", to_start,
        possible=has_band,
    ),
    Action("slower", "movement", _("actions", "Slower"), (",",), change=stepped("speed", SPEEDS, -1)),
    Action("faster", "movement", _("actions", "Faster"), (".",), change=stepped("speed", SPEEDS, 1)),
    Action("loop", "movement", _("actions", "Repeat"), ("O",), "ph.repeat", flip("loop"), is_set(loop=True)),
    *(
        Action(f"view.{view}", "view", VIEW_TEXTS[view], (str(n),), change=look(view), checked=is_set(view=view))
        for n, view in enumerate(VIEWS, start=4)
    ),
    Action(
        "view.lesson", "view", _("actions", "Best view of the movement"), ("Home",), "ph.house-simple", look(None)
    ),
    _layer_row("skin", _("actions", "Skin"), "S"),
    _layer_row("bands", _("actions", "Muscle"), "M"),
    _layer_row("bones", _("actions", "Bones"), "B"),
    _layer_row("zones", _("actions", "Pain zones"), "Z"),
    Action(
        "isolate", "layers", _("actions", "Only the chosen band"), ("X",), "ph.selection-all", flip("isolated"),
        is_set(isolated=True), has_band,
    ),
    Action("labels", "layers", _("actions", "Labels"), ("N",), "ph.tag-simple", flip("labels"), is_set(labels=True)),
    Action("layers.all", "layers", _("actions", "Show everything"), ("A",), change=everything),
    Action(
        "present", "screen", _("actions", "Present on the full screen"), ("F11", "P"), "ph.presentation",
        flip("presenting"), is_set(presenting=True),
    ),
    Action("theme", "screen", _("actions", "Light or dark"), ("T",), "ph.moon"),
    Action(
        "theme.system", "screen", _("actions", "Light or dark as the system"), change=set_to(theme="system"),
        checked=is_set(theme="system"),
    ),
    Action(
        "text.larger", "screen", _("actions", "Larger text"), ("Ctrl++", "Ctrl+="), "ph.text-aa",
        stepped("text_scale", TEXT_SCALES, 1),
    ),
    Action(
        "text.smaller", "screen", _("actions", "Smaller text"), ("Ctrl+-",), "ph.text-aa",
        stepped("text_scale", TEXT_SCALES, -1),
    ),
    Action("text.normal", "screen", _("actions", "Normal text"), ("Ctrl+0",), change=set_to(text_scale=1.0)),
    *(
        Action(f"quality.{quality}", "screen", text, change=set_to(quality=quality), checked=is_set(quality=quality))
        for quality, text in (
            ("auto", _("actions", "Drawing quality: as the machine allows")),
            ("low", _("actions", "Drawing quality: low")),
            ("normal", _("actions", "Drawing quality: normal")),
            ("high", _("actions", "Drawing quality: high")),
        )
    ),
    Action("picture.save", "file", _("actions", "Save a picture…"), ("Ctrl+S",), "ph.camera"),
    Action("picture.copy", "file", _("actions", "Copy the picture"), ("Ctrl+C",), "ph.copy"),
    Action("undo", "file", _("actions", "Undo"), ("Ctrl+Z",), "ph.arrow-u-up-left"),
    Action("redo", "file", _("actions", "Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "ph.arrow-u-up-right"),
    Action("quit", "file", _("actions", "Quit"), ("Ctrl+Q",)),
    Action("help.keys", "help", _("actions", "Keys and mouse"), ("?", "F1"), "ph.question"),
    Action("help.palette", "help", _("actions", "Find an action"), ("Ctrl+K",), "ph.magnifying-glass"),
    Action("help.about", "help", _("actions", "About, sources and caution"), icon="ph.info"),
)
BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}
