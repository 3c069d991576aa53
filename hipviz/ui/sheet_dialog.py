"""The dialog of the client's sheet: exercises, notes, name and date, a preview, print and save.

What the page looks like lives in `sheet` and `paper`. Name and date are never stored; notes are kept in a draft
beside the settings until they are saved with the sheet or discarded, so that a crash does not take them.
"""

import datetime
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QPixmap, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressDialog,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from hipviz.model.anatomy import Anatomy
from hipviz.model.errors import HipvizError
from hipviz.model.files import replacing, write_text
from hipviz.model.guidance import Guidance
from hipviz.model.state import State
from hipviz.ui import sheet as page
from hipviz.ui.controls import Choice, TickBox, announce, column, label, row
from hipviz.ui.theme import Theme

PREVIEW_DPI = 150
PREVIEW_HEIGHT = 590
DRAFT_MS, PAUSE_MS = 400, 20
"""After how long notes are kept, and how long others have their turn between two pictures."""
PRINT_DPI = 600


class Stopped(Exception):
    """Somebody did not want to wait."""


class SheetDialog(QDialog):
    """One sheet, about the band and side that were chosen when it was opened; `done` carries what to tell."""

    told = Signal(str)

    def __init__(
        self, parent: QWidget, theme: Theme, anatomy: Anatomy, guidance: Guidance, state: State, draft: Path
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Sheet for the client"))
        self._theme = theme
        self._anatomy, self._guidance, self._state, self._draft = anatomy, guidance, state, draft
        self._coarse, self._fine = (
            page.Gallery(anatomy, guidance, state, detail) for detail in (page.COARSE, page.FINE)
        )
        self._keeping = self._timer(DRAFT_MS, self._keep)
        self._later = self._timer(DRAFT_MS, self.refresh)
        self._drawing = self._timer(PAUSE_MS, self._draw_on)
        px = theme.look.px
        sides = row(self, (px(20), px(18), px(20), px(16)), px(20))
        self.preview = QLabel()
        self.preview.setAccessibleName(self.tr("Preview of the sheet"))
        self.preview.setMinimumSize(round(PREVIEW_HEIGHT / 1.414), PREVIEW_HEIGHT)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setStyleSheet("background: white; border: 1px solid #C3CAD3;")
        left = QVBoxLayout()
        left.addWidget(self.preview, 1)
        self.progress = label("", "note", wrap=False)
        left.addWidget(self.progress)
        sides.addLayout(left)
        form = QWidget()
        form.setFixedWidth(px(320))
        sides.addWidget(form)
        self._fill(column(form, gap=px(6)), px(6))
        QTimer.singleShot(0, self.refresh)

    def _fill(self, lines: QVBoxLayout, gap: int) -> None:
        assert self._state.band is not None
        lines.addWidget(label(self.tr("Up to three exercises"), "caption", wrap=False))
        self.boxes: dict[str, TickBox] = {}
        for practice in self._guidance.exercises(self._state.band):
            box = TickBox(self._theme, practice.name.in_register(self._state.wording))
            box.clicked.connect(self._chosen)
            self.boxes[practice.id] = box
            lines.addWidget(box)
        lines.addSpacing(gap)
        heading = QHBoxLayout()
        heading.addWidget(label(self.tr("Notes"), "caption", wrap=False))
        heading.addStretch(1)
        self.discarding = self._button(self.tr("Discard"), self.discard, "tool")
        self.discarding.setToolTip(self.tr("Throw the notes away (Ctrl+Z in them brings them back)"))
        heading.addWidget(self.discarding)
        lines.addLayout(heading)
        self.notes = QPlainTextEdit()
        self.notes.setAccessibleName(self.tr("Notes"))
        self.notes.setTabChangesFocus(True)
        self.notes.setPlainText(self._kept())
        self.notes.textChanged.connect(self._written)
        lines.addWidget(self.notes, 1)
        self.setTabOrder(self.notes, self.discarding)
        # Another client may sit there now.
        self.brought_back = label(self.tr("These notes are from last time, and not saved yet."), "note")
        self.brought_back.setVisible(bool(self.notes.toPlainText()))
        lines.addWidget(self.brought_back)
        lines.addWidget(label(self.tr("Name and date (printed, never stored)"), "caption", wrap=False))
        self.name, self.date = QLineEdit(), QLineEdit()
        for field, words in ((self.name, self.tr("Name")), (self.date, self.tr("Date"))):
            field.setPlaceholderText(words)
            field.setAccessibleName(words)
            field.textChanged.connect(lambda _text: self._later.start())
        self.date.setText(datetime.date.today().isoformat())
        line = QHBoxLayout()
        line.addWidget(self.name, 3)
        line.addWidget(self.date, 2)
        lines.addLayout(line)
        self.paper = Choice(tuple(page.PAPERS), self.tr("Paper"))
        for size in page.PAPERS:
            self.paper.describe(size, size)
        self.paper.choose("A4")
        self._size: page.Size = "A4"
        self.paper.picked.connect(self._resize)
        lines.addWidget(self.paper)
        self.fault = label("", "warn")
        self.fault.hide()
        lines.addWidget(self.fault)
        lines.addSpacing(gap)
        buttons = QHBoxLayout()
        self.saving = self._button(self.tr("Save…"), self.save)
        self.printing = self._button(self.tr("Print…"), self.print)
        self.closing = self._button(self.tr("Close"), self.reject)
        self.closing.setToolTip(self.tr("Close and keep the notes for the next time (Esc)"))
        self.saving.setDefault(True)
        for button in (self.saving, self.printing):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.closing)
        lines.addLayout(buttons)

    def _timer(self, wait_ms: int, act: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait_ms)
        timer.timeout.connect(act)
        return timer

    def _button(self, text: str, act: object, role: str = "plain") -> QPushButton:
        button = QPushButton(text)
        button.setProperty("role", role)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: act())  # type: ignore[operator]
        return button

    # -- the page ------------------------------------------------------------------------------------------------

    @property
    def sheet(self) -> page.Sheet:
        """What has been chosen so far."""
        return page.Sheet(
            self._state,
            tuple(name for name, box in self.boxes.items() if box.isChecked()),
            self.notes.toPlainText(),
            self.name.text().strip(),
            self.date.text().strip(),
            self._size,
        )

    def refresh(self) -> None:
        """Show the page with the pictures that are there; the others follow one by one. Or say what is wrong."""
        sheet = self.sheet
        try:
            missing = self._coarse.missing(sheet.exercises)
            image = page.image(
                sheet, self._anatomy, self._guidance, self._coarse.pictures(sheet.exercises), PREVIEW_DPI
            )
        except HipvizError as fault:
            self._complain(str(fault))
            return
        ratio = self.devicePixelRatioF()
        shown = QPixmap.fromImage(image).scaledToHeight(
            round(PREVIEW_HEIGHT * ratio), Qt.TransformationMode.SmoothTransformation
        )
        shown.setDevicePixelRatio(ratio)
        self.preview.setPixmap(shown)
        self._complain("")
        self.progress.setText(
            self.tr("Drawing the pictures: {count} to go").format(count=len(missing)) if missing else ""
        )
        if missing:
            self._drawing.start()

    def _draw_on(self) -> None:
        """Draw the next picture of the preview; what was typed or clicked in between comes first."""
        missing = self._coarse.missing(self.sheet.exercises)
        if missing:
            self._coarse.draw(missing[0])
            self.refresh()

    def _drawn_finely(self) -> page.Pictures:
        """Return the pictures as sharp as paper is; raise Stopped when somebody does not want to wait for them."""
        exercises = self.sheet.exercises
        missing = self._fine.missing(exercises)
        waiting = QProgressDialog(
            self.tr("Drawing the pictures for paper"), self.tr("Cancel"), 0, len(missing), self
        )
        waiting.setWindowModality(Qt.WindowModality.WindowModal)
        waiting.setMinimumDuration(0)  # the first picture takes longest, and nothing else is drawn meanwhile
        try:
            for number, name in enumerate(missing):
                waiting.setValue(number)
                if waiting.wasCanceled():
                    raise Stopped
                self._fine.draw(name)
        finally:
            waiting.close()
            waiting.deleteLater()
        return self._fine.pictures(exercises)

    def _complain(self, words: str) -> None:
        told = words[:1].upper() + words[1:]
        if told != self.fault.text():
            announce(self.fault, told)
        self.fault.setText(told)
        self.fault.setVisible(bool(words))
        self.saving.setEnabled(not words)
        self.printing.setEnabled(not words)

    def _chosen(self) -> None:
        full = sum(box.isChecked() for box in self.boxes.values()) >= page.MOST_EXERCISES
        for box in self.boxes.values():
            box.setEnabled(box.isChecked() or not full)
        self.refresh()

    def _resize(self, size: str) -> None:
        self._size = "Letter" if size == "Letter" else "A4"
        self.refresh()

    # -- notes that outlive a crash ------------------------------------------------------------------------------

    def _kept(self) -> str:
        try:
            return self._draft.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def _written(self) -> None:
        # Kept soon after the first key, however long somebody goes on typing; drawn when they rest.
        if not self._keeping.isActive():
            self._keeping.start()
        self._later.start()

    def _keep(self) -> None:
        notes = self.notes.toPlainText()
        try:
            if notes.strip():
                self._draft.parent.mkdir(parents=True, exist_ok=True)
                write_text(self._draft, notes)
            else:
                self._draft.unlink(missing_ok=True)
        except OSError as fault:
            self._complain(self.tr("The notes cannot be kept: {reason}.").format(reason=fault.strerror or fault))

    def discard(self) -> None:
        """Throw the notes away; the sheet goes on, and the field still undoes it."""
        everything = QTextCursor(self.notes.document())
        everything.select(QTextCursor.SelectionType.Document)
        everything.removeSelectedText()
        self._keeping.stop()
        self._keep()
        self.brought_back.hide()
        self.notes.setFocus(Qt.FocusReason.OtherFocusReason)

    def done(self, result: int) -> None:
        """Close; notes that were neither saved nor discarded are kept."""
        if self._keeping.isActive():
            self._keep()
        for timer in (self._keeping, self._later, self._drawing):
            timer.stop()
        super().done(result)

    # -- paper and files -----------------------------------------------------------------------------------------

    def save(self) -> None:
        """Ask for a name and write the sheet there, as PDF or PNG."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or str(
            Path.home()
        )
        proposed = Path(folder) / f"gluteus-medius-{self._state.band}-{self._state.side}.pdf"
        chosen, kind = QFileDialog.getSaveFileName(
            self, self.tr("Save the sheet"), str(proposed), self.tr("PDF (*.pdf);;Picture (*.png)")
        )
        if not chosen:
            return
        target = Path(chosen)
        if "*.png" in kind and target.suffix.lower() == ".pdf":
            # The proposed name was left as it is, and a picture chosen below it.
            target = target.with_suffix(".png")
            if target.exists():
                said = self.tr("{path} exists already: save again and choose it, or another name.")
                self._complain(said.format(path=target))
                self.saving.setEnabled(True)
                self.printing.setEnabled(True)
                return
        self.write(target)

    def write(self, target: Path) -> None:
        """Write the sheet into a file, whole or not at all; close when it is there."""
        if target.suffix.lower() not in (".pdf", ".png"):
            target = target.with_name(target.name + ".pdf")
        sheet = self.sheet
        try:
            # A place that cannot be written is told before anybody waits for pictures.
            with replacing(target) as temporary:
                pictures = self._drawn_finely()
                if target.suffix.lower() == ".pdf":
                    temporary.write_bytes(page.pdf(sheet, self._anatomy, self._guidance, pictures))
                elif not page.image(sheet, self._anatomy, self._guidance, pictures).save(str(temporary)):
                    raise OSError(0, self.tr("the picture could not be written"))
        except Stopped:
            return
        except HipvizError as fault:
            self._complain(str(fault))
        except OSError as fault:
            told = self.tr("The sheet could not be saved as {path}: {reason}.")
            if isinstance(fault, PermissionError):
                told = self.tr("The sheet could not be saved as {path}: {reason}. Is it open elsewhere?")
            self._complain(told.format(path=target, reason=fault.strerror or str(fault)))
            self.saving.setEnabled(True)
            self.printing.setEnabled(True)
        else:
            self._keeping.stop()
            self._draft.unlink(missing_ok=True)
            self.told.emit(self.tr("Sheet saved as {path}").format(path=target))
            self.accept()

    def print(self) -> None:
        """Ask for a printer and print the sheet."""
        from PySide6.QtGui import QPageLayout, QPageSize
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setResolution(PRINT_DPI)
        size = QPageSize.PageSizeId.A4 if self._size == "A4" else QPageSize.PageSizeId.Letter
        printer.setPageSize(QPageSize(size))
        printer.setPageOrientation(QPageLayout.Orientation.Portrait)
        printer.setFullPage(True)
        if QPrintDialog(printer, self).exec() != QDialog.DialogCode.Accepted:
            return
        try:
            pictures = self._drawn_finely()
        except Stopped:
            return
        if page.print_on(printer, self.sheet, self._anatomy, self._guidance, pictures):
            # Without a printer the dialog offers a file in its place.
            file = printer.outputFileName()
            printed = self.tr("The sheet was sent to the printer")
            told = self.tr("Sheet printed into {path}").format(path=file) if file else printed
            self.progress.setText(told)  # the window's own word for it may stand behind the dialog
            self.told.emit(told)
        else:
            self._complain(self.tr("The sheet could not be printed; save it and print the file."))
            self.saving.setEnabled(True)
