"""The page that a client takes home: what it holds, its pictures, and where it is saved.

QtGui only, no window needed. How the page is painted lives in `paper`, what is said in the content files.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import msgspec
import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from hipviz.model.anatomy import Anatomy
from hipviz.model.errors import HipvizError, UsageError
from hipviz.model.guidance import Guidance, Practice
from hipviz.model.state import Camera, Layer, State, posture
from hipviz.ui.paper import EXERCISE_MM, PICTURE_MM, Paper, Told, paint_page
from hipviz.ui.still import gui, plate
from hipviz.view.camera import camera, view_of
from hipviz.view.practice import state_of
from hipviz.view.scene import Quality

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

Size = Literal["A4", "Letter"]
PAPERS: dict[Size, tuple[float, float]] = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}
"""Width and height, mm."""

MOST_EXERCISES = 3
PDF_DPI, PNG_DPI = 1200, 200
SHARES = (1.0, 0.85, 0.7, 0.55, 0.45)
"""Sizes of the pictures, as shares of the usual ones: long notes make them smaller."""
EMPTY = 0xFFEEF1F4
"""Colour in the place of a picture that is not drawn yet."""
LABEL_SCALE = 2.6
SQUARELY, SEEN_SHARE = 0.2, 0.4
"""How squarely a place must face the viewer to be seen, and the share of a zone that one picture must show."""
ROOM_AROUND = 1.12
"""How much more a small picture of a movement shows than the stage does, where it may run to the edge."""
SKIN_ON_PAPER = 0.62
"""Least opacity of the skin in small pictures: white paper leaves less of it than the stage does."""


@dataclass(frozen=True)
class Detail:
    """How finely pictures are drawn."""

    px_per_mm: float
    quality: Quality

    def pixels(self, size_mm: tuple[float, float]) -> tuple[int, int]:
        """Return the size in pixels of a picture on paper."""
        return round(size_mm[0] * self.px_per_mm), round(size_mm[1] * self.px_per_mm)


ZONE_MARGIN_MM = 8.0
"""Left under the lowest part of a zone."""
FINE, COARSE = Detail(13.0, "high"), Detail(5.0, "normal")
"""For paper, and for a preview on the screen, which takes a fifth of the time."""


@dataclass(frozen=True)
class Sheet:
    """What the therapist has chosen. `name` and `date` are printed and never stored."""

    state: State
    exercises: tuple[str, ...] = ()
    notes: str = ""
    name: str = ""
    date: str = ""
    paper: Size = "A4"

    @property
    def written(self) -> tuple[str, str, str]:
        """What somebody has typed: name, date and notes."""
        return self.name, self.date, self.notes


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


class Gallery:
    """The pictures of sheets about one state, each drawn once, and by itself: others have their turn in between.

    They are called "main", "behind" (where the first hides the zone), and exercises by their ids.
    """

    def __init__(self, anatomy: Anatomy, guidance: Guidance, state: State, detail: Detail) -> None:
        self._anatomy, self._guidance, self._state, self._detail = anatomy, guidance, state, detail
        self._drawn: dict[str, QImage] = {}
        self._first = ("main", "behind") if hides_its_zone(anatomy, state) else ("main",)

    def missing(self, exercises: tuple[str, ...]) -> tuple[str, ...]:
        """Return the pictures of a sheet that are still to be drawn; raises UsageError for unknown exercises."""
        chosen(self._guidance, exercises)
        return tuple(name for name in (*self._first, *exercises) if name not in self._drawn)

    def draw(self, name: str) -> None:
        """Draw one picture: by software it takes a moment."""
        if name == "main":
            picture = main_picture(self._anatomy, self._state, self._detail)
        elif name == "behind":
            picture = behind_picture(self._anatomy, self._state, self._detail)
        else:
            practice = self._guidance.practices[name]
            picture = exercise_picture(self._anatomy, practice, self._state, self._detail)
        self._drawn[name] = picture

    def pictures(self, exercises: tuple[str, ...]) -> Pictures:
        """Return the pictures of a sheet; in the place of one that is missing stands an empty one."""
        blank = QImage(8, 8, QImage.Format.Format_RGB32)
        blank.fill(EMPTY)
        return Pictures(
            self._drawn.get("main", blank),
            tuple(self._drawn.get(name, blank) for name in exercises),
            self._drawn.get("behind", blank if "behind" in self._first else None),
        )


def pictures(anatomy: Anatomy, guidance: Guidance, sheet: Sheet) -> Pictures:
    """Draw everything that the sheet shows."""
    gallery = Gallery(anatomy, guidance, sheet.state, FINE)
    for name in gallery.missing(sheet.exercises):
        gallery.draw(name)
    return gallery.pictures(sheet.exercises)


def main_picture(anatomy: Anatomy, state: State, detail: Detail) -> QImage:
    """Return the picture as it stands on screen: same band, pose, layers and eye, on white."""
    scale = LABEL_SCALE * detail.px_per_mm / FINE.px_per_mm
    shown = msgspec.structs.replace(state, camera=seen_whole(anatomy, state, PICTURE_MM[0] / PICTURE_MM[1]))
    return plate(anatomy, shown, *detail.pixels(PICTURE_MM), label_scale=scale, quality=detail.quality)


def seen_whole(anatomy: Anatomy, state: State, aspect: float) -> Camera:
    """Return where the state is looked at from, stepped back as far as its zone would be cut off below.

    The view that somebody has turned to is left alone. aspect : width over height of the picture.
    """
    eye = view_of(state, anatomy.words, anatomy.hip_centre(state.side), aspect)
    zone = anatomy.zones.get((state.band, state.side)) if state.band is not None else None
    if state.camera is not None or zone is None or not state.zones.strength:
        return eye
    skin = anatomy.figure(posture(state, anatomy.words)).skin_vertices
    above = (skin[np.maximum(zone.essential, zone.spillover) > 0.0] - eye.focal_point) @ np.array(eye.up)
    lacking = max(0.0, ZONE_MARGIN_MM - float(above.min()) - eye.half_height_mm)
    lower = np.array(eye.focal_point) - 0.5 * lacking * np.array(eye.up)
    return camera(lower, np.array(eye.direction), np.array(eye.up), eye.half_height_mm + 0.5 * lacking)


def hides_its_zone(anatomy: Anatomy, state: State) -> bool:
    """Tell whether less than a part of the zone faces the viewer of the main picture."""
    if state.band is None or (state.band, state.side) not in anatomy.zones:
        return False
    figure = anatomy.figure(posture(state, anatomy.words))
    normals = anatomy.zones[state.band, state.side].spillover_patch.normals(figure.skin_normals)
    eye = view_of(state, anatomy.words, anatomy.hip_centre(state.side))
    return bool((normals @ np.array(eye.direction) > SQUARELY).mean() <= SEEN_SHARE)


def behind_picture(anatomy: Anatomy, state: State, detail: Detail) -> QImage:
    """Return the zone from behind."""
    behind = msgspec.structs.replace(state, view="posterior", camera=None)
    return plate(anatomy, behind, *detail.pixels(EXERCISE_MM), quality=detail.quality)


def exercise_picture(anatomy: Anatomy, practice: Practice, state: State, detail: Detail) -> QImage:
    """Return the small picture that stands for an exercise, on the sheet's side."""
    width, height = detail.pixels(EXERCISE_MM)
    shown = msgspec.structs.replace(
        state,
        zones=Layer(shown=False),
        skin=Layer(opacity=max(SKIN_ON_PAPER, state.skin.strength)),
        bands=Layer(),
        bones=Layer(),
        xray=False,
        view=None,
        hurting=(),
        places=(),
    )
    step, aspect = practice.pictured, width / height
    centre = anatomy.hip_centre(state.side)
    shown = state_of(practice, step, state.band, state.side, centre, shown, aspect)
    eye = view_of(shown, anatomy.words, centre, aspect)
    if step.movement is not None:
        eye = msgspec.structs.replace(eye, half_height_mm=ROOM_AROUND * eye.half_height_mm)
    shown = msgspec.structs.replace(shown, camera=eye)
    return plate(anatomy, shown, width, height, quality=detail.quality)


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
    with QPainter(page) as painter:
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        paint(painter, sheet, anatomy, guidance, drawn, dpi / 25.4)
    del application
    return page


