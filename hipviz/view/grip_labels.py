"""What is named of the grips: lines and facets on the bones, origins and insertions, what each band's pull does.

Which of them a picture shows follows from the state; where they find room is decided with all other labels.
"""

from collections.abc import Sequence

import numpy as np

from hipviz.model.anatomy import Anatomy
from hipviz.model.content import Statement
from hipviz.model.pose import HipPose
from hipviz.model.state import State
from hipviz.model.units import Floats
from hipviz.view.layout import Wish
from hipviz.view.pull import Pull, turns_against

ENDS = {
    "origin": Statement("Starts here (striped)", "Origin (striped)"),
    "insertion": Statement("Grips here (full)", "Insertion (full)"),
}


class GripLabels:
    """Names and places of lines, facets and grips; found when they are first shown.

    places : by name, (3,) mm on the right-hand bones at neutral. femoral : names of those on the femur.
    """

    def __init__(self, anatomy: Anatomy) -> None:
        self._anatomy = anatomy
        self.places: dict[str, Floats] = {}
        self.femoral: set[str] = set()
        self._facets: set[str] = set()

    def names(self, state: State) -> tuple[str, ...]:
        """Return what could be named in a picture: lines and grips, from near the facets."""
        if state.attachments.strength == 0.0:
            return ()
        if not self.places:
            self._find()
        lines = [name for name in self._anatomy.words.lines if (name in self._facets) == state.grips]
        if state.grips:
            return tuple(lines)
        band = state.band or "middle"
        return (*lines, *(f"{end}_{band}" for end in ENDS))

    def text(self, name: str, wording: str) -> str:
        """Return how something is called."""
        lines = self._anatomy.words.lines
        said = lines[name].name if name in lines else ENDS[name.partition("_")[0]]
        return said.in_register(wording)

    def rank(self, name: str) -> int:
        """Return what gives way first where there is little room."""
        return 3 if name == "inferior_gluteal_line" else 2

    def arrow_wishes(self, state: State, pose: HipPose, arrows: Sequence[Pull]) -> list[Wish]:
        """Return a label at the tip of each arrow: which band it is, and what it does to the thigh in a pose."""
        against = turns_against(self._anatomy, pose)
        middle = sum(arrow.line[1][0] for arrow in arrows) / max(1, len(arrows))
        wishes = []
        for arrow in arrows:
            words = self._anatomy.words.bands[arrow.band]
            does = (words.grip_reversed if against[arrow.band] else words.grip).in_register(state.wording)
            tip = arrow.line[1]
            side = 1 if tip[0] > middle else -1  # over the bone rather than across the other arrows
            text = f"{words.name.plain}\n" + does.replace(", ", ",\n")
            wishes.append(Wish(f"grip_{arrow.band}", "band", text, tip, side, 1, False, arrow.band, True))
        return wishes

    def _find(self) -> None:
        for line in self._anatomy.lines:
            if line.name in self._anatomy.words.lines:
                at = self._anatomy.words.lines[line.name].at
                self._take(line.name, line.bone, line.points[round(at * (len(line.points) - 1))])
                if line.closed:
                    self._facets.add(line.name)
        for grip in self._anatomy.grips:
            self._take(f"{grip.end}_{grip.band}", grip.bone, grip.middle)

    def _take(self, name: str, bone: str, place: Floats) -> None:
        self.places[name] = np.asarray(place)
        if bone == "femur":
            self.femoral.add(name)
