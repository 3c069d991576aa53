"""The sheet's dialog: preview, notes that outlive a crash, files written whole or not at all."""

import contextlib
import errno
import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QProgressDialog

from hipviz.ui import sheet as page
from hipviz.ui.sheet_dialog import SheetDialog
from tests.ui.hand import LEFT


@pytest.fixture
def dialog(window, monkeypatch, tmp_path):
    white = QImage(8, 8, QImage.Format.Format_RGB32)
    white.fill(0xFFFFFFFF)
    for name in ("main_picture", "behind_picture", "exercise_picture"):
        monkeypatch.setattr(page, name, lambda *_: white)
    window.store.update(band="posterior")
    window.commands.by_id["sheet"].trigger()
    made = window.findChildren(SheetDialog)[-1]
    yield made
    with contextlib.suppress(RuntimeError):  # it may have closed itself
        made.close()


def test_notes_survive_until_they_are_saved_or_discarded(window, dialog, tmp_path, qtbot):
    draft = dialog._draft
    dialog.notes.setPlainText("Twice a day.")
    qtbot.waitUntil(draft.exists)
    assert draft.read_text() == "Twice a day."
    again = SheetDialog(window, window.theme, window.anatomy, window.anatomy.guidance, window.store.state, draft)
    assert again.notes.toPlainText() == "Twice a day."
    assert again.brought_back.isVisibleTo(again) and not dialog.brought_back.isVisibleTo(dialog)
    again.discard()
    assert not draft.exists()
    again.close()
    dialog.name.setText("A. Client")
    dialog.notes.setPlainText("Once more.")
    target = tmp_path / "sheet.pdf"
    dialog.write(target)
    assert target.read_bytes().startswith(b"%PDF")
    assert not draft.exists()
    assert not [file for file in draft.parent.iterdir() if "Client" in file.read_text()]


def test_a_sheet_that_cannot_be_saved_keeps_the_notes(dialog, tmp_path):
    dialog.notes.setPlainText("Not lost.")
    dialog.write(tmp_path / "missing" / "sheet.pdf")
    assert "could not be saved" in dialog.fault.text()
    assert dialog.notes.toPlainText() == "Not lost."
    assert dialog.saving.isEnabled()
    dialog.discard()


