"""The page that a client takes home: what it holds, its pictures, and where it is saved.

QtGui only, no window needed. How the page is painted lives in `paper`, what is said in the content files.
"""

from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from hipviz.model.anatomy import Anatomy
from hipviz.model.errors import HipvizError, UsageError
from hipviz.model.guidance import Guidance, Practice
from hipviz.model.state import Layer, State, posture
from hipviz.ui.paper import EXERCISE_MM, PICTURE_MM, Paper, Told, paint_page
from hipviz.ui.still import gui, plate
from hipviz.view.camera import view_of
from hipviz.view.practice import state_of

Size = Literal["A4", "Letter"]
PAPERS: dict[Size, tuple[float, float]] = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}
"""Width and height, mm."""

MOST_EXERCISES = 3
PICTURE_PX_PER_MM, PDF_DPI, PNG_DPI = 13.0, 1200, 200
LABEL_SCALE = 2.6
SQUARELY, SEEN_SHARE = 0.2, 0.4
"""How squarely a place must face the viewer to be seen, and the share of a zone that one picture must show."""
SKIN_ON_PAPER = 0.62
"""Least opacity of the skin in small pictures: white paper leaves less of it than the stage does."""


@dataclass(frozen=True)
class Sheet:
    """What the therapist has chosen. `name` and `date` are printed and never stored."""

    state: State
    exercises: tuple[str, ...] = ()
    notes: str = ""
    name: str = ""
    date: str = ""
    paper: Size = "A4"


@dataclass(frozen=True, eq=False)
class Pictures:
    """The picture of the sheet, one of each exercise, and one from behind where the first hides the zone."""

    main: QImage
    exercises: tuple[QImage, ...]
    behind: QImage | None = None


def chosen(guidance: Guidance, names: tuple[str, ...]) -> tuple[Practice, ...]:
    """Return the exercises of these names. Raises UsageError for unknown ones and for too many."""
    known = {name: made for name, made in guidance.practices.items() if made.kind not in ("palpation", "release")}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(f"'{unknown[0]}' is not an exercise of the list: {', '.join(known)}.")
    if len(set(names)) < len(names):
        raise UsageError("an exercise is named twice; name each one once.")
    if len(names) > MOST_EXERCISES:
        raise UsageError(f"{len(names)} exercises do not fit on one page; choose up to {MOST_EXERCISES}.")
    return tuple(known[name] for name in names)


def pictures(anatomy: Anatomy, guidance: Guidance, sheet: Sheet) -> Pictures:
    """Draw everything that the sheet shows."""
    return Pictures(
        main_picture(anatomy, sheet.state),
        tuple(exercise_picture(anatomy, practice, sheet.state) for practice in chosen(guidance, sheet.exercises)),
        behind_picture(anatomy, sheet.state),
    )


def main_picture(anatomy: Anatomy, state: State) -> QImage:
    """Return the picture as it stands on screen: same band, pose, layers and eye, on white."""
    return plate(anatomy, state, *_pixels(PICTURE_MM), label_scale=LABEL_SCALE)


def behind_picture(anatomy: Anatomy, state: State) -> QImage | None:
    """Return the zone from behind, where less than a part of it faces the viewer of the main picture."""
    if state.band is None or (state.band, state.side) not in anatomy.zones:
        return None
    figure = anatomy.figure(posture(state, anatomy.words))
    normals = anatomy.zones[state.band, state.side].spillover_patch.normals(figure.skin_normals)
    eye = view_of(state, anatomy.words, anatomy.hip_centre(state.side))
    if (normals @ np.array(eye.direction) > SQUARELY).mean() > SEEN_SHARE:
        return None
    behind = msgspec.structs.replace(state, view="posterior", camera=None)
    return plate(anatomy, behind, *_pixels(EXERCISE_MM))


def exercise_picture(anatomy: Anatomy, practice: Practice, state: State) -> QImage:
    """Return the small picture that stands for an exercise, on the sheet's side."""
    width, height = _pixels(EXERCISE_MM)
    shown = msgspec.structs.replace(
        state,
        zones=Layer(shown=False),
        skin=Layer(opacity=max(SKIN_ON_PAPER, state.skin.strength)),
        bands=Layer(),
        bones=Layer(),
        view=None,
    )
    step, aspect = practice.pictured, width / height
    shown = state_of(practice, step, state.band, state.side, anatomy.hip_centre(state.side), shown, aspect)
    return plate(anatomy, shown, width, height)


def pdf(sheet: Sheet, anatomy: Anatomy, guidance: Guidance, drawn: Pictures) -> bytes:
    """Return the sheet as the bytes of a PDF file of one page."""
    application = gui()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(PDF_DPI)
    writer.setTitle("hipviz")
    writer.setCreator("hipviz")
    size = QPageSize(QSizeF(*PAPERS[sheet.paper]), QPageSize.Unit.Millimeter)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    painter = QPainter()
    if not painter.begin(writer):
        raise HipvizError("the sheet could not be made into a PDF.")
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    try:
        paint(painter, sheet, anatomy, guidance, drawn, PDF_DPI / 25.4)
    finally:
        painter.end()  # before the writer goes
    buffer.close()
    del application
    return bytes(content.data())


def image(sheet: Sheet, anatomy: Anatomy, guidance: Guidance, drawn: Pictures, dpi: float = PNG_DPI) -> QImage:
    """Return the sheet as an image."""
    application = gui()
    width, height = (round(side / 25.4 * dpi) for side in PAPERS[sheet.paper])
    page = QImage(width, height, QImage.Format.Format_RGB32)
    page.fill(0xFFFFFFFF)
    dots = round(dpi / 0.0254)
    page.setDotsPerMeterX(dots)
    page.setDotsPerMeterY(dots)
    painter = QPainter(page)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    try:
        paint(painter, sheet, anatomy, guidance, drawn, dpi / 25.4)
    finally:
        painter.end()  # before the image goes
    del application
    return page


def paint(
    painter: QPainter, sheet: Sheet, anatomy: Anatomy, guidance: Guidance, drawn: Pictures, px_per_mm: float
) -> None:
    """Paint the sheet on a page that begins at the origin; raises UsageError when the notes do not fit."""
    state = sheet.state
    if state.band is None or (state.band, state.side) not in anatomy.zones:
        raise UsageError("choose a band first: the sheet is about one band.")
    told = Told(
        words=anatomy.words,
        band=anatomy.words.bands[state.band],
        point=anatomy.zones[state.band, state.side].point,
        rows=guidance.rows[state.band],
        pattern=anatomy.pain.words.phrases["pattern"],
        exercises=chosen(guidance, sheet.exercises),
        side=state.side,
        wording=state.wording,
    )
    width, height = PAPERS[sheet.paper]
    paper = Paper(painter, QRectF(0.0, 0.0, width, height), px_per_mm)
    paint_page(paper, told, (drawn.main, drawn.exercises, drawn.behind), sheet.name, sheet.date, sheet.notes)


def _pixels(size_mm: tuple[float, float]) -> tuple[int, int]:
    return round(size_mm[0] * PICTURE_PX_PER_MM), round(size_mm[1] * PICTURE_PX_PER_MM)
