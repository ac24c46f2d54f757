"""What plays a recording: pause, steps, places, speed and loop, turned into wishes."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtCore import QElapsedTimer, QObject, QTimer

from motionapp.core.seams import SourceInfo
from motionapp.gui.action_set import ActionSet
from motionapp.gui.actions import Needs
from motionapp.gui.desk import Desk
from motionapp.gui.play.wish import Loop

SKIP_S, FAR_SKIP_S = 5.0, 10.0
SEEK_WAIT_MS = 60
"""A dragged timeline asks for a place at most this often: each is sought and decoded."""
FASTER = 2.0
"""Of one press; slower is the half."""


class Transport(QObject):
    """Does what the actions of playback ask for.

    Parameters
    ----------
    actions : ActionSet
    desk : Desk
    parent : QObject
    """

    def __init__(self, actions: ActionSet, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._actions = actions
        self._wish, self._want, self._shown_s = desk.wish, desk.want, desk.shown_s
        self._info: SourceInfo | None = None
        self._is_over = False
        self._sought_s = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._seek_now)
        self._since_seek = QElapsedTimer()
        self._act()

    @property
    def is_over(self) -> bool:
        """Whether the recording has ended."""
        return self._is_over

    @property
    def duration_s(self) -> float | None:
        """How long the recording is; None for a camera, or where nobody knows."""
        return None if self._info is None or self._info.is_live else self._info.duration_s

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height of the recording's pictures, where they are known."""
        return None if self._info is None else self._info.size

    @property
    def has_places(self) -> bool:
        """Whether one can go somewhere in what plays: in a recording, and not of a camera."""
        return self._info is not None and not self._info.is_live

    def opened(self, info: SourceInfo) -> None:
        """Another source, or another place in it."""
        self._info, self._is_over = info, False
        met = {Needs.PICTURE} if info.is_live else {Needs.PICTURE, Needs.RECORDING}
        self._actions.enable(frozenset(met))
        if self.duration_s is None:  # nobody knows where that is
            self._actions["end"].setEnabled(False)

    def ended(self) -> None:
        """The recording has come to its end."""
        self._is_over = True

    def seek(self, at_s: float) -> None:
        """Go to a second of a recording; without effect on a camera."""
        if self.has_places:
            self._sought_s = max(0.0, at_s)
            if not self._timer.isActive():
                self._timer.start(self._wait_ms)

    @property
    def _wait_ms(self) -> int:
        """How long the next place has to wait: the first of several does not."""
        is_soon = self._since_seek.isValid() and not self._since_seek.hasExpired(SEEK_WAIT_MS)
        return max(0, SEEK_WAIT_MS - self._since_seek.elapsed()) if is_soon else 0

    def _seek_now(self) -> None:
        self._since_seek.start()
        self._want(self._wish().sought(self._sought_s))

    def play_stretch(self, from_s: float, until_s: float) -> None:
        """Play a stretch of a recording once, from a moment before it on, and pause at its end."""
        if self.has_places:
            self._timer.stop()
            self._want(self._wish().played(from_s, until_s))

    def loop_stretch(self, from_s: float, until_s: float) -> None:
        """Play a stretch of a recording again and again."""
        if self.has_places and until_s > from_s:
            self._timer.stop()
            self._want(self._wish().sought(from_s).looped(Loop(from_s, until_s)).held(False))

    def stood(self) -> None:
        """It was paused where it was to be; by now something else may be wished for."""
        if self._wish().play.until_s is not None:
            self._want(self._wish().stood())

    def toggle_pause(self) -> None:
        """Hold or go on; after the end, begin again."""
        wish = self._wish()
        if self._is_over:
            start_s = 0.0 if wish.play.loop is None else wish.play.loop.start_s
            self._want(wish.sought(start_s).held(False))
        else:
            self._want(wish.held(not wish.play.is_paused))

    def skip(self, seconds: float) -> None:
        """So far on, or back; presses that come quickly add up."""
        is_seeking = self._timer.isActive() or self._wait_ms > 0
        from_s = self._sought_s if is_seeking else self._shown_s()
        self.seek(from_s + seconds)

    def step_back(self) -> None:
        """Hold the picture before the one that is seen."""
        self._want(self._wish().stepped_back(self._shown_s()))

    def step_on(self) -> None:
        """Hold the picture after the one that is seen."""
        if not self._is_over:
            self._want(self._wish().stepped_on())

    def loop_from(self) -> None:
        """A stretch that is played again and again begins here."""
        loop, at_s = self._wish().play.loop or Loop(), self._shown_s()
        self._loop(Loop(at_s, loop.end_s) if loop.end_s > at_s else Loop(at_s))

    def loop_to(self) -> None:
        """It ends here."""
        loop, at_s = self._wish().play.loop or Loop(), self._shown_s()
        if at_s > 0:
            self._loop(replace(loop, end_s=at_s) if loop.start_s < at_s else Loop(0.0, at_s))

    def loop_all(self, is_on: bool) -> None:
        """All of the recording again and again, or nothing."""
        self._loop(Loop() if is_on else None)

    def _loop(self, loop: Loop | None) -> None:
        self._want(self._wish().looped(loop))

    def _at_rate(self, factor: float | None) -> None:
        rate = 1.0 if factor is None else self._wish().play.rate * factor
        self._want(self._wish().at_rate(rate))

    def _act(self) -> None:
        for key, do in (
            ("pause", self.toggle_pause),
            ("step back", self.step_back),
            ("step on", self.step_on),
            ("back", lambda: self.skip(-SKIP_S)),
            ("on", lambda: self.skip(SKIP_S)),
            ("far back", lambda: self.skip(-FAR_SKIP_S)),
            ("far on", lambda: self.skip(FAR_SKIP_S)),
            ("beginning", lambda: self.seek(0.0)),
            ("end", lambda: self.seek(self.duration_s or 0.0)),
            ("slower", lambda: self._at_rate(1 / FASTER)),
            ("faster", lambda: self._at_rate(FASTER)),
            ("usual speed", lambda: self._at_rate(None)),
            ("loop from", self.loop_from),
            ("loop to", self.loop_to),
        ):
            self._actions.on(key, do)
        self._actions.on_switch("loop all", self.loop_all)
