"""A recording read where something may move, and skipped where its packets say that nothing does.

In three steps, each on what the one before has left: packets (`quiet`), short looks where they
leave a doubt (`look`), and parts that are read as they are always read (`runtime.part`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import Final

from motionapp.analysis import Analysis
from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.core.seams import Source
from motionapp.runtime.part import Part, PartWalk
from motionapp.scan.look import Looks
from motionapp.scan.plan import (
    Stretch,
    doubts,
    halves_of,
    parts_of,
    quarters_of,
    restless_place,
    skipped,
    united,
    usual_place,
)
from motionapp.scan.quiet import Unrest

LOOK_S: Final = 1.0
"""How long it is looked whether what is usual is that nothing moves."""
MOST_OVERLOOKED: Final = 4
"""Of ten minutes in which so many places move that do not stand out, all are read."""
SURE: Final = 3.0
"""Whatever stands out by so many times the threshold moves: a look would only be read twice."""
BUSY: Final = 0.6
"""Share of half a block that would be looked at, or read, from which all of it is read: between
stretches so near to each other hardly anything could be skipped."""
LOOK_LEAD_S: Final = 1.5
"""Decoded before what is looked at: half a second for the gate, and what lies between that and the
key picture before, one second in the middle where they come every two."""
ONSET_S: Final = 1.0
"""A part begins so long before something was seen to move: the gate must be at rest there, and who
comes into the picture slowly moves before he is seen."""
STEP_BACK_S: Final = 8.0
"""Where something moves at a part's beginning already, it is read from so much earlier on."""
LONGEST_STEP_S: Final = 0.5
"""A part begins with a picture, which may come so long after its border."""
BEGINNING_S: Final = 4.0
"""Always read: there the gate knows no noise yet, and whoever reads everything judges so, too."""


class NothingRests(Exception):
    """The scan cannot skip anything: the recording is to be read from its start to its end."""


def stretches_to_read(
    unrest: Unrest, looks: Looks, *, threshold: float, lead_s: float
) -> list[Stretch]:
    """What may hold motion.

    Parameters
    ----------
    unrest : Unrest
    looks : Looks
    threshold : float
        What stands out by so many standard deviations is looked at.
    lead_s : float
        Seconds that are read before a stretch.

    Returns
    -------
    list of Stretch
        In the order of time, the beginning among them.
    """
    found = [Stretch(0.0, BEGINNING_S)]
    doubtful = doubts(unrest, threshold)
    sure = doubts(unrest, threshold * SURE)
    is_busy = False
    for block in range(unrest.blocks):
        busy: list[Stretch] = []
        for half in halves_of(unrest, block):
            own = [each for each in doubtful if half.from_s <= each.from_s < half.to_s]
            moving = _usually(unrest, half, looks, is_expected=is_busy)
            if moving is not None:
                moving = _seen(unrest, half, moving, own, sure, looks, lead_s=lead_s)
            is_busy = moving is None
            if moving is None:
                busy.append(half)
            else:
                found += moving
        found += busy + _overlooked(unrest, block, [found[0], *doubtful, *busy], looks)
    return united(found)


def _is_dense(unrest: Unrest, half: Stretch, own: list[Stretch], *, lead_s: float) -> bool:
    """Whether so much of half a block stands out that skipping the rest is not worth it."""
    with_lead = united(Stretch(each.from_s - lead_s, each.to_s) for each in own)
    read_s = sum(each.to_s - each.from_s for each in with_lead)
    return read_s > BUSY * (min(half.to_s, unrest.duration_s) - half.from_s)


def _usually(
    unrest: Unrest, half: Stretch, looks: Looks, *, is_expected: bool
) -> list[Stretch] | None:
    """What moves at a place where all is as usual; None: whatever place it is, something moves.

    One place is enough where motion `is_expected`, since it was like that before; else there are
    two, because somebody may come by just there.
    """
    found: list[Stretch] = []
    for quarter in quarters_of(unrest, half)[: 1 if is_expected else 2]:
        at_s = usual_place(unrest, quarter)
        moves_at_s = looks.moves_at(Stretch(at_s, at_s + LOOK_S))
        if moves_at_s is None:
            return found
        found.append(Stretch(max(0.0, moves_at_s - ONSET_S), at_s + LOOK_S))
    return None


def _overlooked(unrest: Unrest, block: int, known: list[Stretch], looks: Looks) -> list[Stretch]:
    """What moves in a block although it does not stand out.

    The place that comes next is looked at until nothing moves there: who is about for minutes
    makes a large part of a block alike. Where it moves again and again, all of the block is read.
    """
    halves = halves_of(unrest, block)
    whole = Stretch(halves[0].from_s, halves[-1].to_s)
    found: list[Stretch] = []
    while len(found) < MOST_OVERLOOKED:
        at_s = restless_place(unrest, whole, [*known, *found])
        if at_s is None:
            return found
        place = Stretch(max(0.0, at_s - LOOK_S / 2), at_s + LOOK_S / 2)
        moves_at_s = looks.moves_at(place)
        if moves_at_s is None:
            return found
        found.append(Stretch(max(0.0, moves_at_s - ONSET_S), place.to_s))
    return [whole]


