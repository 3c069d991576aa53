"""The panel under the stage that shows how each band pulls: bars of the present pose and a chart over one angle.

Closed until it is asked for, so that the picture stays calm. It shows the State and asks the store for changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from hipviz.model.content import Words
from hipviz.model.paths import StraightPaths
from hipviz.model.pose import ANGLES, NEUTRAL
from hipviz.model.published import PublishedModel, load_published
from hipviz.model.state import Lever, State, acting_pose
from hipviz.model.units import BANDS, Floats
from hipviz.ui.actions import BY_ID
from hipviz.ui.controls import KEYBOARD_ONLY, Choice, IconButton, column, label, row
from hipviz.ui.lever_bars import NAMES, LeverBars, ends
from hipviz.ui.lever_chart import LeverChart, values_of
from hipviz.ui.store import Store
from hipviz.ui.theme import Theme

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy
    from hipviz.model.leverage import Leverage

LEVERS: tuple[Lever, ...] = (*ANGLES, "length")
HEIGHT, BOTH = 212, 620
"""Height of the panel, and the width from which bars and chart stand side by side, unscaled."""
CHART_EVERY_MS = 60
"""While the hip moves the chart follows this often; the bars follow in every frame."""


class Levers(QFrame):
    """The whole panel."""

    def __init__(self, theme: Theme, store: Store, words: Words, anatomy: Anatomy) -> None:
        super().__init__()
        self.setObjectName("levers")
        self.setAccessibleName(self.tr("Levers of the three bands"))
        self._theme = theme
        self._store = store
        self._words = words
        self._anatomy = anatomy
        self._models: tuple[PublishedModel, ...] = ()
        self._described: tuple[object, ...] = ()

        self._halves: QHBoxLayout = row(self)
        self._left, self._right = QWidget(), QWidget()
        self._halves.addWidget(self._left, 3)
        self._halves.addWidget(self._right, 2)
        self._bars_lines: QVBoxLayout = column(self._left)
        heads = QWidget()
        self._heads: QHBoxLayout = row(heads)
        self.caption = label(self.tr("Lever, mm"), "caption", wrap=False)
        self.charted = Choice(LEVERS, self.tr("What the chart shows"))
        self.charted.picked.connect(lambda name: store.update(charted=name))
        self._heads.addWidget(self.caption)
        self._heads.addWidget(self.charted, 1)
        self._bars_lines.addWidget(heads)
        self.bars = LeverBars(theme)
        self._bars_lines.addWidget(self.bars)
        foot = QWidget()
        self._foot: QHBoxLayout = row(foot)
        action = BY_ID["published"]
        self.published = QPushButton()
        self.published.setProperty("role", "link")
        self.published.setCheckable(True)
        self.published.setFocusPolicy(KEYBOARD_ONLY)
        self.published.setCursor(Qt.CursorShape.PointingHandCursor)
        self.published.setToolTip(f"{action.label} ({action.keys[0]})")
        self.published.setAccessibleName(action.label)
        self.published.clicked.connect(lambda: store.update(published=not store.state.published))
        self.compared = label("", "note", wrap=False)
        self._foot.addWidget(self.published)
        self._foot.addWidget(self.compared, 1)
        self._bars_lines.addWidget(foot)
        self._bars_lines.addStretch(1)

        self._chart_lines: QVBoxLayout = column(self._right)
        tops = QWidget()
        self._tops: QHBoxLayout = row(tops)
        self.read_out = label("", "note", wrap=False)
        self.read_out.setToolTip(self.tr("Point at the chart to read values off"))
        self.read_out.setTextFormat(Qt.TextFormat.RichText)
        self.along = Choice(ANGLES, self.tr("The angle that the chart runs over"))
        self.along.picked.connect(lambda name: store.update(along=name))
        self.close_button = IconButton(theme, "ph.x", self.tr("Close the levers (V)"))
        self.close_button.clicked.connect(lambda: store.update(levers=False))
        self._tops.addWidget(label(self.tr("against"), "caption", wrap=False))
        self._tops.addWidget(self.along, 1)
        self.other_half = IconButton(theme, "ph.chart-line", self.tr("The chart"))
        self.other_half.clicked.connect(self._turn_over)
        self._corner = QWidget()
        corner = row(self._corner)
        corner.addWidget(self.other_half)
        corner.addWidget(self.close_button)
        self._turned = False
        self._chart_lines.addWidget(tops)
        self.chart = LeverChart(theme)
        self.chart.setAccessibleName(self.tr("Moment arm of each band against one angle of the hip"))
        self.chart.read.connect(self._tell)
        # As wide as the chart, so that no figure is cut off while the movement changes them.
        self.read_out.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._chart_lines.addWidget(self.read_out)
        self._chart_lines.addWidget(self.chart, 1)

        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(CHART_EVERY_MS)
        self._soon.timeout.connect(self._draw_chart)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def _leverage(self) -> Leverage:
        """The leverage of the adult that is shown."""
        return self._anatomy.shaped(self._store.state.proportions).leverage

    def display(self, state: State) -> None:
        """Show the state."""
        self._describe(state)
        angles, leverage = acting_pose(state, self._words).angles_deg, self._leverage
        length, at_neutral = leverage.band_lengths([angles, NEUTRAL.angles_deg])
        self.bars.display(
            leverage.band_arms(angles),
            100.0 * length / at_neutral,
            state.band,
            state.wording == "plain",
        )
        if state.playing and self.isVisible():
            if not self._soon.isActive():
                self._soon.start()
        else:
            self._soon.stop()
            self._draw_chart()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show bars and chart side by side where both find room, else one of them."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        both = self.width() >= self._theme.look.px(BOTH)
        self._left.setVisible(both or not self._turned)
        self._right.setVisible(both or self._turned)
        self.other_half.setVisible(not both)
        (self._tops if both or self._turned else self._heads).addWidget(self._corner)
        self._corner.show()  # what moves to another parent is hidden

    def _turn_over(self) -> None:
        self._turned = not self._turned
        self.other_half.show_icon("ph.chart-bar" if self._turned else "ph.chart-line")
        self.other_half.describe(self.tr("The bars") if self._turned else self.tr("The chart"))
        self._fit()

    def _draw_chart(self) -> None:
        state = self._store.state
        angles = acting_pose(state, self._words).angles_deg
        if state.published and not self._models:
            self._models = load_published(self._words.sources)
        published = [model.paths() for model in self._models] if state.published else []
        meant = ends(state.wording == "plain")[LEVERS.index(state.charted)]
        self.chart.display(self._leverage, angles, (state.charted, state.along), state.band, published, meant)
        self.published.setChecked(state.published)
        self.published.setText(self.tr("Published:") if published else self.tr("Compare with published levers"))
        self.compared.setText(self._comparison(state, published, angles))
        if not state.playing:
            self.bars.describe()

    def _comparison(
        self, state: State, published: list[StraightPaths], angles_deg: tuple[float, float, float]
    ) -> str:
        """Return how the published curves are drawn and, for the chosen band, what they are in this pose."""
        told = []
        for model, paths, dash in zip(self._models, published, ("– –", "· · ·"), strict=False):
            figure = ""
            if state.band is not None:
                values = values_of(paths, np.array(angles_deg), state.charted)
                figure = f" {_figure(float(values[BANDS.index(state.band)]), state.charted)} mm"
            told.append(f"{dash} {model.name}{figure}")
        return "    ".join(told)

    def _describe(self, state: State) -> None:
        wanted = (state.wording, state.charted, state.along)
        if wanted == self._described:
            return
        self._described = wanted
        plain = state.wording == "plain"
        texts = dict(zip(LEVERS, _lever_words(self, plain), strict=True))
        full = dict(zip(LEVERS, _full_words(self), strict=True))
        for name in LEVERS:
            self.charted.describe(name, texts[name], self.tr("Chart of the {lever}").format(lever=full[name]))
        self.charted.choose(state.charted)
        axes = dict(zip(ANGLES, _axis_words(self), strict=True))
        for angle in ANGLES:
            tip = self.tr("Chart against {angle}").format(angle=axes[angle])
            self.along.describe(angle, texts[cast("Lever", angle)], tip)
        self.along.choose(state.along)

    def _tell(self, angle: float, values: Floats, pointed: bool) -> None:
        t = self._theme.look.tokens
        figures = " &nbsp;".join(
            f'<span style="color:{t.bands[band].ink}"><b>{_figure(value, self._store.state.charted)}</b></span>'
            for band, value in zip(BANDS, values, strict=True)
        )
        where = f"{'−' if round(angle) < 0 else ''}{abs(round(angle))}°"
        weight = "b" if pointed else "span"
        at = self.tr("at {angle}:").format(angle=f"<{weight}>{where}</{weight}>")
        self.read_out.setText(f"{at} &nbsp;{figures} mm")

    def _restyle(self) -> None:
        px = self._theme.look.px
        self.setFixedHeight(px(HEIGHT))
        self._halves.setContentsMargins(px(20), px(10), px(12), px(8))
        self._halves.setSpacing(px(20))
        self._bars_lines.setSpacing(px(6))
        self._chart_lines.setSpacing(px(2))
        self._tops.setSpacing(px(6))
        self._foot.setSpacing(px(12))
        self.caption.setFixedWidth(px(NAMES))
        self._fit()
        if self.isVisible():
            self.display(self._store.state)


def _lever_words(owner: QWidget, plain: bool) -> tuple[str, str, str, str]:
    """Return what the columns are called."""
    if plain:
        return owner.tr("Bend"), owner.tr("Lift"), owner.tr("Turn"), owner.tr("Length")
    return owner.tr("Flex."), owner.tr("Abd."), owner.tr("Rot."), owner.tr("Length")


def _full_words(owner: QWidget) -> tuple[str, str, str, str]:
    return (
        owner.tr("moment arm for bending (flexion +, extension −), mm"),
        owner.tr("moment arm for lifting out (abduction +, adduction −), mm"),
        owner.tr("moment arm for turning (internal rotation +, external −), mm"),
        owner.tr("length, mm; the bars tell the change since standing in %"),
    )


def _axis_words(owner: QWidget) -> tuple[str, str, str]:
    return (
        owner.tr("bending forwards (flexion)"),
        owner.tr("lifting out (abduction)"),
        owner.tr("turning in (internal rotation)"),
    )


def _figure(value: float, charted: Lever) -> str:
    number = f"{abs(value):.0f}"
    sign = "" if charted == "length" or number == "0" else "−" if value < 0 else "+"
    return f"{sign}{number}"
