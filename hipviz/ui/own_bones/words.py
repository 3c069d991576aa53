"""Words and buttons that several pages of the dialog share."""

import re
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QPushButton

from hipviz.ui.action import QT_TRANSLATE_NOOP

BONES = {
    "hip_bone": QT_TRANSLATE_NOOP("own_bones", "Hip bone"),
    "femur": QT_TRANSLATE_NOOP("own_bones", "Femur"),
    "sacrum": QT_TRANSLATE_NOOP("own_bones", "Sacrum"),
}


def bone_word(bone: str) -> str:
    """Return the name of a bone."""
    return QCoreApplication.translate("own_bones", BONES[bone])


def for_window(sentence: str) -> str:
    """Return a sentence of the model without what only the command line needs: brackets that name its options."""
    return re.sub(r" \([^()]*--[^()]*\)", "", sentence)


def button(text: str, act: Callable[[], object]) -> QPushButton:
    """Return a plain button."""
    made = QPushButton(text)
    made.setProperty("role", "plain")
    made.setAutoDefault(False)
    made.clicked.connect(lambda _checked=False: act())
    return made
