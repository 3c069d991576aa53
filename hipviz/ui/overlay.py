"""Paints labels, axis, arc, X, read-out and orientation marker over the picture, with QPainter.

Works on a widget and on a QImage alike (QtGui only). Where things stand is laid out in `hipviz.view.annotations`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from hipviz.model.state import State
from hipviz.ui.theme import LABEL, NOTE, READ_OUT, Look
from hipviz.view.annotations import Annotations, Mark
from hipviz.view.hands import HandSign
from hipviz.view.layout import Box, Kind, Label, Measure, Point
from hipviz.view.marks import Arrow
from hipviz.view.pull import CHOSEN_PX, Pull

if TYPE_CHECKING:
    from hipviz.view.scene import Scene

MARKER_RADIUS = 42
MARGIN = 16
LABEL_PADDING = (11, 6)
PRESENTED = 1.4
"""How much larger everything is in a presentation: labels of 18 px."""
DOTTED = ("landmark", "band", "essential", "spillover")
"""Kinds of labels whose line ends in a dot; the others point at something that is drawn itself."""


def annotate(
    painter: QPainter,
    scene: "Scene",
    state: State,
    size: Point,
    look: Look,
    reserved: Sequence[Box] = (),
    paired: bool = False,
) -> None:
    """Paint everything over the picture of `scene`.

    size : of the picture, logical px. reserved : boxes that labels must leave free, besides those painted here.
    paired : whether it is one of two beside each other.
    """
    if state.presenting:
        look = replace(look, scale=look.scale * PRESENTED)
    measure = measure_in(look)
    corner = Box(MARGIN, size[1] - MARGIN - look.px(2 * MARKER_RADIUS), look.px(300), look.px(2 * MARKER_RADIUS))
    taken = [*reserved, corner]
    # While presenting, the caption tells the angles; over two pictures there is none.
    read_out = state.band is not None and (paired or not state.presenting)
    if read_out:
        # Wide enough for the longest words: labels must not jump while the angles count.
        taken.append(Box(MARGIN, MARGIN, look.px(260), look.px(80)))
    found = scene.annotations(state, size, measure, taken)
    paint(painter, found, state, size, look, read_out)


def paint(painter: QPainter, found: Annotations, state: State, size: Point, look: Look, read_out: bool) -> None:
    """Paint annotations that were laid out for a picture of `size`; `read_out` says whether with the angles."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    px = look.px
    if found.axis is not None and found.pivot is not None:
        paint_axis(painter, QPointF(*found.axis[0]), QPointF(*found.axis[1]), QPointF(*found.pivot), look)
    for arrow in found.arrows:
        paint_arrow(painter, arrow, look)
    for pull in found.pulls:
        paint_pull(painter, pull, look)
    for sign in found.hands:
        paint_hand(painter, sign, look)
    for label in found.labels:
        paint_leader(painter, label, look)
    for label in found.labels:
        paint_label(painter, label, look, look.font(LABEL, 500))
    for pull in found.pulls:
        if pull.band == state.band:  # those of all three would stand over each other
            paint_lever_length(painter, pull, look)
    if found.mark is not None:
        paint_mark(painter, found.mark, look)
    paint_marker(painter, found, QPointF(MARGIN + px(MARKER_RADIUS), size[1] - MARGIN - px(MARKER_RADIUS)), look)
    if read_out:
        paint_read_out(painter, list(found.angles), QPointF(MARGIN, MARGIN), look)


def measure_in(look: Look) -> Measure:
    """Return the function that tells how large a label is."""
    metrics = QFontMetricsF(look.font(LABEL, 500))
    across, down = look.px(LABEL_PADDING[0]), look.px(LABEL_PADDING[1])

    def measure(text: str, kind: Kind) -> tuple[float, float]:
        lines = text.split("\n")
        width = max(metrics.horizontalAdvance(line) for line in lines)
        return width + 2 * across, metrics.height() + (len(lines) - 1) * metrics.lineSpacing() + 2 * down

    return measure


def ink(label: Label, look: Look) -> QColor:
    """Return the colour of a label's words."""
    t = look.tokens
    if label.band is not None:
        return QColor(t.bands[label.band].ink)
    return QColor(t.zone_text if label.kind in ("essential", "spillover") else t.text)


