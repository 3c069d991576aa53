"""The dialog itself: which page is shown, what is asked of the workshop, what is laid on the bench.

All that the user has chosen is in one frozen `Wish`; what the scans were found to show is in `sights`.
"""

import datetime
import shutil
import tempfile
from pathlib import Path

import msgspec
import numpy as np
from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QStackedWidget, QWidget

from hipviz.model.errors import HipvizError
from hipviz.model.files import new_folder
from hipviz.model.fit_process import Answer, Laid, Look, Make, Refusal, Result, Shape, Sight, Step
from hipviz.model.own_bones import Part, Wish, shipped_bones
from hipviz.model.scan import MILLIMETRES, SUFFIXES
from hipviz.model.scan_places import load_scan_places
from hipviz.model.surface import Surface
from hipviz.model.units import MIRROR, Floats
from hipviz.ui.controls import column, row
from hipviz.ui.own_bones.fit_page import FitPage
from hipviz.ui.own_bones.mark_page import MarkPage
from hipviz.ui.own_bones.result_page import ResultPage
from hipviz.ui.own_bones.scans_page import ScansPage
from hipviz.ui.own_bones.viewer import Viewer
from hipviz.ui.own_bones.words import bone_word, for_window
from hipviz.ui.own_bones.workshop import Workshop
from hipviz.ui.theme import Theme
from hipviz.view.bench import SCAN, Body, distance_colours
from hipviz.view.tokens import BONE

SIZE = (1160, 660)
COLUMN = 400
SEEN_FROM_DEG = {"hip_bone": 70.0, "femur": 25.0, "sacrum": 15.0}
"""Where each bone is first seen from: 0 is in front, 90 beside a right-hand bone."""
GHOST = 0.42
PALE = "#DEDDD6"
"""What stands where no scan is yet: paler than bone."""
ASKED, MARKED = "#D0202E", "#1F6FB2"


