"""The dialog for one's own bones, with real mouse and keys; the fit itself is tested in the model."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from hipviz.model.fit_process import Laid, Refusal, Result, Shape, Sight, Step
from hipviz.model.own_bones import Part, shipped_bones
from hipviz.model.ply import write_ply
from hipviz.ui.own_bones.dialog import OwnBones

PATIENCE_MS = 300_000
"""For the process, on a machine that does other things as well."""


@pytest.fixture(scope="module")
def scan(tmp_path_factory):
    path = tmp_path_factory.mktemp("scans") / "hip.ply"
    surface = shipped_bones().surface("hip_bone", 1)
    write_ply(path, surface.moved(surface.vertices[:, [1, 2, 0]] / 10.0))
    return path


@pytest.fixture
def dialog(window, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = OwnBones(window, window.theme)
    made.open()
    QTest.qWaitForWindowExposed(made)
    yield made
    made.reject()
    made.deleteLater()


@pytest.fixture
def looked(dialog, scan):
    """The dialog with a scan that was looked at."""
    surface = shipped_bones().surface("hip_bone", 1)
    part = Part(str(scan), unit="cm", side="right")
    vertices, faces = np.asarray(surface.vertices, "<f4").tobytes(), np.asarray(surface.faces, "<i4").tobytes()
    turn = tuple(np.eye(3).ravel())
    dialog._hear(Sight("hip_bone", part, ("Taken to be in cm.",), 1.0, turn, (0.0, 0.0, 0.0), vertices, faces))
    return dialog


def drop(dialog, scan):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(scan))])
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    dialog.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, *none))


def press(part):
    QTest.mouseClick(part, Qt.MouseButton.LeftButton)


def cage_bytes():
    return np.asarray(shipped_bones().cages["hip_bone"].vertices, "<f4").tobytes()


def outcome(faults=(), gaps=None):
    count = len(shipped_bones().surface("hip_bone", 3).vertices)
    gaps = np.full(count, 0.4) if gaps is None else gaps
    notes = ("The scan shows 90% of the hip bone; not seen: asis.",)
    cage, far = cage_bytes(), np.asarray(gaps, "<f4").tobytes()
    laid = Laid("hip_bone", "right", "", notes, 0.41, 0.92, 3.1, 0.9, ("asis",), True, cage, far)
    return Result((laid,), ("No scan of the femur was given.",), faults, ())


def words_on(page):
    QTest.qWait(20)  # labels of a page that is on the screen are shown when it is next laid out
    return "\n".join(part.text() for part in page.findChildren(QLabel) if not part.isHidden())


def test_a_dropped_scan_is_proposed_with_reasons_and_shown_beside_the_template(dialog, scan, qtbot):
    drop(dialog, scan)
    assert dialog.workshop.busy
    qtbot.waitUntil(lambda: not dialog.workshop.busy, timeout=PATIENCE_MS)
    row = dialog.scans.rows["hip_bone"]
    assert row.unit.button("cm").isChecked()
    assert row.side.button("right").isChecked()
    assert "cm" in row.reasons.text()
    assert "right" in row.reasons.text()
    assert dialog.scans.fit.isEnabled()
    assert dialog.viewer.left.text() == "Your scan"
    eye = dialog.viewer._eye
    picture = dialog.viewer.picture
    QTest.mousePress(picture, Qt.MouseButton.LeftButton, pos=picture.rect().center())
    QTest.mouseMove(picture, picture.rect().center() + picture.rect().bottomRight() / 8)
    QTest.mouseRelease(picture, Qt.MouseButton.LeftButton)
    dialog.viewer.setFocus()
    QTest.keyClick(dialog.viewer, Qt.Key.Key_Left)
    assert dialog.viewer._eye != eye


def test_places_are_marked_with_clicks_on_the_scan(looked, qtbot):
    press(looked.scans.mark)
    assert looked.pages.currentWidget() is looked.marks
    asked = looked.marks.asked
    assert not looked.marks.use.isEnabled()
    viewer = looked.viewer
    spot = looked.viewer.picture.rect().center()
    spot.setX(viewer.width() // 4)
    for x in (0, 8, -8):
        for y in range(0, viewer.height() // 2, 6):
            before = len(looked.marks.marked)
            at = spot + type(spot)(x, y)
            QTest.mouseClick(viewer.picture, Qt.MouseButton.LeftButton, pos=at)
            if len(looked.marks.marked) > before:
                break
    assert asked.id in looked.marks.marked
    assert looked.marks.use.isEnabled()
    press(looked.marks.undo)
    assert len(looked.marks.marked) == 2
    press(looked.marks.skip)
    assert len(looked.marks.marked) == 2


def test_a_fit_is_seen_and_cancelled_without_a_trace(looked, tmp_path, qtbot):
    press(looked.scans.fit)
    assert looked.pages.currentWidget() is looked.fitting
    assert looked.workshop.busy
    assert list(tmp_path.iterdir())
    looked.workshop.answered.emit(Step("Hip bone: fitting", 0.4))
    looked.workshop.answered.emit(Shape("hip_bone", cage_bytes()))
    looked.workshop.answered.emit(Shape("hip_bone", cage_bytes()))
    assert "blue" in looked.viewer.left.text()
    process = looked.workshop._process
    press(looked.fitting.cancel)
    assert not looked.workshop.busy
    assert process.state() == process.ProcessState.NotRunning
    assert not list(tmp_path.iterdir())
    assert looked.pages.currentWidget() is looked.scans
    assert looked.scans.fit.isEnabled()


def test_a_result_is_told_in_words_and_kept_once(looked, tmp_path, qtbot):
    press(looked.scans.fit)
    folder = Path(looked._folder.name)
    (folder / "manifest.toml").write_text("done")
    looked.workshop.stop()
    looked._hear(outcome())
    told = words_on(looked.judged)
    for words in ("0.41 mm", "0.92 mm", "3.1 mm", "90%", "not seen: asis", "femur"):
        assert words in told
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "thesis.txt").write_text("years of work")
    looked.keep_in(taken)
    assert "exists already" in words_on(looked.judged)
    assert "--" not in looked.judged.fault.text()
    with qtbot.waitSignal(looked.made) as kept:
        looked.keep_in(tmp_path / "mine")
    assert kept.args == [tmp_path / "mine"]
    assert (tmp_path / "mine" / "manifest.toml").read_text() == "done"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "taken"]


def test_discarding_leaves_nothing_and_faults_are_named(looked, tmp_path):
    press(looked.scans.fit)
    looked.workshop.stop()
    looked._hear(outcome(faults=("The femur has 3 folded edges; smooth it there.",)))
    assert "3 folded edges" in words_on(looked.judged)
    press(looked.judged.discard)
    assert not list(tmp_path.iterdir())
    assert looked.pages.currentWidget() is looked.scans


def test_a_bad_file_ends_in_one_sentence_and_the_rest_stays(looked, tmp_path, qtbot):
    bad = tmp_path / "bad.stl"
    bad.write_bytes(b"")
    looked.add(bad, "femur")
    qtbot.waitUntil(lambda: not looked.workshop.busy, timeout=PATIENCE_MS)
    assert "zero bytes" in looked.scans.fault.text()
    assert "hip_bone" in looked.wish.parts
    looked._hear(Refusal("The hip bone is a left one, not a right one; take it as that (--side left)."))
    assert looked.scans.fault.text().endswith("take it as that.")
    press(looked.scans.rows["hip_bone"].remove)
    assert not looked.wish.parts
    assert not looked.scans.fit.isEnabled()


def test_a_femur_given_as_a_hip_bone_is_said_to_be_one(dialog):
    surface = shipped_bones().surface("femur", 1)
    vertices, faces = np.asarray(surface.vertices, "<f4").tobytes(), np.asarray(surface.faces, "<i4").tobytes()
    dialog._meant = "hip_bone"  # as the button of its row says
    part = Part("/leg.ply", unit="mm", side="left")
    turn = tuple(np.eye(3).ravel())
    dialog.workshop.answered.emit(Sight("femur", part, (), 1.0, turn, (0.0, 0.0, 0.0), vertices, faces))
    assert not dialog.scans.fault.text()
    dialog.workshop.ended.emit()
    assert "given as hip bone shows a femur" in dialog.scans.fault.text()
    assert not dialog.scans.fit.isEnabled()
    dialog._hear(Refusal("No such bone (or three or more landmarks on it, with --landmarks)."))
    assert dialog.scans.fault.text() == "No such bone."


def test_the_action_opens_it_and_escape_closes_it(window, qtbot):
    window.commands.trigger("bones.own")
    (found,) = window.findChildren(OwnBones)
    assert found.isVisible()
    with qtbot.waitSignal(found.destroyed):
        QTest.keyClick(found, Qt.Key.Key_Escape)
