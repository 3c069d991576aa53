"""The stage: the picture in the middle of the window, and how its camera turns.

What the mouse does lives in `pointer`, painting labels in `overlay`, what things look like in `hipviz.view`. The
picture is drawn when something has changed, and never otherwise.
"""

import sys
import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QWidget

from hipviz.model.state import Camera, State
from hipviz.ui import navigation
from hipviz.ui.angles import angles_of
from hipviz.ui.comparing import Choices
from hipviz.ui.controls import paint_ring
from hipviz.ui.pointer import Pointer
from hipviz.ui.theme import Theme
from hipviz.view.camera import outward_in, turn_between, view_of

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy
    from hipviz.view.layout import Box
    from hipviz.view.picking import Pick
    from hipviz.view.scene import Scene

TURN_MS = 650
REST_MS = 180
"""How long nothing may move before the picture is drawn at full quality."""
ASIDE = 0.06
"""How far the body steps aside for the caption of a presentation, as a share of the stage's width."""
FAST_S, FAIR_S = 0.012, 0.060
"""Time of one full frame up to which high and normal quality are chosen."""


class Overlay(QWidget):
    """A transparent sheet above the picture; `paint` is asked to fill it."""

    def __init__(self, stage: "Stage") -> None:
        super().__init__(stage)
        self._stage = stage
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint labels and marks."""
        try:
            with QPainter(self) as painter:
                self._stage.paint_overlay(painter)
                self._stage.paint_focus(painter)
        except Exception:
            # Qt would only print it, once for every frame.
            sys.excepthook(*sys.exc_info())


class Stage(QWidget):
    """Holds the picture once the anatomy is there; before that, only its background.

    It shows the state of `choices` and changes nothing but through them: of two stages, each sees its own.
    paired : whether another one stands beside it.
    """

    def __init__(self, theme: Theme, choices: Choices) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("The hip: drag to turn, click a band to choose it"))
        self._theme = theme
        self._reached = False
        self._choices = choices
        self._anatomy: Anatomy | None = None
        self.scene: Scene | None = None
        self.plotter: Any = None
        self.paired = False
        # A window that gets its first OpenGL child while it is shown is made anew, and flickers: begin with one.
        self._forerunner: QOpenGLWidget | None = QOpenGLWidget(self)
        self._forerunner.setGeometry(-2, -2, 1, 1)
        self.overlay = Overlay(self)
        self._eye: Camera | None = None
        self._own: Camera | None = None
        self.pointer = Pointer(self, choices)

        self._turn = QVariantAnimation(self)
        self._turn.setDuration(TURN_MS)
        self._turn.setStartValue(0.0)
        self._turn.setEndValue(1.0)
        self._turn.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._turn.valueChanged.connect(self._turning)
        self._from: Camera | None = None
        self._to: Camera | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._at_rest)
        theme.changed.connect(self._restyle)

    # -- the picture ---------------------------------------------------------------------------------------------

    def attach(self, anatomy: "Anatomy") -> None:
        """Put an anatomy on the stage, unseen until `reveal`; one that was there before goes.

        Takes a moment: imports and builds the picture.
        """
        from hipviz.ui.picture import Picture
        from hipviz.view.scene import Scene

        self._drop()
        self._anatomy = anatomy
        self.plotter = Picture(self)
        self.plotter.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plotter.setGeometry(self.rect())
        self.scene = Scene(self.plotter, anatomy)
        self.scene.set_theme(self._theme.look.tokens.name)
        state = self._choices.state
        self.scene.show(state)
        self._put(self.goal(state))
        self.pointer.watch(self.plotter, anatomy)
        self._choose_quality()
        # What was on the stage before stays above the picture.
        self.overlay.lower()
        self.plotter.lower()
        if self._forerunner is not None:
            self._forerunner.deleteLater()
            self._forerunner = None

    @property
    def anatomy(self) -> "Anatomy | None":
        """The anatomy on the stage."""
        return self._anatomy

    def reveal(self) -> None:
        """Draw the picture for the first time: asked for when all that stands around it is in place."""
        self.plotter.frameSwapped.connect(self._frame_is_out)
        self.plotter.show()

    def _frame_is_out(self) -> None:
        self.plotter.frameSwapped.disconnect(self._frame_is_out)
        # The first one compiled shaders, and says nothing about speed: another one is timed a little later.
        QTimer.singleShot(REST_MS, self, self._time_a_frame)

    def display(self, old: State, new: State, led: bool = False) -> None:
        """Show a new state, and turn to where it is best seen; at once when the camera is `led` by hand."""
        if self.scene is None:
            return
        if new.quality != old.quality:
            self._choose_quality()
        if new.playing or new.spreading or new.phase != old.phase or new.pose != old.pose:
            self._stir()
        self.scene.show(new)
        goal = self.goal(new)
        if led:
            self._turn.stop()
            self._put(goal)
        elif goal != self.goal(old):
            self._turn_to(goal)
        self.redraw()

    def redraw(self) -> None:
        """Ask for one new picture; several requests before it is drawn make one."""
        if self.plotter is not None:
            self.plotter.update()
            self.overlay.update()

    def picture(self) -> QImage:
        """Return what the stage shows, labels included, in device pixels."""
        ratio = self.devicePixelRatioF()
        image = self.plotter.grabFramebuffer() if self.plotter is not None else QImage()
        if image.isNull():
            image = self.grab().toImage()
        image = image.convertToFormat(QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        with QPainter(image) as painter:
            self.paint_overlay(painter)
        return image

    def paint_overlay(self, painter: QPainter) -> None:
        """Paint labels, axis, arc, X, read-out and marker for what is shown."""
        if self.scene is None or self._eye is None:
            return
        from hipviz.ui.overlay import annotate  # brings the view along, which is loaded late

        size = (float(self.width()), float(self.height()))
        look = self._theme.stage_look(self.width())
        annotate(painter, self.scene, self._choices.state, size, look, self._reserved(), self.paired)

    def paint_focus(self, painter: QPainter) -> None:
        """Frame the picture while the keyboard is in it and has come with Tab or F6; saved pictures go without."""
        if self._reached and self.hasFocus():
            paint_ring(painter, QRectF(self.rect()), self._theme)

    def read_out_width(self) -> float:
        """Return how wide the angles are that stand in the upper left corner."""
        state = self._choices.state
        if self._anatomy is None or state.band is None:
            return 0.0
        from hipviz.ui.overlay import read_out_size

        return read_out_size(angles_of(state, self._anatomy.words), self._theme.stage_look(self.width()))[0]

    def _reserved(self) -> "list[Box]":
        from hipviz.view.layout import Box

        owner = self.parentWidget() or self
        around = [part for part in owner.children() if isinstance(part, QWidget) and part.property("keeps_clear")]
        places = [part.geometry().translated(-self.pos()) for part in around if part.isVisible()]
        return [
            Box(place.x(), place.y(), place.width(), place.height())
            for place in places
            if place.intersects(self.rect())
        ]

    def shut(self) -> None:
        """Free the picture: nothing may be drawn afterwards."""
        self._turn.stop()
        self._rest.stop()
        self._drop()
        self._anatomy = None

    def _drop(self) -> None:
        self.pointer.leave()
        if self.plotter is not None:
            self.plotter.close()
            self.plotter.deleteLater()
        self.scene = None
        self.plotter = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the stage, and keep the body in it."""
        self.overlay.setGeometry(self.rect())
        if self.plotter is not None:
            self.plotter.setGeometry(self.rect())
            if not self.turning:
                self._put(self.goal(self._choices.state))
            self.redraw()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember whether the keyboard led here: a click shows by itself where it went."""
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self._reached = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.overlay.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the frame away."""
        self.overlay.update()

    # -- the camera ----------------------------------------------------------------------------------------------

    @property
    def eye(self) -> Camera | None:
        """Where the picture is seen from at this moment."""
        return self._eye

    @property
    def turning(self) -> bool:
        """Whether the camera is on its way."""
        return self._turn.state() == QVariantAnimation.State.Running

    def goal(self, state: State) -> Camera:
        """Return where a state is seen from on this stage."""
        assert self._anatomy is not None
        aspect = self.width() / max(1, self.height())
        eye = view_of(state, self._anatomy.words, self._anatomy.hip_centre(state.side), aspect)
        if state.presenting and state.camera is None and not self.paired:
            # The body makes room for the caption.
            eye = navigation.panned(eye, -self.caption_side(state) * ASIDE * self.width(), 0.0, self.height())
        return eye

    def caption_side(self, state: State) -> int:
        """Return where the caption of a presentation stands (−1 left, +1 right): where fewer labels are."""
        if self._anatomy is None or state.camera is not None or self.paired:
            return -1
        eye = view_of(state, self._anatomy.words, self._anatomy.hip_centre(state.side), 1.0)
        return -outward_in(eye, state.side)

    def _put(self, eye: Camera) -> None:
        self._eye = eye
        if self.scene is not None:
            self.scene.set_camera(eye)

    def _turn_to(self, goal: Camera) -> None:
        self._turn.stop()
        self._from, self._to = self._eye, goal
        self.pointer.forget()
        self._turn.start()

    def _turning(self, share: float) -> None:
        if self._from is not None and self._to is not None:
            self._put(turn_between(self._from, self._to, share))
            self._stir()
            self.redraw()

    def leads(self, state: State) -> bool:
        """Return whether the camera of a state is the one that was last moved by hand on this stage."""
        return state.camera is not None and state.camera == self._own

    def take_over(self, eye: Camera) -> None:
        """Take over a camera that the user has moved: from now on it is theirs."""
        self._own = eye
        self._stir()
        self._choices.update(camera=eye)

    # -- quality -------------------------------------------------------------------------------------------------

    def _stir(self) -> None:
        if self.scene is not None:
            self.scene.set_moving(True)
            self._rest.start()

    def _at_rest(self) -> None:
        if self.scene is None:
            return
        state = self._choices.state
        if state.playing or state.spreading or self.turning or self.pointer.dragging:
            self._rest.start()
            return
        self.scene.set_moving(False)
        self.redraw()
        self.pointer.look_soon()

    def _choose_quality(self) -> None:
        if self.scene is None:
            return
        wanted = self._choices.state.quality
        # Tried at normal: a machine that draws slowly must not even once make room for high quality's samples.
        self.scene.set_quality("normal" if wanted == "auto" else wanted)
        if wanted == "auto" and self.plotter.isVisible():
            QTimer.singleShot(0, self, self._time_a_frame)

    def _time_a_frame(self) -> None:
        """Choose the quality from what one more frame costs, when the picture is on the screen and at rest."""
        if self.scene is None or not self.isVisible() or self._choices.state.quality != "auto":
            return
        start, drawn = time.perf_counter(), self.plotter.frames
        self.plotter.repaint()
        spent = time.perf_counter() - start
        if self.plotter.frames == drawn:
            # Qt does not draw now, for example because the window was put away: wait for the next frame.
            self.plotter.frameSwapped.connect(self._frame_is_out)
        elif spent < FAST_S or spent >= FAIR_S:
            self.scene.set_quality("high" if spent < FAST_S else "low")
            self.redraw()

    def _restyle(self) -> None:
        if self.scene is None:
            self.update()
        elif self.scene.tokens is not self._theme.look.tokens:
            self.scene.set_theme(self._theme.look.tokens.name)
        self.redraw()

    def pick(self, place: QPointF) -> "Pick | None":
        """Return what is drawn at a place of the stage (logical pixels from the top left)."""
        if self.scene is None:
            return None
        ratio = self.devicePixelRatioF()
        return self.scene.pick(place.x() * ratio, (self.height() - place.y()) * ratio - 1)

    def pick_skin(self, place: QPointF) -> "tuple[float, float, float] | None":
        """Return the place on the skin at rest that is drawn at a place of the stage, None beside the body."""
        if self.scene is None or self._anatomy is None:
            return None
        ratio = self.devicePixelRatioF()
        found = self.scene.pick_skin(place.x() * ratio, (self.height() - place.y()) * ratio - 1)
        if found is None:
            return None
        spots = self._anatomy.pain.spots(found.point, self.scene.figure.skin_vertices)
        x, y, z = (round(float(spots.sampled(axis)[0]), 2) for axis in self._anatomy.skin.rest.vertices.T)
        return x, y, z

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the background that the picture will have, until it is there."""
        if self.plotter is None:
            tokens = self._theme.look.tokens
            shade = QLinearGradient(0, 0, 0, self.height())
            shade.setColorAt(0, QColor(tokens.stage_top))
            shade.setColorAt(1, QColor(tokens.stage_bottom))
            with QPainter(self) as painter:
                painter.fillRect(self.rect(), shade)

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(900, 700)
