"""Where labels stand: in a column on each side of the body, sorted by height, none over another.

Pure numbers in logical pixels from the top left; what is labelled is decided in `annotations`.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from hipviz.model.units import Band, Floats

GAP_PX = 6.0
MARGIN_PX = 14.0
CLEARANCE_PX = 26.0
"""Between the body and a column of labels."""
NEARBY_PX = 60.0
MARK_PX = 18.0
"""How far lines keep from the X of a trigger point, from its middle."""
ELBOW_PX = 14.0
"""The last stretch of a leader line, level."""

Kind = Literal["landmark", "band", "trigger_point", "axis", "essential", "spillover", "stroke", "hold", "between"]
Measure = Callable[[str, Kind], tuple[float, float]]
"""Width and height in px of a label with this text, its padding included."""

Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    def holds(self, place: Point) -> bool:
        """Return whether a place lies within the box."""
        return self.left <= place[0] <= self.right and self.top <= place[1] <= self.bottom

    def overlaps(self, other: "Box", gap: float = 0.0) -> bool:
        """Return whether two boxes come nearer than `gap`."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )


@dataclass(frozen=True)
class Wish:
    """A label that wants a place: what it says, what it points at; side −1 is left, +1 right, 0 the nearer.

    `firm` : it stays on its side, over the body where there is no room beside it.
    """

    id: str
    kind: Kind
    text: str
    anchor: Point
    side: int
    rank: int = 1
    hidden: bool = False
    band: Band | None = None
    firm: bool = False


@dataclass(frozen=True)
class Label:
    """A label in its place; `line` leads from the anchor to the box. `hidden`: what it points at lies behind."""

    id: str
    kind: Kind
    text: str
    anchor: Point
    box: Box
    line: tuple[Point, ...]
    hidden: bool = False
    band: Band | None = None


@dataclass(frozen=True)
class Room:
    """The picture and what is taken in it.

    size : width and height, px. reserved : boxes of chips that stand over the picture.
    left, right : (k,) px, the outer borders of the body in k even rows of the picture, inf and −inf where there is
    nothing. tight : labels that would lie on the body are left out, too. mark : the X of a trigger point, which no
    line but its own crosses.
    """

    size: Point
    left: Floats
    right: Floats
    reserved: tuple[Box, ...] = ()
    tight: bool = False
    mark: Point | None = None


def laid_out(wishes: Sequence[Wish], room: Room, measure: Measure) -> tuple[Label, ...]:
    """Return the labels in their places; of those that find no room, the lowest ranks are left out first.

    Where the body is wider than the picture they lie over it; one that would lie over what it names, or over the
    X, is left out as well.
    """
    labels: list[Label] = []
    sides = _balanced(wishes, room, measure)
    for side in (-1, 1):
        column = [wish for wish in sides if wish.side == side]
        while column:
            placed = _column(column, side, room, measure)
            if placed is not None:
                labels += placed
                break
            column.remove(max(column, key=lambda wish: wish.rank))
    return tuple(label for label in labels if not _covers(label, room.mark))


def _covers(label: Label, mark: Point | None) -> bool:
    """Return whether a label lies over what it names or over the X of a trigger point."""
    x = Box(mark[0] - MARK_PX, mark[1] - MARK_PX, 2.0 * MARK_PX, 2.0 * MARK_PX) if mark is not None else None
    return label.box.holds(label.anchor) or (x is not None and label.box.overlaps(x))


def _balanced(wishes: Sequence[Wish], room: Room, measure: Measure) -> list[Wish]:
    """Return the wishes, sent to the other side where their own has no room beside the body at that height."""
    kept = []
    for wish in wishes:
        width = measure(wish.text, wish.kind)[0] + MARGIN_PX
        top, bottom = wish.anchor[1] - NEARBY_PX, wish.anchor[1] + NEARBY_PX
        free = {-1: _edge(room, -1, top, bottom), 1: room.size[0] - _edge(room, 1, top, bottom)}
        if wish.side == 0:
            x = wish.anchor[0]
            nearer = -1 if x - free[-1] < room.size[0] - free[1] - x else 1
            wish = replace(wish, side=nearer)
        crowded = not wish.firm and free[wish.side] < width and free[-wish.side] > free[wish.side] + 60.0
        kept.append(replace(wish, side=-wish.side) if crowded else wish)
    return kept