def paint_leader(painter: QPainter, label: Label, look: Look) -> None:
    """Paint the line from what is meant to its label."""
    t, px = look.tokens, look.px
    points = [QPointF(*place) for place in label.line]
    if label.kind == "trigger_point":
        points[0] = beside(points[0], points[1], px(17))
    line = path_of(points)
    painter.save()
    painter.setOpacity(0.45 if label.hidden else 1.0)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(translucent(t.label_ground, 0.7), px(3.5)))
    painter.drawPath(line)
    pen = QPen(QColor(t.text_second), max(1.2, 1.2 * look.scale))
    if label.hidden:
        pen.setDashPattern([3, 3])
    painter.setPen(pen)
    painter.drawPath(line)
    if label.kind in DOTTED:
        painter.setPen(QPen(translucent(t.label_ground, 0.95), 1.5))
        painter.setBrush(QColor(t.bands[label.band].fill) if label.band else ink(label, look))
        painter.drawEllipse(points[0], px(4), px(4))
    painter.restore()


def paint_label(painter: QPainter, label: Label, look: Look, font: QFont) -> None:
    """Paint the words of a label on their chip."""
    box = QRectF(*label.box)
    chip(painter, box, look, min(box.height() / 2, look.px(14)))
    painter.setFont(font)
    painter.setPen(ink(label, look))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label.text)


def beside(start: QPointF, towards: QPointF, distance: float) -> QPointF:
    """Return the point at a distance from `start` on the way `towards` another one."""
    way = towards - start
    length = (way.x() ** 2 + way.y() ** 2) ** 0.5
    return start + way * (distance / length) if length > distance else towards


def chip(painter: QPainter, box: QRectF, look: Look, radius: float) -> None:
    """Paint the ground of a label."""
    t = look.tokens
    painter.setPen(QPen(QColor(t.line), 1))
    painter.setBrush(translucent(t.label_ground, t.label_ground_opacity))
    painter.drawRoundedRect(box, radius, radius)


def translucent(colour: str, opacity: float) -> QColor:
    """Return a colour with an opacity 0…1."""
    made = QColor(colour)
    made.setAlphaF(opacity)
    return made


def path_of(points: list[QPointF]) -> QPainterPath:
    """Return a line through points."""
    path = QPainterPath(points[0])
    for point in points[1:]:
        path.lineTo(point)
    return path


def read_out_size(angles: list[tuple[str, int]], look: Look) -> tuple[float, float]:
    """Return width and height of the read-out."""
    return sum(_columns(angles, look)) + look.px(28) * (len(angles) - 1) + look.px(36), look.px(76)


def _columns(angles: list[tuple[str, int]], look: Look) -> list[float]:
    words = QFontMetricsF(look.font(LABEL, 500))
    figures = QFontMetricsF(look.font(READ_OUT, 600, True))
    widest = [max(figures.horizontalAdvance(text) for text in ("00°", f"{degrees}°")) for _, degrees in angles]
    return [max(words.horizontalAdvance(word), width) for (word, _), width in zip(angles, widest, strict=True)]


def paint_read_out(painter: QPainter, angles: list[tuple[str, int]], place: QPointF, look: Look) -> None:
    """Paint the angles reached, in words and degrees, from the upper left corner `place`."""
    if not angles:
        return
    px = look.px
    width, height = read_out_size(angles, look)
    chip(painter, QRectF(place.x(), place.y(), width, height), look, px(14))
    x = place.x() + px(18)
    for (word, degrees), column in zip(angles, _columns(angles, look), strict=True):
        painter.setFont(look.font(LABEL, 500))
        painter.setPen(QColor(look.tokens.text_second))
        painter.drawText(QRectF(x, place.y() + px(12), column + 4, px(18)), Qt.AlignmentFlag.AlignVCenter, word)
        painter.setFont(look.font(READ_OUT, 600, True))
        painter.setPen(QColor(look.accent))
        figures = QRectF(x - 1, place.y() + px(31), column + px(12), px(36))
        painter.drawText(figures, Qt.AlignmentFlag.AlignVCenter, f"{degrees}°")
        x += column + px(28)


def paint_marker(painter: QPainter, found: Annotations, centre: QPointF, look: Look) -> None:
    """Paint the anatomical directions and, beside them, from where the body is seen."""
    t, px = look.tokens, look.px
    radius, reach = px(MARKER_RADIUS), px(30)
    painter.setPen(QPen(QColor(t.line), 1))
    painter.setBrush(translucent(t.label_ground, t.label_ground_opacity))
    painter.drawEllipse(centre, radius, radius)
    for letter, right, down, towards in found.marker:
        length = (right * right + down * down) ** 0.5
        if length < 0.35 or (towards < -0.3 and length < 0.85):
            continue  # it would lie on the middle, or hide behind its opposite
        near = towards > -0.3
        tip = QPointF(centre.x() + reach * right, centre.y() + reach * down)
        painter.setPen(QPen(translucent(t.text_third, 0.9 if near else 0.4), px(1.6)))
        painter.drawLine(centre, centre + (tip - centre) * 0.62)
        painter.setPen(QColor(t.text if near else t.text_third))
        painter.setFont(look.font(11, 600 if near else 400))
        painter.drawText(
            QRectF(tip.x() - px(9), tip.y() - px(9), px(18), px(18)), Qt.AlignmentFlag.AlignCenter, letter
        )
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(t.text_third))
    painter.drawEllipse(centre, px(2.5), px(2.5))

    left = centre.x() + radius + px(8)
    paint_words(painter, found.view, left, centre.y(), t.text_second, look)
    if found.hint:
        paint_words(painter, found.hint, left, centre.y() - px(32), t.zone_text, look)


