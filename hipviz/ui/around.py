"""Where everything stands that lies on the stage around the picture, and when it is seen.

What the parts look like lives in `surroundings` and `topbar`.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF

from hipviz.model.content import Words
from hipviz.model.state import State
from hipviz.ui.commands import Commands
from hipviz.ui.stages import Stages
from hipviz.ui.store import Store
from hipviz.ui.surroundings import Caption, Hint, HoverName, KeyHint, Toast, ViewLink, ViewPill, structure_name
from hipviz.ui.theme import Theme
from hipviz.ui.topbar import Veil

if TYPE_CHECKING:
    from hipviz.view.picking import Pick

EDGE = 16
READ_OUT_HEIGHT, MARKER_WIDTH = 84, 272
"""Room for the angles in the upper left corner, and for the marker with its words in the lower one, unscaled."""


class Around(QObject):
    """The parts, made on a stage, and their arranging."""

    def __init__(self, stages: Stages, theme: Theme, store: Store, words: Words, commands: Commands) -> None:
        super().__init__(stages)
        self._stages, self._theme, self._store, self._words = stages, theme, store, words
        self.veil = Veil(theme)
        self.views = ViewPill()
        self.views.picked.connect(lambda view: commands.trigger(f"view.{view}"))
        self.view_link = ViewLink()
        self.view_link.clicked.connect(lambda: commands.trigger(ViewLink.leads_to(store.state) or "view.lesson"))
        self.hint = Hint()
        self.caption = Caption(theme, store, words)
        self.keys = KeyHint()
        for part in (self.veil, self.views, self.view_link, self.hint, self.caption, self.keys):
            part.setParent(stages)
            part.setProperty("keeps_clear", True)  # of labels
        self.hover_name = HoverName(stages)
        self.toast = Toast(stages)
        stages.pointed_at.connect(self._name)
        stages.told.connect(self.hover_name.point)
        stages.missed.connect(self._miss)
        stages.resized.connect(self.arrange)

    def display(self, state: State) -> None:
        """Show a state."""
        self.views.display(state)
        self.caption.display(state)

    def begin(self, title: str) -> None:
        """Say what is being built, from now on until `finish`."""
        self.veil.begin(title)
        self.arrange()

    def progress(self, words: str, share: float) -> None:
        """Show how far loading is."""
        self.veil.progress(words, share)
        self.arrange()

    def finish(self) -> None:
        """Say no longer that something is being built."""
        self.veil.hide()
        self.arrange()

    def fail(self, title: str, words: str) -> None:
        """Say why there is no picture."""
        self.veil.fail(title, words)
        self.arrange()

    def arrange(self) -> None:
        """Place all parts for the present state and size."""
        state, width, height = self._store.state, self._stages.width(), self._stages.height()
        px = self._theme.stage_look(self._stages.first.width()).px
        ready = self._stages.first.scene is not None
        upper = self._stages.first.y() + EDGE
        presenting = state.presenting
        self.veil.adjustSize()
        # Over a picture that is still used it keeps out of the way.
        middle = (height - self.veil.height()) // 2
        self.veil.move((width - self.veil.width()) // 2, height - self.veil.height() - EDGE if ready else middle)
        self.views.adjustSize()
        # Over one of two narrow pictures they would cover what is compared: the keys and the menu have them, too.
        fits = self.views.width() + 2 * EDGE <= self._stages.first.width()
        self.views.setVisible(ready and fits and not presenting)
        # Where the read-out leaves no room beside it, the views stand below it.
        beside = width - self.views.width() - EDGE > EDGE + self._stages.angles_end()
        top = upper if beside or state.band is None else upper + px(READ_OUT_HEIGHT)
        self.views.move(width - self.views.width() - EDGE, top)
        self.view_link.setVisible(ready and not presenting and ViewLink.leads_to(state) is not None)
        self.view_link.display(state)
        self.view_link.move(width - self.view_link.width() - EDGE, top + self.views.height() + 8)
        nothing = state.band is None and state.movement is None and state.panel == "card"
        # It stands where the veil does.
        self.hint.setVisible(ready and not presenting and nothing and self.veil.isHidden())
        self.hint.adjustSize()
        words_end = EDGE + px(MARKER_WIDTH)
        left = min(max((width - self.hint.width()) // 2, words_end), width - self.hint.width() - EDGE)
        self.hint.move(left, height - self.hint.height() - 20)
        self.caption.setVisible(ready and presenting and self._stages.second is None)
        self.caption.resize(self.caption.sizeHint())
        on_the_left = self._stages.first.caption_side(state) < 0
        self.caption.move(EDGE + 8 if on_the_left else width - self.caption.width() - EDGE - 8, upper + 8)
        self.keys.adjustSize()
        self.keys.move(width - self.keys.width() - EDGE, height - self.keys.height() - EDGE)

    def _name(self, found: "Pick | None", place: QPointF) -> None:
        name = structure_name(found.name, self._words, self._store.state) if found is not None else ""
        self.hover_name.point(name, place)

    def _miss(self) -> None:
        self.toast.tell(self.tr("That is beside the body: click on the skin, or tick a region"))
