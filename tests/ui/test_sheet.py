"""The client's sheet: one page, its text selectable, its picture sharp, written whole or not at all."""

import os
import shutil
import subprocess
import sys

import msgspec
import pytest
from PySide6.QtGui import QImage

from hipviz.cli import main
from hipviz.model.errors import UsageError
from hipviz.model.guidance import load_guidance
from hipviz.model.pose import Posture
from hipviz.model.state import State
from hipviz.ui import paper as paper_module
from hipviz.ui import sheet as page
from hipviz.view.camera import project

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def guidance(anatomy):
    return load_guidance(anatomy.words.sources)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The PDF as the command line writes it, in a process of its own: without window and display."""
    target = tmp_path_factory.mktemp("sheet") / "sheet.pdf"
    told = ["--band", "posterior", "--side", "left", "--exercises", "clamshell,side_lying_raise"]
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = [sys.executable, "-m", "hipviz", "sheet", str(target), *told, "--notes", "Twice a day, slowly."]
    subprocess.run(command, check=True, env=environment, capture_output=True, timeout=300)
    return target


def poppler(tool, *arguments):
    if shutil.which(tool) is None:
        pytest.skip("needs poppler-utils")
    return subprocess.run([tool, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def test_one_a4_page(written):
    told = poppler("pdfinfo", written)
    assert "Pages:           1" in told
    assert "595" in told
    assert "842" in told


def test_the_text_can_be_selected(written):
    text = " ".join(poppler("pdftotext", written, "-").split())
    for words in (
        "Posterior band, left side",
        "Felt here",
        "Clamshell",
        "Side-lying leg raise",
        "25 times, 3 rounds",
        "Twice a day, slowly.",
        "not a diagnosis",
        "Lewis & Kingsbury",
    ):
        assert words in text
    assert "cause" not in text
    assert "%" not in text


def test_the_pictures_are_sharp(written):
    rows = [line.split() for line in poppler("pdfimages", "-list", written).splitlines()[2:]]
    assert len(rows) == 3
    for row in rows:
        assert int(row[12]) >= 300  # dots per inch on paper


def test_the_page_is_full_but_nothing_touches_its_edge(written, tmp_path):
    poppler("pdftoppm", "-r", "60", "-png", written, tmp_path / "page")
    from PySide6.QtGui import QImage

    image = QImage(str(next(tmp_path.glob("page*.png"))))
    dark = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).lightnessF() < 0.6
    ]
    xs, ys = zip(*dark, strict=True)
    assert min(xs) > 25
    assert max(xs) < image.width() - 25
    assert min(ys) > 20
    assert image.height() - 60 < max(ys) < image.height() - 20


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("moonwalk",), "'moonwalk' is not an exercise of the list: ball, clamshell"),
        (("palpation",), "'palpation' is not an exercise"),
        (("ball", "ball"), "named twice"),
        (("ball", "clamshell", "pigeon", "figure_four"), "4 exercises do not fit"),
    ],
)
def test_exercises_that_cannot_be_chosen(guidance, names, words):
    with pytest.raises(UsageError, match=words):
        page.chosen(guidance, names)


def blank(anatomy, guidance, **changes):
    from PySide6.QtGui import QImage

    white = QImage(8, 8, QImage.Format.Format_RGB32)
    wanted = page.Sheet(State(band="middle"), **changes)
    return page.image(wanted, anatomy, guidance, page.Pictures(white, ()), dpi=40)


def test_notes_shrink_to_fit_and_too_long_ones_are_refused(anatomy, guidance):
    blank(anatomy, guidance, notes="A line of notes. " * 60)
    with pytest.raises(UsageError, match="shorten them or choose fewer exercises"):
        blank(anatomy, guidance, notes="A line of notes. " * 900)


def test_long_notes_make_the_picture_smaller_before_they_are_refused(anatomy, guidance):
    from PySide6.QtGui import QImage

    black = QImage(8, 8, QImage.Format.Format_RGB32)
    black.fill(0xFF000000)

    def width_of_picture(notes):
        wanted = page.Sheet(State(band="middle"), ("ball", "clamshell"), notes, paper="Letter")
        image = page.image(wanted, anatomy, guidance, page.Pictures(black, (black, black)), dpi=40)
        row = round(45.0 / 25.4 * 40)
        return sum(image.pixelColor(x, row).lightnessF() < 0.1 for x in range(image.width()))

    few, many = (width_of_picture("A line of notes. " * count) for count in (2, 60))
    assert 0.65 < many / few < 0.9


@pytest.mark.parametrize("paper", page.PAPERS)
@pytest.mark.parametrize("band", ["anterior", "middle", "posterior"])
def test_two_thousand_characters_fit_beside_the_exercises(anatomy, guidance, band, paper):
    exercises = tuple(practice.id for practice in guidance.exercises(band))[-3:]
    notes = ("Lie on the side, raise slowly, breathe out; one hip bone above the other. " * 40)[:2000]
    white = QImage(8, 8, QImage.Format.Format_RGB32)
    wanted = page.Sheet(State(band=band), exercises, notes, "A. Client", "today", paper)
    page.image(wanted, anatomy, guidance, page.Pictures(white, (white,) * len(exercises), white), dpi=90)


@pytest.mark.parametrize("name", ["Ann Lee", "Maximiliane-Ernestine Müller-Lüdenscheidt-Größenwahn", "Name " * 30])
def test_a_name_stands_above_its_line_however_long(anatomy, guidance, name):
    dpi = 200
    white = QImage(8, 8, QImage.Format.Format_RGB32)
    white.fill(0xFFFFFFFF)
    wanted = page.Sheet(State(band="middle"), name=name)
    image = page.image(wanted, anatomy, guidance, page.Pictures(white, ()), dpi)
    left, right = (round(mm / 25.4 * dpi) for mm in (152.0, 195.0))

    def inked(top_mm, bottom_mm):
        rows = range(round(top_mm / 25.4 * dpi), round(bottom_mm / 25.4 * dpi))
        return any(image.pixelColor(x, y).lightnessF() < 0.5 for y in rows for x in range(left, right))

    assert inked(paper_module.MARGIN - 3.0, paper_module.MARGIN + 4.2)
    assert not inked(paper_module.MARGIN + 5.2, paper_module.MARGIN + 9.0)  # between name and date
    assert not inked(0.0, paper_module.MARGIN - 4.0)


def test_letter_paper(anatomy, guidance):
    image = blank(anatomy, guidance, paper="Letter")
    assert abs(image.width() / image.height() - 8.5 / 11.0) < 0.01


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_printing_on_other_paper_leaves_nothing_out(anatomy, guidance, tmp_path, paper):
    from PySide6.QtGui import QImage, QPageSize
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4 if paper == "Letter" else QPageSize.PageSizeId.Letter))
    printer.setFullPage(True)
    white = QImage(8, 8, QImage.Format.Format_RGB32)
    wanted = page.Sheet(State(band="middle"), notes="Slowly.", paper=paper)
    assert page.print_on(printer, wanted, anatomy, guidance, page.Pictures(white, ()))
    assert "Pages:           1" in poppler("pdfinfo", tmp_path / "printed.pdf")
    text = poppler("pdftotext", tmp_path / "printed.pdf", "-")
    assert "Slowly." in text and "Sources:" in text


def test_a_sheet_without_band(anatomy, guidance):
    from PySide6.QtGui import QImage

    with pytest.raises(UsageError, match="choose a band first"):
        page.image(page.Sheet(State()), anatomy, guidance, page.Pictures(QImage(), ()), dpi=40)


@pytest.mark.parametrize(
    ("name", "words"), [("sheet.doc", r"must end in \.pdf or \.png"), ("none/sheet.pdf", "cannot be written")]
)
def test_a_place_that_cannot_be_written(tmp_path, capsys, name, words):
    assert main(["sheet", str(tmp_path / name), "--band", "middle"]) != 0
    import re

    assert re.search(words, capsys.readouterr().err)
    assert not list(tmp_path.iterdir())


def test_a_zone_that_reaches_far_down_is_whole_on_paper_but_a_chosen_view_stays(anatomy):
    state = State(band="middle", side="left")
    aspect = page.PICTURE_MM[0] / page.PICTURE_MM[1]
    zone = anatomy.zones["middle", "left"]
    skin = anatomy.figure(Posture()).skin_vertices[zone.spillover > 0.0]
    eye = page.seen_whole(anatomy, state, aspect)
    rows = project(eye, skin, (aspect * 100.0, 100.0))[:, 1]
    assert rows.max() < 100.0
    turned = msgspec.structs.replace(state, camera=msgspec.structs.replace(eye, half_height_mm=90.0))
    assert page.seen_whole(anatomy, turned, aspect) == turned.camera