def print_on(printer: "QPrinter", sheet: Sheet, anatomy: Anatomy, guidance: Guidance, drawn: Pictures) -> bool:
    """Print the sheet, made smaller where the printer's paper is; return whether the printer answered."""
    painter = QPainter()
    if not painter.begin(printer):
        return False
    try:
        paper = printer.pageLayout().fullRect(QPageLayout.Unit.Millimeter)
        width, height = PAPERS[sheet.paper]
        fitting = min(1.0, paper.width() / width, paper.height() / height)
        paint(painter, sheet, anatomy, guidance, drawn, fitting * printer.resolution() / 25.4)
    finally:
        painter.end()  # before the printer goes
    return True


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
        pointed_at=bool(state.hurting or state.places),
    )
    width, height = PAPERS[sheet.paper]
    paper = Paper(painter, QRectF(0.0, 0.0, width, height), px_per_mm)
    images = (drawn.main, drawn.exercises, drawn.behind)
    shrunk = _shrunk(paper, lambda trial, share: paint_page(trial, told, images, *sheet.written, share))
    paint_page(paper, told, images, *sheet.written, shrunk)


def _shrunk(paper: Paper, paint: Callable[[Paper, float], None]) -> float:
    """Return the largest share of its size at which the picture leaves room for the notes, tried out of sight."""
    nowhere = QImage(8, 8, QImage.Format.Format_RGB32)
    with QPainter(nowhere) as painter:
        trial = Paper(painter, paper.page, paper.px_per_mm)
        for share in SHARES[:-1]:
            with suppress(UsageError):
                paint(trial, share)
                return share
    return SHARES[-1]
