"""The left panel: the three bands, the side, the layers with their opacities.

It shows the State and asks the store for changes; it never sees the picture.
"""

import msgspec
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from hipviz.model.content import BandWords, Words
from hipviz.model.state import ASIDE, LAYERS, LayerName, State
from hipviz.model.units import BANDS, Band
from hipviz.ui.actions import BY_ID
from hipviz.ui.controls import KEYBOARD_ONLY, Choice, IconButton, column, label, row
from hipviz.ui.pictogram import paint_fan
from hipviz.ui.store import Store
from hipviz.ui.theme import BODY, KEY_CAP, NOTE, RAIL, Theme, accent_sheet

ENTRY_HEIGHT = 68
ASIDE_IN_A_ROW = 2
MORE: dict[LayerName, str] = {"skin": "xray", "zones": "referral"}
"""What else can be done with a layer, beside its name: ids of actions."""


class BandEntry(QAbstractButton):
    """One band: fan with its sector filled, name, what it does, and the key that chooses it.

    `pointed_at` is sent when the pointer comes (true) and goes.
    """

    pointed_at = Signal(bool)

    def __init__(self, theme: Theme, words: BandWords) -> None:
        super().__init__()
        self._theme = theme
        self._words = words
        self._line = ""
        self.setCheckable(True)
        self.setFocusPolicy(KEYBOARD_ONLY)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(words.name.plain)
        self._hovered = False
        theme.changed.connect(self._restyle)
        self._restyle()

    def display(self, state: State) -> None:
        """Show whether this band is chosen or pointed at, in the present wording."""
        self.setChecked(state.band == self._words.id)
        self._line = self._words.line.in_register(state.wording)
        self._hovered = state.hovered == self._words.id
        self.setAccessibleDescription(self._line)
        self.setToolTip(self.tr("{line} (key {number})").format(line=self._line, number=self._words.number))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size at the present scale."""
        return QSize(self._theme.look.px(180), self._theme.look.px(ENTRY_HEIGHT))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Tell that the pointer is here."""
        self.pointed_at.emit(True)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the pointer has gone."""
        self.pointed_at.emit(False)
        self.update()

    def nextCheckState(self) -> None:
        """Leave the mark alone: the state decides what is chosen."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the entry."""
        look, t, colours = self._theme.look, self._theme.look.tokens, self._theme.look.tokens.bands[self._words.id]
        px = look.px
        chosen, near = self.isChecked(), self.underMouse() or self._hovered
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            edge = colours.ink if chosen else t.line_strong if near else t.line
            painter.setPen(QPen(QColor(edge), 2 if chosen else 1))
            painter.setBrush(QColor(colours.tint if chosen else t.raised if near else t.surface))
            painter.drawRoundedRect(frame, 12, 12)
            if self.hasFocus():
                painter.setPen(QPen(QColor(colours.ink), 2, Qt.PenStyle.DotLine))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(frame.adjusted(3, 3, -3, -3), 9, 9)
            paint_fan(painter, QRectF(px(10), (self.height() - px(32)) / 2, px(36), px(32)), t, self._words.id)

            cap = QRectF(self.width() - px(29), px(9), px(19), px(19))
            painter.setPen(QPen(QColor(t.line_strong), 1))
            painter.setBrush(QColor(t.surface))
            painter.drawRoundedRect(cap, 5, 5)
            painter.setPen(QColor(t.text_second))
            painter.setFont(look.font(KEY_CAP, 600))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, str(self._words.number))

            left, right = px(58), self.width() - px(12)
            name_font, line_font = look.font(BODY, 600), look.font(NOTE)
            wrapped = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
            room = QRectF(left, 0, right - left, px(60))
            metrics = QFontMetricsF(line_font)
            line = self._line if metrics.horizontalAdvance(self._line) < room.width() else broken(self._line)
            line_height = metrics.boundingRect(room, int(wrapped), line).height()
            name_height = QFontMetricsF(name_font).height()
            top = (self.height() - name_height - line_height - px(2)) / 2
            painter.setFont(name_font)
            painter.setPen(QColor(t.text))
            painter.drawText(QRectF(left, top, right - left, name_height), 0, self._words.name.plain)
            painter.setFont(line_font)
            painter.setPen(QColor(t.text_second))
            painter.drawText(
                QRectF(left, top + name_height + px(2), right - left, line_height), int(wrapped), line
            )

    def _restyle(self) -> None:
        self.setFixedHeight(self._theme.look.px(ENTRY_HEIGHT))
        self.update()


