"""The menu of what may stand beside the picture now: only the comparisons that make sense."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from hipviz.model.comparison import comparison_of, comparisons
from hipviz.model.content import Words
from hipviz.ui.comparing import offer
from hipviz.ui.store import Store


class CompareMenu(QMenu):
    """One entry for each comparison, and one for a single picture; the present one is ticked."""

    def __init__(self, parent: QWidget, store: Store, words: Words) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(self.tr("Compare"))
        now = comparison_of(store.state, words)
        for kind in (None, *comparisons(store.state, words)):
            entry = self.addAction(self.tr("One picture") if kind is None else offer(kind))
            entry.setCheckable(True)
            entry.setChecked(kind == now)
            entry.triggered.connect(partial(store.update, beside=kind))
        self.setActiveAction(self.actions()[0])
