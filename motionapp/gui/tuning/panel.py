"""All settings of the analysis: folded by room, searched, each with its description and a way back.
Says what is asked for and shows what is in force."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QPaintEvent, QShowEvent
from PyQt6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from motionapp.gui.choice import Choice
from motionapp.gui.one_line import OneLine, plain_tip
from motionapp.gui.tuning.editors import Editor
from motionapp.gui.tuning.fields import Field, fields, value_of
from motionapp.gui.words import tr
from motionapp.settings import PRESETS, AnalysisSettings


class SettingsPanel(QWidget):
    """An editor for every setting; made when the panel is first seen, which saves each start a
    fifth of a second."""

    changed = pyqtSignal(str, object)  # path below analysis, value
    preset_asked = pyqtSignal(str)
    reset_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, _Row] = {}
        self._rooms: dict[str, _Room] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self._search = QLineEdit()
        self._search.setPlaceholderText(tr("Search settings"))
        self._search.setAccessibleName(tr("Search settings"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._find)
        layout.addWidget(self._search)
        layout.addLayout(self._bar())
        self._place = QVBoxLayout()
        layout.addLayout(self._place, 1)
        self._settings = AnalysisSettings()
        self._check = OneLine("quiet")
        self._check.hide()
        layout.addWidget(self._check)

    def show_settings(self, settings: AnalysisSettings) -> None:
        """Show what is in force, without asking for it again."""
        self._settings = settings
        for row in self._rows.values():
            row.show_value(value_of(settings, row.field))
        for room in self._rooms.values():
            room.count_changed()
        if settings.frontend in self._rooms and not self._search.text():
            self._rooms[settings.frontend].unfold(True)

    def showEvent(self, event: QShowEvent | None) -> None:
        """Make the editors when they are first wanted; Qt shows also what lies behind others."""
        super().showEvent(event)
        if not self.visibleRegion().isEmpty():
            self._make()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Make them when their dock is raised, which shows nothing anew."""
        super().paintEvent(event)
        if not self._rows:
            QTimer.singleShot(0, self._make)

    def show_check(self, text: str, *, agrees: bool | None = None) -> None:
        """What these settings make of the events that a person has judged; empty: nothing."""
        mark = {True: "✓ ", False: "✗ ", None: ""}[agrees]
        self._check.say(f"{mark}{text}")
        self._check.setVisible(bool(text))

    def check_text(self) -> str:
        """The same, as it is shown."""
        return self._check.text()

    def editor(self, path: str) -> Editor:
        """Of a setting, by its path."""
        self._make()
        return self._rows[path].editor

    def shown(self) -> tuple[str, ...]:
        """The paths of all that a search has left."""
        self._make()
        return tuple(path for path, row in self._rows.items() if row.is_found)

    def search(self, words: str) -> None:
        """As if these words were typed."""
        self._search.setText(words)

    def _make(self) -> None:
        if not self._rows:
            self._place.addWidget(self._list())
            if self._search.text():
                self._find(self._search.text())
            self.show_settings(self._settings)

    def _bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        presets = Choice()
        presets.addItem(tr("Preset …"), "")
        for name in PRESETS:
            presets.addItem(name, name)
        presets.setAccessibleName(tr("Preset"))
        presets.setToolTip(tr("Take over the values of a preset"))

        def choose(row: int) -> None:
            name = presets.itemData(row)
            presets.setCurrentIndex(0)
            if name:
                self.preset_asked.emit(name)

        presets.activated.connect(choose)
        reset = QToolButton()
        reset.setText(tr("Reset all"))
        reset.clicked.connect(self.reset_asked)
        bar.addWidget(presets, 1)
        bar.addWidget(reset)
        return bar

    def _list(self) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(4)
        by_room: dict[str, list[Field]] = {}
        for field in fields():
            by_room.setdefault(field.room, []).append(field)
        for name, listed in by_room.items():
            room = _Room(name, [self._row(field) for field in listed])
            self._rooms[name] = room
            column.addWidget(room)
        column.addStretch(1)
        area.setWidget(inside)
        return area

    def _row(self, field: Field) -> _Row:
        row = _Row(field)
        row.editor.changed.connect(lambda value: self.changed.emit(field.path, value))
        row.reset.clicked.connect(lambda: self.changed.emit(field.path, field.default))
        self._rows[field.path] = row
        return row

    def _find(self, words: str) -> None:
        for room in self._rooms.values():
            room.sift(words)


class _Row:
    """The widgets of one setting."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.editor = Editor(field)
        self.name = QLabel(field.words)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setWordWrap(True)
        self.name.setToolTip(plain_tip(field.about))
        self.reset = QToolButton()
        self.reset.setObjectName("reset")
        self.reset.setText("↺")
        self.reset.setToolTip(tr("As the program would have it"))
        self.reset.setAccessibleName(f"{tr('Reset')} {field.words}")
        self.is_found = True
        self.is_changed = False

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """In their order."""
        return self.name, self.editor, self.reset

    def show_value(self, value: object) -> None:
        """The value in force."""
        self.editor.show_value(value)
        self.is_changed = value != self.field.default
        self.reset.setEnabled(self.is_changed)
        font = self.name.font()
        font.setBold(self.is_changed)
        self.name.setFont(font)


class _Room(QWidget):
    """A heading that folds what stands below it."""

    def __init__(self, name: str, rows: Iterable[_Row]) -> None:
        super().__init__()
        self._name, self._rows = name, tuple(rows)
        self._head = QToolButton()
        self._head.setCheckable(True)
        self._head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._head.setSizePolicy(
            self._head.sizePolicy().Policy.Expanding, self._head.sizePolicy().Policy.Fixed
        )
        self._head.toggled.connect(self.unfold)
        self._body = QWidget()
        grid = QGridLayout(self._body)
        grid.setContentsMargins(6, 2, 0, 8)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for number, row in enumerate(self._rows):
            for column, widget in enumerate(row.widgets):
                grid.addWidget(widget, number, column)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(self._body)
        self.count_changed()
        self.unfold(False)

    def unfold(self, is_open: bool) -> None:
        """Show what stands below, or hide it."""
        self._head.setChecked(is_open)
        self._head.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self._body.setVisible(is_open)

    def count_changed(self) -> None:
        """Say how many are not as the program would have them."""
        count = sum(row.is_changed for row in self._rows)
        name = self._name.capitalize()
        self._head.setText(f"{name}  ({tr('{n} changed').format(n=count)})" if count else name)

    def sift(self, words: str) -> None:
        """Show what matches, unfolded; all of it, folded, where nothing is sought."""
        for row in self._rows:
            row.is_found = row.field.matches(words)
            for widget in row.widgets:
                widget.setVisible(row.is_found)
        self.setVisible(any(row.is_found for row in self._rows))
        self.unfold(bool(words.strip()))
