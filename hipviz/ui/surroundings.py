"""What stands around the picture on the stage: view buttons, hint, hover name, own-view button, caption.

These are ordinary widgets above the picture; labels and marks inside it are painted by `overlay`.
"""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from hipviz.model.content import Words
from hipviz.model.movement import end_pose, spoken_angles
from hipviz.model.state import VIEWS, State, acting_pose
from hipviz.ui.actions import BY_ID
from hipviz.ui.controls import KEYBOARD_ONLY, Choice, column, label
from hipviz.ui.pictogram import paint_fan
from hipviz.ui.store import Store
from hipviz.ui.theme import Theme

HINT_S = 6


class ViewPill(Choice):
    """The six canonical views."""

    def __init__(self) -> None:
        super().__init__(VIEWS, "", "chip", stretch=False)
        self.setAccessibleName(self.tr("Views"))

    def display(self, state: State) -> None:
        """Mark the view that is shown, in the present wording."""
        plain = (
            self.tr("Front"),
            self.tr("Back"),
            self.tr("Side"),
            self.tr("Inner"),
            self.tr("Top"),
            self.tr("Below"),
        )
        clinical = (
            self.tr("Ant."),
            self.tr("Post."),
            self.tr("Lat."),
            self.tr("Med."),
            self.tr("Sup."),
            self.tr("Inf."),
        )
        for view, text in zip(VIEWS, clinical if state.wording == "clinical" else plain, strict=True):
            action = BY_ID[f"view.{view}"]
            self.describe(view, text, f"{action.label} ({action.keys[0]})")
        self.choose(state.view if state.camera is None else None)


class Hint(QFrame):
    """What to do while no band is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("chip")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        lines = column(self, (22, 11, 22, 12), 2)
        for text, role in (
            (self.tr("Choose a band"), "lead"),
            (self.tr("Click it, or press 1, 2 or 3"), "second"),
        ):
            part = label(text, role, wrap=False)
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            lines.addWidget(part)


class HoverName(QLabel):
    """The name of what is under the pointer, beside the pointer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "hover")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def point(self, text: str, place: QPointF) -> None:
        """Show `text` at a place of the parent; an empty text hides it."""
        if not text:
            self.hide()
            return
        self.setText(text)
        self.adjustSize()
        parent = self.parentWidget()
        assert parent is not None
        x = min(place.x() + 14, parent.width() - self.width() - 4)
        y = place.y() + 18 if place.y() + 22 + self.height() < parent.height() else place.y() - self.height() - 8
        self.move(QPoint(round(x), round(y)))
        self.show()
        self.raise_()


class OwnView(QPushButton):
    """Says that the camera is the user's own, and gives it back."""

    def __init__(self) -> None:
        super().__init__()
        self.setText(self.tr("Best view  (Home)"))
        self.setToolTip(
            self.tr("You have turned the picture yourself. Back to the view that shows the movement best")
        )
        self.setProperty("role", "floating")
        self.setFocusPolicy(KEYBOARD_ONLY)
        self.setCursor(Qt.CursorShape.PointingHandCursor)


class Caption(QWidget):
    """The large caption of the presentation: band, what it does, angles."""

    NAME, LINE = 38, 26

    def __init__(self, theme: Theme, store: Store, words: Words) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._theme = theme
        self._store = store
        self._words = words

    def display(self, state: State) -> None:
        """Show the state."""
        title, line, _ = self._texts(state)
        self.setAccessibleName(f"{title}. {line}")
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size that the words need."""
        state = self._store.state
        title, line, angles = self._texts(state)
        unit = self._unit()
        look = self._theme.look
        upper = QFontMetricsF(look.font(self.NAME * unit, 600)).horizontalAdvance(title)
        for word, degrees in angles:
            upper += QFontMetricsF(look.font(self.LINE * unit, 500, True)).horizontalAdvance(f"{word} {degrees}°")
            upper += look.px(30 * unit)
        lower = QFontMetricsF(look.font(self.LINE * unit)).horizontalAdvance(line)
        return QSize(round(max(upper, lower) + look.px(158 * unit)), look.px(112 * unit))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the caption."""
        state, look, t = self._store.state, self._theme.look, self._theme.look.tokens
        unit = self._unit()
        title, line, angles = self._texts(state)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(t.label_ground)
        ground.setAlphaF(t.label_ground_opacity)
        painter.setBrush(ground)
        painter.setPen(QPen(QColor(t.line), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 18, 18)
        side = look.px(54 * unit)
        fan = QRectF(look.px(30 * unit), (self.height() - side) / 2, side * 1.12, side)
        paint_fan(painter, fan, t, state.band, all_hues=state.band is None)
        left, right = fan.right() + look.px(28 * unit), self.width() - look.px(28 * unit)
        middle = self.height() / 2
        painter.setPen(QColor(t.text))
        painter.setFont(look.font(self.NAME * unit, 600))
        upper = QRectF(left, middle - look.px(48 * unit), right - left, look.px(48 * unit))
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, title)
        painter.setPen(QColor(look.accent))
        painter.setFont(look.font(self.LINE * unit, 500, True))
        said = "     ".join(f"{word} {degrees}°" for word, degrees in angles)
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, said)
        painter.setPen(QColor(t.text_second))
        painter.setFont(look.font(self.LINE * unit))
        lower = QRectF(left, middle + look.px(2 * unit), right - left, look.px(40 * unit))
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, line)
        painter.end()

    def _unit(self) -> float:
        # The caption grows with the screen on its own: the look's scale already carries part of that.
        parent = self.parentWidget()
        width = parent.width() if parent is not None else 1600
        return min(1.5, max(0.7, width / 1600)) / max(1.0, self._theme.look.scale) * self._store.state.text_scale

    def _texts(self, state: State) -> tuple[str, str, list[tuple[str, int]]]:
        if state.band is None:
            return self.tr("Gluteus medius"), self.tr("Choose a band: 1, 2 or 3"), []
        words = self._words.bands[state.band]
        towards = end_pose(self._words.movements[words.movement])
        angles = spoken_angles(acting_pose(state, self._words), towards, state.wording)
        return words.name.plain, words.action.in_register(state.wording), angles


class KeyHint(QLabel):
    """The keys of the presentation, shown for a few seconds when it begins."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "hover")
        self.setText(
            self.tr("1 2 3  band     Space  play     ← →  scrub     4–9  view     L R  side     Esc  leave")
        )
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def flash(self) -> None:
        """Show the keys for a while."""
        self.adjustSize()
        self.show()
        self.raise_()
        self._timer.start(HINT_S * 1000)


def structure_name(name: str, words: Words, state: State) -> str:
    """Return how a structure of the picture is called; `name` is that of its mesh."""
    if name == "skin":
        return ""
    side = "right" if name.endswith("_right") else "left" if name.endswith("_left") else ""
    plain = state.wording == "plain"
    for band in words.bands.values():
        if name == f"gluteus_medius_{band.id}_{side}":
            called = band.name.in_register(state.wording)
            return called if side == state.side else f"{called}, {side}"
    kinds = {
        "hip_bone": "Hip bone",
        "sacrum": "Sacrum",
        "femur": "Thigh bone" if plain else "Femur",
    }
    called = kinds.get(name.removesuffix(f"_{side}") if side else name, name.replace("_", " "))
    return f"{called}, {side}" if side else called
