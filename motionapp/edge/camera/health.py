"""Whether a camera still sees what it shall: covered, turned away, blurred, frozen. From pictures.

A value machine without clocks or files, for one look a second. What is judged is a *view*, the
mean of ten looks, taken while nothing moves where that can be had. It is held against what the
camera has seen in the last hours:

- it is another one (`LIKENESS`): *covered* where hardly any edge is left, else *turned*;
- it is the same but soft (`SHARPNESS`): *blurred*;
- nothing at all changes, not even noise: *frozen*.

Each counts when it has lasted for minutes. `benchmarks/edge_health.py` has the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.edge.camera.frozen import FROZEN_S, STILL_SHARE, Frozen
from motionapp.edge.camera.lasting import Lasting
from motionapp.edge.camera.views import Remembered, View, view_of

FaultKind = Literal["covered", "turned", "blurred", "frozen"]

LOOK_S: Final = 1.0
"""Between looks."""
VIEW_LOOKS: Final = 10
"""Looks in a view: noise is a third of what it is in one, and who stands there for a second or two
is faint."""
WAIT_S: Final = 30.0
"""Looks are taken while nothing moves. Where it has moved for so long, they are taken all the same:
some streets never rest."""

LIKENESS: Final = 0.2
"""A view below is another one. Of 25 recordings in other light (one lamp, a hard shadow, a tenth of
the contrast, a twentieth and noise) all stayed above 0.37. All pairs of scenes came below 0.07, and
of scenes moved by a fifth of their width 95 % below 0.08. A lorry before 70 % left 0.24."""
KNOWN: Final = 0.4
"""A view whose own likeness from one time to the next is lower cannot be judged: hardly any edges,
or a camera that always moves."""
KNOWN_VIEWS: Final = 6
"""Of so many views, a minute, is known how alike they are."""
LEFT: Final = 0.4
"""Of the strength of the edges: another view with less is covered. A cover before the lens is soft,
whatever its pattern."""
NOTHING: Final = 0.5
"""Grey levels a pixel, the same before anything is known. Real scenes had 1.07 (infrared at night)
and more, flat fields with noise of up to six levels 0.35 and less."""
SHARPNESS: Final = 0.5
"""Of what it was. In other light no recording came below 0.57; a blur (sigma) of 1.5 pixels takes
it to 0.47 and below, one of 2 % of the picture's width was always found."""
STAYS: Final = 1.25
"""Limits are so many times higher to leave a fault than to come to it."""

LOST_S: Final = 120.0
"""For so long is a view another one before that counts: longer than a lorry waits at the lights."""
BLURRED_S: Final = 300.0
"""The same of a blur: raindrops and breath on the glass go sooner, mostly."""
GONE_S: Final = 15.0
"""Two good views end it."""
ACCEPTED_S: Final = 3600.0
"""A camera that has been turned for so long shall see what it sees: that view is known, too."""
MOST_KNOWN: Final = 3
"""Views that are known: by day, by lamp light, and one it was turned to."""
MEMORY_S: Final = 7200.0
"""What was seen fades by this time constant: shadows go round, a parked car becomes part of it."""

DARK: Final = 16.0
"""Mean luma of a picture that is as good as black."""
LONGER: Final = 1.5
"""A black picture may be a room whose light is out. Once one has come back by itself, only one that
stays black so many times as long as the longest such counts as covered."""


