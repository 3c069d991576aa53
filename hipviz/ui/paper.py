"""How the client's page is painted: text, pictures and signs at places in millimetres, with any QPainter.

QtGui only. What the page holds and where it is saved lives in `sheet`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen

import hipviz
from hipviz.model.content import BandWords, Statement, Words
from hipviz.model.errors import UsageError
from hipviz.model.guidance import Practice, Topic
from hipviz.model.trigger_points import TriggerPoint
from hipviz.model.units import Side
from hipviz.ui.overlay import paint_cross
from hipviz.ui.theme import families
from hipviz.view.tokens import LIGHT

MARGIN = 15.0
GAP = 6.0
PICTURE_MM = (106.0, 98.0)
EXERCISE_MM = (56.0, 40.0)
POINT_MM = 25.4 / 72.0
LINE_SIZES, ONE_ROW = (10.5, 9.5, 8.5, 7.5), 0.55
"""Type for a name or a date, and what no single row of text is higher than, mm per point."""
LINE_MM = 8.5
"""Distance between the lines that wait for handwriting."""


@dataclass(frozen=True)
class Told:
    """Everything that the page says."""

    words: Words
    band: BandWords
    point: TriggerPoint
    rows: Mapping[Topic, Statement]
    pattern: Statement
    exercises: tuple[Practice, ...]
    side: Side
    wording: str
    pointed_at: bool = False
    """Whether the picture shows where somebody said it hurts."""

    def said(self, statement: Statement) -> str:
        """Return a statement in the chosen wording."""
        return statement.in_register(self.wording)

    @property
    def sources(self) -> str:
        """The sources of all that is said, in short."""
        statements = [self.band.action, self.band.picture, *self.point.statements]
        statements += [self.rows["tell_apart"], self.rows["caution"], self.pattern, self.words.caution]
        for practice in self.exercises:
            statements += [practice.dose, practice.care, *(step.says for step in practice.step)]
        names = dict.fromkeys(name for statement in statements for name in statement.sources)
        return "; ".join(self.words.sources[name].short for name in names)


class Paper:
    """A page with a painter; all places and sizes in mm, type in points."""

    def __init__(self, painter: QPainter, page: QRectF, px_per_mm: float) -> None:
        self.painter = painter
        self.page = page
        self.px_per_mm = px_per_mm

    def px(self, rect: QRectF) -> QRectF:
        """Return a rectangle in the painter's units."""
        k = self.px_per_mm
        return QRectF(rect.x() * k, rect.y() * k, rect.width() * k, rect.height() * k)

    def font(self, points: float, weight: int = 400) -> QFont:
        """Return the interface font at a size on paper."""
        font = QFont()
        font.setFamilies(families())
        font.setPixelSize(max(1, round(points * POINT_MM * self.px_per_mm)))
        font.setWeight(QFont.Weight(weight))
        return font

    def height(self, text: str, width: float, points: float, weight: int = 400) -> float:
        """Return how high a text is when it is wrapped at a width."""
        self.painter.setFont(self.font(points, weight))
        room = self.px(QRectF(0.0, 0.0, width, 1000.0))
        found = self.painter.boundingRect(room, int(Qt.TextFlag.TextWordWrap), text)
        return float(found.height()) / self.px_per_mm

    def text(
        self,
        left: float,
        top: float,
        width: float,
        text: str,
        points: float,
        weight: int = 400,
        ink: str = LIGHT.text,
    ) -> float:
        """Write a wrapped text and return where the next one may begin."""
        height = self.height(text, width, points, weight)
        self.painter.setPen(QColor(ink))
        room = self.px(QRectF(left, top, width, height + 1.0))
        self.painter.drawText(room, int(Qt.TextFlag.TextWordWrap), text)
        return top + height

    def on_line(self, left: float, line: float, width: float, text: str) -> None:
        """Write a short text on a ruled line; a long one smaller, then in two rows above it, at last cut short."""
        size = next((size for size in LINE_SIZES if self.height(text, width, size) <= ONE_ROW * size), None)
        if size is None:
            size = LINE_SIZES[-1]
            while self.height(text, width, size) > 2 * ONE_ROW * size:
                text = text.rstrip("… ")[:-1] + "…"
        self.text(left, line - self.height(text, width, size) - 0.2, width, text, size)

    def line(self, start: tuple[float, float], end: tuple[float, float], ink: str = LIGHT.line_strong) -> None:
        """Draw a hairline."""
        k = self.px_per_mm
        self.painter.setPen(QPen(QColor(ink), 0.2 * k))
        self.painter.drawLine(QPointF(start[0] * k, start[1] * k), QPointF(end[0] * k, end[1] * k))

    def image(self, rect: QRectF, image: QImage) -> None:
        """Draw an image."""
        self.painter.drawImage(self.px(rect), image)


