"""Results of parts in, jobs out: when an input is whole again, and when it has to be done whole."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.batch.in_parts import InParts
from motionapp.batch.job import Job
from motionapp.batch.joining import moments_of, outcome_of
from motionapp.batch.part_result import PartResult, Stamp, in_trouble, result_document, result_of
from motionapp.batch.protocol import job_message, job_of
from motionapp.batch.record import Record
from motionapp.core.crossing import Crossing
from motionapp.core.event import Event, Name, Segment
from motionapp.runtime.part import Part

JOB = Job("day.mp4", "found", "day", threads=3)


def shared(*borders_s: float) -> InParts:
    return InParts(JOB, parts_at(borders_s), duration_s=100.0)


def parts_at(borders_s: Sequence[float]) -> tuple[Part, ...]:
    return tuple(Part(*pair, patience_s=6.0) for pair in pairwise([0.0, *borders_s, math.inf]))


def event_at(start_s: float) -> Event:
    trail = ((start_s, 1 / 3, 2.5), (start_s + 1, 0.1, 7.0))
    name = Name("actions", "wave", 0.7)
    segment = Segment("wave", 0.7, start_s, start_s + 1, 1, (1, 2), (0, 1, 20, 31), trail, (name,))
    return Event(
        f"all@{start_s}", "all", start_s, start_s + 1.1, "wave", 0.7, start_s + 0.3,
        (0, 1, 20, 31), (segment,), "motion",
    )  # fmt: skip


def result(owned_s: float | None, handed_s: float | None, *events: Event) -> PartResult:
    if owned_s is None:
        return PartResult(handed_over_s=handed_s)
    start_utc = datetime(2026, 5, 1, 18, tzinfo=UTC)
    stamp = Stamp(round(owned_s * 90_000), owned_s, (1, 90_000), start_utc, (64, 48))
    end_s = 100.0 if handed_s is None else handed_s
    frames = round(10 * (end_s - owned_s))
    return PartResult(
        owned_s, handed_s, events=events, frames=frames, size=(64, 48), ends_s=end_s,
        stamps=(stamp,), steps_s=((0.1, end_s - owned_s),), note="2 of 2 videos left out",
    )  # fmt: skip


WAITED = PartResult(has_waited=True)


@given(st.permutations(range(3)))
def test_parts_that_hand_over_to_each_other_are_written_in_their_order(order: list[int]) -> None:
    work = shared(40, 70)
    results = [result(0.0, 41.5), result(41.5, 70.0, event_at(50.0)), result(70.0, None)]
    given_out = work.jobs

    last = [work.take(_part(given_out[place]), results[place]) for place in order]

    assert last[:2] == [(), ()]
    ((job,),) = last[2:]
    assert job.part is None
    assert job.found == tuple(results)
    assert job.threads == 3
    assert work.told(Record("day.mp4", "ok")).note is None
    assert all(one.threads == 1 for one in given_out)
    assert all(work.is_moot(one) for one in given_out)
    assert not work.is_moot(job)


def _part(job: Job) -> Part:
    assert job.part is not None
    return job.part


def test_a_part_that_finds_no_rest_is_read_again_from_where_there_is_one() -> None:
    work = shared(30, 60)
    first, second, third = work.jobs
    assert work.take(_part(third), result(61.0, None)) == ()
    assert work.take(_part(second), WAITED) == ()

    (again,) = work.take(_part(first), result(0.0, 44.0))

    assert again.part == Part(44.0, 60.0)
    assert work.is_moot(second)
    assert not work.is_moot(again)
    (last,) = work.take(_part(again), result(44.0, 61.0))
    assert [one.owned_from_s for one in last.found] == [0.0, 44.0, 61.0]


def test_a_part_that_another_has_read_through_is_not_read_again() -> None:
    work = shared(30, 50, 90)
    first, second, third, fourth = work.jobs
    work.take(_part(second), WAITED)
    work.take(_part(third), result(65.0, 90.0))
    work.take(_part(fourth), result(90.0, None))

    (last,) = work.take(_part(first), result(0.0, 65.0))

    assert [one.owned_from_s for one in last.found] == [0.0, 65.0, 90.0]


def test_a_part_that_reads_to_the_end_has_all_that_comes() -> None:
    work = shared(30, 60)
    first, second, _ = work.jobs

    assert work.take(_part(first), result(0.0, 33.0)) == ()
    (last,) = work.take(_part(second), result(33.0, None))

    assert [one.owned_from_s for one in last.found] == [0.0, 33.0]


@pytest.mark.parametrize(
    ("results", "word"),
    [
        ({1: in_trouble("a part of it is damaged")}, "damaged"),
        ({1: WAITED, 2: WAITED}, "hardly anything rests"),
        ({0: result(0.0, 31.0), 1: result(32.0, 61.0)}, "do not agree"),
        ({0: result(0.0, 31.0), 1: PartResult()}, "do not agree"),
    ],
)
def test_what_cannot_be_joined_is_analysed_whole_and_a_note_says_why(
    results: dict[int, PartResult], word: str
) -> None:
    work = shared(30, 60)
    *before, last = [work.take(_part(work.jobs[place]), one) for place, one in results.items()]

    assert before in ([], [()])
    assert last == (JOB,)
    assert work.take(_part(work.jobs[2]), result(61.0, None)) == ()
    note = work.told(Record("day.mp4", "ok", note="seldom")).note
    assert note is not None
    assert note.startswith("seldom; analysed in one piece, since ")
    assert word in note


def test_a_part_that_is_read_again_in_vain_ends_the_joining() -> None:
    work = shared(30, 60)
    first, second, _ = work.jobs
    work.take(_part(second), WAITED)
    (again,) = work.take(_part(first), result(0.0, 44.0))

    assert work.take(_part(again), result(44.5, 61.0)) == (JOB,)


def test_the_progress_is_that_of_all_parts_and_never_beyond_the_end() -> None:
    work = shared(40, 70)
    first, second, third = work.jobs

    assert work.progressed(_part(first), 10.0) == (10.0, 100.0)
    assert work.progressed(_part(third), 20.0) == (30.0, 100.0)
    assert work.progressed(_part(first), 60.0) == (60.0, 100.0)
    assert work.progressed(_part(second), 30.0) == (90.0, 100.0)
    assert work.progressed(_part(third), 35.0) == (100.0, 100.0)


def test_what_a_part_has_found_survives_the_way_to_the_last_digit() -> None:
    found = result(1 / 3, 41.0, event_at(2 / 3), event_at(math.pi))
    crossing = Crossing("door", 0.1 + 0.2, 3, "left")
    found = result_of({**result_document(found), "crossings": [crossing_values(crossing)]})
    job = Job("day.mp4", "found", "day", found=(found,))

    message = json.loads(json.dumps(job_message(job)))

    assert found.events == (event_at(2 / 3), event_at(math.pi))
    assert found.crossings == (crossing,)
    assert job_of(message) == job


def crossing_values(crossing: Crossing) -> dict[str, object]:
    return {
        "zone": crossing.zone,
        "t_s": crossing.t_s,
        "track_id": crossing.track_id,
        "direction": crossing.direction,
    }


def test_a_job_for_a_part_without_an_end_survives_the_way() -> None:
    job = Job("a.mp4", "found", "a", parts=("b", "c"), part=Part(30.0, math.inf, 60.0))

    assert job_of(json.loads(json.dumps(job_message(job)))) == job


def test_the_outcome_adds_up_what_the_parts_have() -> None:
    found = [result(0.0, 40.0, event_at(3.0)), result(40.0, 40.0), result(40.0, None)]

    outcome = outcome_of(found, naming_step_s=None)

    assert outcome.events == (event_at(3.0),)
    assert outcome.frames == 1000
    assert outcome.size == (64, 48)
    assert outcome.duration_s == pytest.approx(100.0)
    assert outcome.note == "2 of 2 videos left out"


def test_sinks_hear_of_stamps_and_of_what_closed() -> None:
    found = [result(0.0, 40.0, event_at(3.0)), result(40.0, None, event_at(50.0))]

    moments = list(moments_of(found, "day.mp4"))

    frames = [moment.frame for moment in moments if moment.frame is not None]
    assert [frame.pts_s for frame in frames] == [0.0, 40.0]
    assert frames[1].pts * frames[1].epoch.time_base == Fraction(40)
    assert frames[0].epoch.start_utc == datetime(2026, 5, 1, 18, tzinfo=UTC)
    assert [event.start_s for moment in moments for event in moment.closed] == [3.0, 50.0]
