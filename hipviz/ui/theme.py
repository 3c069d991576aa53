"""How the window looks: sizes, fonts, and the style sheet made from the table of colours.

The colours themselves stand in `hipviz.view.tokens`, shared with the picture.
"""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication

from hipviz.model.state import State
from hipviz.view.tokens import Theme as ThemeName
from hipviz.view.tokens import Tokens, tokens

TOP_BAR, RAIL, CARD, TRANSPORT = 52, 264, 336, 84
NOTE, LABEL, BODY, LEAD, TITLE, READ_OUT, KEY_CAP = 12, 13, 14, 16, 20, 30, 11

ROOMY = (1600, 1000)
"""Window size from which type and panels grow with the window, so that a large screen is not half empty."""
LARGEST_GROWTH = 1.3
WIDTH_NEEDED, STAGE_NEEDED = RAIL + CARD + 500, 620
"""Width of both panels with the least stage, and of a stage with labels on both sides, at the scale 1."""
GROWTH_STEP = 0.05

FAMILIES = ("Inter", "Inter Variable")
SUBSTITUTES = (
    "SF Pro Text",
    "Segoe UI",
    "Noto Sans",
    "Open Sans",
    "Roboto",
    "Ubuntu",
    "Cantarell",
    "Liberation Sans",
)
"""Where Inter is missing: the first of these that the machine has, else whatever Qt takes."""


@dataclass(frozen=True)
class Look:
    """Everything a panel needs to paint itself: colours, the accent of the chosen band, and the scale of type."""

    tokens: Tokens
    accent: str
    tint: str
    scale: float

    @property
    def frame(self) -> tuple[str, float]:
        """What everything but the accent depends on."""
        return self.tokens.name, self.scale

    def px(self, size: float) -> int:
        """Return a length in logical pixels at the present scale."""
        return round(size * self.scale)

    def font(self, size: float, weight: int = 400, tabular: bool = False) -> QFont:
        """Return the interface font; `tabular` figures keep their width while they count."""
        font = QFont()
        font.setFamilies(families())
        font.setPixelSize(max(8, self.px(size)))
        font.setWeight(QFont.Weight(weight))
        if tabular:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font


def families() -> list[str]:
    """Return the font families to use, the best first."""
    global _families
    if not _families:
        present = set(QFontDatabase.families())
        _families = [name for name in (*FAMILIES, *SUBSTITUTES) if name in present][:1]
        _families.append(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family())
    return _families


_families: list[str] = []


def system_theme() -> ThemeName:
    """Return what the system asks for, "light" or "dark"."""
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"


def growth(width: int, height: int) -> float:
    """Return the factor by which type and panels grow in a window of this size (1 on a laptop)."""
    share = min(width / ROOMY[0], height / ROOMY[1], LARGEST_GROWTH)
    return max(1.0, round(share / GROWTH_STEP) * GROWTH_STEP)


def look_of(state: State, size: tuple[int, int]) -> Look:
    """Return the look for what the user has chosen, in a window of `size` (width, height in logical pixels).

    Text may be chosen larger than the panels can take beside a stage: it then grows as far as there is room.
    """
    name = system_theme() if state.theme == "system" else state.theme
    table = tokens(name)
    accent = table.bands[state.band].ink if state.band else table.button
    tint = table.bands[state.band].tint if state.band else table.hover
    room = max(1.0, size[0] / WIDTH_NEEDED)
    return Look(table, accent, tint, min(growth(*size) * state.text_scale, room))


class Theme(QObject):
    """Holds the present Look and tells when it has changed."""

    changed = Signal()

    def __init__(self, state: State, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._size = (0, 0)
        self.look = look_of(state, self._size)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._refresh)

    def follow(self, state: State) -> None:
        """Take over theme, band and text size of a new state."""
        self._state = state
        self._refresh()

    def resize(self, width: int, height: int) -> None:
        """Take over the size of the window."""
        self._size = (width, height)
        self._refresh()

    def stage_look(self, width: int) -> Look:
        """Return the look of labels in a picture of `width`: they may grow more than the panels."""
        wanted = growth(*self._size) * self._state.text_scale
        return replace(self.look, scale=min(wanted, max(1.0, width / STAGE_NEEDED)))

    def _refresh(self, *_: object) -> None:
        look = look_of(self._state, self._size)
        if look != self.look:
            self.look = look
            self.changed.emit()