class OwnBones(QDialog):
    """From scans to a specimen; `made` carries its folder when the user has kept it."""

    made = Signal(Path)

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Your own bones"))
        self.setAcceptDrops(True)
        self.wish = Wish({})
        self.sights: dict[str, Sight] = {}
        self.outcome: Result | None = None
        self._bones = shipped_bones()
        self._places = load_scan_places(self._bones)
        self._shown: str | None = None
        self._closed = False
        self._looks: list[Look] = []
        self._meant: str | None = None
        """What the file that is looked at was given as, while that is being found out."""
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.workshop = Workshop(self)
        self.workshop.answered.connect(self._hear)
        self.workshop.ended.connect(self._looked)
        px = theme.look.px
        sides = row(self)
        left = QWidget()
        left.setFixedWidth(px(COLUMN))
        lines = column(left, (px(20), px(16), px(16), px(16)))
        self.pages = QStackedWidget()
        lines.addWidget(self.pages)
        self.scans, self.marks = ScansPage(theme), MarkPage(theme)
        self.fitting, self.judged = FitPage(theme), ResultPage(theme)
        for page in (self.scans, self.marks, self.fitting, self.judged):
            self.pages.addWidget(page)
        self.viewer = Viewer(theme, self)
        self.viewer.picture.setAcceptDrops(False)  # what is dropped on the picture is meant for the dialog
        sides.addWidget(left)
        sides.addWidget(self.viewer, 1)
        self._connect()
        room = parent.window().size()
        self.resize(min(px(SIZE[0]), room.width() - 40), min(px(SIZE[1]), room.height() - 40))
        self._display()

    def _connect(self) -> None:
        self.scans.picked.connect(self._show)
        self.scans.asked_for_file.connect(self._choose_file)
        self.scans.removed.connect(self._remove)
        self.scans.unit_picked.connect(lambda bone, unit: self._say(bone, unit=unit))
        self.scans.side_picked.connect(lambda bone, side: self._say(bone, side=side))
        self.scans.asked_to_mark.connect(self._begin_marking)
        self.scans.asked_to_fit.connect(self.fit)
        self.marks.changed.connect(self._draw_marks)
        self.marks.left.connect(lambda: self._to(self.scans))
        self.marks.finished.connect(self._use_marks)
        self.fitting.cancelled.connect(self.stop_fit)
        self.judged.picked.connect(self._judge)
        self.judged.kept.connect(self.keep)
        self.judged.discarded.connect(self.throw_away)
        self.viewer.clicked.connect(self._clicked)

    # -- scans ---------------------------------------------------------------------------------------------------

    def add(self, path: Path, bone: str | None = None) -> None:
        """Look at a file; `bone` is what it is meant to be, None when that is to be found out."""
        self._look(Look(Part(str(path)), bone))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if self.pages.currentWidget() is self.scans and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at the files that were dropped."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.add(Path(url.toLocalFile()))

    def _choose_file(self, bone: str) -> None:
        kinds = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in SUFFIXES)
        title = self.tr("Scan of the {bone}").format(bone=bone_word(bone).lower())
        chosen, _ = QFileDialog.getOpenFileName(
            self, title, "", self.tr("Scans ({kinds});;All files (*)").format(kinds=kinds)
        )
        if chosen:
            # A first file may hold a whole pelvis: only where one bone of several is meant is it named.
            self._meant = bone if bone == "hip_bone" and not self.sights else None
            self.add(Path(chosen), None if self._meant else bone)

    def _remove(self, bone: str) -> None:
        parts = {name: part for name, part in self.wish.parts.items() if name != bone}
        self.wish = msgspec.structs.replace(self.wish, parts=parts)
        del self.sights[bone]
        self._shown = next(iter(self.sights), None)
        self._display()

    def _say(self, bone: str, **said: str) -> None:
        if bone in self.wish.parts:
            part = msgspec.structs.replace(self.wish.parts[bone], places={}, **said)
            if "side" in said and part.piece is not None:
                # Another side is another piece of the same file.
                self._look(Look(msgspec.structs.replace(part, piece=None)))
            else:
                self._look(Look(part, bone))

    def _look(self, look: Look) -> None:
        self.scans.complain("")
        self._looks.append(look)
        if not self.workshop.busy:
            self._look_on()

    def _looked(self) -> None:
        if self._meant is not None and self.sights and self._meant not in self.sights:
            told = self.tr("The scan given as {meant} shows a {found}, and was taken as that.")
            found = bone_word(next(iter(self.sights))).lower()
            self.scans.complain(told.format(meant=bone_word(self._meant).lower(), found=found))
        self._meant = None
        self._look_on()

    def _look_on(self) -> None:
        if self._looks:
            self.workshop.ask(self._looks.pop(0))
        elif self.pages.currentWidget() is self.scans:
            self.scans.working("", 0.0)

    # -- what the workshop says ----------------------------------------------------------------------------------

    def _hear(self, answer: Answer) -> None:
        if isinstance(answer, Step):
            told = self.fitting.tell if self.pages.currentWidget() is self.fitting else self.scans.working
            told(answer.words, answer.share)
        elif isinstance(answer, Sight):
            self.sights[answer.bone] = answer
            self.wish = msgspec.structs.replace(self.wish, parts={**self.wish.parts, answer.bone: answer.part})
            self._show(answer.bone)
        elif isinstance(answer, Shape):
            self._bend(answer)
        elif isinstance(answer, Result):
            self.outcome = answer
            self._to(self.judged)
            self._judge(answer.bones[0].bone)
        elif isinstance(answer, Refusal):
            self._refused(for_window(answer.sentence))

    def _refused(self, sentence: str) -> None:
        if self.pages.currentWidget() is self.fitting:
            self._clean()
            self._to(self.scans)
        self.scans.complain(sentence)
        self._display()

    # -- the fit -------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Begin to lay the bones on the scans."""
        self._clean()
        self._folder = tempfile.TemporaryDirectory(prefix="hipviz-", ignore_cleanup_errors=True)
        self._looks.clear()
        self._to(self.fitting)
        self.fitting.tell(self.tr("Reading the scans"), 0.0)
        self._shown = None
        self.workshop.ask(Make(self.wish, self._folder.name))

    def stop_fit(self) -> None:
        """Give up the fit; the scans stay chosen."""
        self.workshop.stop()
        self._clean()
        self._shown = "hip_bone"
        self._to(self.scans)

    def throw_away(self) -> None:
        """Throw the result away; the scans stay chosen."""
        self.stop_fit()

    def keep(self) -> None:
        """Ask for a folder and move the result there."""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        proposed = Path(documents or Path.home()) / f"bones-{datetime.date.today().isoformat()}"
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("A new folder for these bones"),
            str(proposed),
            self.tr("Folder (*)"),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if chosen:
            self.keep_in(Path(chosen))

    def keep_in(self, target: Path) -> None:
        """Put the result into a new folder, tell where it is, and close."""
        assert self._folder is not None
        try:
            with new_folder(target) as folder:
                shutil.copytree(self._folder.name, folder, dirs_exist_ok=True)
        except HipvizError as fault:
            self.judged.complain(for_window(str(fault)))
        except OSError as fault:
            self.judged.complain(f"'{target}': {fault.strerror or fault}.")
        else:
            self.made.emit(target)
            self.accept()

    def _clean(self) -> None:
        self.outcome = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    # -- marking -------------------------------------------------------------------------------------------------

    def _begin_marking(self) -> None:
        if self._shown in self._places:
            self._to(self.marks)
            self.marks.begin(self._shown, self._places[self._shown])

    def _clicked(self, body: int, point: Floats) -> None:
        if self.pages.currentWidget() is self.marks and body == 0:
            self.marks.mark(point)

    def _draw_marks(self) -> None:
        bone = self._shown
        if bone is None or bone not in self.sights or self.pages.currentWidget() is not self.marks:
            return
        hand = self._hand(bone)
        balls = [(0, point, MARKED) for point in self.marks.marked.values()]
        balls += [(1, self._bones.position(name) * hand, MARKED) for name in self.marks.marked]
        if self.marks.asked is not None:
            place = self._bones.position(self.marks.asked.id) * hand
            balls.append((1, place, ASKED))
            # Turned so that the place asked for is on the near side.
            outward = place - self._bones.surface(bone, 2).vertices.mean(axis=0) * hand
            self.viewer.look_from(float(np.degrees(np.arctan2(outward[0], outward[1]))))
        self.viewer.bench.mark(balls)
        self.viewer.redraw()

    def _use_marks(self) -> None:
        bone = self._shown
        assert bone is not None
        sight = self.sights[bone]
        assert sight.part.unit is not None
        places = {}
        for name, point in self.marks.marked.items():
            there = sight.similarity.of(point * self._hand(bone)) * self._hand(bone) / MILLIMETRES[sight.part.unit]
            places[name] = (float(there[0]), float(there[1]), float(there[2]))
        self._to(self.scans)
        # The side was proposed from the wrong way of lying: it is found anew.
        self._look(Look(msgspec.structs.replace(sight.part, places=places, side=None), bone))

    # -- the bench -----------------------------------------------------------------------------------------------

    def _to(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        self._display()

    def _show(self, bone: str) -> None:
        if bone in self.sights:
            self._shown = bone
        self._display()

    def _display(self) -> None:
        page = self.pages.currentWidget()
        if page is self.scans:
            self.scans.display(self.sights, self._shown)
        if page is self.scans or page is self.marks:
            self._lay_pair()

    def _hand(self, bone: str) -> Floats:
        return MIRROR if self.sights[bone].part.side == "left" and bone != "sacrum" else np.ones(3)

    def _handed(self, bone: str, surface: Surface) -> Surface:
        return surface.mirrored() if self._hand(bone)[0] < 0 else surface

    def _look_at(self, bone: str) -> None:
        self.viewer.look_from(SEEN_FROM_DEG[bone] * float(self._hand(bone)[0]))

    def _lay_pair(self) -> None:
        bone = self._shown
        if bone is None or bone not in self.sights:
            self.viewer.bench.lay([Body(self._bones.surface("hip_bone", 2), PALE)])
            self.viewer.name(self.tr("Drop your scan here"))
            self.viewer.look_from(SEEN_FROM_DEG["hip_bone"])
        else:
            scan, template = self.sights[bone].surface, self._bones.surface(bone, 2)
            bodies = [Body(self._handed(bone, scan), SCAN, -1), Body(self._handed(bone, template), BONE, 1)]
            self.viewer.bench.lay(bodies)
            self.viewer.name(self.tr("Your scan"), self.tr("Template"))
            self._look_at(bone)
        self.viewer.redraw()

    def _in_frame(self, bone: str, vertices: Floats, level: int) -> Surface:
        """Return a cage that lies on a scan as a surface on the bench."""
        cage = self._bones.cages[bone]
        return self._handed(bone, cage.moved(self.sights[bone].similarity.back(vertices)).subdivided(level))

    def _bend(self, shape: Shape) -> None:
        surface = self._in_frame(shape.bone, shape.vertices, 2)
        if self._shown != shape.bone:
            self._shown = shape.bone
            scan = self._handed(shape.bone, self.sights[shape.bone].surface)
            self.viewer.bench.lay([Body(scan, SCAN, opacity=GHOST), Body(surface, BONE)])
            self.viewer.name(self.tr("{bone}: blue is your scan").format(bone=bone_word(shape.bone)))
            self._look_at(shape.bone)
        else:
            self.viewer.bench.bend(1, surface)
        self.viewer.redraw()

    def _judge(self, bone: str) -> None:
        if self.outcome is None:
            return
        laid: Laid = next(one for one in self.outcome.bones if one.bone == bone)
        surface = self._in_frame(bone, laid.vertices, 3)
        self.viewer.bench.lay([Body(surface, BONE, colours=distance_colours(laid.gaps_mm))])
        self.viewer.name(self.tr("Distance from the scan"))
        self._look_at(bone)
        self.judged.display(self.outcome, laid)

    # -- Qt ------------------------------------------------------------------------------------------------------

    def done(self, result: int) -> None:
        """Close: nothing goes on working, nothing is left behind."""
        if self._closed:
            return
        self._closed = True
        self._looks.clear()
        self.workshop.stop()
        self._clean()
        self.viewer.shut()
        super().done(result)
