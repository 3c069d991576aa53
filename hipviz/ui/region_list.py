"""The regions of the skin as a list to tick: the twin of the picture for keyboard and screen reader.

Tab goes in and out of it as a whole, the arrow keys go from box to box.
"""

from collections.abc import Collection, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from hipviz.model.pain_words import Region
from hipviz.model.units import Side
from hipviz.ui.controls import KEYBOARD_ONLY, TickBox, label
from hipviz.ui.theme import Theme

COLUMNS: tuple[Side, ...] = ("left", "right")
"""As seen from behind, like the picture beside them."""

STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
"""How many lines and columns a key goes."""


class RegionList(QWidget):
    """A line for each region, a box for each side; `ticked` carries region, side, and whether it hurts now."""

    ticked = Signal(str, str, bool)

    def __init__(self, theme: Theme, regions: Mapping[str, Region], tools: QWidget) -> None:
        super().__init__()
        self._regions = regions
        self.boxes: dict[tuple[str, Side], TickBox] = {}
        self._names: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        grid.setHorizontalSpacing(theme.look.px(10))
        grid.setColumnStretch(0, 1)
        grid.addWidget(tools, 0, 0)
        for at, side in enumerate(COLUMNS, start=1):
            heading = label(self.tr("Left") if side == "left" else self.tr("Right"), "caption", wrap=False)
            grid.addWidget(heading, 0, at, Qt.AlignmentFlag.AlignHCenter)
        for line, region in enumerate(regions, start=1):
            self._names[region] = label("", "body", wrap=False)
            grid.addWidget(self._names[region], line, 0)
            grid.setRowMinimumHeight(line, theme.look.px(20))
            for at, side in enumerate(COLUMNS, start=1):
                box = TickBox(theme)
                box.clicked.connect(lambda on, region=region, side=side: self.ticked.emit(region, side, on))
                box.installEventFilter(self)
                self.boxes[region, side] = box
                grid.addWidget(box, line, at, Qt.AlignmentFlag.AlignCenter)
        self._enter_by(next(iter(self.boxes.values())))

    def lead_to(self, after: QWidget) -> None:
        """Let Tab go on to `after` from the list."""
        first, *_, last = self.boxes.values()
        self._enter_by(last)  # Qt orders only what Tab can reach
        self.setTabOrder(last, after)
        self._enter_by(first)

    def display(self, hurting: Collection[tuple[str, Side]], wording: str) -> None:
        """Name the regions in a wording, and tick those that hurt."""
        for region, name in self._names.items():
            said = self._regions[region].name.in_register(wording)
            name.setText(said)
            for side in COLUMNS:
                box = self.boxes[region, side]
                box.setChecked((region, side) in hurting)
                spoken = self.tr("left") if side == "left" else self.tr("right")
                box.setAccessibleName(f"{said}, {spoken}")
                box.setToolTip(f"{said}, {spoken}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the arrow keys over a box: they would scrub the movement, or go on as Tab does."""
        if isinstance(watched, TickBox):
            if event.type() == QEvent.Type.FocusIn:
                self._enter_by(watched)
            elif isinstance(event, QKeyEvent) and event.key() in STEPS and not self._modified(event):
                if event.type() == QEvent.Type.KeyPress:
                    self._go(watched, *STEPS[Qt.Key(event.key())])
                event.accept()
                return True
        return super().eventFilter(watched, event)

    @staticmethod
    def _modified(event: QKeyEvent) -> bool:
        return bool(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)

    def _go(self, box: TickBox, down: int, across: int) -> None:
        boxes = list(self.boxes.values())
        line, column = divmod(boxes.index(box), len(COLUMNS))
        line, column = line + down, column + across
        if 0 <= line < len(boxes) // len(COLUMNS) and 0 <= column < len(COLUMNS):
            boxes[line * len(COLUMNS) + column].setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter_by(self, box: TickBox) -> None:
        """Let Tab come to this box only: the one where the keyboard was last."""
        for each in self.boxes.values():
            each.setFocusPolicy(KEYBOARD_ONLY if each is box else Qt.FocusPolicy.NoFocus)