def _seen(
    unrest: Unrest,
    half: Stretch,
    known: list[Stretch],
    own: list[Stretch],
    sure: list[Stretch],
    looks: Looks,
    *,
    lead_s: float,
) -> list[Stretch] | None:
    """What is known of half a block, and its doubtful stretches in which something moves; None:
    there are so many of these, or of those, that all is read."""
    if _is_dense(unrest, half, own, lead_s=LOOK_LEAD_S):
        return None
    found = list(known)
    read_to_s = 0.0
    for each in own:
        if each.to_s <= read_to_s:
            continue
        is_sure = any(each.from_s <= one.from_s <= each.to_s for one in sure)
        moves_at_s = each.from_s if is_sure else looks.moves_at(each)
        if moves_at_s is None:
            continue
        found.append(Stretch(max(0.0, moves_at_s - ONSET_S), max(each.to_s, moves_at_s)))
        read_to_s = found[-1].to_s
        # Asked at once: where people come by all the time, the rest is not looked at.
        if _is_dense(unrest, half, found, lead_s=lead_s):
            return None
    return found


class FastWalk:
    """Leads the stretches that may hold motion along the road.

    Parameters
    ----------
    stretches : list of Stretch
        As `stretches_to_read` gives them.
    duration_s : float
        Of the recording.
    make_analysis : callable
        A fresh one for every part.
    """

    def __init__(
        self, stretches: list[Stretch], duration_s: float, make_analysis: Callable[[], Analysis]
    ) -> None:
        self._stretches, self._duration_s = stretches, duration_s
        self._make_analysis = make_analysis
        self._read: list[Stretch] = []

    @property
    def skipped(self) -> list[Stretch]:
        """What was not led along the road, once all is read."""
        return skipped(self._read, self._duration_s)

    def moments(
        self, source: Source, *, on_frame: Callable[[Frame], None] = lambda frame: None
    ) -> Iterator[Moment]:
        """The moments of all parts, one after the other.

        Raises
        ------
        NothingRests
            A part has no beginning, since nothing rests: what was given before is not to be used.
        """
        read_to_s = 0.0
        for part in parts_of(self._stretches, lead_s=lead_of(self._make_analysis())):
            if part.end_s <= read_to_s:
                continue  # the part before has read on beyond it
            part = replace(part, start_s=max(part.start_s, read_to_s))
            walk = yield from self._part(source, part, read_to_s, on_frame)
            assert walk.owned_from_s is not None  # else nothing rests
            read_to_s = math.inf if walk.handed_over_s is None else walk.handed_over_s
            self._read.append(Stretch(walk.owned_from_s, read_to_s))

    def _part(
        self, source: Source, part: Part, free_from_s: float, on_frame: Callable[[Frame], None]
    ) -> Generator[Moment, None, PartWalk]:
        """One part, from a beginning at which nothing moves."""
        back_s = STEP_BACK_S
        while True:
            try:
                return (yield from self._at_rest(source, part, free_from_s, on_frame))
            except _Moving:
                part = replace(part, start_s=max(free_from_s, part.start_s - back_s))
                back_s *= 2

    def _at_rest(
        self, source: Source, part: Part, free_from_s: float, on_frame: Callable[[Frame], None]
    ) -> Generator[Moment, None, PartWalk]:
        """A part, if nothing moves at its beginning; else nothing has been given of it."""
        analysis = self._make_analysis()
        walk = PartWalk(part, analysis)
        latest_s = part.start_s + LONGEST_STEP_S if part.start_s > free_from_s else math.inf

        def seen(frame: Frame) -> None:
            on_frame(frame)
            if walk.owned_from_s is None:
                # A camera that moves never forgets where it looked at first.
                if not math.isfinite(analysis.lead_in_s):
                    raise NothingRests
                if frame.pts_s > latest_s:
                    raise _Moving

        yield from walk.moments(source.frames(part.reads_from_s(analysis.rest_s)), on_frame=seen)
        if walk.owned_from_s is None:
            raise NothingRests
        return walk


class _Moving(Exception):
    """Something moves where a part would begin."""


def lead_of(analysis: Analysis) -> float:
    """Seconds that are read before a part is owned."""
    far_s = 1e6  # beyond what is cut off at the recording's beginning
    return far_s - Part(far_s).reads_from_s(analysis.rest_s)
