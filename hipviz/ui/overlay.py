"""Paints labels, axis, arc, X, read-out and orientation marker over the picture, with QPainter.

Works on a widget and on a QImage alike (QtGui only). Where things stand is laid out in `hipviz.view.annotations`.
"""


def paint_stage(painter, scene, state, eye, size, look):
    pass