def paint_page(
    paper: Paper,
    told: Told,
    images: tuple[QImage, tuple[QImage, ...], QImage | None],
    name: str,
    date: str,
    notes: str,
    shrunk: float,
) -> None:
    """Paint the whole page, its pictures `shrunk` to a share of their size.

    Raises UsageError when the notes are longer than the page.
    """
    width = paper.page.width() - 2.0 * MARGIN
    top = _heading(paper, told, MARGIN, width, name, date)
    across, down = shrunk * PICTURE_MM[0], shrunk * PICTURE_MM[1]
    paper.image(QRectF(MARGIN, top, across, down), images[0])
    end = _meaning(paper, told, MARGIN + across + GAP, top, width - across - GAP) + 2.0
    top = max(top + down, end - 2.0) + 4.0
    column = (width - 2.0 * GAP) / 3.0
    beside = images[2] if len(told.exercises) < 3 else None
    if beside is not None:
        # In the third column: under the legend, or beside the exercises.
        start = top + 7.0 if told.exercises else end
        last = _framed(paper, beside, MARGIN + width - column, start, shrunk * column)
        last = paper.text(MARGIN + width - column, last, column, "Seen from behind", 9, ink=LIGHT.text_second)
    if told.exercises:
        top = _exercises(paper, told, images[1], top, width, shrunk)
    elif beside is not None:
        top = max(top, last + 2.0)
    bottom = _footer(paper, told, width)
    _notes(paper, notes, top, bottom, width)


def _heading(paper: Paper, told: Told, top: float, width: float, name: str, date: str) -> float:
    blank = 58.0
    left = MARGIN + width - blank
    for number, (word, given) in enumerate((("Name", name), ("Date", date))):
        y = top + 9.0 * number
        paper.text(left, y, 14.0, word, 9, ink=LIGHT.text_second)
        if given:
            paper.on_line(left + 14.0, y + 4.6, blank - 14.0, given)
        paper.line((left + 14.0, y + 4.6), (left + blank, y + 4.6))
    room = width - blank - GAP
    muscle = "Gluteus medius, the fan-shaped muscle at the side of the hip"
    top = paper.text(MARGIN, top - 3.0, room, muscle, 9, ink=LIGHT.text_second)
    title = f"{told.said(told.band.name)}, {told.side} side"
    top = paper.text(MARGIN, top, room, title, 20, 650, LIGHT.bands[told.band.id].ink)
    action = f"{told.said(told.band.action)} {told.said(told.band.picture)}"
    return max(paper.text(MARGIN, top + 1.0, room, action, 10.5, ink=LIGHT.text_second) + 4.0, MARGIN + 20.0)


def _meaning(paper: Paper, told: Told, left: float, top: float, width: float) -> float:
    """Paint the legend of the picture and what it does not mean; return where it ends."""
    sign = 8.0
    plain = told.wording == "plain"
    rows = [
        ("point", "Trigger point", told.said(told.point.place)),
        ("essential", "Felt here" if plain else "Essential zone", told.said(told.point.essential.where)),
        ("spillover", "May spread here" if plain else "Spillover zone", told.said(told.point.spillover.where)),
    ]
    if told.pointed_at:
        rows.append(("hurt", "You feel it here" if plain else "Complaint", "The place that was pointed at."))
    for kind, heading, says in rows:
        _sign(paper, kind, left, top + 0.4)
        top = paper.text(left + sign, top, width - sign, heading, 10.5, 650)
        top = paper.text(left + sign, top + 0.4, width - sign, says, 9.5) + 3.2
    paper.line((left, top), (left + width, top))
    top = paper.text(left, top + 2.6, width, told.said(told.pattern), 9, ink=LIGHT.text_second) + 3.0
    heading = "It could also be" if plain else "Tell apart from"
    top = paper.text(left, top, width, heading, 10.5, 650)
    return paper.text(left, top + 0.4, width, told.said(told.rows["tell_apart"]), 9.5)