def broken(text: str) -> str:
    """Return a line that is too long in two that make sense: parted after a comma, or before an "and"."""
    if ", " in text:
        return text.replace(", ", ",\n", 1)
    return text.replace(" and ", "\nand ", 1)


class LayerRow(QWidget):
    """One layer: an eye that shows or hides it, its name, a slider for its opacity."""

    def __init__(self, theme: Theme, store: Store, name: LayerName, words: Words) -> None:
        super().__init__()
        action = BY_ID[f"layer.{name}"]
        self._store = store
        self._words = words
        self._name: LayerName = name
        self._text = action.label
        line = row(self, gap=theme.look.px(6))
        self.eye = IconButton(theme, "ph.eye", self._text, checkable=False)
        self.eye.clicked.connect(lambda: store.update(**self._flipped()))
        line.addWidget(self.eye)
        self._label = label(self._text, "body", wrap=False)
        line.addWidget(self._label, 1)
        self.more: IconButton | None = None
        if name in MORE:
            more = BY_ID[MORE[name]]
            self.more = IconButton(theme, more.icon, f"{more.label} ({more.keys[0]})", more.checked is not None)
            self.more.clicked.connect(self._do_more)
            line.addWidget(self.more)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setPageStep(10)
        self.slider.setFocusPolicy(KEYBOARD_ONLY)
        self.slider.setAccessibleName(self.tr("Opacity of {layer}").format(layer=self._text))
        self.slider.valueChanged.connect(self._fade)
        line.addWidget(self.slider, 1)

    def display(self, state: State) -> None:
        """Show whether the layer is visible, and how opaque."""
        layer = state.layer(self._name)
        tip = self.tr("Hide: {layer}") if layer.shown else self.tr("Show: {layer}")
        key = BY_ID[f"layer.{self._name}"].keys[0]
        self.eye.describe(tip.format(layer=self._text) + f" ({key})")
        self.eye.show_icon("ph.eye" if layer.shown else "ph.eye-slash")
        self.slider.blockSignals(True)
        self.slider.setValue(round(100 * layer.opacity))
        self.slider.blockSignals(False)
        self.slider.setToolTip(self.tr("{percent} % opaque").format(percent=round(100 * layer.opacity)))
        self.slider.setEnabled(layer.shown)
        self._label.setEnabled(layer.shown)
        if self.more is not None:
            more = BY_ID[MORE[self._name]]
            self.more.setEnabled(more.possible is None or more.possible(state))
            self.more.setChecked(more.checked is not None and more.checked(state))

    def _do_more(self) -> None:
        change = BY_ID[MORE[self._name]].change
        self._store.update(**change(self._store.state, self._words) if change else {})
        self.display(self._store.state)

    def _flipped(self) -> dict[str, object]:
        change = BY_ID[f"layer.{self._name}"].change
        return change(self._store.state, self._words) if change else {}

    def _fade(self, percent: int) -> None:
        layer = self._store.state.layer(self._name)
        self._store.update(**{self._name: msgspec.structs.replace(layer, opacity=percent / 100.0)})


