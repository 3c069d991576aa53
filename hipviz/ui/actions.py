"""The table of everything a person can do: text, keys, picture and what it makes of the State.

Menus, tool bar, shortcut sheet and command palette are views of this table. Rows without `change` concern the
window itself (files, dialogs, undo); the window binds them by their id.
"""

from functools import partial

from hipviz.model.state import VIEWS, LayerName, View
from hipviz.model.units import BANDS, Band
from hipviz.ui import changes as to
from hipviz.ui.action import QT_TRANSLATE_NOOP, Action
from hipviz.ui.changes import explores, has_band, is_set, moves, repeats_phase

VIEW_TEXTS: dict[View, str] = {
    "anterior": QT_TRANSLATE_NOOP("actions", "From the front (anterior)"),
    "posterior": QT_TRANSLATE_NOOP("actions", "From behind (posterior)"),
    "lateral": QT_TRANSLATE_NOOP("actions", "From the side (lateral)"),
    "medial": QT_TRANSLATE_NOOP("actions", "From the inside (medial)"),
    "superior": QT_TRANSLATE_NOOP("actions", "From above (superior)"),
    "inferior": QT_TRANSLATE_NOOP("actions", "From below (inferior)"),
}
BAND_TEXTS: dict[Band, str] = {
    "anterior": QT_TRANSLATE_NOOP("actions", "Anterior band"),
    "middle": QT_TRANSLATE_NOOP("actions", "Middle band"),
    "posterior": QT_TRANSLATE_NOOP("actions", "Posterior band"),
}


def _layer_row(name: LayerName, text: str, key: str) -> Action:
    shown = partial(to.layer_shown, name)
    return Action(f"layer.{name}", "layers", text, (key,), change=to.flip_layer(name), checked=shown)


