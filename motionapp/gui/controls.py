"""What can be chosen: source, front-end, model, sensitivity, and what is drawn."""

from __future__ import annotations

from dataclasses import fields

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from motionapp.frontends import registry
from motionapp.gui.action_set import ActionSet
from motionapp.gui.camera_menu import CameraMenu
from motionapp.gui.choice import Choice
from motionapp.gui.offers import Offers
from motionapp.gui.one_line import OneLine
from motionapp.gui.play.wish import Shows, Wish
from motionapp.gui.presenter import SLIDER_STEPS, position_of, sensitivity_at, source_title
from motionapp.gui.words import tr
from motionapp.settings import NO_CLASSIFIER, AnalysisSettings

LAYERS = (
    ("boxes", "Boxes"),
    ("tracks", "Tracks"),
    ("trails", "Trails"),
    ("skeletons", "Skeletons"),
    ("mask", "Motion"),
    ("difference", "Difference"),
    ("flow", "Flow"),
    ("arrows", "Arrows"),
    ("suppressed", "Taken out"),
    ("valid", "Scene"),
)
"""Actions, which are fields of `Shows`, and what their buttons say."""


class Controls(QWidget):
    """The upper part of the panel. Says what is asked for and shows what is in force."""

    source_asked = pyqtSignal(str)
    frontend_asked = pyqtSignal(str)
    classifier_asked = pyqtSignal(str)
    sensitivity_asked = pyqtSignal(float)

    def __init__(
        self,
        actions: ActionSet,
        offers: Offers,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self.camera_menu = CameraMenu(self)
        self.camera_menu.source_asked.connect(self.source_asked)
        self._title = OneLine("title", elide=Qt.TextElideMode.ElideMiddle)
        self._frontend, self._classifier = Choice(), Choice()
        self._sensitivity, self._sensitivity_text = QSlider(Qt.Orientation.Horizontal), QLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(heading(tr("SOURCE")))
        layout.addWidget(self._title)
        layout.addLayout(self._source_buttons(offers))
        layout.addSpacing(10)
        layout.addWidget(heading(tr("ANALYSIS")))
        layout.addLayout(self._analysis_grid(offers))
        layout.addSpacing(10)
        layout.addWidget(heading(tr("SHOW")))
        layout.addLayout(self._layer_buttons())

    def show_wish(self, wish: Wish) -> None:
        """Show what is in force, without asking for it again."""
        title = source_title(wish.spec)
        is_address = "://" in wish.spec  # which may hold a password
        self._title.say(title, title if is_address else wish.spec)
        self.camera_menu.show_spec(wish.spec)
        self.show_settings(wish.settings, wish.sensitivity)

    def title(self) -> str:
        """What the source is called."""
        return self._title.text()

    def show_settings(self, settings: AnalysisSettings, sensitivity: float) -> None:
        """Show these settings, without asking for them again."""
        widgets = (self._frontend, self._classifier, self._sensitivity)
        blockers = [QSignalBlocker(widget) for widget in widgets]
        self._frontend.setCurrentText(registry.choice_of(settings))
        self._tell_frontend()
        self._choose_classifier(settings.recognition.classifier)
        self._sensitivity.setValue(position_of(sensitivity))
        self._sensitivity_text.setText(f"{sensitivity:.2f}")
        del blockers

    def choose_frontend(self, number: int) -> None:
        """As if this front-end were chosen, counted from 0 without further presets."""
        rows = range(self._frontend.count())
        plain = [row for row in rows if ":" not in self._frontend.itemText(row)]
        if number < len(plain):
            self._frontend.setCurrentIndex(plain[number])

    def _source_buttons(self, offers: Offers) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        open_file = QToolButton()
        open_file.setText(tr("Open …"))
        open_file.setToolTip(self._actions["open"].toolTip())
        open_file.clicked.connect(self._actions["open"].trigger)
        row.addWidget(open_file)
        row.addWidget(_menu_button(tr("Camera"), self.camera_menu))
        menu = QMenu(self)
        for title, spec in offers.examples:
            self._add_source(menu, title, spec)
        row.addWidget(_menu_button(tr("Examples"), menu))
        row.addStretch(1)
        return row

    def _add_source(self, menu: QMenu, title: str, spec: str) -> None:
        menu.addAction(title, lambda: self.source_asked.emit(spec))

    def _analysis_grid(self, offers: Offers) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (name, about) in enumerate(offers.frontends):
            self._frontend.addItem(name)
            self._frontend.setItemData(row, about, Qt.ItemDataRole.ToolTipRole)
        self._frontend.currentTextChanged.connect(self._tell_frontend)
        self._frontend.currentTextChanged.connect(self.frontend_asked)
        self._classifier.addItems([*offers.classifiers, NO_CLASSIFIER, tr("Open a model …")])
        self._classifier.activated.connect(self._classifier_chosen)
        self._sensitivity.setRange(0, SLIDER_STEPS)
        self._sensitivity.valueChanged.connect(self._sensitivity_moved)
        self._sensitivity_text.setMinimumWidth(34)
        middle = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._sensitivity_text.setAlignment(middle)
        sensitivity = QHBoxLayout()
        sensitivity.addWidget(self._sensitivity, 1)
        sensitivity.addWidget(self._sensitivity_text)
        grid.setRowMinimumHeight(2, 32)  # as high as the rows above it
        for row, (name, widget) in enumerate(
            ((tr("Front-end"), self._frontend), (tr("Model"), self._classifier))
        ):
            widget.setAccessibleName(name)
            grid.addWidget(_quiet(name), row, 0)
            grid.addWidget(widget, row, 1)
        self._sensitivity.setAccessibleName(tr("Sensitivity"))
        grid.addWidget(_quiet(tr("Sensitivity")), 2, 0)
        grid.addLayout(sensitivity, 2, 1)
        return grid

    def _layer_buttons(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        assert {name for name, _ in LAYERS} == {field.name for field in fields(Shows)}
        for number, (name, title) in enumerate(LAYERS):
            action, button = self._actions[name], QToolButton()
            button.setText(tr(title))
            button.setToolTip(action.toolTip())
            button.setAccessibleName(action.text())
            button.setCheckable(True)
            button.setChecked(action.isChecked())
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(action.trigger)
            action.toggled.connect(button.setChecked)
            grid.addWidget(button, number // 3, number % 3)
        return grid

    def _tell_frontend(self) -> None:
        """What the chosen front-end is for, also while the list is closed."""
        about = self._frontend.currentData(Qt.ItemDataRole.ToolTipRole)
        self._frontend.setToolTip(about or "")

    def _sensitivity_moved(self, position: int) -> None:
        sensitivity = sensitivity_at(position)
        self._sensitivity_text.setText(f"{sensitivity:.2f}")
        self.sensitivity_asked.emit(sensitivity)

    def _classifier_chosen(self, row: int) -> None:
        chosen = self._classifier_at(row)
        if row == self._classifier.count() - 1:
            chosen, _ = QFileDialog.getOpenFileName(
                self.window(), tr("Open a model"), "", f"{tr('Models')} (*.onnx)"
            )
        self.classifier_asked.emit(chosen)  # empty: the dialogue was left, nothing changes

    def _choose_classifier(self, classifier: str) -> None:
        """Select it; a file gets a row of its own before the last two."""
        last = self._classifier.count() - 1
        # By what they are: files in two folders may have one name.
        row = next((n for n in range(last) if self._classifier_at(n) == classifier), None)
        if row is None:
            row = last - 1
            self._classifier.insertItem(row, source_title(classifier), classifier)
            self._classifier.setItemData(row, classifier, Qt.ItemDataRole.ToolTipRole)
        self._classifier.setCurrentIndex(row)

    def _classifier_at(self, row: int) -> str:
        """A name, or a file."""
        return str(self._classifier.itemData(row) or self._classifier.itemText(row))


def heading(text: str) -> QLabel:
    """A small title above a part of the panel."""
    label = QLabel(text)
    label.setObjectName("heading")
    return label


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("quiet")
    return label


def _menu_button(title: str, menu: QMenu) -> QToolButton:
    button = QToolButton()
    button.setText(f"{title} ▾")
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return button
