"""Falls: a naming that asks no network, but how each body is held, by its points.

It stands among the namings of a road where the front-end gives points. Who has not fallen it says
nothing of, so that events of everything else are as they are without it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from motionapp.core.clip import Prediction
from motionapp.core.event import UNKNOWN
from motionapp.core.frame import Frame
from motionapp.core.motion import Motion, Pose
from motionapp.core.stopwatch import Stopwatch
from motionapp.core.track import Group
from motionapp.recognition.falling import (
    DROPS_S,
    FALL,
    MEMORY_S,
    SUDDEN_S,
    Falling,
    FallRule,
    Judgement,
)
from motionapp.recognition.naming import Maps
from motionapp.recognition.posture import posture_of

LABEL: Final = "fall"

AGAIN_S: Final = 1.0
"""Whose points were lost in tumbling is found again within so long, under another number..."""

AGAIN_LENGTHS: Final = 0.6
"""... and no further off than this, in standing lengths."""

LIES_S: Final = 3.0
"""For so long after the last look that shows the fall somebody is called fallen."""

LEAST: Final = 0.5
"""More probable than this, it is a fall."""


class _Fall(NamedTuple):
    """That a body fell, as far as it is known."""

    began_s: float
    seen_s: float
    """When it was last judged to be one."""
    score: float
    told_s: float
    """When it was told first, or that it is over."""
    is_over: bool = False


class Falls:
    """Watches every body that has points, and calls those that fall `fall`.

    Parameters
    ----------
    rule : FallRule
    """

    name = "falls"
    label = LABEL

    def __init__(self, rule: FallRule = FALL) -> None:
        self._rule = rule
        self._bodies: dict[int, Falling] = {}
        """By the number of the person."""
        self._fallen: dict[int, _Fall] = {}
        """By the number of the group."""

    @property
    def forget_s(self) -> float:
        """After so many seconds, nothing that was stepped through matters any more."""
        return MEMORY_S

    def step(
        self,
        frame: Frame,
        motion: Motion,
        groups: Sequence[Group],
        maps: Maps,
        stopwatch: Stopwatch,
    ) -> tuple[Prediction, ...]:
        """What is to be said of bodies that fall, at a frame; mostly nothing.

        See `Naming.step`; it needs no maps. What a body did before is `unknown`: that is told at
        the frame at which the fall is seen, and the fall from the next on.
        """
        with stopwatch("falls"):
            judged = self._judged(frame.pts_s, motion.poses)
            self._forget(frame.pts_s)
            said: list[Prediction] = []
            for group in groups:
                judgement = judged.get(group.person) if group.person else None
                if judgement is not None:
                    said += self._said(group, judgement, frame.pts_s)
        return tuple(said)

    def _judged(self, pts_s: float, poses: Sequence[Pose]) -> dict[int, Judgement]:
        judged = {}
        for pose in poses:
            if not pose.person:
                continue
            posture = posture_of(pose.keypoints)
            if posture is None:
                continue
            if pose.person not in self._bodies:
                place, taken = (posture.x, posture.y), {one.person for one in poses}
                self._bodies[pose.person] = self._found_again(pts_s, place, taken)
            judged[pose.person] = self._bodies[pose.person].step(pts_s, posture)
        return judged

    def _found_again(self, pts_s: float, place: tuple[float, float], taken: set[int]) -> Falling:
        """What is known of whoever was lost near a place just now; nothing where nobody was."""
        near = {}
        for person, body in self._bodies.items():
            away = math.dist(place, body.place) / body.standing_px
            if person not in taken and pts_s - body.last_s <= AGAIN_S and away <= AGAIN_LENGTHS:
                near[person] = away
        if not near:
            return Falling(self._rule)
        return self._bodies.pop(min(near, key=lambda person: near[person]))

    def _said(self, group: Group, judgement: Judgement, pts_s: float) -> list[Prediction]:
        """What is told of a body that has points at this frame."""
        group_id, score = group.group_id, judgement.probability
        fall = self._fallen.get(group_id)
        if score <= LEAST:
            # Who got up again is not called fallen to the end of the event.
            if fall is None or fall.is_over or pts_s - fall.seen_s <= LIES_S:
                return []
            self._fallen[group_id] = fall._replace(told_s=pts_s, is_over=True)
            return [Prediction(group_id, pts_s, pts_s, UNKNOWN, score, (score,))]
        if fall is None or fall.is_over:
            self._fallen[group_id] = _Fall(judgement.began_s, pts_s, score, pts_s)
            before_s = min(group.born_s, judgement.began_s)
            return [Prediction(group_id, before_s, before_s, UNKNOWN, 1 - score, (score,))]
        self._fallen[group_id] = fall._replace(seen_s=pts_s, score=max(score, fall.score))
        # One whose middle is the beginning: that is where a segment starts.
        start_s, reason = 2 * fall.began_s - pts_s, _in_words(judgement)
        return [Prediction(group_id, start_s, pts_s, LABEL, score, (score,), reason)]

    def _forget(self, pts_s: float) -> None:
        lost = [p for p, body in self._bodies.items() if pts_s - body.last_s > self.forget_s]
        for person in lost:
            del self._bodies[person]
        old = [g for g, fall in self._fallen.items() if pts_s - fall.seen_s > self.forget_s]
        for group_id in old:
            del self._fallen[group_id]

    def label_of(self, group_id: int) -> tuple[str, float] | None:
        """`fall` and how sure that is; None for whoever has not fallen."""
        fall = self._fallen.get(group_id)
        if fall is None:
            return None
        return (LABEL if fall.seen_s > fall.told_s else UNKNOWN), fall.score

    def has_fallen(self, group_id: int) -> bool:
        """Whether a body is called fallen now."""
        said = self.label_of(group_id)
        return said is not None and said[0] == self.label

    def restart(self) -> None:
        """Forget everybody: a new epoch, or a rest."""
        self._bodies.clear()
        self._fallen.clear()


def _in_words(judgement: Judgement) -> str:
    figures = judgement.figures
    return (
        f"It came down by {figures.drop:.2f} of its standing height within {DROPS_S:g} s, "
        f"{figures.sudden:.2f} of it within {SUDDEN_S:g} s, and then one end of the trunk was "
        f"{figures.trunk:.2f} above the other: a fall with {judgement.probability:.2f}."
    )
