"""The bar under the stage: play, scrub through the named phases, speed, repeat.

It shows the State and asks the store for changes; time itself passes in `clock`.
"""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from hipviz.model.content import Words
from hipviz.model.movement import phase_of
from hipviz.model.movement_record import MovementRecord, Phase
from hipviz.model.state import State, movement_of
from hipviz.ui.actions import BY_ID
from hipviz.ui.angles import spoken
from hipviz.ui.changes import SCRUB_STEP, WHOLE_ZONE, moves, repeat_phase
from hipviz.ui.controls import KEYBOARD_ONLY, Choice, IconButton, row
from hipviz.ui.movements import MovementButton
from hipviz.ui.store import Store
from hipviz.ui.theme import NOTE, TRANSPORT, Theme, accent_sheet

ROOMY = 660
"""Length of the bar from which all its buttons stand side by side, px at scale 1."""
SPEEDS = {"0.25": "¼×", "0.5": "½×", "1.0": "1×", "2.0": "2×"}


class ScrubBar(QWidget):
    """The movement's cycle as a line with its phases; drag or use the arrow keys to go to a moment."""

    moved = Signal(float)
    named = Signal(int)
    """The name of a phase was clicked, by its number."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._phases: tuple[Phase, ...] = (Phase(0.0, ""),)
        self._at = 0.0
        self._repeated: int | None = None
        self._dragging = False
        self._names: dict[int, QRectF] = {}
        self.setFocusPolicy(KEYBOARD_ONLY)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Moment in the movement"))
        self.setToolTip(
            self.tr("Drag to any moment (← →, Shift for whole phases, Ctrl for single pictures). ")
            + self.tr("Click on the name of a phase to repeat just that (Shift+O)")
        )
        theme.changed.connect(self._restyle)
        self._restyle()

    def display(self, movement: MovementRecord, at: float, spoken: str, repeated: int | None = None) -> None:
        """Show a moment of a movement; `spoken` are its angles, for screen readers."""
        self._phases, self._at, self._repeated = movement.phases, at, repeated
        self.setAccessibleDescription(f"{phase_of(movement, at).name}, {round(100 * at)} %. {spoken}")
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the moment under the pointer."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        named = [number for number, box in self._names.items() if box.contains(event.position())]
        if named:
            self.named.emit(named[0])
        else:
            self._dragging = True
            self._go(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._dragging = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if self._dragging:
            self._go(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go with the arrow keys while the bar has the focus."""
        step = {Qt.Key.Key_Left: -SCRUB_STEP, Qt.Key.Key_Right: SCRUB_STEP}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(min(1.0, max(0.0, self._at + step)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line, its phases and the handle."""
        look, t, px = self._theme.look, self._theme.look.tokens, self._theme.look.px
        margin, line_y, thick = px(9), px(17), px(6)
        width = self.width() - 2 * margin
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            starts = [phase.start for phase in self._phases] + [1.0]
            active = self.isEnabled()
            self._names = {}
            free = 0.0  # where the words of a short phase have ended
            bold = QFontMetricsF(look.font(NOTE, 600))
            # Where not all names have room, only the present phase is named.
            crowded = sum(bold.horizontalAdvance(phase.name) + px(12) for phase in self._phases) > width
            for number, (phase, end) in enumerate(zip(self._phases, starts[1:], strict=True)):
                left = margin + phase.start * width + (1.5 if phase.start > 0 else 0)
                right = margin + end * width - (1.5 if end < 1 else 0)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(t.line))
                painter.drawRoundedRect(
                    QRectF(left, line_y - thick / 2, right - left, thick), thick / 2, thick / 2
                )
                beside = self._repeated not in (None, number)
                done = 0.0 if beside else min(1.0, max(0.0, (self._at - phase.start) / (end - phase.start)))
                if active and done > 0:
                    painter.setBrush(QColor(look.accent))
                    reached = QRectF(left, line_y - thick / 2, max(thick, (right - left) * done), thick)
                    painter.drawRoundedRect(reached, thick / 2, thick / 2)
                now = active and phase.start <= self._at < end
                painter.setPen(QColor(t.text if now else t.text_third if active else t.line_strong))
                repeats = active and self._repeated == number
                painter.setFont(look.font(NOTE, 600 if now or repeats else 400))
                # Measured bold, so that nothing moves when a phase becomes the present one.
                name = f"↻ {phase.name}" if repeats else phase.name
                wide = bold.horizontalAdvance(name)
                words = QRectF(max(left, free), px(28), wide + 2, px(18))
                free = words.right() + px(10)
                if crowded:
                    words.moveLeft(max(margin, min(left, self.width() - margin - words.width())))
                if now or not crowded:
                    self._names[number] = words
                    painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            if active:
                painter.setPen(QPen(QColor(look.accent), 2.5))
                painter.setBrush(QColor(t.surface))
                radius = px(8) + (2 if self.hasFocus() else 0)
                painter.drawEllipse(QPointF(margin + self._at * width, line_y), radius, radius)

    def track(self) -> tuple[float, float]:
        """Return where the line of the cycle begins and ends, px from the left."""
        margin = self._theme.look.px(9)
        return margin, self.width() - margin

    def _go(self, x: float) -> None:
        left, right = self.track()
        self.moved.emit(min(1.0, max(0.0, (x - left) / (right - left))))

    def _restyle(self) -> None:
        self.setFixedHeight(self._theme.look.px(48))
        self.setMinimumWidth(self._theme.look.px(150))


class Transport(QFrame):
    """The whole bar."""

    def __init__(self, theme: Theme, store: Store, words: Words) -> None:
        super().__init__()
        self.setObjectName("transport")
        self.setAccessibleName(self.tr("Movement"))
        self._theme = theme
        self._store = store
        self._words = words
        self._line: QHBoxLayout = row(self)
        self.play = self._button("play", "ph.play-fill")
        self.play.setObjectName("play")
        self.start = self._button("start", "ph.arrow-counter-clockwise")
        self.scrub = ScrubBar(theme)
        self.scrub.moved.connect(lambda at: store.update(phase=at, playing=False, pose=None, **WHOLE_ZONE))
        self.scrub.named.connect(lambda number: store.update(**repeat_phase(number)(store.state, words)))
        self.speed = Choice(tuple(SPEEDS), self.tr("Speed"), stretch=False)
        for value, text in SPEEDS.items():
            tip = self.tr("{factor} times the natural speed (slower , faster .)").format(
                factor=f"{float(value):g}"
            )
            self.speed.describe(value, text, tip)
        self.speed.picked.connect(lambda value: store.update(speed=float(value)))
        self.loop = self._button("loop", "ph.repeat", checkable=True)
        self.curves = self._button("curves", "ph.chart-line", checkable=True)
        self.library = MovementButton(theme, store, words)
        for widget in (self.library, self.play, self.start):
            self._line.addWidget(widget)
        self._line.addWidget(self.scrub, 1)
        self._line.addWidget(self.speed)
        pair = QWidget()
        self._pair: QHBoxLayout = row(pair, gap=2)
        for widget in (self.loop, self.curves):
            self._pair.addWidget(widget)
        self._line.addWidget(pair, 0, Qt.AlignmentFlag.AlignVCenter)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.display(store.state)

    def display(self, state: State) -> None:
        """Show the state."""
        shown = movement_of(state, self._words)
        active = shown is not None and moves(state)
        self.curves.setChecked(state.curves)
        for widget in (self.play, self.start, self.scrub, self.speed, self.loop, self.curves):
            widget.setEnabled(active)
        movement = shown or self._words.movements[self._words.bands["middle"].movement]
        self.scrub.display(movement, state.phase, spoken(state, self._words), state.repeated)
        on_accent = self._theme.look.tokens.surface if active else self._theme.look.tokens.text_third
        self.play.show_icon("ph.pause-fill" if state.playing and active else "ph.play-fill", on_accent)
        self.play.describe(self.tr("Pause (Space)") if state.playing else self.tr("Play (Space)"))
        self.speed.choose(str(state.speed))
        self.loop.setChecked(state.loop)
        self.loop.show_icon("ph.repeat" if state.loop else "ph.arrow-line-right")
        self.loop.describe(self.tr("Repeats (O)") if state.loop else self.tr("Plays once (O)"))

    def _button(self, action_id: str, name: str, checkable: bool = False) -> IconButton:
        action = BY_ID[action_id]
        button = IconButton(self._theme, name, f"{action.label} ({action.keys[0]})", checkable)
        button.clicked.connect(lambda: self._do(action_id))
        return button

    def _do(self, action_id: str) -> None:
        change = BY_ID[action_id].change
        if change is not None:
            self._store.update(**change(self._store.state, self._words))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the last two buttons one above the other where the bar is short."""
        super().resizeEvent(event)
        ways = QHBoxLayout.Direction
        roomy = self.width() >= self._theme.look.px(ROOMY)
        self._pair.setDirection(ways.LeftToRight if roomy else ways.TopToBottom)

    def _restyle(self) -> None:
        px = self._theme.look.px
        self.setFixedHeight(px(TRANSPORT))
        self._line.setContentsMargins(px(20), 0, px(20), 0)
        self._line.setSpacing(px(10))
        self.play.setStyleSheet(accent_sheet(self._theme.look))
        self.display(self._store.state)