def rgba(colour: str, alpha: float) -> str:
    """Return a colour of the style sheet language with an opacity 0…1."""
    c = QColor(colour)
    return f"rgba({c.red()}, {c.green()}, {c.blue()}, {round(255 * alpha)})"


def accent_sheet(look: Look) -> str:
    """Return the style of the few controls that take the colour of the chosen band.

    Set on those alone, since a new style sheet for the whole window takes a tenth of a second.
    """
    t = look.tokens
    return f"""
QToolButton#play {{ background: {look.accent}; }}
QToolButton#play:focus {{ border: 3px solid {t.line_strong}; }}
QToolButton#play:disabled {{ background: {t.line}; }}
QPushButton:checked {{ background: {look.tint}; border-color: {look.accent}; color: {look.accent}; }}
"""


def style_sheet(look: Look) -> str:
    """Return the style sheet of the whole window; it does not depend on the chosen band."""
    t, px = look.tokens, look.px
    quoted = ", ".join(f'"{family}"' for family in families())
    return f"""
* {{ font-family: {quoted}; font-size: {px(LABEL)}px; color: {t.text}; outline: 0; }}
QMainWindow, QDialog, #root {{ background: {t.background}; }}
QDialog {{ background: {t.surface}; }}
#topbar {{ background: {t.surface}; border-bottom: 1px solid {t.line}; }}
#rail {{ background: {t.surface}; border-right: 1px solid {t.line}; }}
#card {{ background: {t.surface}; border-left: 1px solid {t.line}; }}
#levers {{ background: {t.surface}; border-top: 1px solid {t.line}; }}
#transport {{ background: {t.surface}; border-top: 1px solid {t.line}; }}
#notice {{ background: {t.warning_ground}; border-bottom: 1px solid {t.line}; }}
QScrollArea, #scrolled {{ background: transparent; border: 0; }}
QLabel {{ background: transparent; }}
QLabel[role="brand"] {{ font-size: {px(LEAD)}px; font-weight: 700; }}
QLabel[role="caption"] {{ font-size: {px(NOTE)}px; font-weight: 600; color: {t.text_third}; }}
QLabel[role="title"] {{ font-size: {px(TITLE)}px; font-weight: 600; }}
QLabel[role="lead"] {{ font-size: {px(LEAD)}px; font-weight: 500; }}
QLabel[role="body"] {{ font-size: {px(LABEL)}px; }}
QLabel[role="row"] {{ font-size: {px(NOTE)}px; }}
QLabel[role="second"] {{ font-size: {px(LABEL)}px; color: {t.text_second}; }}
QLabel[role="note"] {{ font-size: {px(NOTE)}px; color: {t.text_third}; }}
QLabel[role="warn"] {{ font-weight: 600; color: {t.warning}; }}
QLabel[role="key"] {{ font-size: {px(KEY_CAP)}px; font-weight: 600; color: {t.text_second};
    border: 1px solid {t.line_strong}; border-bottom-width: 2px; border-radius: 5px; padding: 1px 6px; }}
QLabel[role="hover"] {{ background: {t.text}; color: {t.surface}; border-radius: 6px; padding: 4px 8px;
    font-weight: 500; }}
QPushButton[role="floating"] {{ background: {rgba(t.surface, 0.93)}; border: 1px solid {t.line_strong};
    border-radius: {px(15)}px; min-height: {px(28)}px; max-height: {px(28)}px; padding: 0 {px(14)}px;
    font-weight: 500; }}
QPushButton[role="floating"]:hover {{ background: {t.hover}; }}
QPushButton[role="floating"]:focus {{ border: 2px solid {t.text_third}; }}
QFrame#rule {{ background: {t.line}; border: 0; max-height: 1px; min-height: 1px; }}
QFrame#warning {{ background: {t.warning_ground}; border: 0; border-radius: 10px; }}
QFrame#chip {{ background: {rgba(t.surface, 0.93)}; border: 1px solid {t.line}; border-radius: 14px; }}
QFrame#choice {{ background: {t.hover}; border: 0; border-radius: 9px; }}
QFrame#choice QPushButton, QFrame#chip QPushButton[role="choice"] {{ background: transparent; border: 2px solid
    transparent; border-radius: 7px; padding: 0 {px(8)}px; min-height: {px(26)}px; max-height: {px(26)}px;
    color: {t.text_second}; font-weight: 500; }}
QFrame#choice QPushButton:hover, QFrame#chip QPushButton[role="choice"]:hover {{ color: {t.text}; }}
QFrame#choice QPushButton:checked {{ background: {t.surface}; color: {t.text}; font-weight: 600; }}
QFrame#chip QPushButton[role="choice"]:hover {{ background: {t.hover}; }}
QFrame#chip QPushButton[role="choice"]:checked {{ background: {t.text}; color: {t.surface}; }}
QFrame#choice QPushButton:focus, QFrame#chip QPushButton[role="choice"]:focus {{ border-color: {t.text_third}; }}
QFrame#choice QPushButton:disabled {{ color: {t.text_third}; }}
QToolButton {{ background: transparent; border: 2px solid transparent; border-radius: 8px;
    min-width: {px(30)}px; max-width: {px(30)}px; min-height: {px(30)}px; max-height: {px(30)}px; }}
QToolButton:hover {{ background: {t.hover}; }}
QToolButton:checked {{ background: {t.hover}; }}
QToolButton:focus {{ border-color: {t.text_third}; }}
QToolButton::menu-indicator {{ image: none; }}
QToolButton#play {{ border-radius: {px(44) // 2}px; border: 0;
    min-width: {px(44)}px; max-width: {px(44)}px; min-height: {px(44)}px; max-height: {px(44)}px; }}
QPushButton[role="plain"], QDialogButtonBox QPushButton,
QProgressDialog QPushButton {{ background: {t.raised}; border: 1px solid {t.line_strong}; border-radius: 8px;
    padding: 0 {px(12)}px; min-height: {px(30)}px; font-weight: 500; }}
QPushButton[role="plain"]:hover, QDialogButtonBox QPushButton:hover,
QProgressDialog QPushButton:hover {{ background: {t.hover}; }}
QPushButton[role="plain"]:focus, QDialogButtonBox QPushButton:focus,
QProgressDialog QPushButton:focus {{ border: 2px solid {t.text_third}; }}
QPushButton[role="plain"]:disabled, QDialogButtonBox QPushButton:disabled,
QProgressDialog QPushButton:disabled {{ color: {t.line_strong}; border-color: {t.line}; }}
QPushButton[role="tool"] {{ background: {t.raised}; border: 1px solid {t.line_strong}; border-radius: 6px;
    padding: 0 {px(8)}px; min-height: {px(18)}px; max-height: {px(18)}px; font-size: {px(NOTE)}px; }}
QPushButton[role="tool"]:hover {{ background: {t.hover}; }}
QPushButton[role="tool"]:checked {{ background: {t.text}; border-color: {t.text}; color: {t.surface}; }}
QPushButton[role="tool"]:focus {{ border: 2px solid {t.text_third}; }}
QPushButton[role="tool"]:disabled {{ color: {t.text_third}; border-color: {t.line}; }}
QPushButton[role="link"] {{ background: transparent; border: 1px solid transparent; padding: 0; text-align: left;
    font-size: {px(NOTE)}px; color: {t.text_second}; text-decoration: underline; }}
QPushButton[role="link"]:hover {{ color: {t.text}; }}
QPushButton[role="link"]:focus {{ color: {t.text}; background: {t.hover}; border-radius: 4px;
    border-color: {t.text_third}; }}
QPushButton[role="link"]:disabled {{ color: {t.text_third}; text-decoration: none; }}
QSlider {{ min-height: {px(22)}px; max-height: {px(22)}px; background: transparent; border-radius: 6px;
    border: 1px solid transparent; }}
QSlider:focus {{ background: {t.hover}; border-color: {t.text_third}; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {t.line}; }}
QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {t.text_third}; }}
QSlider::sub-page:horizontal:disabled {{ background: {t.line_strong}; }}
QSlider::handle:horizontal {{ width: 12px; height: 12px; margin: -5px 0; border-radius: 7px;
    background: {t.surface}; border: 1px solid {t.text_third}; }}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{ border: 2px solid {t.text_third};
    width: 10px; height: 10px; }}
QProgressBar {{ background: {t.line}; border: 0; border-radius: 2px; max-height: 4px; min-height: 4px; }}
QProgressBar::chunk {{ background: {t.text_second}; border-radius: 2px; }}
QScrollBar:vertical {{ background: transparent; width: 8px; margin: 2px 2px 2px 0; }}
QScrollBar::handle:vertical {{ background: {t.line_strong}; border-radius: 3px; min-height: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ height: 0;
    background: transparent; }}
QCheckBox {{ spacing: {px(8)}px; border: 2px solid transparent; border-radius: 6px; }}
QCheckBox::indicator {{ width: {px(13)}px; height: {px(13)}px; background: {t.raised}; border: 2px solid
    {t.text_third}; border-radius: 4px; }}
QCheckBox::indicator:hover {{ background: {t.hover}; }}
QCheckBox::indicator:focus {{ border-color: {t.text}; }}
QCheckBox::indicator:checked {{ background: {t.text}; border-color: {t.text}; }}
QCheckBox:focus {{ background: {t.hover}; border-color: {t.text_third}; }}
QCheckBox:disabled {{ color: {t.text_third}; }}
QCheckBox::indicator:disabled {{ border-color: {t.line}; }}
QLineEdit {{ background: {t.raised}; border: 1px solid {t.line_strong}; border-radius: 8px; padding: 0 {px(10)}px;
    min-height: {px(36)}px; font-size: {px(BODY)}px; }}
QDoubleSpinBox {{ background: {t.raised}; border: 1px solid {t.line_strong}; border-radius: 6px;
    min-height: {px(24)}px; max-height: {px(24)}px; }}
QDoubleSpinBox QLineEdit {{ background: transparent; border: 0; padding: 0 {px(6)}px; min-height: 0;
    font-size: {px(LABEL)}px; }}
QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{ subcontrol-origin: border; width: 0px; border: 0px; }}
QSlider#angle {{ min-height: {px(31)}px; max-height: {px(31)}px; }}
QDoubleSpinBox:focus {{ border: 2px solid {t.text_third}; }}
QLineEdit:focus {{ border: 2px solid {t.text_third}; }}
QPlainTextEdit {{ background: {t.raised}; border: 1px solid {t.line_strong}; border-radius: 8px; padding: 4px; }}
QPlainTextEdit:focus {{ border: 2px solid {t.text_third}; padding: 3px; }}
QListWidget, QTextBrowser {{ background: {t.surface}; border: 0; }}
QListWidget::item {{ min-height: {px(34)}px; padding: 0 {px(10)}px; border-radius: 8px; }}
QListWidget::item:selected {{ background: {t.hover}; color: {t.text}; }}
QMenu {{ background: {t.surface}; border: 1px solid {t.line_strong}; padding: 6px; }}
QMenu::item {{ padding: {px(6)}px {px(24)}px {px(6)}px {px(10)}px; border-radius: 6px; }}
QMenu::item:selected {{ background: {t.hover}; }}
QMenu::item:disabled {{ color: {t.text_third}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 6px 8px; }}
QToolTip {{ background: {t.text}; color: {t.surface}; border: 0; padding: 6px 8px; font-size: {px(NOTE)}px; }}
"""
