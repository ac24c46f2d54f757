"""What is read for certain, what is looked at first, and that parts begin where nothing moves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
import pytest

from motionapp.analysis import Analysis
from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.core.seams import Source
from motionapp.scan.look import BEFORE_S, RIPE_S, GateLooks
from motionapp.scan.plan import Stretch
from motionapp.scan.quiet import BIN_S, WINDOWS_S, Unrest
from motionapp.scan.walk import BEGINNING_S, FastWalk, NothingRests, lead_of, stretches_to_read
from motionapp.scenes.people.body import Body
from motionapp.scenes.people.performance import Performance
from motionapp.scenes.scene import Cue, Figure, Scene
from motionapp.settings import AnalysisSettings
from motionapp.sources.synthetic import SyntheticSource

SETTINGS = AnalysisSettings()
LENGTH_S = 70.0
BEGINNING = Stretch(0.0, BEGINNING_S)


class Scripted:
    """Looks that know where something moves, and note where they were asked to look."""

    def __init__(self, *moving: tuple[float, float]) -> None:
        self._moving = [Stretch(*each) for each in moving]
        self.asked: list[Stretch] = []

    def moves_at(self, stretch: Stretch) -> float | None:
        """The first second of both."""
        self.asked.append(stretch)
        times = [
            max(stretch.from_s, each.from_s)
            for each in self._moving
            if each.from_s < stretch.to_s and stretch.from_s < each.to_s
        ]
        return min(times, default=None)


def calm(seconds: float, *, blocks: int = 1) -> Unrest:
    bins = int(seconds / BIN_S)
    return Unrest(np.zeros((len(WINDOWS_S), bins), np.float32), seconds / blocks, seconds)


def standing_out(unrest: Unrest, from_s: float, to_s: float, by: float) -> None:
    unrest.values[WINDOWS_S.index(0.5), int(from_s / BIN_S) : int(to_s / BIN_S)] = by


def test_a_doubt_in_which_nothing_moves_is_skipped() -> None:
    unrest, looks = calm(600.0), Scripted((400.0, 405.0))
    standing_out(unrest, 200.0, 201.0, 4.0)
    standing_out(unrest, 400.5, 402.0, 4.0)

    found = stretches_to_read(unrest, looks, threshold=3.0, lead_s=14.0)

    assert found == [BEGINNING, Stretch(399.25, 402.0)]
    assert any(each.from_s <= 200.0 <= each.to_s for each in looks.asked)


def test_what_stands_far_out_is_read_without_a_look() -> None:
    unrest, looks = calm(600.0), Scripted()
    standing_out(unrest, 200.0, 201.0, 30.0)

    found = stretches_to_read(unrest, looks, threshold=3.0, lead_s=14.0)

    assert found[1:] == [Stretch(198.75, 201.0)]
    assert not any(each.from_s <= 200.0 <= each.to_s for each in looks.asked)


def test_a_block_in_which_something_usually_moves_is_read_whole() -> None:
    """Its packets are all alike: nothing stands out where everything moves."""
    unrest, looks = calm(1200.0, blocks=2), Scripted((600.0, 1250.0))

    found = stretches_to_read(unrest, looks, threshold=3.0, lead_s=14.0)

    assert found == [BEGINNING, Stretch(600.0, math.inf)]


def test_who_is_about_for_minutes_is_found_though_nothing_stands_out() -> None:
    """A third of the block: what is usual is quiet, and its middle does not tell."""
    unrest, looks = calm(600.0), Scripted((100.0, 295.0))
    standing_out(unrest, 100.0, 295.0, 1.5)

    found = stretches_to_read(unrest, looks, threshold=3.0, lead_s=14.0)

    assert found == [Stretch(0.0, math.inf)]


def test_who_comes_by_where_all_is_as_usual_makes_no_block_busy() -> None:
    unrest, looks = calm(600.0), Scripted((0.0, 5.0))

    found = stretches_to_read(unrest, looks, threshold=3.0, lead_s=14.0)

    assert found == [BEGINNING]


def test_what_moves_once_without_standing_out_is_read_by_itself() -> None:
    unrest, looks = calm(600.0), Scripted((200.0, 205.0))
    standing_out(unrest, 201.0, 203.0, 1.5)

    found = stretches_to_read(unrest, looks, threshold=3.0, lead_s=14.0)

    assert found == [BEGINNING, Stretch(199.5, 201.5)]


def test_where_something_moves_all_the_time_few_looks_are_taken() -> None:
    unrest, looks = calm(6000.0, blocks=10), Scripted((0.0, 6000.0))

    found = stretches_to_read(unrest, looks, threshold=3.0, lead_s=14.0)

    assert found == [Stretch(0.0, math.inf)]
    assert len(looks.asked) == 2 * 10 + 1


def test_a_block_so_full_of_doubts_that_looks_would_read_it_is_read_whole() -> None:
    unrest, looks = calm(600.0), Scripted()
    for from_s in range(0, 600, 4):
        standing_out(unrest, from_s, from_s + 2, 4.0)

    found = stretches_to_read(unrest, looks, threshold=3.0, lead_s=14.0)

    assert found == [Stretch(0.0, math.inf)]
    assert len(looks.asked) == 2


def test_doubts_so_near_that_their_lead_in_would_overlap_are_looked_at_first() -> None:
    unrest, looks = calm(600.0), Scripted((401.0, 402.0))
    for from_s in range(0, 600, 20):
        standing_out(unrest, from_s, from_s + 2, 4.0)

    found = stretches_to_read(unrest, looks, threshold=3.0, lead_s=14.0)

    assert found == [BEGINNING, Stretch(400.0, 402.0)]


def test_where_people_come_by_all_the_time_most_doubts_are_not_looked_at() -> None:
    visits = [(from_s, from_s + 2) for from_s in range(1, 600, 20)]
    unrest, looks = calm(600.0), Scripted(*visits)
    for from_s, to_s in visits:
        standing_out(unrest, from_s, to_s, 4.0)

    found = stretches_to_read(unrest, looks, threshold=3.0, lead_s=14.0)

    assert found == [Stretch(0.0, math.inf)]
    assert len(looks.asked) < len(visits)


# -- along the road -------------------------------------------------------------------------------


@cache
def scene() -> Scene:
    """Two movements, far enough apart to skip what lies between."""
    cues = (
        Cue(Performance("jack"), 20.0, 23.0),
        Cue(Performance("wave2"), 52.0, 55.0),
    )
    figure = Figure(Body(), (80.0, 106.0), 40.0, cues)
    return Scene("two movements", (160, 120), LENGTH_S, 20_113_001, figures=(figure,))


@cache
def frames() -> tuple[Frame, ...]:
    return tuple(SyntheticSource(scene(), rate_hz=15).frames())


class Kept:
    """The rendered frames from any second on, without rendering them again."""

    info = SyntheticSource(scene(), rate_hz=15).info

    def __init__(self) -> None:
        self.read = 0

    def frames(self, start_s: float = 0.0) -> Iterator[Frame]:
        """Those from a second on."""
        for frame in frames():
            if frame.pts_s >= start_s:
                self.read += 1
                yield frame


@cache
def exact() -> tuple[Event, ...]:
    analysis = Analysis(SETTINGS)
    moments = [analysis.step(frame) for frame in frames()]
    return tuple(e for moment in [*moments, analysis.finish()] for e in moment.closed)


def walked(stretches: Iterable[Stretch], source: Source) -> tuple[FastWalk, list[Event]]:
    walk = FastWalk(list(stretches), LENGTH_S, lambda: Analysis(SETTINGS))
    found = [event for moment in walk.moments(source) for event in moment.closed]
    return walk, found


@pytest.fixture
def source() -> Source:
    kept: Source = Kept()  # type: ignore[assignment]  # what the walk asks of a source
    return kept


def test_the_events_of_what_is_read_are_those_of_the_whole(source: Source) -> None:
    walk, found = walked([BEGINNING, Stretch(18.0, 22.0), Stretch(51.0, 53.0)], source)

    assert tuple(found) == exact()
    assert len(found) == 2
    assert [round(each.from_s) for each in walk.skipped] == [4, 25, 57]


def test_a_part_that_would_begin_amid_a_movement_begins_before_it(source: Source) -> None:
    walk, found = walked([BEGINNING, Stretch(21.5, 22.0)], source)

    assert found == [exact()[0]]
    assert walk.skipped[0].to_s < 20.0


def test_what_was_not_read_is_told_as_skipped(source: Source) -> None:
    walk, found = walked([Stretch(51.0, 53.0)], source)

    assert found == [exact()[1]]
    (before, after) = walk.skipped
    assert before.from_s == 0.0
    assert before.to_s == pytest.approx(51.0, abs=0.1)
    assert after.from_s > 55.0
    assert after.to_s == LENGTH_S


def test_where_nothing_ever_rests_nothing_can_be_skipped(source: Source) -> None:
    class Restless(Analysis):
        @property
        def lead_in_s(self) -> float:
            return math.inf

    walk = FastWalk([Stretch(40.0, 50.0)], LENGTH_S, lambda: Restless(SETTINGS))

    with pytest.raises(NothingRests):
        list(walk.moments(source))


def test_stretches_so_near_that_their_lead_in_would_overlap_are_read_once(source: Source) -> None:
    analysis = Analysis(SETTINGS)
    gap_s = lead_of(analysis)
    list(FastWalk([Stretch(20.0, 23.0), Stretch(22.9 + gap_s, 40.0)], LENGTH_S,
                  lambda: Analysis(SETTINGS)).moments(source))  # fmt: skip

    assert source.read <= 15 * (40.0 - 20.0 + gap_s + 6.0)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("stretch", "is_moving"),
    [(Stretch(10.0, 12.0), False), (Stretch(19.0, 22.0), True), (Stretch(52.5, 53.5), True)],
)
def test_a_look_sees_what_moves(source: Source, stretch: Stretch, is_moving: bool) -> None:
    looks = GateLooks(source, SETTINGS)

    moves_at_s = looks.moves_at(stretch)

    assert (moves_at_s is not None) is is_moving
    length_s = stretch.to_s - stretch.from_s + BEFORE_S
    # What seems to move is looked at once more, from earlier on.
    assert looks.looked_s <= (2 * length_s + RIPE_S if is_moving else length_s) + 0.1
