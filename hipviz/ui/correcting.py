"""Putting right by hand how the bones of a specimen are put together; each change is seen after a few seconds.

Bones, joint and muscle are shown as they would be; the skin follows when it is kept.

What a correction does to the bones lives in `hipviz.model.correction`.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QDoubleSpinBox, QFormLayout, QWidget

from hipviz.model.assets import SpecimenRecord, read_manifest, write_manifest
from hipviz.model.correction import NO_CORRECTION, SHIFT_MM, TILT_DEG, Correction
from hipviz.model.errors import HipvizError
from hipviz.ui.controls import column, label
from hipviz.ui.loading import Loader

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy

PATIENCE_MS = 500
"""How long nothing may be changed before it is built."""


class CorrectionDialog(QDialog):
    """Four numbers beside what was computed; they are kept in the specimen's manifest when they are saved."""

    tried = Signal(object)
    """An anatomy that was built for numbers that are not saved yet, or the one from before."""
    reopen = Signal(Path)
    """The specimen is to be opened anew, with its skin, as it was saved."""

    def __init__(self, parent: QWidget, anatomy: "Anatomy", specimen: SpecimenRecord) -> None:
        super().__init__(parent)
        self._before, self._folder = anatomy, anatomy.bones.folder
        self._saved = specimen.correction
        self.setWindowTitle(self.tr("Correct the specimen by hand"))
        self.setMinimumWidth(420)
        lines = column(self, (24, 20, 24, 16), 12)
        lines.addWidget(label(computed(specimen), "second"))
        form = QFormLayout()
        self.fields: dict[str, QDoubleSpinBox] = {}
        for name, words, limit, unit in (
            ("tilt_deg", self.tr("Pelvis tilted farther forwards"), TILT_DEG, "°"),
            ("outwards_mm", self.tr("Hip centre farther outwards"), SHIFT_MM, " mm"),
            ("forwards_mm", self.tr("Hip centre farther forwards"), SHIFT_MM, " mm"),
            ("upwards_mm", self.tr("Hip centre farther up"), SHIFT_MM, " mm"),
        ):
            field = self.fields[name] = QDoubleSpinBox()
            field.setRange(-limit, limit)
            field.setDecimals(1)
            field.setSingleStep(0.5)
            field.setSuffix(unit)
            field.setAccessibleName(words)
            field.setToolTip(self.tr("0 is what was computed; negative goes the other way"))
            field.setValue(getattr(self._saved, name))
            form.addRow(words, field)
        lines.addLayout(form)
        self.told = label("", "note")
        self.told.setMinimumHeight(34)
        lines.addWidget(self.told)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Save | kinds.Reset | kinds.Cancel)
        self.buttons.button(kinds.Reset).setText(self.tr("As computed"))
        self.buttons.button(kinds.Reset).clicked.connect(self._reset)
        for button in self.buttons.buttons():
            button.setIcon(QIcon())  # the system's own fit neither theme
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        lines.addWidget(self.buttons)

        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PATIENCE_MS)
        self._soon.timeout.connect(self._try)
        for field in self.fields.values():
            field.valueChanged.connect(lambda _value: self._soon.start())
        self._loader = Loader(self)
        self._loader.progress.connect(lambda words, share: self.told.setText(f"{words} … {share:.0%}"))
        self._loader.loaded.connect(self._built)
        self._loader.failed.connect(lambda error, folder: self.told.setText(str(error)))
        self._seen = self._saved

    @property
    def correction(self) -> Correction:
        """What the fields say."""
        return Correction(**{name: round(field.value(), 1) + 0.0 for name, field in self.fields.items()})

    def done(self, result: int) -> None:
        """Close; what was only tried is taken back."""
        self._soon.stop()
        self._loader.shut()
        if result != QDialog.DialogCode.Accepted and self._seen != self._saved:
            self.tried.emit(self._before)
        super().done(result)

    def _try(self) -> None:
        self.told.setText(self.tr("Building it …"))
        self._loader.load(self._folder, (self._before, self.correction))

    def _built(self, anatomy: "Anatomy", folder: str) -> None:
        assert anatomy.bones.manifest.specimen is not None
        self._seen = anatomy.bones.manifest.specimen.correction
        self.told.setText(self.tr("Bones and muscle are shown as they would be; the skin follows when you save."))
        self.tried.emit(anatomy)

    def _reset(self) -> None:
        for name, field in self.fields.items():
            field.setValue(getattr(NO_CORRECTION, name))

    def _save(self) -> None:
        wanted = self.correction
        try:
            keep(self._folder, wanted)
        except (OSError, HipvizError) as fault:
            told = self.tr("The correction could not be kept in {folder}: {reason}.")
            self.told.setText(told.format(folder=self._folder, reason=getattr(fault, "strerror", None) or fault))
            return
        changed = wanted != self._saved
        if not changed and self._seen != wanted:
            self.tried.emit(self._before)
        self.accept()
        if changed:
            self.reopen.emit(self._folder)


def computed(specimen: SpecimenRecord) -> str:
    """Return what was computed of the scan, in words."""
    parts = [_tr("Computed: the hip centre from the {means}").format(means=specimen.hip_centre)]
    parts.append(_tr("socket of {radius:.1f} mm").format(radius=specimen.socket_radius_mm))
    if specimen.head_radius_mm is not None:
        parts.append(_tr("head of {radius:.1f} mm").format(radius=specimen.head_radius_mm))
    plane = _tr("The pelvis stands as the plane of its front spines and pubic tubercles says.")
    return ", ".join(parts) + ". " + plane


def keep(folder: Path, correction: Correction) -> None:
    """Write a correction into the manifest of a specimen, in one step."""
    path = folder / "manifest.toml"
    manifest = read_manifest(path)
    if manifest.specimen is not None:
        specimen = msgspec.structs.replace(manifest.specimen, correction=correction)
        write_manifest(path, msgspec.structs.replace(manifest, specimen=specimen))


def _tr(text: str) -> str:
    return QCoreApplication.translate("correcting", text)