ACTIONS: tuple[Action, ...] = (
    *(
        Action(
            f"band.{band}", "band", BAND_TEXTS[band], (str(n),), change=to.choose(band), checked=is_set(band=band)
        )
        for n, band in enumerate(BANDS, start=1)
    ),
    Action("band.next", "band", QT_TRANSLATE_NOOP("actions", "Next band"), ("PgDown",), change=to.neighbour(1)),
    Action(
        "band.previous", "band", QT_TRANSLATE_NOOP("actions", "Previous band"), ("PgUp",), change=to.neighbour(-1)
    ),
    Action(
        "escape",
        "band",
        QT_TRANSLATE_NOOP("actions", "Clear the choice, leave the presentation"),
        ("Esc",),
        change=to.escape,
    ),
    Action(
        "side.left",
        "band",
        QT_TRANSLATE_NOOP("actions", "Left side"),
        ("L",),
        change=to.to_side("left"),
        checked=is_set(side="left"),
    ),
    Action(
        "side.right",
        "band",
        QT_TRANSLATE_NOOP("actions", "Right side"),
        ("R",),
        change=to.to_side("right"),
        checked=is_set(side="right"),
    ),
    Action(
        "wording",
        "band",
        QT_TRANSLATE_NOOP("actions", "Plain words, clinical words, what sources say"),
        ("W",),
        "ph.book-open",
        to.other_wording,
        is_set(wording="clinical"),
    ),
    Action(
        "play",
        "movement",
        QT_TRANSLATE_NOOP("actions", "Play or pause"),
        ("Space",),
        "ph.play-fill",
        to.play_or_pause,
        is_set(playing=True),
        moves,
    ),
    Action(
        "back",
        "movement",
        QT_TRANSLATE_NOOP("actions", "A little back"),
        ("Left",),
        change=to.scrub(-to.SCRUB_STEP),
        possible=moves,
    ),
    Action(
        "on",
        "movement",
        QT_TRANSLATE_NOOP("actions", "A little on"),
        ("Right",),
        change=to.scrub(to.SCRUB_STEP),
        possible=moves,
    ),
    Action(
        "phase.previous",
        "movement",
        QT_TRANSLATE_NOOP("actions", "Previous phase"),
        ("Shift+Left",),
        change=to.to_phase(-1),
        possible=moves,
    ),
    Action(
        "phase.next",
        "movement",
        QT_TRANSLATE_NOOP("actions", "Next phase"),
        ("Shift+Right",),
        change=to.to_phase(1),
        possible=moves,
    ),
    Action(
        "frame.previous",
        "movement",
        QT_TRANSLATE_NOOP("actions", "One picture back"),
        ("Ctrl+Left",),
        change=to.step_frames(-1),
        possible=moves,
    ),
    Action(
        "frame.next",
        "movement",
        QT_TRANSLATE_NOOP("actions", "One picture on"),
        ("Ctrl+Right",),
        change=to.step_frames(1),
        possible=moves,
    ),
    Action(
        "start",
        "movement",
        QT_TRANSLATE_NOOP("actions", "Back to rest"),
        ("0", "Backspace"),
        "ph.arrow-counter-clockwise",
        to.to_start,
        possible=moves,
    ),
    Action(
        "slower",
        "movement",
        QT_TRANSLATE_NOOP("actions", "Slower"),
        (",",),
        change=to.stepped("speed", to.SPEEDS, -1),
    ),
    Action(
        "faster",
        "movement",
        QT_TRANSLATE_NOOP("actions", "Faster"),
        (".",),
        change=to.stepped("speed", to.SPEEDS, 1),
    ),
    Action(
        "loop",
        "movement",
        QT_TRANSLATE_NOOP("actions", "Repeat"),
        ("O",),
        "ph.repeat",
        to.flip("loop"),
        is_set(loop=True),
    ),
    Action(
        "repeat.phase",
        "movement",
        QT_TRANSLATE_NOOP("actions", "Repeat this phase only"),
        ("Shift+O",),
        "ph.repeat-once",
        to.repeat_phase(),
        repeats_phase,
        moves,
    ),
    Action(
        "curves",
        "movement",
        QT_TRANSLATE_NOOP("actions", "Chart: how long each band is over the movement"),
        ("D",),
        "ph.chart-line",
        to.flip("curves"),
        is_set(curves=True),
    ),
    *(
        Action(
            f"view.{view}", "view", VIEW_TEXTS[view], (str(n),), change=to.look(view), checked=is_set(view=view)
        )
        for n, view in enumerate(VIEWS, start=4)
    ),
    Action(
        "view.lesson",
        "view",
        QT_TRANSLATE_NOOP("actions", "Best view of the movement"),
        ("Home",),
        "ph.house-simple",
        to.look(None),
    ),
    Action(
        "compare",
        "view",
        QT_TRANSLATE_NOOP("actions", "Compare: two pictures beside each other…"),
        ("C",),
        "ph.columns",
        possible=to.shows_the_hip,
    ),
    _layer_row("skin", QT_TRANSLATE_NOOP("actions", "Skin"), "S"),
    _layer_row("bands", QT_TRANSLATE_NOOP("actions", "Muscle"), "M"),
    _layer_row("bones", QT_TRANSLATE_NOOP("actions", "Bones"), "B"),
    _layer_row("zones", QT_TRANSLATE_NOOP("actions", "Pain zones"), "Z"),
    Action(
        "xray",
        "layers",
        QT_TRANSLATE_NOOP("actions", "X-ray: look through the skin around the point"),
        ("Shift+S",),
        "ph.circle-dashed",
        to.look_through,
        is_set(xray=True),
        has_band,
    ),
    Action(
        "referral",
        "layers",
        QT_TRANSLATE_NOOP("actions", "Play how it spreads from the point"),
        ("Shift+Z",),
        "ph.broadcast",
        to.refer,
        possible=has_band,
    ),
    _layer_row("minimus", QT_TRANSLATE_NOOP("actions", "Gluteus minimus, under it"), "U"),
    _layer_row("maximus", QT_TRANSLATE_NOOP("actions", "Gluteus maximus, over it"), "Shift+M"),
    _layer_row("attachments", QT_TRANSLATE_NOOP("actions", "Where it grips the bones"), "G"),
    Action(
        "grips",
        "layers",
        QT_TRANSLATE_NOOP("actions", "Up close: where it grips decides what it does"),
        ("Shift+G",),
        "ph.magnifying-glass-plus",
        to.grips,
        is_set(grips=True),
        to.may_look_near,
    ),
    Action(
        "isolate",
        "layers",
        QT_TRANSLATE_NOOP("actions", "Only the chosen band"),
        ("X",),
        "ph.selection-all",
        to.flip("isolated"),
        is_set(isolated=True),
        has_band,
    ),
    Action(
        "labels",
        "layers",
        QT_TRANSLATE_NOOP("actions", "Labels"),
        ("N",),
        "ph.tag-simple",
        to.flip("labels"),
        is_set(labels=True),
    ),
    Action(
        "legs",
        "layers",
        QT_TRANSLATE_NOOP("actions", "Lower legs and feet"),
        ("Shift+L",),
        "ph.person-simple",
        to.flip_legs,
        is_set(legs=True),
    ),
    Action(
        "levers",
        "layers",
        QT_TRANSLATE_NOOP("actions", "Levers: how strongly each band turns the hip"),
        ("V",),
        "ph.chart-line",
        to.flip("levers"),
        is_set(levers=True),
    ),
    Action(
        "published",
        "layers",
        QT_TRANSLATE_NOOP("actions", "Published levers beside the model's in the chart"),
        ("Alt+V",),
        change=to.published,
        checked=is_set(levers=True, published=True),
    ),
    Action(
        "pull",
        "layers",
        QT_TRANSLATE_NOOP("actions", "Lines of pull and their levers in the picture"),
        ("Shift+V",),
        "ph.arrow-up-right",
        to.flip("pull"),
        is_set(pull=True),
    ),
    Action("layers.all", "layers", QT_TRANSLATE_NOOP("actions", "Show everything"), ("A",), change=to.everything),
    Action(
        "present",
        "screen",
        QT_TRANSLATE_NOOP("actions", "Present on the full screen"),
        ("F11", "P"),
        "ph.presentation",
        to.flip("presenting"),
        is_set(presenting=True),
    ),
    Action("theme", "screen", QT_TRANSLATE_NOOP("actions", "Light or dark"), ("T",), "ph.moon"),
    Action(
        "theme.system",
        "screen",
        QT_TRANSLATE_NOOP("actions", "Light or dark as the system"),
        change=to.set_to(theme="system"),
        checked=is_set(theme="system"),
    ),
    Action(
        "text.larger",
        "screen",
        QT_TRANSLATE_NOOP("actions", "Larger text"),
        ("Ctrl++", "Ctrl+="),
        "ph.text-aa",
        to.stepped("text_scale", to.TEXT_SCALES, 1),
    ),
    Action(
        "text.smaller",
        "screen",
        QT_TRANSLATE_NOOP("actions", "Smaller text"),
        ("Ctrl+-",),
        "ph.text-aa",
        to.stepped("text_scale", to.TEXT_SCALES, -1),
    ),
    Action(
        "text.normal",
        "screen",
        QT_TRANSLATE_NOOP("actions", "Normal text"),
        ("Ctrl+0",),
        change=to.set_to(text_scale=1.0),
    ),
    *(
        Action(
            f"quality.{quality}",
            "screen",
            text,
            change=to.set_to(quality=quality),
            checked=is_set(quality=quality),
        )
        for quality, text in (
            ("auto", QT_TRANSLATE_NOOP("actions", "Drawing quality: as the machine allows")),
            ("low", QT_TRANSLATE_NOOP("actions", "Drawing quality: low")),
            ("normal", QT_TRANSLATE_NOOP("actions", "Drawing quality: normal")),
            ("high", QT_TRANSLATE_NOOP("actions", "Drawing quality: high")),
        )
    ),
    Action("picture.save", "file", QT_TRANSLATE_NOOP("actions", "Save a picture…"), ("Ctrl+S",), "ph.camera"),
    Action("film.save", "file", QT_TRANSLATE_NOOP("actions", "Save a film…"), ("Ctrl+Shift+S",), "ph.film-strip"),
    Action("picture.copy", "file", QT_TRANSLATE_NOOP("actions", "Copy the picture"), ("Ctrl+C",), "ph.copy"),
    Action("bones.own", "file", QT_TRANSLATE_NOOP("actions", "Your own bones…"), ("Ctrl+B",), "ph.bone"),
    Action(
        "specimen.open", "file", QT_TRANSLATE_NOOP("actions", "Open a specimen…"), ("Ctrl+O",), "ph.folder-open"
    ),
    Action(
        "specimen.default",
        "file",
        QT_TRANSLATE_NOOP("actions", "Back to the default adult"),
        possible=to.has_specimen,
    ),
    Action(
        "specimen.correct",
        "file",
        QT_TRANSLATE_NOOP("actions", "Correct the specimen by hand…"),
        possible=to.has_specimen,
    ),
    Action("undo", "file", QT_TRANSLATE_NOOP("actions", "Undo"), ("Ctrl+Z",), "ph.arrow-u-up-left"),
    Action(
        "redo", "file", QT_TRANSLATE_NOOP("actions", "Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "ph.arrow-u-up-right"
    ),
    Action("quit", "file", QT_TRANSLATE_NOOP("actions", "Quit"), ("Ctrl+Q",)),
    Action(
        "explore",
        "movement",
        QT_TRANSLATE_NOOP("actions", "Move it yourself: sliders, or drag the thigh"),
        ("E",),
        "ph.hand-grabbing",
        to.explore,
        is_set(panel="explore"),
    ),
    Action(
        "shape",
        "movement",
        QT_TRANSLATE_NOOP("actions", "Shapes of the hip: neck, twist and width"),
        ("Y",),
        "ph.sliders-horizontal",
        to.study_shapes,
        is_set(panel="shape"),
    ),
    Action(
        "pose.reset",
        "movement",
        QT_TRANSLATE_NOOP("actions", "Stand up straight"),
        ("Shift+Backspace",),
        "ph.arrow-counter-clockwise",
        to.reset_pose,
        possible=explores,
    ),
    Action(
        "pose.mirror",
        "movement",
        QT_TRANSLATE_NOOP("actions", "Mirror the pose: left for right"),
        ("Shift+E",),
        "ph.arrows-left-right",
        to.mirror_pose,
        possible=explores,
    ),
    Action(
        "pose.copy",
        "movement",
        QT_TRANSLATE_NOOP("actions", "Copy the pose as a command line"),
        ("Ctrl+Shift+C",),
        "ph.terminal-window",
        possible=explores,
    ),
    Action(
        "pain.ask",
        "client",
        QT_TRANSLATE_NOOP("actions", "Where does it hurt?"),
        ("H",),
        "ph.hand-pointing",
        to.ask_where,
        is_set(panel="pain"),
    ),
    Action(
        "practice",
        "client",
        QT_TRANSLATE_NOOP("actions", "Hands and exercises"),
        ("F",),
        "ph.hand-palm",
        checked=is_set(panel="practice"),
    ),
    Action(
        "sheet",
        "client",
        QT_TRANSLATE_NOOP("actions", "Sheet for the client…"),
        ("Ctrl+P",),
        "ph.file-text",
        possible=has_band,
    ),
    Action("help.keys", "help", QT_TRANSLATE_NOOP("actions", "Keys and mouse"), ("?", "F1"), "ph.question"),
    Action(
        "help.palette", "help", QT_TRANSLATE_NOOP("actions", "Find an action"), ("Ctrl+K",), "ph.magnifying-glass"
    ),
    Action("help.about", "help", QT_TRANSLATE_NOOP("actions", "About, sources and caution"), icon="ph.info"),
)
BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}
