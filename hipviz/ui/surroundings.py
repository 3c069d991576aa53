"""What stands around the picture on the stage: view buttons, hint, hover name, own-view button, caption.

These are ordinary widgets above the picture; labels and marks inside it are painted by `overlay`.
"""

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from hipviz.model.content import Words
from hipviz.model.state import VIEWS, State
from hipviz.ui.actions import BY_ID
from hipviz.ui.angles import angles_of
from hipviz.ui.changes import may_look_near
from hipviz.ui.controls import KEYBOARD_ONLY, Choice, announce, column, label
from hipviz.ui.pictogram import paint_fan
from hipviz.ui.store import Store
from hipviz.ui.theme import Theme

HINT_S, TOAST_S = 6, 4


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


class Toast(QLabel):
    """Says for a few seconds that something was done."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "hover")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def tell(self, text: str) -> None:
        """Show a sentence at the foot of the parent."""
        self.setText(text)
        self.setAccessibleName(text)
        announce(self, text)
        self.adjustSize()
        parent = self.parentWidget()
        assert parent is not None
        self.move((parent.width() - self.width()) // 2, parent.height() - self.height() - 28)
        self.show()
        self.raise_()
        self._timer.start(TOAST_S * 1000)


class ViewLink(QPushButton):
    """Leads from the picture shown to the next one wanted: the best view, the grips from near, the whole hip."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "floating")
        self.setFocusPolicy(KEYBOARD_ONLY)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def display(self, state: State) -> None:
        """Say where it leads in this state."""
        if state.camera is not None and not state.grips:
            self.setText(self.tr("Best view  (Home)"))
            self.setToolTip(
                self.tr("You have turned the picture yourself. Back to the view that shows the movement best")
            )
        elif state.grips:
            self.setText(self.tr("Whole hip  (Shift+G)"))
            self.setToolTip(self.tr("You look at the grips from near. Back to the whole hip"))
        else:
            self.setText(self.tr("Up close  (Shift+G)"))
            self.setToolTip(BY_ID["grips"].label)
        self.adjustSize()

    @staticmethod
    def leads_to(state: State) -> str | None:
        """Return the id of the action that it stands for, None where none is wanted."""
        if state.camera is not None and not state.grips:
            return "view.lesson"
        wanted = state.grips or (state.attachments.shown and may_look_near(state))
        return "grips" if wanted else None


class Caption(QWidget):
    """The large caption of the presentation: band, what it does, angles."""

    NAME, LINE, WIDTH, PADDING = 38, 26, 440, 26

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
        unit = self._unit()
        return QSize(round(self.WIDTH * unit), round(self._laid_out(None)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the caption."""
        t = self._theme.look.tokens
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ground = QColor(t.label_ground)
            ground.setAlphaF(t.label_ground_opacity)
            painter.setBrush(ground)
            painter.setPen(QPen(QColor(t.line), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 18, 18)
            self._laid_out(painter)

    def _laid_out(self, painter: QPainter | None) -> float:
        """Paint the words where there is a painter; return the height of everything, px."""
        state, look, unit = self._store.state, self._theme.look, self._unit()
        t = look.tokens
        title, line, angles = self._texts(state)
        pad, side, width = self.PADDING * unit, 50 * unit, self.WIDTH * unit
        wrapped = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
        big, small, figures = self._font(self.NAME, 600), self._font(self.LINE, 400), self._font(self.LINE, 600)
        figures.setFeature(QFont.Tag("tnum"), 1)
        left, y = pad + 1.12 * side + 18 * unit, pad
        room = QRectF(left, y, width - left - pad, 1000)
        upper = QFontMetricsF(big).boundingRect(room, wrapped, title)
        below = QRectF(pad, upper.bottom() + 10 * unit, width - 2 * pad, 1000)
        lower = QFontMetricsF(small).boundingRect(below, wrapped, line)
        y = lower.bottom() + (12 * unit if angles else 0)
        row_height = QFontMetricsF(figures).height()
        if painter is not None:
            fan = QRectF(pad, upper.top() + (min(upper.height(), 56 * unit) - side) / 2, 1.12 * side, side)
            paint_fan(painter, fan, t, state.band, all_hues=state.band is None)
            for font, colour, box, words in ((big, t.text, room, title), (small, t.text_second, below, line)):
                painter.setFont(font)
                painter.setPen(QColor(colour))
                painter.drawText(box, wrapped, words)
            painter.setFont(figures)
            painter.setPen(QColor(look.accent))
            for index, (word, degrees) in enumerate(angles):
                box = QRectF(pad, y + index * row_height, width - 2 * pad, row_height)
                painter.drawText(box, Qt.AlignmentFlag.AlignLeft, word)
                painter.drawText(box, Qt.AlignmentFlag.AlignRight, f"{degrees}°")
        return float(y + len(angles) * row_height + pad)

    def _font(self, size: float, weight: int) -> QFont:
        font = self._theme.look.font(size, weight)
        font.setPixelSize(max(12, round(size * self._unit())))
        return font

    def _unit(self) -> float:
        # The caption grows with the whole screen, not with the look: it is read from the back of a class.
        parent = self.parentWidget()
        width = parent.width() if parent is not None else 1600
        return min(1.6, max(0.7, width / 1600)) * self._store.state.text_scale

    def _texts(self, state: State) -> tuple[str, str, list[tuple[str, int]]]:
        if state.band is None:
            return self.tr("Gluteus medius"), self.tr("Choose a band: 1, 2 or 3"), []
        words = self._words.bands[state.band]
        return words.name.plain, words.action.in_register(state.wording), angles_of(state, self._words)


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
    """Return how a structure of the picture is called; `name` is that of its mesh, the skin has none."""
    kind, _, side = name.rpartition("_") if name.endswith(("_right", "_left")) else (name, "", "")
    sides = {"right": tr("{name}, right"), "left": tr("{name}, left"), "": "{name}"}
    for band in words.bands.values():
        if kind == f"gluteus_medius_{band.id}":
            called = band.name.in_register(state.wording)
            return called if side == state.side else sides[side].format(name=called)
    femur = tr("Thigh bone") if state.wording == "plain" else tr("Femur")
    kinds = {"hip_bone": tr("Hip bone"), "sacrum": tr("Sacrum"), "femur": femur}
    return sides[side].format(name=kinds[kind]) if kind in kinds else ""


def tr(text: str) -> str:
    """Return `text` in the user's language."""
    return QCoreApplication.translate("surroundings", text)
