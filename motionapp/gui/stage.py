"""The middle of the window: the picture, below it what plays it, and where a recording is."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from motionapp.gui.action_set import ActionSet
from motionapp.gui.icons import icon
from motionapp.gui.message_bar import MessageBar
from motionapp.gui.notices import Notices
from motionapp.gui.one_line import OneLine
from motionapp.gui.picture import PictureView
from motionapp.gui.play.wish import Play
from motionapp.gui.presenter import rate_words
from motionapp.gui.timeline import Timeline
from motionapp.gui.words import tr

BUTTONS = ("step back", "pause", "step on")


class Stage(QWidget):
    """Picture, buttons and timeline."""

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self.view = PictureView()
        self.messages = MessageBar(self.view)
        self.beside = PictureView()
        """What the settings beside find on the same pictures."""
        self.beside.hide()
        self.timeline, self.second = Timeline(), Timeline()
        """Of A and, while something is compared, of B."""
        self.second.hide()
        self._position, self._line = OneLine("quiet"), OneLine("quiet")
        wide = self._position.fontMetrics().horizontalAdvance("0:00:00.0 / 0:00:00.0")
        self._position.setMinimumWidth(wide)
        self._line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._rate = QLabel()
        self._actions = actions
        self.buttons: dict[str, QToolButton] = {}
        """By their actions."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 8)
        layout.setSpacing(8)
        views = QHBoxLayout()
        views.setSpacing(8)
        views.addWidget(self.view, 1)
        views.addWidget(self.beside, 1)
        layout.addLayout(views, 1)
        layout.addWidget(self.timeline)
        layout.addWidget(self.second)
        layout.addLayout(self._strip())
        # What is seen of A is seen of B.
        self.view.looked.connect(lambda *_: self.beside.follow(self.view.sight))
        self.show_play(Play(), is_over=False)
        self.timeline.set_duration(None)

    def show_play(self, play: Play, *, is_over: bool) -> None:
        """Whether it plays, and how fast."""
        stands = play.is_paused or is_over
        self.buttons["pause"].setIcon(icon("play" if stands else "pause"))
        words = tr("Play it again") if is_over else tr("Go on") if stands else tr("Pause")
        self.buttons["pause"].setAccessibleName(words)
        self.buttons["pause"].setToolTip(f"{words} ({tr('Space')})")
        self._rate.setText(rate_words(play.rate))

    def show_beside(self, is_shown: bool) -> None:
        """Two pictures, or one."""
        if self.beside.isHidden() == is_shown:
            self.beside.clear()
            self.beside.setVisible(is_shown)

    def show_second(self, is_shown: bool) -> None:
        """Two timelines, or one."""
        if self.second.isHidden() == is_shown:
            scale = self.timeline.scale
            self.second.set_duration(None if scale is None or not is_shown else scale.duration_s)

    def show_position(self, text: str) -> None:
        """Where a recording is."""
        self._position.setText(text)

    def show_notices(self, notices: Notices) -> None:
        """What went wrong over the picture, what lasts below it."""
        self.messages.show_error(notices.error)
        text = " · ".join(line for _, line in notices.lines)
        self._line.say(text)

    def line(self) -> str:
        """What lasts, as it is shown."""
        return self._line.text()

    def _strip(self) -> QHBoxLayout:
        strip = QHBoxLayout()
        strip.setSpacing(6)
        for key in BUTTONS:
            button = QToolButton()
            action = self._actions[key]
            button.setIcon(icon("pause" if key == "pause" else key))
            button.setToolTip(action.toolTip())
            button.setAccessibleName(action.text())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(action.trigger)
            action.enabledChanged.connect(button.setEnabled)
            self.buttons[key] = button
            strip.addWidget(button)
        strip.addSpacing(6)
        strip.addWidget(self._position)
        strip.addWidget(self._rate)
        strip.addWidget(self._line, 1)
        return strip
