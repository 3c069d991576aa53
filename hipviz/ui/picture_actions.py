"""Rows of the table of actions that concern the picture: from where, which layers, how on the screen."""

from functools import partial

from hipviz.model.state import VIEWS, LayerName, View
from hipviz.ui import changes as to
from hipviz.ui.action import QT_TRANSLATE_NOOP, Action
from hipviz.ui.changes import has_band, is_set

VIEW_TEXTS: dict[View, str] = {
    "anterior": QT_TRANSLATE_NOOP("actions", "From the front (anterior)"),
    "posterior": QT_TRANSLATE_NOOP("actions", "From behind (posterior)"),
    "lateral": QT_TRANSLATE_NOOP("actions", "From the side (lateral)"),
    "medial": QT_TRANSLATE_NOOP("actions", "From the inside (medial)"),
    "superior": QT_TRANSLATE_NOOP("actions", "From above (superior)"),
    "inferior": QT_TRANSLATE_NOOP("actions", "From below (inferior)"),
}


def _layer_row(name: LayerName, text: str, key: str) -> Action:
    shown = partial(to.layer_shown, name)
    return Action(f"layer.{name}", "layers", text, (key,), change=to.flip_layer(name), checked=shown)


PICTURE_ACTIONS: tuple[Action, ...] = (
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
    _layer_row("piriformis", QT_TRANSLATE_NOOP("actions", "Piriformis, behind and below it"), "Shift+U"),
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
)