class Rail(QFrame):
    """The whole panel."""

    def __init__(self, theme: Theme, store: Store, words: Words) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAccessibleName(self.tr("Bands, side and layers"))
        self._theme = theme
        self._store = store
        self._words = words
        page = QWidget()
        page.setObjectName("scrolled")
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        column(self).addWidget(scroll)
        self._lines: QVBoxLayout = column(page)
        self._captions = [label(text, "caption", wrap=False) for text in (self.tr("Band"), self.tr("Side"))]
        self._captions.append(label(self.tr("Layers"), "caption", wrap=False))

        self._lines.addWidget(self._captions[0])
        self.entries: dict[Band, BandEntry] = {}
        for band in BANDS:
            entry = BandEntry(theme, words.bands[band])
            entry.clicked.connect(lambda _checked=False, band=band: self._do(f"band.{band}"))
            entry.pointed_at.connect(lambda here, band=band: store.update(hovered=band if here else None))
            self.entries[band] = entry
            self._lines.addWidget(entry)

        self._lines.addSpacing(8)
        self._lines.addWidget(self._captions[1])
        self.side = Choice(("left", "right"), self.tr("Side"))
        self.side.describe("left", self.tr("Left"), self.tr("Left side (L)"))
        self.side.describe("right", self.tr("Right"), self.tr("Right side (R)"))
        self.side.picked.connect(lambda side: self._do(f"side.{side}"))
        self._lines.addWidget(self.side)

        self._lines.addSpacing(8)
        self._lines.addWidget(self._captions[2])
        self.layers: dict[LayerName, LayerRow] = {}
        for name in LAYERS:
            self.layers[name] = LayerRow(theme, store, name, words)
            self._lines.addWidget(self.layers[name])
        self._below: QHBoxLayout = QHBoxLayout()
        self.isolate = self._toggle("isolate", self.tr("Only this band"))
        self.labels = self._toggle("labels", self.tr("Labels"))
        self._below.addWidget(self.isolate, 3)
        self._below.addWidget(self.labels, 2)
        self._lines.addSpacing(4)
        self._lines.addLayout(self._below)
        self._beside = [QHBoxLayout(), QHBoxLayout()]
        texts = {
            "minimus": self.tr("Minimus"),
            "maximus": self.tr("Maximus"),
            "attachments": self.tr("Grips"),
            "piriformis": self.tr("Piriformis"),
        }
        self.aside = {name: self._toggle(f"layer.{name}", texts[name]) for name in ASIDE}
        for place, toggle in enumerate(self.aside.values()):
            self._beside[place // ASIDE_IN_A_ROW].addWidget(toggle)
        for line in self._beside:
            self._lines.addLayout(line)
        self._lines.addStretch(1)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.display(store.state)

    def display(self, state: State) -> None:
        """Show the state."""
        for entry in self.entries.values():
            entry.display(state)
        self.side.choose(state.side)
        for layer in self.layers.values():
            layer.display(state)
        self.isolate.setEnabled(state.band is not None)
        self.isolate.setChecked(state.isolated)
        self.labels.setChecked(state.labels)
        for name, toggle in self.aside.items():
            toggle.setChecked(state.layer(name).shown)

    def _toggle(self, action_id: str, text: str) -> QPushButton:
        action = BY_ID[action_id]
        button = QPushButton(text)
        button.setProperty("role", "plain")
        button.setCheckable(True)
        button.setFocusPolicy(KEYBOARD_ONLY)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setToolTip(f"{action.label} ({action.keys[0]})")
        button.clicked.connect(lambda: self._do(action_id))
        return button

    def _do(self, action_id: str) -> None:
        change = BY_ID[action_id].change
        if change is not None:
            self._store.update(**change(self._store.state, self._words))
        self.display(self._store.state)

    def _restyle(self) -> None:
        px = self._theme.look.px
        self.setFixedWidth(px(RAIL))
        self._lines.setContentsMargins(px(16), px(14), px(16), px(12))
        self._lines.setSpacing(px(8))
        self._below.setSpacing(px(8))
        for line in self._beside:
            line.setSpacing(px(6))
        for toggle in (self.isolate, self.labels, *self.aside.values()):
            toggle.setStyleSheet(accent_sheet(self._theme.look))
        for layer in self.layers.values():
            layer.slider.setFixedWidth(px(72))