def test_a_full_disk_is_told_and_leaves_nothing(dialog, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(page, "pdf", full)
    dialog.write(tmp_path / "sheet.pdf")
    assert "No space left on device" in dialog.fault.text() and "open elsewhere" not in dialog.fault.text()
    assert list(tmp_path.iterdir()) == []
    dialog.discard()


def test_the_preview_grows_picture_by_picture_and_notes_can_be_typed_meanwhile(
    window, monkeypatch, tmp_path, qtbot
):
    drawn = []
    white = QImage(8, 8, QImage.Format.Format_RGB32)

    def slowly(*_):
        drawn.append(dialog.notes.toPlainText())
        QTest.qSleep(60)
        return white

    for name in ("main_picture", "behind_picture", "exercise_picture"):
        monkeypatch.setattr(page, name, slowly)
    window.store.update(band="posterior", view="anterior")
    draft = tmp_path / "draft.txt"
    dialog = SheetDialog(window, window.theme, window.anatomy, window.anatomy.guidance, window.store.state, draft)
    dialog.show()
    qtbot.waitUntil(lambda: len(drawn) == 1)
    assert "1 to go" in dialog.progress.text() and not dialog.preview.pixmap().isNull()
    next(iter(dialog.boxes.values())).click()
    QTest.keyClicks(dialog.notes, "slowly")
    qtbot.waitUntil(lambda: len(drawn) == 3)
    assert drawn[-1] == "slowly" and dialog.progress.text() == ""
    QTest.keyClicks(dialog.notes, " and often")
    qtbot.waitUntil(lambda: draft.exists() and draft.read_text() == "slowly and often")
    assert len(drawn) == 3  # words need no new picture
    dialog.discard()


def test_waiting_for_sharp_pictures_can_be_stopped(dialog, tmp_path, monkeypatch):
    white = QImage(8, 8, QImage.Format.Format_RGB32)

    def cancelling(*_):
        dialog.findChildren(QProgressDialog)[-1].cancel()
        return white

    monkeypatch.setattr(page, "main_picture", cancelling)
    next(iter(dialog.boxes.values())).click()
    dialog.write(tmp_path / "sheet.pdf")
    assert dialog.isVisible() and list(tmp_path.iterdir()) == []
    dialog.write(tmp_path / "sheet.pdf")  # what is there already is not drawn again
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")


def test_a_picture_is_saved_where_one_is_chosen_and_nothing_is_overwritten_unasked(dialog, tmp_path, monkeypatch):
    proposed, picture = tmp_path / "sheet.pdf", tmp_path / "sheet.png"
    chosen = (str(proposed), "Picture (*.png)")
    monkeypatch.setattr("hipviz.ui.sheet_dialog.QFileDialog.getSaveFileName", lambda *_: chosen)
    picture.write_bytes(b"somebody else's")
    dialog.save()
    assert "exists already" in dialog.fault.text() and dialog.saving.isEnabled()
    assert picture.read_bytes() == b"somebody else's"
    picture.unlink()
    dialog.save()
    assert not QImage(str(picture)).isNull() and not proposed.exists()


def test_a_sheet_from_among_the_exercises_still_shows_where_it_is_felt(window, tmp_path, monkeypatch):
    monkeypatch.setattr(SheetDialog, "refresh", lambda self: None)
    window.store.update(band="middle")
    window.commands.by_id["practice"].trigger()
    window.aside.practice.panel.go("clamshell", 1)
    assert not window.store.state.zones.shown and window.store.state.movement == "clamshell"
    window.commands.by_id["sheet"].trigger()
    made = window.findChildren(SheetDialog)[-1]
    state = made.sheet.state
    assert (state.band, state.pose, state.camera, state.zones.shown) == ("middle", None, None, True)
    assert (state.movement, state.phase) == (None, 0.0)
    made.close()


def test_what_was_printed_is_told_on_the_sheet(dialog, tmp_path, monkeypatch):
    from PySide6 import QtPrintSupport
    from PySide6.QtWidgets import QDialog

    class Dialog:
        def __init__(self, printer, _parent):
            printer.setOutputFormat(QtPrintSupport.QPrinter.OutputFormat.PdfFormat)
            printer.setOutputFileName(str(tmp_path / "printed.pdf"))

        def exec(self):
            return QDialog.DialogCode.Accepted

    monkeypatch.setattr(QtPrintSupport, "QPrintDialog", Dialog)
    dialog.print()
    assert dialog.progress.text() == f"Sheet printed into {tmp_path / 'printed.pdf'}"
    assert (tmp_path / "printed.pdf").read_bytes().startswith(b"%PDF")
    assert dialog.isVisible()


def test_closing_keeps_the_notes(dialog):
    dialog.notes.setPlainText("twice a day")
    QTest.mouseClick(dialog.closing, LEFT)
    assert not dialog.isVisible()
    assert dialog._draft.read_text() == "twice a day"
    dialog._draft.unlink()


def test_no_more_than_three_exercises(dialog):
    for box in list(dialog.boxes.values())[:3]:
        box.click()
    assert [box.isEnabled() for box in dialog.boxes.values()].count(True) == 3


def test_notes_that_do_not_fit_are_told_at_once(dialog):
    dialog.notes.setPlainText("A long line of notes. " * 600)
    dialog.refresh()
    assert "Shorten" in dialog.fault.text() or "shorten" in dialog.fault.text()
    assert not dialog.saving.isEnabled()
    dialog.discard()


def test_discarded_notes_come_back_while_the_sheet_is_open(dialog, qtbot):
    dialog.notes.setPlainText("Not for this client.")
    qtbot.waitUntil(dialog._draft.exists)
    QTest.mouseClick(dialog.discarding, LEFT)
    assert dialog.isVisible() and dialog.notes.toPlainText() == "" and not dialog._draft.exists()
    QTest.keyClick(dialog.notes, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert dialog.notes.toPlainText() == "Not for this client."
    qtbot.waitUntil(dialog._draft.exists)
    dialog.discard()


def test_what_is_wrong_is_said_once(dialog, monkeypatch):
    said = []
    monkeypatch.setattr("hipviz.ui.sheet_dialog.announce", lambda _where, words: said.append(words))
    dialog.notes.setPlainText("A long line of notes. " * 600)
    dialog.refresh()
    dialog.refresh()
    assert len(said) == 1 and said[0] == dialog.fault.text()
    dialog.discard()
