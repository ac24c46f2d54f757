"""What becomes of one camera's process: when it is started, ended, and what state that is.

A value that steps: it is told what was heard and what time it is, and says what is to be done.
Processes and clocks are its driver's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from motionapp.core.backoff import Backoff
from motionapp.core.spacing import stretched
from motionapp.edge.protocol import Message
from motionapp.edge.records import CameraState

Order = Literal["start", "kill", "end"]
"""``end``: it may still say why it has nothing more to do."""

DEAF_S: Final = 10.0
"""A process that says nothing for ten beats hangs: in a library that does not come back, say."""
DUMB_S: Final = 60.0
"""... and one that has not said a word yet. Until the first it imports libraries and opens
networks: two seconds here, and many on a small box that starts four of them from a cold card."""
STALLED_S: Final = 3.0
"""A camera at one picture a second that misses two of them is still well; for one that sends them
farther apart it is longer (`core.spacing`)."""
BLIND_S: Final = 30.0
"""A source gives up by itself after 5 s without data and 20 s without a picture; who neither has
pictures nor says that it lost them by then never will."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How a camera is: what its driver tells others."""

    state: CameraState = "starting"
    why: str = ""
    since_s: float = 0.0
    """When that state began, on the driver's clock."""
    blind_since_s: float | None = None
    """When its last picture came, where there should be more; None while all is well."""


class Supervision:
    """Watches over one process.

    Parameters
    ----------
    now_s : float
        Monotonic seconds, as in every call.
    is_wanted : bool
        Whether the camera is to be watched at all.
    backoff : Backoff, optional
        How long to wait before a process that has ended is started again.
    """

    def __init__(
        self, now_s: float, *, is_wanted: bool = True, backoff: Backoff | None = None
    ) -> None:
        self.seen = Seen("starting" if is_wanted else "disabled", since_s=now_s)
        self.starts = 0
        self._is_wanted = is_wanted
        self._backoff = backoff or Backoff()
        self._is_running = False
        self._start_at_s = now_s
        self._started_s = self._heard_s = self._spoke_s = now_s
        self._picture_s: float | None = None
        """When the newest picture came, since this process began."""
        self._stalled_s = STALLED_S
        self._is_killed = self._is_over = self._is_ending = False
        self._has_spoken = self._says_lost = False

    def want(self, is_wanted: bool, now_s: float) -> tuple[Order, ...]:
        """Watch it from now on, or do not."""
        if is_wanted == self._is_wanted:
            return ()
        self._is_wanted = is_wanted
        if is_wanted:
            self._start_at_s = now_s
            self._become("starting", "", now_s)
            return self.tick(now_s)
        self._become("disabled", "", now_s)
        return self._kill() if self._is_running and not self._is_killed else ()

    def hear(self, message: Message, now_s: float) -> None:
        """Take note of what the process says."""
        if not self._has_spoken:
            self._spoke_s, self._has_spoken = now_s, True
        self._heard_s = now_s
        kind = message["type"]
        if kind == "lost":
            self._says_lost = True
            self._lose(str(message["why"]), now_s)
        elif kind == "failed":
            self._lose(str(message["why"]), now_s)
        elif kind == "over":
            self._is_over = True
            self._lose("there is nothing more to come from its source", now_s)
        elif kind == "beat" and message["age_s"] is not None:
            self._stalled_s = stretched(STALLED_S, float(message.get("apart_s", 0.0)))
            self._see_picture(now_s - float(message["age_s"]), now_s)

    def exited(self, why: str, now_s: float) -> None:
        """The process has ended; `why` is how, for a person."""
        self._is_running = False
        self._backoff.note_success(0.0 if self._picture_s is None else now_s - self._started_s)
        self._start_at_s = now_s + self._backoff.next_s()
        if self._is_killed:
            self._start_at_s = now_s  # it was ended to begin anew
        elif self.seen.state != "lost":
            self._lose(why, now_s)

    def tick(self, now_s: float) -> tuple[Order, ...]:
        """What is to be done now; called each second or so."""
        if not self._is_running:
            if self._is_wanted and now_s >= self._start_at_s:
                self._begin(now_s)
                return ("start",)
            return ()
        if self._is_killed:
            return ()
        deaf_s = DEAF_S if self._has_spoken else DUMB_S
        if now_s - self._heard_s > deaf_s:
            self._become("lost", f"its process has said nothing for {deaf_s:g} s", now_s)
            return self._kill()
        if self._is_over and not self._is_ending:
            self._is_ending = True
            return ("end",)
        if not self._has_spoken:
            return ()
        sighted_s = self._spoke_s if self._picture_s is None else self._picture_s
        blind_s = BLIND_S + self._stalled_s - STALLED_S
        if now_s - sighted_s > blind_s and not self._says_lost:
            self._become("lost", f"no picture for {blind_s:g} s", now_s)
            return self._kill()
        if self.seen.state == "live" and now_s - sighted_s > self._stalled_s:
            self._become("stalled", f"no picture for {self._stalled_s:g} s", now_s)
        return ()

    def _begin(self, now_s: float) -> None:
        self.starts += 1
        self._is_running, self._is_killed, self._says_lost = True, False, False
        self._is_over = self._is_ending = self._has_spoken = False
        self._started_s = self._heard_s = now_s
        self._picture_s = None

    def _kill(self) -> tuple[Order, ...]:
        self._is_killed = True
        return ("kill",)

    def _see_picture(self, at_s: float, now_s: float) -> None:
        """The newest picture came at `at_s`: whether that is a sign of life."""
        if self._picture_s is not None and at_s <= self._picture_s + 0.001:
            return  # the same as before
        self._picture_s = at_s
        is_followed = self._is_wanted and not self._is_killed and not self._is_over
        if now_s - at_s <= self._stalled_s and is_followed:
            self._says_lost = False
            self._become("live", "", now_s)

    def _lose(self, why: str, now_s: float) -> None:
        """It is lost, if anybody wants it: what a process says on its way out is no loss."""
        if self._is_wanted:
            self._become("lost", why, now_s)

    def _become(self, state: CameraState, why: str, now_s: float) -> None:
        seen = self.seen
        blind_since_s = seen.blind_since_s
        if state in ("live", "disabled"):
            blind_since_s = None
        elif state in ("lost", "stalled") and blind_since_s is None:
            blind_since_s = self._picture_s if self._picture_s is not None else seen.since_s
        if state != seen.state:
            self.seen = Seen(state, why, now_s, blind_since_s)
        elif why != seen.why:
            self.seen = replace(seen, why=why)
