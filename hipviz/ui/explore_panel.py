"""The panel of the free pose: sliders and numbers for a hip and the pelvis, and what the bands make of it.

How the thigh is dragged in the picture lives in `pointer`; what a pose means for a band in `hipviz.model.explore`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import msgspec
import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from hipviz.model.content import Words
from hipviz.model.explore import Effect, Hold, at_limit, effects, hold_of, leading, shares_mm
from hipviz.model.explore_words import ROWS, load_explore_words
from hipviz.model.pose import ANGLES, PELVIS_RANGE_DEG, RANGE_OF_MOTION_DEG, HipPose
from hipviz.model.proportions import OWN
from hipviz.model.state import State
from hipviz.model.units import BANDS, SIDES, Floats
from hipviz.ui.actions import BY_ID
from hipviz.ui.angle_row import AngleRow
from hipviz.ui.band_effects import BandEffects
from hipviz.ui.controls import KEYBOARD_ONLY, Choice, IconButton, label, rule
from hipviz.ui.panel import Panel
from hipviz.ui.store import Store
from hipviz.ui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipviz.model.anatomy import Anatomy
    from hipviz.model.leverage import Leverage

LIMITS = RANGE_OF_MOTION_DEG | PELVIS_RANGE_DEG
CONTACT_MM = 0.5
"""Bone that meets bone less deeply is not worth a word."""
NOTICED_DEG = 1.5
"""A change of the pose by as much as this is a movement that the bands can help or resist."""


class ExplorePanel(Panel):
    """The whole panel. `run` does an action of the window by its id."""

    def __init__(
        self, theme: Theme, store: Store, words: Words, anatomy: Anatomy, run: Callable[[str], None]
    ) -> None:
        super().__init__(theme, store, words, QCoreApplication.translate("ExplorePanel", "Move it yourself"))
        self._says = load_explore_words(words.sources)
        self._anatomy = anatomy
        self._described = ""
        self._before: tuple[State, Hold] | None = None
        self._towards: Floats = np.zeros(3)
        self._moved = ""

        self._lines = self.new_page()

        self._lines.addWidget(self._hint())
        self._lines.addLayout(self._tools(run))
        self.rows = {name: AngleRow(theme, *LIMITS[f"{name}_deg"]) for name in ROWS}
        for name, angle in self.rows.items():
            angle.moved.connect(lambda degrees, name=name: self._set(name, degrees))
            angle.taken.connect(store.hold)
            angle.let_go.connect(store.release)
            self._lines.addWidget(angle)
        self._lines.addWidget(rule())
        self.effects = BandEffects(theme, self._says)
        self.effects.chosen.connect(lambda band: run(f"band.{band}"))
        self._lines.addWidget(self.effects)
        self.why = label("", "body")
        self._lines.addWidget(self.why)
        self.levers = QPushButton(self.tr("Levers for every angle (V)"))
        self.levers.setProperty("role", "link")
        self.levers.setFocusPolicy(KEYBOARD_ONLY)
        self.levers.setCursor(Qt.CursorShape.PointingHandCursor)
        self.levers.clicked.connect(lambda: run("levers"))
        self._lines.addWidget(self.levers)
        self._lines.addStretch(1)
        self.restyle()

    @property
    def _leverage(self) -> Leverage:
        """The leverage of the adult that is shown."""
        return self._anatomy.shaped(self._store.state.proportions).leverage

    def display(self, state: State) -> None:
        """Show how the state holds the body."""
        if state.panel != "explore":
            self._before = None
            return
        self._describe(state.wording)
        hold = hold_of(state, self._words)
        self.hip.choose(state.side)
        angles = [*hold.pose.angles_deg, hold.pelvis.tilt_deg, hold.pelvis.drop_deg]
        for angle, shown in zip(angles, self.rows.values(), strict=True):
            shown.display(angle)
        self._notice(state, hold)
        found = effects(self._leverage, hold.pose, self._towards)
        self.effects.display(found, bool(self._moved), state.band, state.wording)
        self.why.setText(self._reason(state, hold, found))
        if not state.playing:
            self.effects.describe()

    def _notice(self, state: State, hold: Hold) -> None:
        """Take note of which way the hip, or the pelvis over it, was moved last."""
        if self._before is None or self._before[0].side != state.side:
            self._before, self._towards, self._moved = (state, hold), np.zeros(3), ""
            return
        before = self._before[1]
        way = np.subtract(hold.pose.angles_deg, before.pose.angles_deg)
        if np.abs(way).max() < NOTICED_DEG:
            return
        self._before, self._towards = (state, hold), way
        turned = np.subtract(msgspec.structs.astuple(hold.pelvis)[:2], msgspec.structs.astuple(before.pelvis)[:2])
        if np.abs(turned).max() > 0.0:
            index = int(np.abs(turned).argmax())
            self._moved = f"{('tilt', 'drop')[index]}_{'plus' if turned[index] > 0 else 'minus'}"
        else:
            name, sign = leading(way)
            self._moved = f"{name}_{'plus' if sign > 0 else 'minus'}"

    def _reason(self, state: State, hold: Hold, found: tuple[Effect, ...]) -> str:
        """Return why the chosen band, or the one that it concerns most, gets shorter or longer."""
        if not self._moved:
            return self.tr("Move something: the bands tell what they make of it.")
        meant = next((each for each in found if each.band == state.band), max(found, key=_concerned))
        by_angle = shares_mm(self._leverage, hold.pose)[:, BANDS.index(meant.band)]
        parts = [
            self._says.length(meant, by_angle, state.wording),
            self._says.why(meant, self._moved, state.wording),
        ]
        for name in at_limit(hold.pose):
            limit = abs(round(getattr(hold.pose, f"{name}_deg")))
            parts.append(self._says.say("limit", state.wording, limit=str(limit)) + ".")
        if (depth := self._depth(state, hold)) > CONTACT_MM:
            parts.append(self._says.say("bone_meets_bone", state.wording, depth=f"{depth:.0f}"))
        return " ".join(parts)

    def _depth(self, state: State, hold: Hold) -> float:
        """Return how deep bone would cut into bone, mm; known of the bones as they are, not of other shapes."""
        return self._anatomy.impingement.depth_mm(hold.pose) if state.proportions == OWN else 0.0

    def _set(self, name: str, degrees: float) -> None:
        """Hold the body with one angle changed."""
        hold = hold_of(self._store.state, self._words)
        if name in ANGLES:
            angles = dict(zip(ANGLES, hold.pose.angles_deg, strict=True)) | {name: degrees}
            changed = msgspec.structs.replace(hold, pose=HipPose(*angles.values()))
        else:
            changed = hold.turned(msgspec.structs.replace(hold.pelvis, **{f"{name}_deg": degrees}))
        self._store.update(**changed.changes)
        # Where nothing was to be changed, the store says nothing, and the slider must come back by itself.
        self.display(self._store.state)

    def _hint(self) -> QLabel:
        hint = label(self.tr("Drag the thigh: Shift turns it, Ctrl keeps it flat"), "note", wrap=False)
        hint.setToolTip(
            self.tr("The place that you take follows the pointer: bending and lifting out. With Shift the thigh ")
            + self.tr(
                "turns in or out; with Ctrl it swings in the plane of the picture. Beside it, the view turns."
            )
        )
        return hint

    def _tools(self, run: Callable[[str], None]) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(4)
        self.hip = Choice(SIDES, self.tr("The hip that is moved"))
        self.hip.describe("right", self.tr("Right"), self.tr("Move the right hip (R)"))
        self.hip.describe("left", self.tr("Left"), self.tr("Move the left hip (L)"))
        self.hip.picked.connect(lambda side: run(f"side.{side}"))
        line.addWidget(self.hip, 1)
        self.tools: dict[str, IconButton] = {}
        for name in ("legs", "pose.mirror", "pose.reset", "pose.copy"):
            action = BY_ID[name]
            button = IconButton(self._theme, action.icon, f"{action.label} ({action.keys[0]})")
            button.clicked.connect(lambda _checked=False, name=name: run(name))
            self.tools[name] = button
            line.addWidget(button)
        return line

    def _describe(self, wording: str) -> None:
        if wording == self._described:
            return
        self._described = wording
        for name, shown in self.rows.items():
            words = (self._says.say(each, wording) for each in (name, f"{name}_minus", f"{name}_plus"))
            shown.describe(*cast("tuple[str, str, str]", tuple(words)))

    def restyle(self) -> None:
        """Show what was shown in the sizes and colours of the theme."""
        super().restyle()
        px = self._theme.look.px
        self._lines.setContentsMargins(0, 0, px(8), px(8))
        self._lines.setSpacing(px(3))
        self.display(self._store.state)


def _concerned(effect: Effect) -> float:
    return abs(effect.length_pct - 100.0)