def _column(wishes: Sequence[Wish], side: int, room: Room, measure: Measure) -> list[Label] | None:
    """Return one column of labels, or None when they do not fit one above another."""
    wishes = sorted(wishes, key=lambda wish: wish.anchor[1])
    widest = max(measure(wish.text, wish.kind)[0] for wish in wishes)
    width_px, height_px = room.size

    edge = _edge(room, side, wishes[0].anchor[1] - NEARBY_PX / 4, wishes[-1].anchor[1] + NEARBY_PX / 4)
    # What is pointed at may lie beyond that: a zone on the skin, the end of an axis.
    edge = side * max(side * edge, *(side * wish.anchor[0] for wish in wishes))
    near = edge + side * CLEARANCE_PX
    near = min(near, width_px - MARGIN_PX - widest) if side > 0 else max(near, MARGIN_PX + widest)
    if room.tight and side * (near - edge) < 0.0:
        return None
    strip = Box(near if side > 0 else near - widest, 0.0, widest, height_px)
    low, high = MARGIN_PX, height_px - MARGIN_PX
    for taken in room.reserved:
        if taken.overlaps(Box(strip.left, taken.top, strip.width, taken.height), GAP_PX):
            if taken.top + taken.height / 2 < height_px / 2:
                low = max(low, taken.bottom + GAP_PX)
            else:
                high = min(high, taken.top - GAP_PX)
    levels = {wish: _past_the_mark(wish, near - side * ELBOW_PX, room.mark) for wish in wishes}
    wishes.sort(key=lambda wish: levels[wish])
    labels = _stacked(wishes, levels, side, near, (low, high), measure)
    # Lines that cross change places: each time they become shorter, so that this ends.
    for _ in range(len(wishes) ** 2):
        tangled = _tangled(labels) if labels is not None else None
        if tangled is None:
            break
        one, other = tangled
        wishes[one], wishes[other] = wishes[other], wishes[one]
        labels = _stacked(wishes, levels, side, near, (low, high), measure)
    return labels


def _past_the_mark(wish: Wish, elbow: float, mark: Point | None) -> float:
    """Return the height at which a label is wanted: that of its anchor, or so that its line passes by the X."""
    x, y = wish.anchor
    if mark is None or wish.kind == "trigger_point" or not min(x, elbow) < mark[0] < max(x, elbow):
        return y
    share = (mark[0] - x) / (elbow - x)
    above, below = (y + (mark[1] + step - y) / share for step in (-MARK_PX, MARK_PX))
    if not above < y < below:
        return y
    moved = above if y - above < below - y else below
    return min(max(moved, y - NEARBY_PX), y + NEARBY_PX)


def _stacked(
    wishes: Sequence[Wish],
    levels: Mapping[Wish, float],
    side: int,
    near: float,
    within: tuple[float, float],
    measure: Measure,
) -> list[Label] | None:
    """Return labels one above another in this order, their inner edge at `near`; None when they do not fit.

    levels : the heights at which their middles are wanted.
    """
    sizes = [measure(wish.text, wish.kind) for wish in wishes]
    heights = np.array([height for _, height in sizes])
    wanted = np.array([levels[wish] for wish in wishes]) - heights / 2
    tops = spread(wanted, heights + GAP_PX, within[0], within[1] + GAP_PX)
    if tops is None:
        return None
    labels = []
    for wish, (width, height), top in zip(wishes, sizes, tops, strict=True):
        box = Box(near if side > 0 else near - width, float(top), width, height)
        level = box.top + height / 2
        elbow = (near - side * ELBOW_PX, level)
        line = (wish.anchor, elbow, (near, level))
        labels.append(Label(wish.id, wish.kind, wish.text, wish.anchor, box, line, wish.hidden, wish.band))
    return labels


def _tangled(labels: Sequence[Label]) -> tuple[int, int] | None:
    """Return the first two labels of a column whose lines cross."""
    for one, other in itertools.combinations(range(len(labels)), 2):
        if cross(labels[one].line, labels[other].line):
            return one, other
    return None


def cross(one: Sequence[Point], other: Sequence[Point]) -> bool:
    """Return whether the first stretches of two lines cross."""
    (a, b), (c, d) = one[:2], other[:2]

    def turn(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return turn(a, b, c) * turn(a, b, d) < 0.0 and turn(c, d, a) * turn(c, d, b) < 0.0


def _edge(room: Room, side: int, top: float, bottom: float) -> float:
    """Return the outermost x of the body between two heights on a side; the middle where there is no body."""
    border = room.left if side < 0 else room.right
    rows = len(border)
    first = int(np.clip(top / room.size[1] * rows, 0, rows - 1))
    last = int(np.clip(np.ceil(bottom / room.size[1] * rows), first + 1, rows))
    seen = border[first:last]
    seen = seen[np.isfinite(seen)]
    if not len(seen):
        return room.size[0] / 2
    return float(seen.min() if side < 0 else seen.max())


def spread(wanted: Floats, heights: Floats, low: float, high: float) -> Floats | None:
    """Return tops (k,) nearest to the `wanted` ones, in this order, with no overlap and all within low…high.

    Least squares with a least distance is monotone regression of `wanted` less the heights above, solved by
    pooling adjacent violators. None when the heights do not fit.
    """
    if heights.sum() > high - low:
        return None
    above = np.concatenate([[0.0], np.cumsum(heights)[:-1]])
    blocks: list[tuple[float, int]] = []
    for value in wanted - above:
        mean, count = float(value), 1
        while blocks and blocks[-1][0] > mean:
            before, members = blocks.pop()
            mean, count = (before * members + mean * count) / (members + count), members + count
        blocks.append((mean, count))
    level = np.concatenate([np.full(count, mean) for mean, count in blocks])
    return np.asarray(np.clip(level, low, high - heights.sum()) + above)
