"""The window: puts the parts together and turns what they ask for into wishes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PyQt6.QtWidgets import QHBoxLayout, QMainWindow, QMessageBox, QVBoxLayout, QWidget

from motionapp.core.geometry import Box
from motionapp.core.seams import SourceInfo
from motionapp.gui.controls import Controls, heading
from motionapp.gui.event_list import EventList
from motionapp.gui.message_bar import MessageBar
from motionapp.gui.picture import PictureView
from motionapp.gui.play.canvas import Shown
from motionapp.gui.play.listener import Happening
from motionapp.gui.play.wish import LEAD_IN_S, Shows, Wish
from motionapp.gui.player import Player
from motionapp.gui.presenter import KEYS, position_text, source_title
from motionapp.gui.status import StatusLine
from motionapp.gui.timeline import Timeline

PANEL_PX = 340
REFRESH_MS = 400
"""Of the figures: faster than that nobody can read them."""
SKIP_S = 5.0
SEEK_WAIT_MS = 60
"""A dragged timeline asks for a place at most this often: each opens the recording afresh."""


class MainWindow(QMainWindow):
    """Plays a source and shows what is found in it.

    Parameters
    ----------
    wish : Wish
        What to begin with.
    frontends : sequence of (str, str)
        What can be chosen, and what it is for.
    classifiers : sequence of str
        What can be chosen.
    examples : sequence of (str, str)
        Titles and sources for the menu of examples.
    threads : int or None
        The thread budget; None takes the cores there are.
    """

    def __init__(
        self,
        wish: Wish,
        *,
        frontends: Sequence[tuple[str, str]],
        classifiers: Sequence[str],
        examples: Sequence[tuple[str, str]] = (),
        threads: int | None = None,
    ) -> None:
        super().__init__()
        self.setWindowTitle("motionapp")
        self.resize(1280, 800)
        self._wish = wish
        self._info: SourceInfo | None = None
        self._playing_spec = ""
        self._loops = {spec for _, spec in examples}
        self._is_over = False
        self._shown_s = 0.0
        self.player = Player(threads=threads, parent=self)
        self.view = PictureView()
        self.events = EventList()
        self.timeline = Timeline()
        self.status = StatusLine()
        self.messages = MessageBar()
        self.controls = Controls(frontends=frontends, classifiers=classifiers, examples=examples)
        self._lay_out()
        self._seek_timer = QTimer(self)
        self._seek_timer.setSingleShot(True)
        self._seek_timer.setInterval(SEEK_WAIT_MS)
        self._sought_s = 0.0
        self._refresh_timer = QTimer(self)
        self._refresh_timer.setInterval(REFRESH_MS)
        self._connect()
        self._add_keys()
        self.controls.show_wish(wish)
        self.view.show_message("Opening ...")
        self.view.setFocus()
        self._refresh_timer.start()
        self.player.start()  # last: from here on there are threads to be closed
        self.player.driver.find_cameras()
        self.player.driver.want(wish)

    @property
    def wish(self) -> Wish:
        """What has been asked for."""
        return self._wish

    @property
    def is_paused(self) -> bool:
        """Whether the picture is held."""
        return self._wish.play.is_paused

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """End all threads before the window goes."""
        self._refresh_timer.stop()
        self.hide()  # at once, also where a stream takes a moment to end
        self.player.close()
        super().closeEvent(event)

    # -- what the parts ask for -------------------------------------------------------------

    def open_source(self, spec: str) -> None:
        """Play another source from its beginning; until it is open, what plays goes on."""
        self._want(self._wish.opened(spec, loops=spec in self._loops))
        self.controls.show_wish(self._wish)

    def seek(self, start_s: float) -> None:
        """Play a recording from here; without effect on a camera."""
        if self._info is not None and not self._info.is_live:
            self._sought_s = start_s
            if not self._seek_timer.isActive():
                self._seek_timer.start()

    def toggle_pause(self) -> None:
        """Hold or go on; after the end, begin again."""
        if self._is_over:
            self._want(self._wish.sought(0.0).held(False))
            return
        self._want(self._wish.held(not self.is_paused))
        self._say_state()

    def show_keys(self) -> None:
        """List the keys."""
        rows = "".join(
            f"<tr><td style='padding: 3px 22px 3px 0'><b>{key}</b></td>"
            f"<td style='padding: 3px 0'>{what}</td></tr>"
            for key, what in KEYS
        )
        box = QMessageBox(self)
        box.setWindowTitle("Keys")
        box.setText(f"<table>{rows}</table>")
        box.addButton("Close", QMessageBox.ButtonRole.AcceptRole)
        box.open()  # does not hold up the picture behind it

    def _want(self, wish: Wish) -> None:
        self._wish = wish
        self.player.driver.want(wish)

    def _seek_now(self) -> None:
        self._want(self._wish.sought(self._sought_s))

    def _skip(self, seconds: float) -> None:
        self.seek(max(0.0, self._shown_s + seconds))

    def _choose_frontend(self, frontend: str) -> None:
        self._want(self._wish.with_frontend(frontend))
        self.controls.show_settings(self._wish.settings, self._wish.sensitivity)

    def _choose_classifier(self, classifier: str) -> None:
        if classifier:
            self._want(self._wish.with_classifier(classifier))
        self.controls.show_settings(self._wish.settings, self._wish.sensitivity)

    def _choose_sensitivity(self, sensitivity: float) -> None:
        self._want(self._wish.with_sensitivity(sensitivity))

    def _choose_shows(self, shows: Shows) -> None:
        self.player.driver.look_otherwise(shows=shows)

    def _look(self, fit: tuple[int, int], part: Box | None) -> None:
        self.player.driver.look_otherwise(fit=fit, part=part)

    # -- what the player tells --------------------------------------------------------------

    def _opened(self, wish: Wish, info: SourceInfo) -> None:
        if wish.spec != self._playing_spec:
            self._playing_spec = wish.spec
            self.events.clear()
            self.view.clear()
        self._info = info
        self._is_over = False
        self.messages.clear()
        self._say_state()
        self.events.forget_open()
        self.timeline.set_duration(None if info.is_live else info.duration_s)
        self.timeline.set_events(self.events.log)
        self.setWindowTitle(f"{source_title(wish.spec)} – motionapp")

    def _pictured(self, picture: Shown) -> None:
        self.view.show_picture(picture)
        self._shown_s = picture.pts_s
        self.timeline.set_position(picture.pts_s)
        duration_s = None if self._info is None else self._info.duration_s
        self._position = position_text(picture.pts_s, duration_s)

    def _happened(self, happening: Happening) -> None:
        self.events.note(happening.moment, began_s=happening.began_s)
        self.timeline.set_events(self.events.log)

    def _refused(self, wish: Wish) -> None:
        # The number of the refused opening has been used: the same again would be a new one.
        self._wish = replace(wish, opening=self._wish.opening)
        self.controls.show_wish(self._wish)

    def _failed(self, sentence: str) -> None:
        self.messages.show_error(sentence)
        self.view.show_message("")

    def _ended(self) -> None:
        self._is_over = True
        self._say_state()

    def _refresh(self) -> None:
        """Show the newest figures."""
        age_s = self.view.ages_s.percentile(0.95)
        self.status.show_figures(
            self.player.driver.snapshot(),
            self.view.painted.rate_hz(),
            None if age_s is None else age_s * 1000,
        )
        self.status.show_position(self._position)
        if self.is_paused:  # analysis may have caught up with the held picture
            self.player.driver.redraw()

    def _say_state(self) -> None:
        if self._is_over:
            self.messages.show_note("The recording has ended: press Space to play it again.")
        elif self.is_paused:
            self.messages.show_note("Paused: press Space to go on.")
        else:
            self.messages.show_note("")

    # -- putting together -------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._position = ""
        stage = QVBoxLayout()
        stage.setContentsMargins(16, 16, 16, 10)
        stage.setSpacing(10)
        stage.addWidget(self.messages)
        stage.addWidget(self.view, 1)
        stage.addWidget(self.timeline)
        panel = QWidget()
        panel.setObjectName("panel")
        panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        panel.setFixedWidth(PANEL_PX)
        column = QVBoxLayout(panel)
        column.setContentsMargins(18, 18, 18, 12)
        column.setSpacing(8)
        column.addWidget(self.controls)
        column.addSpacing(10)
        column.addWidget(heading("EVENTS"))
        column.addWidget(self.events, 1)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addLayout(stage, 1)
        middle.addWidget(panel)
        whole = QVBoxLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(middle, 1)
        whole.addWidget(self.status)
        centre = QWidget()
        centre.setLayout(whole)
        self.setCentralWidget(centre)
        self.timeline.set_duration(None)

    def _connect(self) -> None:
        controls, player = self.controls, self.player
        controls.source_asked.connect(self.open_source)
        controls.cameras_asked.connect(player.driver.find_cameras)
        controls.frontend_asked.connect(self._choose_frontend)
        controls.classifier_asked.connect(self._choose_classifier)
        controls.sensitivity_asked.connect(self._choose_sensitivity)
        controls.shows_asked.connect(self._choose_shows)
        self.view.looked.connect(self._look)
        self.events.seek_asked.connect(lambda start_s: self.seek(max(0.0, start_s - LEAD_IN_S)))
        self.timeline.seek_asked.connect(self.seek)
        self._seek_timer.timeout.connect(self._seek_now)
        self._refresh_timer.timeout.connect(self._refresh)
        player.opened.connect(self._opened)
        player.pictured.connect(self._pictured)
        player.happened.connect(self._happened)
        player.refused.connect(self._refused)
        player.noted.connect(self.messages.show_note)
        player.failed.connect(self._failed)
        player.ended.connect(self._ended)
        player.cameras_found.connect(controls.set_cameras)

    def _add_keys(self) -> None:
        controls = self.controls
        actions: dict[str, Callable[[], object]] = {
            "Space": self.toggle_pause,
            "O": controls.ask_for_file,
            "Left": lambda: self._skip(-SKIP_S),
            "Right": lambda: self._skip(SKIP_S),
            "B": lambda: controls.toggle("boxes"),
            "T": lambda: controls.toggle("tracks"),
            "K": lambda: controls.toggle("skeletons"),
            "M": lambda: controls.toggle("mask"),
            "V": lambda: controls.toggle("flow"),
            "A": lambda: controls.toggle("arrows"),
            "S": lambda: controls.toggle("suppressed"),
            "E": lambda: controls.toggle("valid"),
            **{str(number + 1): self._frontend_key(number) for number in range(4)},
            "F": lambda: self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen),
            "F1": self.show_keys,
            "?": self.show_keys,
            "Q": self.close,
        }
        for key, action in actions.items():
            QShortcut(QKeySequence(key), self).activated.connect(action)

    def _frontend_key(self, number: int) -> Callable[[], None]:
        return lambda: self.controls.choose_frontend(number)
