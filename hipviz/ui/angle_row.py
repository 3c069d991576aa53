"""One measure to be set: its name, a field for the number, a slider whose ends are the limits of the range.

Which measure it is (an angle mostly) and what it does to the body is the panel's business.
"""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSlider, QWidget

from hipviz.ui.controls import KEYBOARD_ONLY, column, label, row
from hipviz.ui.theme import KEY_CAP, Theme

STEPS_PER_DEG = 10
"""The slider counts in tenths of a degree; arrow keys go by whole ones."""
EDGE = 7
HYPHEN, MINUS = "-", "−"
Verdict = tuple[QValidator.State, str, int]


class AngleSlider(QSlider):
    """A slider filled from its home to its value; it goes where it is pressed, and says in words where it ends."""

    def __init__(self, theme: Theme, low: float, high: float, home: float = 0.0, unit: str = "°") -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme = theme
        self._home, self._unit = round(home * STEPS_PER_DEG), unit
        self._usual: tuple[float, float] | None = None
        self._ends = ("", "")
        self.setObjectName("angle")
        self.setRange(round(low * STEPS_PER_DEG), round(high * STEPS_PER_DEG))
        self.setSingleStep(STEPS_PER_DEG)
        self.setPageStep(10 * STEPS_PER_DEG)
        self.setFocusPolicy(KEYBOARD_ONLY)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.restyle)

    def name_ends(self, low: str, high: str) -> None:
        """Say what the lower and the upper end mean."""
        self._ends = (low, high)
        self.update()

    def mark(self, usual: tuple[float, float]) -> None:
        """Mark what is usual among people."""
        self._usual = usual
        self.update()

    def restyle(self) -> None:
        """Take the size of the present look."""
        self.setFixedHeight(self._theme.look.px(31))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the place under the pointer and follow it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._go(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if self.isSliderDown():
            self._go(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self.setSliderDown(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint groove, limits, the way from zero, handle, and the words of both ends."""
        look, t, px = self._theme.look, self._theme.look.tokens, self._theme.look.px
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            y, thick, left, right = px(9), px(4), self._place(self.minimum()), self._place(self.maximum())
            here = self._place(self.value())
            zero = self._place(max(self.minimum(), min(self._home, self.maximum())))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.line))
            painter.drawRoundedRect(QRectF(left, y - thick / 2, right - left, thick), thick / 2, thick / 2)
            if self._usual is not None:
                low, high = (self._place(end * STEPS_PER_DEG) for end in self._usual)
                painter.setBrush(QColor(t.line_strong))
                painter.drawRoundedRect(QRectF(low, y - px(4.5), high - low, px(9)), px(4.5), px(4.5))
            painter.setBrush(QColor(look.accent))
            painter.drawRect(QRectF(min(zero, here), y - thick / 2, abs(here - zero), thick))
            for place, stopped in (
                (left, self.value() == self.minimum()),
                (right, self.value() == self.maximum()),
            ):
                painter.setPen(
                    QPen(QColor(look.accent if stopped else t.line_strong), px(3) if stopped else px(2))
                )
                painter.drawLine(QPointF(place, y - px(8)), QPointF(place, y + px(8)))
            painter.setPen(QPen(QColor(t.line_strong), 1))
            painter.drawLine(QPointF(zero, y - px(5)), QPointF(zero, y + px(5)))
            painter.setPen(QPen(QColor(look.accent), 2.5 if self.hasFocus() else 2))
            painter.setBrush(QColor(t.surface))
            radius = px(6) + (2 if self.hasFocus() else 0)
            painter.drawEllipse(QPointF(here, y), radius, radius)
            words = QRectF(0, px(16), self.width(), px(15))
            values = (self.minimum() / STEPS_PER_DEG, self.maximum() / STEPS_PER_DEG)
            low_text, high_text = (whole(value, self._unit) for value in values)
            texts = (f"{low_text} {self._ends[0]}", f"{self._ends[1]} {high_text}")
            stops = (self.value() == self.minimum(), self.value() == self.maximum())
            sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
            for text, side, stopped in zip(texts, sides, stops, strict=True):
                painter.setFont(look.font(KEY_CAP, 700 if stopped else 400, tabular=True))
                painter.setPen(QColor(t.text if stopped else t.text_third))
                painter.drawText(words, side | Qt.AlignmentFlag.AlignTop, text)

    def _place(self, value: float) -> float:
        edge = self._theme.look.px(EDGE)
        share = (value - self.minimum()) / (self.maximum() - self.minimum())
        return float(edge + share * (self.width() - 2 * edge))

    def _go(self, x: float) -> None:
        edge = self._theme.look.px(EDGE)
        share = min(1.0, max(0.0, (x - edge) / max(1, self.width() - 2 * edge)))
        # By whole degrees, as a hand means it; tenths are typed.
        angle = round((self.minimum() + share * (self.maximum() - self.minimum())) / STEPS_PER_DEG)
        self.setValue(min(self.maximum(), max(self.minimum(), angle * STEPS_PER_DEG)))


class NumberBox(QDoubleSpinBox):
    """A number to type in: it shows the true minus sign that all figures have, and takes a hyphen for it."""

    def textFromValue(self, value: float) -> str:
        """Return a value as it is shown."""
        return super().textFromValue(value).replace(HYPHEN, MINUS)

    def valueFromText(self, text: str) -> float:
        """Return what was typed."""
        return super().valueFromText(text.replace(MINUS, HYPHEN))

    def validate(self, text: str, position: int) -> Verdict:
        """Tell whether what was typed so far can be a number."""
        verdict, _, where = super().validate(text.replace(MINUS, HYPHEN), position)
        return verdict, text.replace(HYPHEN, MINUS), where


class AngleRow(QWidget):
    """Name, number and slider of one measure; all of them ask for the same thing."""

    moved = Signal(float)
    """A value is asked for, degrees or whatever the unit is."""
    taken = Signal()
    """The slider is held."""
    let_go = Signal()

    def __init__(self, theme: Theme, low: float, high: float, home: float = 0.0, unit: str = "°") -> None:
        super().__init__()
        self._theme, self._unit = theme, unit
        lines = column(self)
        head = QWidget()
        line = row(head)
        self.name = label("", "body", wrap=False)
        self.number = NumberBox()
        self.number.setRange(low, high)
        self.number.setDecimals(1)
        self.number.setSuffix(unit)
        self.number.setKeyboardTracking(False)
        self.number.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.number.setCorrectionMode(QAbstractSpinBox.CorrectionMode.CorrectToNearestValue)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.slider = AngleSlider(theme, low, high, home, unit)
        line.addWidget(self.name, 1)
        line.addWidget(self.number)
        lines.addWidget(head)
        lines.addWidget(self.slider)
        self.number.valueChanged.connect(self.moved)
        self.number.editingFinished.connect(self._typed)
        self.slider.valueChanged.connect(lambda value: self.moved.emit(value / STEPS_PER_DEG))
        self.slider.sliderPressed.connect(self.taken)
        self.slider.sliderReleased.connect(self.let_go)
        theme.changed.connect(self._restyle)
        self._restyle()

    def describe(self, name: str, low: str, high: str) -> None:
        """Say what the angle and its ends are called."""
        self.name.setText(name)
        self.slider.name_ends(low, high)
        limits = self.tr("{low} {less} to {high} {more}").format(
            low=whole(self.number.minimum(), self._unit),
            less=low,
            high=whole(self.number.maximum(), self._unit),
            more=high,
        )
        for part in (self.number, self.slider):
            part.setAccessibleName(name)
            part.setAccessibleDescription(limits)
            part.setToolTip(f"{name}: {limits}")

    def display(self, value: float) -> None:
        """Show a value without asking for it."""
        for part in (self.number, self.slider):
            part.blockSignals(True)
        if not self.number.hasFocus() or abs(self.number.value() - value) > 0.05:
            self.number.setValue(value)
        self.slider.setValue(round(value * STEPS_PER_DEG))
        for part in (self.number, self.slider):
            part.blockSignals(False)
        self.slider.update()

    def _typed(self) -> None:
        """Give the keys back to the window, unless the focus is on its way elsewhere by itself."""
        if self.number.hasFocus():
            self.window().setFocus()

    def _restyle(self) -> None:
        self.number.setFixedWidth(self._theme.look.px(70 if self._unit == "°" else 92))
        self.slider.restyle()


def whole(value: float, unit: str = "°") -> str:
    """Return a value without decimals, with a true minus sign and its unit."""
    return f"{MINUS if round(value) < 0 else ''}{abs(round(value))}{unit}"
