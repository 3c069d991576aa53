"""Bones of one's own in the real window: opened beside the old picture, told, compared, refused."""

import copy
import dataclasses
import shutil

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QMenu

from hipviz.model.anatomy import Anatomy
from hipviz.model.assets import BoneRecord, SpecimenRecord, meshes_folder, read_manifest, write_manifest
from hipviz.model.correction import Correction
from hipviz.model.state import State
from hipviz.ui.film_export import film_options
from hipviz.ui.settings import load_settings, save_settings

RECORD = SpecimenRecord(
    created="2026-01-02",
    hip_centre="socket",
    socket_radius_mm=25.0,
    bones={
        "hip_bone": BoneRecord(source="scan", scale=1.0, mean_mm=0.17, coverage=0.98),
        "femur": BoneRecord(source="template", scale=1.0),
        "sacrum": BoneRecord(source="template", scale=1.0),
    },
)


@pytest.fixture(scope="module")
def specimen(tmp_path_factory):
    """Return a folder with the default adult's bones that calls itself a specimen."""
    folder = tmp_path_factory.mktemp("bones") / "someone"
    shutil.copytree(meshes_folder(), folder)
    manifest = read_manifest(folder / "manifest.toml")
    write_manifest(folder / "manifest.toml", msgspec.structs.replace(manifest, specimen=RECORD))
    return folder


@pytest.fixture
def window(window, anatomy):
    yield window
    window.store.update(beside=None)
    window.attach(anatomy)
    QTest.qWait(10)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def wait(qtbot, window, folder):
    qtbot.waitUntil(lambda: window.store.state.specimen == str(folder or ""), timeout=120_000)


def test_a_specimen_takes_the_place_of_the_default_adult(window, specimen, qtbot, tmp_path):
    before = window.anatomy
    window.open_specimen(specimen)
    assert window.around.veil.isVisible()
    assert not window.around.hint.isVisible(), "it would lie on top of the other"
    assert window.anatomy is before, "the old picture stays until the new one is there"
    wait(qtbot, window, specimen)
    assert window.anatomy is window.stage.anatomy
    assert window.anatomy.bones.folder == specimen
    assert not window.around.veil.isVisible()
    assert window.around.hint.isVisible()
    assert "someone" in window.topbar._crumb.text()
    assert "someone" in window.windowTitle()
    assert "Femur: not scanned" in window.topbar._crumb.toolTip()
    assert window.specimens.recent[0] == str(specimen)
    window.store.update(band="middle", phase=0.5)
    assert str(specimen) in film_options(window.store.state, tmp_path / "state.json", tmp_path / "film.mp4")


def test_the_default_adult_stands_beside_a_specimen(window, specimen, qtbot):
    window.open_specimen(specimen)
    wait(qtbot, window, specimen)
    window.store.update(beside="default_adult")
    second = window.stages.second
    qtbot.waitUntil(lambda: second.scene is not None, timeout=120_000)
    assert second.anatomy is not window.anatomy
    assert second.anatomy.bones.folder == meshes_folder()
    assert window.stages.strip.names == ("Specimen “someone”", "The default adult")
    window.specimens.open(None)
    wait(qtbot, window, None)
    assert window.stages.second is None


def test_a_folder_without_bones_is_refused_and_nothing_changes(window, tmp_path, qtbot):
    before = window.anatomy
    window.open_specimen(tmp_path)
    qtbot.waitUntil(window.notice.isVisible, timeout=10_000)
    assert "holds no bones of hipviz" in window.notice.words.text()
    assert window.anatomy is before
    assert window.stage.scene is not None
    assert not window.around.veil.isVisible()
    window.notice.hide()


def test_of_two_wishes_the_last_one_counts(window, specimen, tmp_path, qtbot):
    window.open_specimen(tmp_path)
    window.open_specimen(specimen)
    wait(qtbot, window, specimen)
    QTest.qWait(20)
    assert not window.notice.isVisible()


def test_specimens_opened_before_are_offered(window, specimen, qtbot):
    window.specimens.recent = (str(specimen),)
    QTest.keyClick(window.stage, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    menu = next(each for each in window.findChildren(QMenu) if each.isVisible())
    assert [entry.text() for entry in menu.actions()] == ["Choose a folder…", "someone"]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    wait(qtbot, window, specimen)


def test_a_specimen_that_is_gone_is_not_remembered(specimen, tmp_path):
    path, gone = tmp_path / "settings.json", str(tmp_path / "gone")
    save_settings(path, State(specimen=gone), b"", (str(specimen), gone))
    settings, told = load_settings(path)
    assert settings.state.specimen == ""
    assert settings.recent == (str(specimen),)
    assert "not there any more" in told
    save_settings(path, State(specimen=str(specimen)), b"")
    assert load_settings(path)[0].state.specimen == str(specimen)


def test_nothing_runs_any_more_when_a_window_has_closed_that_was_building(open_window, specimen):
    window = open_window()
    window.open_specimen(specimen)
    builder = window.specimens._loader._builder
    window.close()
    assert builder.isFinished()
    open_window.dispose(window)


def test_the_shelf_gives_a_specimen_its_own_place(specimen, anatomy):
    assert Anatomy.load(specimen).bones.manifest.specimen == RECORD
    assert anatomy.bones.manifest.specimen is None


def test_a_correction_is_tried_taken_back_and_kept(window, specimen, qtbot, monkeypatch):
    from hipviz.ui.correcting import CorrectionDialog

    window.attach(Anatomy.load(specimen), str(specimen))
    before = window.anatomy

    def built(anatomy, correction, progress):
        """Stand for the slow building: the same adult, that calls itself corrected."""
        made = copy.copy(before)
        record = msgspec.structs.replace(RECORD, correction=correction)
        manifest = msgspec.structs.replace(before.bones.manifest, specimen=record)
        made.bones = dataclasses.replace(before.bones, manifest=manifest)
        return made

    monkeypatch.setattr(Anatomy, "corrected", built)
    monkeypatch.setattr(Anatomy, "load", lambda folder, progress: built(before, Correction(tilt_deg=kept()), None))

    def tried(degrees):
        window.commands.trigger("specimen.correct")
        dialog = next(each for each in window.findChildren(CorrectionDialog) if each.isVisible())
        dialog.fields["tilt_deg"].setValue(degrees)
        qtbot.waitUntil(lambda: shown() == degrees)
        return dialog

    def shown():
        return window.anatomy.bones.manifest.specimen.correction.tilt_deg

    def kept():
        return read_manifest(specimen / "manifest.toml").specimen.correction.tilt_deg

    dialog = tried(5.0)
    assert "socket of 25.0 mm" in " ".join(part.text() for part in dialog.findChildren(QLabel))
    assert kept() == 0.0
    QTest.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)
    assert window.anatomy is before
    dialog = tried(-4.5)
    QTest.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Save), Qt.MouseButton.LeftButton)
    assert kept() == shown() == -4.5
    qtbot.waitUntil(lambda: not window.specimens._loader.busy)  # opened anew, for its skin
    assert shown() == -4.5
    assert window.store.state.specimen == str(specimen)
    window.commands.trigger("specimen.correct")
    dialog = next(each for each in window.findChildren(CorrectionDialog) if each.isVisible())
    assert dialog.fields["tilt_deg"].value() == -4.5
    window.specimens.open(None)
    assert not dialog.isVisible()
    wait(qtbot, window, None)