@dataclass(frozen=True, slots=True)
class Change:
    """A fault has begun or is over."""

    kind: FaultKind
    turn: Literal["begins", "ends"]
    pts_s: float
    """Since when: when it was first seen, or first gone."""
    measured: float
    """What was judged at the end of the wait: likeness (covered, turned), sharpness as a share of
    what it was (blurred), share of pixels that changed (frozen)."""
    needed: float
    """The limit: below it is a fault."""


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What is wrong with one view."""

    fault: FaultKind | None
    likeness: float
    sharpness: float
    nearest: Remembered | None


class Health:
    """What is wrong with one camera, from epoch to epoch."""

    memory_s = MEMORY_S
    """Time constant of what is remembered of views; ten times that and nothing is left of them."""

    def __init__(self) -> None:
        self._longest_black_s = 0.0
        self.restart()

    def restart(self) -> None:
        """Begin an epoch: no picture of another is remembered, and what was open is dropped."""
        self._frozen = Frozen()
        self._known: list[Remembered] = []
        self._new: Remembered | None = None
        self._new_since_s = 0.0
        self._lasting: dict[FaultKind, Lasting] = {
            "covered": Lasting(GONE_S),
            "turned": Lasting(GONE_S),
            "blurred": Lasting(GONE_S),
            "frozen": Lasting(0.0),
        }
        self._sum: NDArray[np.float32] | None = None
        self._looks = 0
        self._last_look_s = self._last_quiet_s = -np.inf
        self._last_view_s: float | None = None
        self._black_since_s: float | None = None
        self._last_fault: FaultKind | None = None

    @property
    def open_faults(self) -> tuple[FaultKind, ...]:
        """Those that have begun and are not over."""
        return tuple(kind for kind, state in self._lasting.items() if state.is_open)

    def step(
        self, luma_small: NDArray[np.uint8], pts_s: float, *, is_moving: bool
    ) -> tuple[Change, ...]:
        """What has begun or ended.

        Parameters
        ----------
        luma_small : ndarray of uint8, shape (h, w)
            80 to 160 pixels wide or so, of one size throughout an epoch. Asked for each frame or
            once a second: within `LOOK_S` of a look, nothing is done.
        pts_s : float
            Strictly increasing throughout an epoch.
        is_moving : bool
            Whether the road sees motion.
        """
        if pts_s - self._last_look_s < LOOK_S:
            return ()
        self._last_look_s = pts_s
        changes = self._see_frozen(luma_small, pts_s)
        if not is_moving or self._last_quiet_s == -np.inf:
            self._last_quiet_s = pts_s
        if is_moving and pts_s - self._last_quiet_s < WAIT_S:
            return changes
        view = self._gathered(luma_small)
        return changes if view is None else changes + self._judge(view, pts_s)

    def _see_frozen(self, luma: NDArray[np.uint8], pts_s: float) -> tuple[Change, ...]:
        still_s = self._frozen.step(luma, pts_s)
        # A picture with nothing in it, black at night say, has no noise either.
        holds = still_s > 0 and self._last_fault != "covered"
        told = self._lasting["frozen"].step(pts_s, holds=holds, needed_s=FROZEN_S)
        if told is None:
            return ()
        return (Change("frozen", *told, self._frozen.changed_share, STILL_SHARE),)

    def _gathered(self, luma: NDArray[np.uint8]) -> View | None:
        """The view of the last looks, each time there are enough of them."""
        if self._sum is None or self._sum.shape != luma.shape:
            self._sum, self._looks = np.zeros(luma.shape, np.float32), 0
        cv2.accumulate(luma, self._sum)
        self._looks += 1
        if self._looks < VIEW_LOOKS:
            return None
        mean, self._sum = self._sum / VIEW_LOOKS, None
        return view_of(np.asarray(mean, dtype=np.float32))

    def _judge(self, view: View, pts_s: float) -> tuple[Change, ...]:
        verdict = self._verdict(view)
        self._last_fault = verdict.fault
        figures: dict[FaultKind, tuple[float, float]] = {
            "covered": (verdict.likeness, LIKENESS),
            "turned": (verdict.likeness, LIKENESS),
            "blurred": (verdict.sharpness, SHARPNESS),
        }
        changes = []
        for kind, (measured, limit) in figures.items():
            told = self._lasting[kind].step(
                pts_s, holds=verdict.fault == kind, needed_s=self._needed_s(kind, view)
            )
            if told is not None:
                changes.append(Change(kind, *told, measured, limit))
        self._note_black(view, verdict, pts_s)
        self._remember(view, verdict, pts_s)
        self._last_view_s = pts_s
        return tuple(changes)

    def _verdict(self, view: View) -> _Verdict:
        """What is wrong with a view, by the known one that it is most like."""
        alike = [(known.likeness(view), known) for known in self._known]
        if not alike:
            return _Verdict("covered" if view.structure < NOTHING else None, 0.0, 1.0, None)
        likeness, nearest = max(alike, key=lambda pair: pair[0])
        sharpness = nearest.sharpness_of(view)
        fault: FaultKind | None = None
        # It stays what it was near a limit: a fault that changes its kind would never last.
        stays = {"covered": STAYS, "turned": STAYS, "blurred": 1 / STAYS}
        if likeness < LIKENESS * stays.get(str(self._last_fault), 1.0):
            is_known = nearest.views >= KNOWN_VIEWS and nearest.typical >= KNOWN
            if is_known or view.structure < NOTHING:
                left = LEFT * (STAYS if self._last_fault == "covered" else 1.0)
                is_covered = view.structure < max(NOTHING, left * nearest.structure)
                fault = "covered" if is_covered else "turned"
        elif sharpness < SHARPNESS * (STAYS if self._last_fault == "blurred" else 1.0):
            fault = "blurred"
        return _Verdict(fault, likeness, sharpness, nearest)

    def _needed_s(self, kind: FaultKind, view: View) -> float:
        if kind == "blurred":
            return BLURRED_S
        if view.brightness < DARK:
            return max(LOST_S, LONGER * self._longest_black_s)
        return LOST_S

    def _note_black(self, view: View, verdict: _Verdict, pts_s: float) -> None:
        """How long it is black, and how long it has been once it comes back as it was."""
        if verdict.fault == "covered" and view.brightness < DARK:
            if self._black_since_s is None:
                self._black_since_s = pts_s
        elif self._black_since_s is not None:
            if verdict.fault is None:
                black_s = pts_s - self._black_since_s
                self._longest_black_s = max(self._longest_black_s, black_s)
            self._black_since_s = None

    def _remember(self, view: View, verdict: _Verdict, pts_s: float) -> None:
        """Learn from a good view, and in time from another one that stays."""
        if verdict.fault is None:
            self._new = None
            if verdict.nearest is None:
                self._known.append(Remembered(view))
            else:
                step_s = pts_s - (pts_s if self._last_view_s is None else self._last_view_s)
                verdict.nearest.learn(view, min(1.0, step_s / MEMORY_S))
                # The one that has not been seen for longest is the first to be forgotten.
                self._known.remove(verdict.nearest)
                self._known.append(verdict.nearest)
            return
        if verdict.fault != "turned":
            return
        if self._new is None or self._new.likeness(view) < LIKENESS:
            self._new, self._new_since_s = Remembered(view), pts_s
            return
        self._new.learn(view, 0.0)
        if pts_s - self._new_since_s >= ACCEPTED_S:
            # From here on it is a good view, which ends what is open.
            self._known = [*self._known[-(MOST_KNOWN - 1) :], self._new]
            self._new = None
