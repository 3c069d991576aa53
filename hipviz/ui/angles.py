"""The angles that the window reads out: words and whole degrees of the movement shown.

What the words are is decided in `hipviz.model.movement`; painting them in `overlay` and `surroundings`.
"""

from hipviz.model.content import Words
from hipviz.model.movement import end_pose, spoken_angles
from hipviz.model.state import State, acting_pose, movement_of


def angles_of(state: State, words: Words) -> list[tuple[str, int]]:
    """Return (word, degrees) of the acting hip at this moment; nothing while no movement is shown."""
    movement = movement_of(state, words)
    if movement is None:
        return []
    return spoken_angles(acting_pose(state, words), end_pose(movement), state.wording)


def spoken(state: State, words: Words) -> str:
    """Return the angles as one line, for screen readers."""
    return ", ".join(f"{word} {degrees}°" for word, degrees in angles_of(state, words))
