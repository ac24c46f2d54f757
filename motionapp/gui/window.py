"""The window: puts the parts together and turns what they ask for into wishes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from motionapp.core.seams import SourceInfo
from motionapp.gui import dialogs
from motionapp.gui.action_set import ActionSet
from motionapp.gui.actions import FILE, VIEW
from motionapp.gui.crew import Crew
from motionapp.gui.desk import Desk
from motionapp.gui.docks import add_docks
from motionapp.gui.notices import Notices, Topic
from motionapp.gui.offers import Offers
from motionapp.gui.panels import Panels
from motionapp.gui.play.canvas import Shown
from motionapp.gui.play.listener import Happening
from motionapp.gui.play.wish import Loop, Shows, Wish
from motionapp.gui.player import Player
from motionapp.gui.presenter import position_text, source_title
from motionapp.gui.recent_menu import RecentMenu
from motionapp.gui.remembered import Remembered, fit
from motionapp.gui.stage import Stage
from motionapp.gui.status import StatusLine
from motionapp.gui.words import tr
from motionapp.privacy import cover_of
from motionapp.runtime.arenas import give_back

USUAL_SIZE = (1280, 800)
REFRESH_MS = 400
"""Of the figures: faster than that nobody can read them."""
TIDY_MS = 60_000
"""How often what is free goes back to the system: a window stays open for days."""
WARMING = "Warming up: a run from the beginning may find something else here"


class MainWindow(QMainWindow):
    """Plays a source and shows what is found in it.

    Parameters
    ----------
    wish : Wish
        What to begin with.
    offers : Offers
    threads : int or None
        The thread budget; None takes the cores there are.
    """

    def __init__(self, wish: Wish, offers: Offers, *, threads: int | None = None) -> None:
        super().__init__()
        self.setWindowTitle("motionapp")
        self.setAcceptDrops(True)
        self._wish = wish
        self._playing_spec = self._position = ""
        self._loops = {spec for _, spec in offers.examples}
        self._notices = Notices()
        self._remembered = Remembered()
        self.player = Player(threads=threads, parent=self)
        self.actions_ = ActionSet(self)
        self._mark_layers()
        self.stage = Stage(self.actions_)
        self.view, self.timeline = self.stage.view, self.stage.timeline
        self.status = StatusLine()
        self.panels = Panels(self.actions_, offers)
        self._lay_out()
        self._refresh_timer = QTimer(self)
        self._refresh_timer.setInterval(REFRESH_MS)
        self._tidy_timer = QTimer(self)
        self._tidy_timer.setInterval(TIDY_MS)
        self._tidy_timer.timeout.connect(give_back)
        self._employ()
        self._connect()
        self._act()
        self._show_wish()
        self.view.show_message(tr("Opening …"))
        self.view.setFocus()
        self._refresh_timer.start()
        self._tidy_timer.start()
        self.player.start()  # last: from here on there are threads to be closed
        self.player.driver.want(self._wish)

    @property
    def wish(self) -> Wish:
        """What has been asked for."""
        return self._wish

    @property
    def notices(self) -> Notices:
        """What it has to say."""
        return self._notices

    @property
    def is_paused(self) -> bool:
        """Whether the picture is held."""
        return self._wish.play.is_paused

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """End all threads before the window goes."""
        self._refresh_timer.stop()
        self._tidy_timer.stop()
        self._remembered.keep(self)
        self.hide()  # at once, also where a stream takes a moment to end
        self.crew.jobs.end()
        self.player.close()
        self.crew.taking.end()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Files and addresses may be dropped."""
        if event is not None and dialogs.dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Open what was dropped."""
        spec = "" if event is None else dialogs.dropped(event.mimeData())
        if event is not None and spec:
            event.acceptProposedAction()
            self.open_source(spec)

    # -- what the parts ask for -------------------------------------------------------------

    def open_source(self, spec: str) -> None:
        """Play another source from its beginning; until it is open, what plays goes on."""
        if spec:
            if spec == self._playing_spec:
                self._forget_found()  # by now it may be another file
            self._want(self._wish.opened(spec, loops=spec in self._loops))
            self.panels.controls.show_wish(self._wish)

    def _want(self, wish: Wish) -> None:
        is_seen_otherwise = wish.settings != self._wish.settings
        if cover_of(wish.settings.zones) != cover_of(self._wish.settings.zones):
            self.panels.events.forget_pictures()
            self.crew.storing.forget_pictures()
        self._wish = wish
        self.player.driver.want(wish)
        if is_seen_otherwise:
            self._show_wish()
            self.crew.reviewing.settings_changed()
        else:
            self._show_play()

    # -- what the player tells --------------------------------------------------------------

    def _opened(self, wish: Wish, info: SourceInfo) -> None:
        if wish.spec != self._playing_spec:
            self._playing_spec = wish.spec
            self._forget_found()
            self.view.clear()
            self._remembered.opened(wish.spec)
        self.crew.transport.opened(info)
        if wish.settings == self._wish.settings:
            self._notices = self._notices.mended()
        elif wish.opening == self._wish.opening:  # it plays, but not quite as was wished
            self._wish = replace(self._wish, settings=wish.settings)
            self._show_wish()
        self._notices = self._notices.noted(Topic.PLAYING, "").noted(Topic.SOURCE, "")
        self._show_notices()
        self.panels.events.log.begin(may_repeat=not info.is_live)
        self.timeline.set_duration(self.crew.transport.duration_s)
        self._show_found()
        self.setWindowTitle(f"{source_title(wish.spec)} – motionapp")
        self._show_play()

    def _forget_found(self) -> None:
        self.panels.events.forget()
        self.timeline.activity.clear()
        self.crew.asking.forget()
        self.crew.comparing.forget()
        self.crew.storing.forget()

    def _pictured(self, picture: Shown) -> None:
        self.view.show_picture(picture)
        self.timeline.set_position(picture.pts_s)
        self.stage.second.set_position(picture.pts_s)
        self._position = position_text(picture.pts_s, self.crew.transport.duration_s)

    def _happened(self, happening: Happening) -> None:
        if happening.road:
            self.crew.comparing.note(happening)
        else:
            # They may have been on their way here when something was covered.
            is_covered = happening.cover.includes(self._wish.cover)
            self.panels.events.note(
                happening.moment,
                began_s=happening.began_s,
                pictures=happening.pictures if is_covered else (),
            )

    def _refused(self, wish: Wish) -> None:
        if wish.opening == self._wish.opening:  # else something else is wished for by now
            self.crew.changes.amend("settings", self._wish.settings, wish.settings)
            self._wish = wish
            self._show_wish()

    def _failed(self, sentence: str) -> None:
        self._notices = self._notices.failed(sentence)
        self._show_notices()
        self.view.show_message("")
        if self.player.driver.is_over:  # it has ended by this
            self.crew.transport.ended()
            self._show_play()

    def _noted(self, line: str) -> None:
        self._note(Topic.NAMING, line)

    def _note(self, topic: Topic, line: str) -> None:
        if self._notices.line(topic) != line:
            self._notices = self._notices.noted(topic, line)
            self._show_notices()

    def _ended(self) -> None:
        self.crew.transport.ended()
        self._note(Topic.PLAYING, tr("The recording has ended."))
        self._show_play()

    def _dismissed(self) -> None:
        self._notices = self._notices.dismissed()
        self._show_notices()

    def _refresh(self) -> None:
        """Show the newest figures."""
        snapshot, shown_hz = self.player.snapshot(), self.view.painted.rate_hz()
        middle_s, age_s = (self.view.ages_s.percentile(share) for share in (0.5, 0.95))
        self.status.show_figures(snapshot, shown_hz, None if age_s is None else age_s * 1000)
        self.panels.instruments.measure(snapshot, shown_hz, (middle_s, age_s))
        self.stage.show_position(self._position)
        self.crew.storing.follow(self.player.driver.digest)
        self._show_found()
        self.crew.show_teaching()
        driver = self.player.driver
        self._note(Topic.SOURCE, driver.health)
        self._note(Topic.RECORDING, self.crew.recording.line(is_written=driver.is_recording))
        if not self.crew.transport.is_over:
            self._note(Topic.PLAYING, "" if self.player.driver.is_warm else tr(WARMING))
        if self.is_paused:  # analysis may have caught up with the held picture
            self.player.driver.redraw()

    # -- what is shown ----------------------------------------------------------------------

    @property
    def _shown_s(self) -> float:
        return 0.0 if self.view.picture is None else self.view.picture.pts_s

    def _show_wish(self) -> None:
        self.panels.controls.show_wish(self._wish)
        self.crew.tuning.show(self._wish)
        self.crew.zoning.show(self._wish.settings.zones)
        self._show_play()

    def _show_found(self) -> None:
        looks = self.player.take_looks()
        for one in looks:
            self.timeline.activity.note(one.pts_s, one.strength)
        self.panels.instruments.note(looks, self.player.driver.labels)
        self.timeline.show_found(self.panels.events.log, self.player.driver.lost)
        self.crew.comparing.show()

    def _show_play(self) -> None:
        play = self._wish.play
        self.stage.show_play(play, is_over=self.crew.transport.is_over)
        self.timeline.set_loop(play.loop)
        self.actions_["loop all"].setChecked(play.loop == Loop())
        self.crew.recording.show()

    def _show_notices(self) -> None:
        self.stage.show_notices(self._notices)

    def _show_full_screen(self, is_full: bool | None = None) -> None:
        if is_full is None:
            is_full = not self.isFullScreen()
        self.setWindowState(
            self.windowState() | Qt.WindowState.WindowFullScreen
            if is_full
            else self.windowState() & ~Qt.WindowState.WindowFullScreen
        )
        self.actions_["full screen"].setChecked(is_full)

    # -- putting together -------------------------------------------------------------------

    def _lay_out(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stage, 1)
        column.addWidget(self.status)
        self.setCentralWidget(middle)
        bar = self.menuBar()
        assert bar is not None  # Qt makes one
        menus = self.actions_.fill(bar)
        self.docks = add_docks(self, menus[VIEW], self.panels.stacks())
        recent = RecentMenu(self._remembered, self)
        recent.source_asked.connect(self.open_source)
        menus[FILE].insertMenu(self.actions_["snapshot"], recent)
        menus[FILE].insertMenu(self.actions_["snapshot"], self.panels.controls.camera_menu)
        self.resize(*USUAL_SIZE)
        self._remembered.place(self)
        fit(self)

    def _employ(self) -> None:
        desk = Desk(
            wish=lambda: self._wish, want=self._want, shown_s=lambda: self._shown_s,
            source=lambda: self._playing_spec, failed=self._failed,
            say=lambda line: self._note(Topic.WRITING, line),
        )  # fmt: skip
        self.crew = Crew(
            self.actions_, self.stage, self.panels, self.docks,
            player=self.player, desk=desk, remembered=self._remembered, parent=self,
        )  # fmt: skip
        self._wish = self._wish.planned(self._wish.plan or self.crew.recording.plan)

    def _mark_layers(self) -> None:
        for field in fields(Shows):
            self.actions_[field.name].setChecked(getattr(Shows(), field.name))

    def _connect(self) -> None:
        controls, player = self.panels.controls, self.player
        controls.source_asked.connect(self.open_source)
        self.view.double_clicked.connect(self._show_full_screen)
        self.stage.messages.dismissed.connect(self._dismissed)
        for asks in (self.timeline, self.stage.second, self.panels.compare):
            asks.seek_asked.connect(self.crew.transport.seek)
        self._refresh_timer.timeout.connect(self._refresh)
        player.opened.connect(self._opened)
        player.pictured.connect(self._pictured)
        player.pictured_beside.connect(self.stage.beside.show_picture)
        player.happened.connect(self._happened)
        player.refused.connect(self._refused)
        player.noted.connect(self._noted)
        player.failed.connect(self._failed)
        player.stood.connect(self.crew.transport.stood)
        player.recorded.connect(self.crew.recorded)
        player.ended.connect(self._ended)

    def _act(self) -> None:
        """Say what each action does."""
        for key, do in self._doings().items():
            self.actions_.on(key, do)
        self.actions_.on_switch("full screen", self._show_full_screen)

    def _doings(self) -> dict[str, Callable[[], object]]:
        view = self.view
        return {
            "open": lambda: self.open_source(dialogs.ask_for_recording(self)),
            "open folder": lambda: self.open_source(dialogs.ask_for_folder(self)),
            "open address": lambda: dialogs.ask_for_address(self, self.open_source),
            "snapshot": lambda: dialogs.save_picture(self, view.picture),
            "quit": self.close,
            **{f"front-end {number + 1}": self._frontend_key(number) for number in range(5)},
            "keys": lambda: dialogs.show_keys(self),
            "about": lambda: dialogs.show_about(self),
            "leave": self._leave,
        }

    def _leave(self) -> None:
        if not self.crew.zoning.leave():
            self._show_full_screen(False)

    def _frontend_key(self, number: int) -> Callable[[], None]:
        return lambda: self.panels.controls.choose_frontend(number)