def paint_words(painter: QPainter, words: str, left: float, middle: float, colour: str, look: Look) -> None:
    """Paint a small chip with words, its left edge and the middle of its height given."""
    font = look.font(NOTE, 500)
    width = QFontMetricsF(font).horizontalAdvance(words) + look.px(22)
    box = QRectF(left, middle - look.px(13), width, look.px(26))
    chip(painter, box, look, box.height() / 2)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def paint_mark(painter: QPainter, mark: Mark, look: Look) -> None:
    """Paint the X of a trigger point, swollen and ringed as far as it beats."""
    centre, opacity = QPointF(*mark.centre), 0.5 if mark.hidden else 1.0
    if mark.beat > 0.0:
        radius = look.px(10) + look.px(18) * mark.beat
        fill = translucent(look.tokens.zone, 0.30 * opacity * mark.beat)
        painter.setPen(QPen(translucent(look.tokens.zone_outline, opacity * mark.beat), look.px(2.5)))
        painter.setBrush(fill)
        painter.drawEllipse(centre, radius, radius)
    paint_cross(painter, centre, look.px(7.5) * (1.0 + 0.5 * mark.beat), mark.hidden)


def paint_hand(painter: QPainter, sign: HandSign, look: Look) -> None:
    """Paint what a hand does: a stroke, a place that is held, a fingertip, or the way between two of them."""
    t, px = look.tokens, look.px
    points = [QPointF(float(x), float(y)) for x, y in sign.points]
    painter.save()
    painter.setOpacity(0.35 if sign.hidden else 1.0)
    if sign.kind == "stroke":
        paint_arrow(painter, Arrow(sign.points, "stroke"), look)
    elif sign.kind == "between":
        for colour, thickness in ((translucent(t.label_ground, 0.9), px(5)), (QColor(look.accent), px(2.4))):
            painter.setPen(QPen(colour, thickness, Qt.PenStyle.DashLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(points[0], points[1])
        paint_touch(painter, (points[0] + points[1]) / 2, px(15), px(6), look)
    else:
        paint_touch(painter, points[0], px(20 if sign.kind == "hold" else 13), 0, look)
    painter.restore()


def paint_touch(painter: QPainter, centre: QPointF, radius: float, core: float, look: Look) -> None:
    """Paint a ring where the hand touches, with a solid core where it sinks in."""
    t = look.tokens
    painter.setBrush(translucent(look.accent, 0.22))
    for colour, thickness in ((translucent(t.label_ground, 0.9), look.px(5)), (QColor(look.accent), look.px(2.6))):
        painter.setPen(QPen(colour, thickness))
        painter.drawEllipse(centre, radius, radius)
    if core:
        painter.setPen(QPen(translucent(t.label_ground, 0.9), look.px(1.5)))
        painter.setBrush(QColor(look.accent))
        painter.drawEllipse(centre, core, core)


def paint_cross(painter: QPainter, place: QPointF, size: float, hidden: bool = False) -> None:
    """Paint the X of a trigger point: black on white, to read on every colour; dotted behind something."""
    painter.save()
    white, black = (
        QPen(translucent("#FFFFFF", 0.6 if hidden else 1.0), 0.95 * size),
        QPen(QColor("#11161C"), 0.48 * size),
    )
    if hidden:
        white.setWidthF(0.7 * size)
        black.setWidthF(0.3 * size)
        black.setDashPattern([0.01, 1.9])
    for pen in (white, black):
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for slope in (1, -1):
            arm = QPointF(size, slope * size)
            painter.drawLine(place - arm, place + arm)
    painter.restore()


def paint_arrow(painter: QPainter, arrow: Arrow, look: Look) -> None:
    """Paint the way of the thigh, or its turn about its own length, as an arc with a head."""
    points = [QPointF(float(x), float(y)) for x, y in arrow.points]
    if len(points) < 3:
        return
    t, px = look.tokens, look.px
    thick = px(6) if arrow.meaning == "swing" else px(5)
    before, last = points[-3], points[-1]
    way = last - before
    length = (way.x() ** 2 + way.y() ** 2) ** 0.5 or 1.0
    along = way / length
    across = QPointF(-along.y(), along.x())
    back = last - along * px(5)
    head = QPolygonF([last + along * px(15), back + across * px(11), back - across * px(11)])
    line = path_of(points)
    halo = translucent(t.label_ground, 0.9)
    round_pen = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(halo, thick + px(3), *round_pen))
    painter.drawPath(line)
    painter.setPen(QPen(halo, px(3), *round_pen))
    painter.drawPolygon(head)
    painter.setPen(QPen(QColor(look.accent), thick, *round_pen))
    painter.drawPath(line)
    painter.setPen(QPen(QColor(look.accent), 1, *round_pen))
    painter.setBrush(QColor(look.accent))
    painter.drawPolygon(head)


def paint_pull(painter: QPainter, pull: Pull, look: Look) -> None:
    """Paint a line of pull as an arrow from its grip, and the lever from the axis to it."""
    t, px = look.tokens, look.px
    grip, goal = (QPointF(*place) for place in pull.line)
    colour = QColor(t.bands[pull.band].ink)
    halo = translucent(t.label_ground, 0.85)
    thick = px(pull.thickness)
    round_pen = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    way = goal - grip
    length = (way.x() ** 2 + way.y() ** 2) ** 0.5 or 1.0
    along, across = way / length, QPointF(-way.y() / length, way.x() / length)
    back = goal - along * (px(7) + 2 * thick)
    head = QPolygonF([goal, back + across * (px(3) + thick), back - across * (px(3) + thick)])
    painter.save()
    painter.setOpacity(0.6 if pull.thickness < CHOSEN_PX else 1.0)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(halo, thick + px(3), *round_pen))
    painter.drawLine(grip, back)
    painter.drawPolygon(head)
    painter.setPen(QPen(colour, thick, *round_pen))
    painter.drawLine(grip, back)
    painter.setBrush(colour)
    painter.setPen(QPen(colour, 1, *round_pen))
    painter.drawPolygon(head)
    painter.drawEllipse(grip, px(3.5), px(3.5))
    if pull.foot is not None:
        on_axis, on_line = (QPointF(*place) for place in pull.foot)
        beyond = QPointF.dotProduct(on_line - grip, along) - length
        if beyond > 0.0 or QPointF.dotProduct(on_line - grip, along) < 0.0:
            # The foot lies on the line's continuation: show that it belongs to it.
            painter.setPen(QPen(colour, px(1.6), Qt.PenStyle.DashLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(goal if beyond > 0.0 else grip, on_line)
        for pen in (QPen(halo, px(6), *round_pen), QPen(QColor(t.text), px(2.2), *round_pen)):
            painter.setPen(pen)
            painter.drawLine(on_axis, on_line)
        painter.setPen(QPen(QColor(t.surface), 1.5))
        painter.setBrush(QColor(t.text))
        for place in (on_axis, on_line):
            painter.drawEllipse(place, px(3.2), px(3.2))
    painter.restore()


def paint_lever_length(painter: QPainter, pull: Pull, look: Look) -> None:
    """Paint the length of a lever beyond its foot on the axis, where it covers neither lever nor muscle."""
    if pull.foot is None:
        return
    on_axis, on_line = pull.foot
    words = f"{abs(pull.arm_mm):.0f} mm"
    width = QFontMetricsF(look.font(NOTE, 500)).horizontalAdvance(words) + look.px(22)
    left = on_axis[0] + look.px(9) if on_axis[0] >= on_line[0] else on_axis[0] - look.px(9) - width
    paint_words(painter, words, left, on_axis[1], look.tokens.bands[pull.band].ink, look)


def paint_axis(painter: QPainter, start: QPointF, end: QPointF, centre: QPointF, look: Look) -> None:
    """Paint the axis about which the thigh turns, and the centre of the joint."""
    t, px = look.tokens, look.px
    for colour, thickness in ((translucent(t.label_ground, 0.7), px(4)), (QColor(t.axis), px(2))):
        pen = QPen(colour, thickness, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([8 / (thickness or 1), 6 / (thickness or 1)])
        painter.setPen(pen)
        painter.drawLine(start, end)
    painter.setPen(QPen(QColor(t.surface), 2))
    painter.setBrush(QColor(t.text_second))
    painter.drawEllipse(centre, px(5), px(5))
