"""The middle of the window: one stage, or two beside each other under a strip that names them.

What the second one shows is decided in `hipviz.model.comparison`; it is made when it is first asked for and freed
when it is not wanted any more.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from hipviz.model.comparison import compared, comparison_of
from hipviz.model.content import Words
from hipviz.model.state import State
from hipviz.ui.comparing import DIVIDER, STRIP, Captions, SecondChoices, captions, paint_strip, strip_look
from hipviz.ui.controls import IconButton
from hipviz.ui.stage import Stage
from hipviz.ui.store import Store
from hipviz.ui.theme import Theme

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy


class Stages(QWidget):
    """The first stage and, while something is compared, the second one; both turn together."""

    resized = Signal()
    pointed_at = Signal(object, QPointF)
    """What is under the pointer (Pick or None), and where the pointer is."""
    told = Signal(str, QPointF)
    """What a drag of the thigh has reached, to stand beside the pointer; empty when it ends."""
    missed = Signal()
    """Somebody pointed at where it hurts, beside the body."""
    default_wanted = Signal()
    """The default adult is to stand beside a specimen: `attach_default` takes it."""

    def __init__(self, theme: Theme, store: Store, words: Words) -> None:
        super().__init__()
        self.setMinimumSize(360, 300)
        self._theme, self._store, self._words = theme, store, words
        self._choices = SecondChoices(store, words)
        self._anatomy: Anatomy | None = None
        self._default: Anatomy | None = None
        self._revealed = False
        self.first = self._stage(Stage(theme, store))
        self.second: Stage | None = None
        self.strip = Strip(theme, store, self)
        self.strip.close_button.clicked.connect(lambda: store.update(beside=None))
        self.setFocusProxy(self.first)
        theme.changed.connect(self._lay_out)

    @property
    def all(self) -> tuple[Stage, ...]:
        """The stages that are there, from left to right."""
        return (self.first,) if self.second is None else (self.first, self.second)

    def attach(self, anatomy: "Anatomy") -> None:
        """Put an anatomy on the stages, unseen until `reveal`."""
        self._anatomy, self._revealed = anatomy, False
        self.first.attach(anatomy)

    def attach_default(self, anatomy: "Anatomy") -> None:
        """Take the default adult, which was wanted beside a specimen."""
        self._default = anatomy
        self._double(self._store.state)

    def reveal(self) -> None:
        """Draw the pictures for the first time."""
        self._revealed = True
        for stage in self.all:
            stage.reveal()

    def display(self, old: State, new: State) -> None:
        """Show a new state on both stages."""
        self._double(new)
        if new.presenting != old.presenting:
            self._lay_out()
        before, now = compared(old, self._words), compared(new, self._words)
        led = self.first.leads(new) or (self.second is not None and self.second.leads(now))
        self.first.display(old, new, led)
        if self.second is not None:
            self.second.display(before, now, led)

    def picture(self) -> QImage:
        """Return what the stages show, names and labels included, in device pixels."""
        names = self.strip.names
        if self.second is None or names is None:
            return self.first.picture()
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        look = strip_look(self._store.state, self._theme.look)
        image.fill(QColor(look.tokens.line_strong))
        with QPainter(image) as painter:
            paint_strip(painter, names, QRectF(self.strip.geometry()), look)
            for stage in self.all:
                painter.drawImage(stage.pos(), stage.picture())
        return image

    def angles_end(self) -> float:
        """Return where the angles in the upper left corner of the last picture end, px from the left."""
        return self.all[-1].x() + self.all[-1].read_out_width()

    def shut(self) -> None:
        """Free the pictures: nothing may be drawn afterwards."""
        for stage in self.all:
            stage.shut()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the middle of the window."""
        self._lay_out()
        self.resized.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what shows between two pictures: the line."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._theme.look.tokens.line_strong))

    def _stage(self, stage: Stage) -> Stage:
        stage.setParent(self)
        stage.pointer.pointed_at.connect(lambda found, at: self.pointed_at.emit(found, at + stage.pos()))
        stage.pointer.told.connect(lambda text, at: self.told.emit(text, at + stage.pos()))
        stage.pointer.missed.connect(self.missed)
        return stage

    def _double(self, state: State) -> None:
        """Have the second stage when it is wanted, with what it is to show; free it when it is not."""
        kind = comparison_of(state, self._words) if self._anatomy is not None else None
        self.strip.name(captions(state, self._words) if kind is not None else None)
        if not self._other_bones(state):
            self._default = None
        if kind is None:
            self._single()
            return
        if self.second is None:
            self.second = self._stage(Stage(self._theme, self._choices))
            self.first.paired = self.second.paired = True
            self.second.lower()  # under all that stands around the pictures
            self._lay_out()
            self.second.show()
        whose = self._default if self._other_bones(state) else self._anatomy
        if whose is None:
            self.second.shut()
            self.default_wanted.emit()
        elif self.second.anatomy is not whose:
            self.second.attach(whose)
            if self._revealed:
                self.second.reveal()

    def _other_bones(self, state: State) -> bool:
        """Tell whether the second picture shows other bones, not only the same ones in another way."""
        return bool(state.specimen) and comparison_of(state, self._words) == "default_adult"

    def _single(self) -> None:
        if self.second is None:
            return
        gone, self.second = self.second, None
        self.first.paired = False
        if gone.hasFocus():
            self.first.setFocus()  # else Qt would hand it on to a button, which Space then pressed
        gone.hide()
        self._lay_out()
        # Not within an event of its own, which may have led here.
        QTimer.singleShot(0, gone, lambda: _free(gone))

    def _lay_out(self) -> None:
        self.strip.setVisible(self.second is not None)
        if self.second is None:
            self.first.setGeometry(self.rect())
            return
        look = strip_look(self._store.state, self._theme.look)
        top, half = look.px(STRIP), (self.width() - DIVIDER) // 2
        self.strip.setGeometry(0, 0, self.width(), top)
        self.first.setGeometry(0, top, half, self.height() - top)
        self.second.setGeometry(self.width() - half, top, half, self.height() - top)


class Strip(QWidget):
    """Names both pictures, each over its own, and ends the comparison."""

    def __init__(self, theme: Theme, store: Store, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._store = theme, store
        self.names: Captions | None = None
        self.close_button = IconButton(theme, "ph.x", self.tr("Back to one picture"))
        self.close_button.setParent(self)
        self.setProperty("keeps_clear", True)
        theme.changed.connect(self.update)
        self.hide()

    def name(self, names: Captions | None) -> None:
        """Show names."""
        self.names = names
        self.setAccessibleName(" · ".join(names or ()))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button at the right end."""
        side = self.close_button.sizeHint().width()
        self.close_button.setGeometry(QRect(self.width() - side - 8, (self.height() - side) // 2, side, side))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the names."""
        if self.names is not None:
            with QPainter(self) as painter:
                look = strip_look(self._store.state, self._theme.look)
                paint_strip(painter, self.names, QRectF(self.rect()), look)


def _free(stage: Stage) -> None:
    stage.shut()
    stage.deleteLater()
