"""Saving a film from the window: the command line makes it in a process of its own, and the window stays usable.

What a film shows is decided there, too (`hipviz.cli.film`); it is handed the State as a file.
"""

import re
import sys
import tempfile
from pathlib import Path

import msgspec
from PySide6.QtCore import QCoreApplication, QProcess, QStandardPaths, Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QMessageBox, QProgressBar, QProgressDialog, QWidget

from hipviz.model.state import State
from hipviz.ui.theme import system_theme

PATIENCE_MS = 10_000
"""How long a process that was asked to end may take."""


def filmed(state: State) -> State:
    """Return what a film from the window shows of its state: the movement, seen and said as it is there now."""
    theme = system_theme() if state.theme == "system" else state.theme
    return msgspec.structs.replace(state, pose=None, panel="card", theme=theme, hovered=None, presenting=False)


def film_options(state: State, kept: Path, target: Path) -> list[str]:
    """Return the arguments of `hipviz` that film a state; it is written into the file `kept`."""
    kept.write_bytes(msgspec.json.encode(filmed(state)))
    specimen = ["--specimen", state.specimen] if state.specimen else []
    return ["movie", str(target), "--state", str(kept), *specimen]


def save_film(parent: QWidget, state: State) -> QProgressDialog | None:
    """Ask for a file and begin to film the movement shown; the dialog tells how far it is and can cancel."""
    if state.band is None and state.movement is None:
        QMessageBox.information(parent, _tr("Save a film"), _tr("Choose a band or a movement first."))
        return None
    pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
    proposed = str(Path(pictures or ".") / f"hipviz {state.movement or state.band}.mp4")
    chosen, _ = QFileDialog.getSaveFileName(
        parent, _tr("Save a film"), proposed, _tr("Film (*.mp4);;Moving picture (*.gif)")
    )
    if not chosen:
        return None
    target = Path(chosen) if Path(chosen).suffix.lower() in (".mp4", ".gif") else Path(f"{chosen}.mp4")
    return film(parent, state, target)


def film(parent: QWidget, state: State, target: Path) -> QProgressDialog | None:
    """Film what `state` shows into `target` without waiting for it.

    It is made in a folder of its own beside the target and then moved: whatever ends it, nothing is left behind.
    """
    try:
        workshop = tempfile.TemporaryDirectory(prefix=".hipviz-", dir=target.parent)
        made = Path(workshop.name) / target.name
        options = film_options(state, made.with_name("state.json"), made)
    except OSError as fault:
        QMessageBox.warning(parent, _tr("Save a film"), f"'{target}': {fault.strerror}.")
        return None
    dialog = QProgressDialog(_tr("Filming {name}…").format(name=target.name), _tr("Cancel"), 0, 100, parent)
    dialog.setWindowModality(Qt.WindowModality.NonModal)
    dialog.setMinimumDuration(0)
    dialog.setMinimumWidth(320)
    bar = QProgressBar(textVisible=False)
    bar.setRange(0, 100)
    dialog.setBar(bar)
    dialog.setAutoClose(False)
    process = QProcess(dialog)
    said: list[str] = []
    closed: list[bool] = []  # filled when the window closes before the film is made

    def hear() -> None:
        text = bytes(process.readAllStandardError().data()).decode(errors="replace")
        said[:] = [line for line in [*said, *text.splitlines()] if line][-3:]
        shares = re.findall(r"(\d+)%", text)
        if shares:
            dialog.setValue(int(shares[-1]))
            dialog.setLabelText(_tr("Filming {name}… {share} %").format(name=target.name, share=shares[-1]))

    def cancel() -> None:
        process.terminate()
        QTimer.singleShot(PATIENCE_MS, process, process.kill)

    def end(code: int) -> None:
        if closed:
            workshop.cleanup()
            return
        reason = "" if code == 0 else (said or [_tr("the film could not be made.")])[-1].removeprefix("hipviz: ")
        try:
            if code == 0:
                made.replace(target)
        except OSError as fault:
            reason = f"'{target}': {fault.strerror}."
        workshop.cleanup()
        if reason and not dialog.wasCanceled():
            QMessageBox.warning(parent, _tr("Save a film"), reason)
        dialog.close()
        dialog.deleteLater()

    process.readyReadStandardError.connect(hear)
    process.finished.connect(end)
    dialog.canceled.connect(cancel)
    dialog.destroyed.connect(lambda: closed.append(True))
    process.start(sys.executable, ["-m", "hipviz", *options])
    dialog.show()
    return dialog


def _tr(text: str) -> str:
    return QCoreApplication.translate("film", text)
