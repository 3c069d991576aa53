"""The right panel: what the chosen band does, where it is attached and where its trigger point is felt.

Every word of it comes from the content files; the panel only decides how much of it fits the window.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from hipviz.model.content import Disagreement, Statement, Words
from hipviz.model.guidance import Guidance, Topic
from hipviz.model.pose import HipPose
from hipviz.model.state import State
from hipviz.model.trigger_points import TriggerPoint
from hipviz.model.units import BANDS, Band
from hipviz.ui.action import Action
from hipviz.ui.actions import BY_ID
from hipviz.ui.controls import KEYBOARD_ONLY, FocusRing, Wording, column, label, row, rule
from hipviz.ui.pictogram import FanSign, ZoneSign
from hipviz.ui.store import Store
from hipviz.ui.theme import CARD, Theme

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy

FULLEST, BAREST = 0, 4
"""How much is left out, in steps: the list of sources; all disagreements but one; wide gaps; the reason."""


class Card(QFrame):
    """The whole panel; `asked_for_sources` is sent when the user wants to read them in full."""

    asked_for_sources = Signal()

    def __init__(self, theme: Theme, store: Store, words: Words, points: tuple[TriggerPoint, ...]) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(self.tr("About the chosen band"))
        self._theme = theme
        self._store = store
        self._words = words.quoting({})  # figures of the model are not known before it is loaded
        self._points = {point.band: point for point in points}
        self._shown: tuple[object, ...] = ()
        self._disagreement = 0
        self._laid_out = False
        self._styled: tuple[str, float] | None = None

        self._frame = column(self)
        self._guidance: Guidance | None = None
        self._more = False
        self._first_row: QLabel | None = None
        self.wording = Wording()
        self.wording.picked.connect(lambda wording: store.update(wording=wording))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._frame.addWidget(self.wording)
        self._frame.addWidget(self._scroll, 1)
        FocusRing(theme, self._scroll)
        self.setFixedWidth(theme.look.px(CARD))
        theme.changed.connect(self._restyle)

    def display(self, state: State) -> None:
        """Show the words for the state."""
        wanted = (state.band, state.wording)
        if wanted != self._shown:
            self._shown = wanted
            self._disagreement = 0
            self._refill()

    def attach(self, anatomy: "Anatomy") -> None:
        """Take words that quote the figures of an anatomy, and the rows that can be opened (who gets it, …)."""
        self._words = anatomy.words
        self._guidance = anatomy.guidance
        self._refill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the words to the new height, which is not known before."""
        super().resizeEvent(event)
        self._laid_out = True
        self._refill()

    def text(self) -> str:
        """Return all words shown, as a screen reader or a test meets them."""
        page = self._scroll.widget()
        return "\n".join(part.text() for part in page.findChildren(QLabel)) if page else ""

    def _restyle(self) -> None:
        if self._theme.look.frame != self._styled:
            self._refill()

    def _refill(self) -> None:
        if not self._laid_out:
            return
        self._styled = self._theme.look.frame
        px = self._theme.look.px
        self.setFixedWidth(px(CARD))
        self._frame.setContentsMargins(px(20), px(14), px(12), px(8))
        self._frame.setSpacing(px(12))
        self.wording.choose(self._store.state.wording)
        width = px(CARD) - px(32) - 1
        room = self.height() - self.wording.sizeHint().height() - px(36)
        for omitted in range(FULLEST, BAREST + 1):
            page = self._page(self._store.state, omitted)
            page.setFixedWidth(width)
            page.ensurePolished()
            layout = page.layout()
            if layout is None or layout.totalHeightForWidth(width) <= room or omitted == BAREST:
                break
            page.hide()
            page.deleteLater()
        page.setMinimumWidth(0)
        page.setMaximumWidth(16777215)
        # A bar that a longer page left behind would narrow this one, so that it needs the bar itself.
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(page)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        # The keyboard needs to come here only for what would stay out of sight.
        fits = page.sizeHint().height() <= room
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus if fits else Qt.FocusPolicy.TabFocus)
        self._scroll.setAccessibleName(self.accessibleName())

    def _page(self, state: State, omitted: int) -> QWidget:
        page = QWidget(self)
        page.setObjectName("scrolled")
        lines = column(page, (0, 0, self._theme.look.px(8), 0))
        if state.band is None:
            self._fill_empty(lines, state.wording)
        else:
            self._fill_band(lines, state.band, state.wording, omitted)
        return page

    def _fill_empty(self, lines: QVBoxLayout, wording: str) -> None:
        px = self._theme.look.px
        lines.addStretch(2)
        lines.addWidget(FanSign(self._theme), 0, Qt.AlignmentFlag.AlignHCenter)
        lines.addSpacing(px(20))
        lines.addWidget(self._centred(self.tr("Three bands, three movements"), "lead"))
        lines.addSpacing(px(6))
        lines.addWidget(
            self._centred(
                self.tr("All three pull on one bump of bone. Where each one grips it decides what it does."),
                "second",
            )
        )
        lines.addWidget(self._grip_link(), 0, Qt.AlignmentFlag.AlignHCenter)
        lines.addSpacing(px(16))
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(14))
        grid.setColumnStretch(1, 1)
        for index, band in enumerate(BANDS):
            words = self._words.bands[band]
            key = label(str(words.number), "key", wrap=False)
            grid.addWidget(key, index, 0, Qt.AlignmentFlag.AlignTop)
            cell = QWidget()
            text = column(cell, gap=px(2))
            text.addWidget(label(words.line.in_register(wording), "body"))
            text.addWidget(label(words.picture.in_register(wording), "note"))
            grid.addWidget(cell, index, 1)
        lines.addLayout(grid)
        lines.addStretch(3)
        lines.addWidget(self._centred(self._words.caution.plain, "note"))

    def _fill_band(self, lines: QVBoxLayout, band: Band, wording: str, omitted: int) -> None:
        px, words, point = self._theme.look.px, self._words.bands[band], self._points[band]

        def said(statement: Statement) -> str:
            return self._said(statement, wording)

        lines.addWidget(label(words.name.in_register(wording), "title"))
        lines.addSpacing(px(8))
        lines.addWidget(label(said(words.action), "lead"))
        lines.addSpacing(px(4))
        lines.addWidget(label(said(words.picture), "second"))
        if omitted < 4:
            lines.addSpacing(px(8))
            lines.addWidget(label(said(words.why), "body"))
        lines.addSpacing(px(12))
        clinical = wording != "plain"
        facts = (
            (self.tr("Origin") if clinical else self.tr("Starts at"), words.origin, None),
            (self.tr("Insertion") if clinical else self.tr("Ends at"), words.insertion, self._grip_link()),
            (self.tr("Nerve"), words.nerve, None),
        )
        gap = px(8) if omitted < 3 else px(5)
        for heading, statement, link in facts:
            lines.addWidget(rule())
            lines.addSpacing(gap)
            lines.addWidget(self._fact(heading, said(statement), link))
            lines.addSpacing(gap)
        lines.addWidget(rule())
        lines.addSpacing(gap)
        lines.addWidget(
            label(
                self.tr("Where it is felt: reported pattern of {point}").format(
                    point=self.tr("point {number}").format(number=point.number)
                ),
                "caption",
            )
        )
        lines.addSpacing(px(6))
        lines.addLayout(self._zones(point, wording))
        lines.addSpacing(px(12))
        lines.addWidget(self._disagreements(band, wording, omitted))
        self._rows(lines, band, wording)
        if omitted < 1:
            lines.addSpacing(px(8))
            lines.addWidget(self._opener())
            lines.addSpacing(px(12))
            lines.addWidget(label(self.tr("Sources"), "caption"))
            lines.addSpacing(px(2))
            for source in self._cited(band):
                lines.addWidget(label(self._words.sources[source].full, "note"))
                lines.addSpacing(px(3))
            lines.addSpacing(px(8))
            lines.addWidget(label(said(self._words.caution), "note"))
            lines.addStretch(1)
        else:
            lines.addStretch(1)
            lines.addSpacing(px(6))
            foot = QHBoxLayout()
            foot.addWidget(self._opener())
            foot.addStretch(1)
            foot.addWidget(self._link(self.tr("Sources and caution"), self.asked_for_sources.emit))
            lines.addLayout(foot)

    def _said(self, statement: Statement, wording: str) -> str:
        """Return a statement in a wording; where sources are asked for, with those that it cites."""
        cited = self._words.cite(statement) if wording == "sources" and not statement.reported else ""
        return statement.in_register(wording) + (f" [{cited}]" if cited else "")

    def _rows(self, lines: QVBoxLayout, band: Band, wording: str) -> None:
        """Add the rows beyond movement and zones, when they are open."""
        if self._guidance is None or not self._more:
            return
        px = self._theme.look.px
        headings: dict[Topic, str] = {
            "shape": self.tr("Shape and neighbours"),
            "who_gets_it": self.tr("Who gets it"),
            "tell_apart": self.tr("Tell apart from"),
            "find_it": self.tr("Find it"),
            "self_treatment": self.tr("By oneself"),
            "signs": self.tr("How it is drawn"),
            "caution": self.tr("Caution"),
        }
        self._first_row = None
        for topic, says in self._guidance.rows[band].items():
            lines.addSpacing(px(8))
            heading = label(headings[topic], "caption", wrap=False)
            lines.addWidget(heading)
            self._first_row = self._first_row or heading
            row = label(self._said(says, wording), "body")
            row.setToolTip(self._words.cite(says))
            lines.addWidget(row)

    def _opener(self) -> QPushButton:
        """Return the link that opens the further rows: closed at first, so that the card fits small windows."""
        link = self._link(
            self.tr("Less") if self._more else self.tr("Who gets it, find it …"), self._open_or_close
        )
        link.setToolTip(self.tr("Who gets it, what else it could be, how to find it, what helps, caution"))
        link.setAccessibleDescription(self.tr("Open") if self._more else self.tr("Closed"))
        return link

    def _open_or_close(self) -> None:
        self._more = not self._more
        self._refill()
        if self._more and self._first_row is not None:
            # Laid out in the next moment: then what was asked for comes into sight.
            QTimer.singleShot(0, self._first_row, self._show_rows)

    def _show_rows(self) -> None:
        if self._first_row is not None:
            self._scroll.verticalScrollBar().setValue(self._first_row.y())

    def _grip_link(self) -> QPushButton:
        """Return the link to the close-up of the trochanter, and back."""
        action = BY_ID["grips"]
        link = self._link(self.tr("Up close"), lambda: self._do(action))
        link.setToolTip(f"{action.label} ({action.keys[0]})")
        link.setAccessibleDescription(action.label)
        return link

    def _do(self, action: Action) -> None:
        if action.change is not None:
            self._store.update(**action.change(self._store.state, self._words))

    def _fact(self, heading: str, text: str, link: QPushButton | None = None) -> QWidget:
        px = self._theme.look.px
        cell = QWidget()
        grid = QGridLayout(cell)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(8))
        grid.setColumnMinimumWidth(0, px(64))
        grid.setColumnStretch(1, 1)
        grid.addWidget(label(heading, "caption", wrap=False), 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(text, "body"), 0, 1, 1 if link is None else 2, 1)
        if link is not None:
            grid.setRowStretch(1, 1)
            grid.addWidget(link, 1, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        return cell

    def _zones(self, point: TriggerPoint, wording: str) -> QGridLayout:
        px = self._theme.look.px
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(10))
        grid.setVerticalSpacing(px(6))
        grid.setColumnStretch(1, 1)
        clinical = wording != "plain"
        rows = (
            (True, self.tr("Essential") if clinical else self.tr("Felt here"), point.essential.where),
            (False, self.tr("Spillover") if clinical else self.tr("May spread here"), point.spillover.where),
        )
        for index, (essential, heading, where) in enumerate(rows):
            grid.addWidget(ZoneSign(self._theme, essential), index, 0, Qt.AlignmentFlag.AlignTop)
            words = label("", "body")
            words.setTextFormat(Qt.TextFormat.RichText)
            words.setText(f"<b>{heading}:</b> {self._said(where, wording)}")
            grid.addWidget(words, index, 1)
        return grid

    def _disagreements(self, band: Band, wording: str, omitted: int) -> QWidget:
        px = self._theme.look.px
        said = self._words.bands[band].disagreements + self._points[band].disagreements
        box = QFrame()
        box.setObjectName("warning")
        lines = column(box, (px(14), px(10), px(14), px(10)), px(4))
        lines.addWidget(label(self.tr("Sources differ"), "warn", wrap=False))
        every = omitted < 2
        index = min(self._disagreement, len(said) - 1)
        for statement in said if every else said[index : index + 1]:
            words = label(statement.in_register(wording), "body")
            words.setToolTip(self._words.cite(statement))
            lines.addWidget(words)
            links = QWidget()
            beside = row(links, gap=px(12))
            if isinstance(statement, Disagreement) and isinstance(statement.flexion_deg, float | int):
                beside.addWidget(self._bend(float(statement.flexion_deg)))
            beside.addStretch(1)
            if not every and len(said) > 1:
                text = self.tr("{index} of {count}: next").format(index=index + 1, count=len(said))
                beside.addWidget(self._link(text, self._next_disagreement))
            if beside.count() > 1:
                lines.addWidget(links)
            if every and statement is not said[-1]:
                lines.addSpacing(px(4))
        return box

    def _bend(self, flexion_deg: float) -> QPushButton:
        """Return the button that bends the hip to where a difference can be seen."""
        pose = HipPose(flexion_deg=round(flexion_deg, 1))
        text = self.tr("Show it: bend the hip to {angle}°").format(angle=round(flexion_deg))
        button = self._link(text, lambda: self._store.update(pose=pose, playing=False))
        button.setAccessibleDescription(self.tr("Holds the hip in this pose; Play or 0 goes back to the movement"))
        return button

    def _next_disagreement(self) -> None:
        band = self._store.state.band
        if band is not None:
            count = len(self._words.bands[band].disagreements) + len(self._points[band].disagreements)
            self._disagreement = (self._disagreement + 1) % count
            self._refill()

    def _cited(self, band: Band) -> list[str]:
        words, point = self._words.bands[band], self._points[band]
        statements = (words.action, words.origin, words.insertion, words.nerve, *words.disagreements)
        cited = [source for statement in (*statements, *point.statements) for source in statement.sources]
        return list(dict.fromkeys(cited))

    def _centred(self, text: str, role: str) -> QLabel:
        made = label(text, role)
        made.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        return made

    def _link(self, text: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("role", "link")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setFocusPolicy(KEYBOARD_ONLY)
        # The click must be over before the page with this button goes.
        button.clicked.connect(act, Qt.ConnectionType.QueuedConnection)
        return button
