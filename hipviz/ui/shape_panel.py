"""The study of shapes: sliders for what makes hips differ, and what that does to the work of the muscle.

What is said and published stands in `content/proportions.toml`; the adult is made in `hipviz.model.study`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from hipviz.model.content import Words
from hipviz.model.pose import ANGLES, NEUTRAL
from hipviz.model.proportion_words import ProportionWords, Published, load_proportion_words, value_of
from hipviz.model.proportions import LIMITS, OWN, PROPORTIONS, Measured, Proportion, measured
from hipviz.model.state import State
from hipviz.model.study import demand
from hipviz.model.units import BANDS
from hipviz.ui.angle_row import AngleRow, whole
from hipviz.ui.controls import KEYBOARD_ONLY, IconButton, label, rule
from hipviz.ui.lever_bars import band_names
from hipviz.ui.panel import Panel
from hipviz.ui.shaping import Shaping
from hipviz.ui.store import Store
from hipviz.ui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipviz.model.anatomy import Anatomy

SAME_PCT = 1.0
"""A smaller change of the muscle's work is none."""


class ShapePanel(Panel):
    """The whole panel. `run` does an action of the window by its id."""

    def __init__(
        self, theme: Theme, store: Store, words: Words, anatomy: Anatomy, run: Callable[[str], None]
    ) -> None:
        super().__init__(theme, store, words, QCoreApplication.translate("ShapePanel", "Shapes of the hip"))
        self._anatomy = anatomy
        self._says = load_proportion_words(words.sources)
        self._own = measured(anatomy.bones)
        self._shown: tuple[object, ...] = ()
        self._last: Proportion = PROPORTIONS[0]
        self.shaping = Shaping(anatomy, self)
        self.shaping.ready.connect(lambda wanted: store.update(proportions=wanted))
        self.shaping.busy.connect(self._tell_busy)

        self.reset = IconButton(theme, "ph.arrow-counter-clockwise", self.tr("The hip as it was"))
        self.reset.clicked.connect(lambda: self.shaping.wish(OWN))
        self.title_line.insertWidget(1, self.reset)
        self._lines = self.new_page()

        hint = self.tr("No two hips are alike. Change one and see what the muscle has to do.")
        self._lines.addWidget(label(hint, "second"))
        self.rows: dict[Proportion, AngleRow] = {}
        self.published: dict[Proportion, QLabel] = {}
        for name in PROPORTIONS:
            self._add_row(name)
        self._lines.addWidget(rule())
        self.work = label("", "lead")
        self.levers = label("", "body")
        self.levers.setTextFormat(Qt.TextFormat.RichText)
        self.effect = label("", "body")
        self.cited = label("", "note")
        self.more = QPushButton(self.tr("Levers for every angle (V)"))
        self.more.setProperty("role", "link")
        self.more.setFocusPolicy(KEYBOARD_ONLY)
        self.more.setCursor(Qt.CursorShape.PointingHandCursor)
        self.more.clicked.connect(lambda: run("levers"))
        self.beside = QPushButton(self.tr("Beside the hip as it was"))
        self.beside.setProperty("role", "link")
        self.beside.setFocusPolicy(KEYBOARD_ONLY)
        self.beside.setCursor(Qt.CursorShape.PointingHandCursor)
        self.beside.clicked.connect(self._compare)
        for part in (self.work, self.levers, self.effect, self.cited, self.beside, self.more):
            self._lines.addWidget(part)
        self._lines.addStretch(1)
        self.restyle()

    def _add_row(self, name: Proportion) -> None:
        low, high = LIMITS[name]
        shown = AngleRow(self._theme, low, high, getattr(self._own, name), unit_of(name))
        if usual := self._says[name].usual():
            shown.slider.mark(usual)
        shown.moved.connect(lambda value, name=name: self._set(name, value))
        self.rows[name] = shown
        self._lines.addWidget(shown)
        told = label("", "note")
        self.published[name] = told
        self._lines.addWidget(told)

    def display(self, state: State) -> None:
        """Show the shape of the state, and what it does."""
        if state.panel != "shape":
            return
        adult = self._anatomy.shaped(state.proportions)
        shown = (state.proportions, state.wording, state.band, self._last, self._theme.look.tokens.name)
        if shown == self._shown:
            return
        self._shown = shown
        found = measured(adult.bones)
        for name, angle in self.rows.items():
            words = self._says[name]
            angle.describe(*(part.in_register(state.wording) for part in (words.name, words.lower, words.higher)))
            if not angle.slider.isSliderDown():
                angle.display(getattr(found, name))
            self.published[name].setText(self._published(words, found))
            self.published[name].setToolTip(self._sources(words))
        self.reset.setEnabled(state.proportions != OWN)
        self.beside.setVisible(state.proportions != OWN)
        self.work.setText(self._work(adult))
        self.levers.setText(self._levers(adult))
        effect = self._says[self._last].effect
        self.effect.setText(effect.in_register(state.wording))
        self.cited.setText(self._words.cite(effect))

    def _published(self, words: ProportionWords, found: Measured) -> str:
        """Return the published figures, each with what it belongs to where that is another measure."""
        own = [self._figure(figure, words.id) for figure in words.published if figure.of is None]
        lines = [f"{self.tr('Published')}: {'; '.join(own)}"] if own else []
        if head := derived(self, words.published, found, words.id):
            beside = [self._figure(figure, words.id) for figure in words.published if figure.of is not None]
            lines.append(f"{head} ({'; '.join(beside)})")
        return "\n".join(lines)

    def _figure(self, figure: Published, name: Proportion) -> str:
        """Return one published figure as it is read."""
        unit = unit_of(figure.of or name)
        if figure.sd is not None:
            return f"{figure.who} {figure.middle:g} ± {figure.sd:g}{unit}"
        low, high = figure.spread()
        return self.tr("{who} {middle}, half of them {low} to {high}").format(
            who=figure.who, middle=f"{figure.middle:g}{unit}", low=f"{low:g}", high=f"{high:g}{unit}"
        )

    def _sources(self, words: ProportionWords) -> str:
        """Return where the published figures of a measure come from."""
        names = {name for figure in words.published for name in figure.sources}
        return "\n".join(self._words.sources[name].full for name in sorted(names))

    def _work(self, adult: Anatomy) -> str:
        """Return what the shape asks of the muscle, in one sentence."""
        change = 100.0 * (demand(adult, self._anatomy) - 1.0)
        if abs(change) < SAME_PCT:
            return self.tr("On one leg the muscle works as hard as before.")
        if change > 0:
            return self.tr("On one leg the muscle has to pull {share} % harder.").format(share=f"{change:.0f}")
        return self.tr("On one leg the muscle has to pull {share} % less.").format(share=f"{-change:.0f}")

    def _levers(self, adult: Anatomy) -> str:
        """Return the levers for lifting the leg out, as they were and as they are, mm."""
        index, t = ANGLES.index("abduction"), self._theme.look.tokens
        before, now = (each.leverage.band_arms(NEUTRAL.angles_deg)[index] for each in (self._anatomy, adult))
        names = band_names()
        told = [
            f'<span style="color:{t.bands[band].ink}"><b>{names[band]}</b></span> {figures(was, here)}'
            for band, was, here in zip(BANDS, before, now, strict=True)
        ]
        return f"{self.tr('Lever for lifting out')}: {' · '.join(told)}"

    def _set(self, name: Proportion, value: float) -> None:
        self._last = name
        same = abs(value - getattr(self._own, name)) < 0.05
        wanted = msgspec.structs.replace(self._store.state.proportions, **{name: None if same else value})
        self.shaping.wish(wanted)

    def _compare(self) -> None:
        state = self._store.state
        self._store.update(beside=None if state.beside == "default_adult" else "default_adult")

    def _tell_busy(self, busy: bool) -> None:
        self.work.setEnabled(not busy)
        self.levers.setEnabled(not busy)

    def restyle(self) -> None:
        """Show what was shown in the sizes and colours of the theme."""
        super().restyle()
        px = self._theme.look.px
        self._lines.setContentsMargins(0, 0, px(8), px(8))
        self._lines.setSpacing(px(4))
        self._shown = ()
        self.display(self._store.state)


def unit_of(name: str) -> str:
    """Return the unit of a measure, as it stands behind a number."""
    return "°" if name.endswith("_deg") else " mm"


def derived(owner: QWidget, published: tuple[Published, ...], found: Measured, name: Proportion) -> str:
    """Return the measure that follows from `name` and that figures are published of, e.g. "Offset 45 mm"."""
    texts = {
        "offset_mm": owner.tr("Head to shaft (offset): {value}"),
        "hip_to_midline_mm": owner.tr("Joint to midline: {value}"),
    }
    for figure in published:
        if figure.of is not None:
            return texts[figure.of].format(value=whole(value_of(found, figure, name), unit_of(figure.of)))
    return ""


def figures(before: float, now: float) -> str:
    """Return a lever as it was and as it is, mm; once where it is the same."""
    if round(float(np.abs(now - before)), 1) < 0.5:
        return f"{now:.0f} mm"
    return f"{before:.0f} → {now:.0f} mm"