def _sign(paper: Paper, kind: str, left: float, top: float) -> None:
    k, painter = paper.px_per_mm, paper.painter
    box = paper.px(QRectF(left, top, 5.2, 4.2))
    painter.save()
    if kind == "point":
        paint_cross(painter, box.center(), 1.35 * k)
    elif kind == "hurt":
        fill = QColor(LIGHT.hurt)
        fill.setAlphaF(0.38)
        painter.setPen(QPen(QColor(LIGHT.hurt), 0.4 * k))
        painter.setBrush(fill)
        painter.drawEllipse(box.center(), 1.9 * k, 1.9 * k)
    else:
        solid = kind == "essential"
        pen = QPen(QColor(LIGHT.zone_outline), 0.35 * k)
        if not solid:
            pen.setDashPattern([2.4, 1.8])
        fill = QColor(LIGHT.zone)
        fill.setAlphaF(0.5 if solid else 0.08)
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawRoundedRect(box, 1.2 * k, 1.2 * k)
        if not solid:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(LIGHT.zone_dot))
            for across, down in ((0.22, 0.32), (0.5, 0.32), (0.78, 0.32), (0.36, 0.68), (0.64, 0.68)):
                place = QPointF(box.x() + across * box.width(), box.y() + down * box.height())
                painter.drawEllipse(place, 0.36 * k, 0.36 * k)
    painter.restore()


def _exercises(
    paper: Paper, told: Told, images: tuple[QImage, ...], top: float, width: float, shrunk: float
) -> float:
    top = paper.text(MARGIN, top, width, "To do at home", 12.5, 650) + 2.0
    column = (width - 2.0 * GAP) / 3.0
    lowest = top
    for number, (practice, image) in enumerate(zip(told.exercises, images, strict=True)):
        left = MARGIN + number * (column + GAP)
        y = _framed(paper, image, left, top, shrunk * column)
        y = paper.text(left, y, column, told.said(practice.name), 10.5, 650)
        steps = " ".join(told.said(step.says) for step in practice.step)
        y = paper.text(left, y + 0.6, column, steps, 9)
        y = paper.text(left, y + 1.0, column, told.said(practice.dose), 9, 650)
        y = paper.text(left, y + 1.0, column, told.said(practice.care), 8.5, ink=LIGHT.text_second)
        lowest = max(lowest, y)
    return lowest + 4.0


def _framed(paper: Paper, image: QImage, left: float, top: float, width: float) -> float:
    """Draw a small picture in its frame; return where its words may begin."""
    height = width * EXERCISE_MM[1] / EXERCISE_MM[0]
    frame, radius = paper.px(QRectF(left, top, width, height)), 2.0 * paper.px_per_mm
    clip = QPainterPath()
    clip.addRoundedRect(frame, radius, radius)
    paper.painter.save()
    paper.painter.setClipPath(clip)
    paper.painter.drawImage(frame, image)
    paper.painter.restore()
    paper.painter.setPen(QPen(QColor(LIGHT.line_strong), 0.2 * paper.px_per_mm))
    paper.painter.setBrush(Qt.BrushStyle.NoBrush)
    paper.painter.drawRoundedRect(frame, radius, radius)
    return top + height + 2.0


def _footer(paper: Paper, told: Told, width: float) -> float:
    """Paint caution and sources at the foot of the page; return where they begin."""
    cautions = f"{told.said(told.rows['caution'])} {told.said(told.words.caution)}"
    # What both say is written once.
    sentences = dict.fromkeys(sentence.strip(" .") for sentence in cautions.split(". "))
    lines = (
        (". ".join(sentences) + ".", 9.0, 500, LIGHT.text),
        (f"Sources: {told.sources}. hipviz {hipviz.__version__}", 7.0, 400, LIGHT.text_third),
    )
    total = sum(paper.height(text, width, size, weight) + 1.4 for text, size, weight, _ in lines)
    start = paper.page.height() - MARGIN + 3.0 - total
    paper.line((MARGIN, start - 2.4), (MARGIN + width, start - 2.4))
    top = start
    for text, size, weight, ink in lines:
        top = paper.text(MARGIN, top, width, text, size, weight, ink) + 1.4
    return start - 2.4


def _notes(paper: Paper, notes: str, top: float, bottom: float, width: float) -> None:
    """Write the notes, then rule what is left for handwriting."""
    room = bottom - top
    top = paper.text(MARGIN, top, width, "Notes", 12.5, 650) + 1.0
    if notes.strip():
        for size in (10.5, 9.5, 8.5, 7.5):
            height = paper.height(notes.strip(), width, size)
            if top + height <= bottom - 1.0:
                top = paper.text(MARGIN, top, width, notes.strip(), size)
                break
        else:
            raise UsageError(
                f"the notes are longer than the {room:.0f} mm that are left for them on one page; shorten them or "
                "choose fewer exercises."
            )
    # The line above the caution is the last one.
    lines = int((bottom - top) / LINE_MM)
    for line in range(1, lines):
        height = top + line * (bottom - top) / lines
        paper.line((MARGIN, height), (MARGIN + width, height))
