"""The second page: how far the fit is, and the way to stop it. The picture beside it moves."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from hipviz.ui.controls import column, label
from hipviz.ui.own_bones.words import button
from hipviz.ui.theme import Theme


class FitPage(QWidget):
    """Words, a bar and Cancel."""

    cancelled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        lines = column(self, gap=theme.look.px(10))
        lines.addWidget(label(self.tr("Laying the bones on your scans"), "title"))
        lines.addWidget(
            label(
                self.tr(
                    "The bone of hipviz is bent until it lies on the scan; muscles, grips and zones come along. "
                    "This takes about half a minute for each bone."
                ),
                "second",
            )
        )
        self._words = label("", "body")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        lines.addWidget(self._words)
        lines.addWidget(self._bar)
        lines.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self.cancel = button(self.tr("Cancel"), self.cancelled.emit)
        buttons.addWidget(self.cancel)
        lines.addLayout(buttons)

    def tell(self, words: str, share: float) -> None:
        """Show how far it is, 0 … 1."""
        self._words.setText(words)
        self._bar.setValue(round(100 * share))
