"""What is handed out next, and when an input has its record: without any process."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from motionapp.batch.agenda import Agenda
from motionapp.batch.job import Job
from motionapp.batch.part_result import Division, PartResult
from motionapp.batch.record import Record
from motionapp.runtime.part import Part

DIVISION = Division((Part(0.0, 30.0), Part(30.0, 60.0), Part(60.0, math.inf)), 90.0)


class Notes:
    """A reporter that takes notes."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.done: list[tuple[int, float, float | None]] = []
        self.records: dict[int, Record] = {}

    def started(self, index: int) -> None:
        self.begun.append(index)

    def progressed(self, index: int, done_s: float, total_s: float | None) -> None:
        self.done.append((index, done_s, total_s))

    def finished(self, index: int, record: Record) -> None:
        assert index not in self.records
        self.records[index] = record


class Clock:
    """Goes on by a second each time it is asked."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        self.now_s += 1.0
        return self.now_s


def agenda(*specs: str, divide: int | None = None) -> tuple[Agenda, Notes]:
    notes = Notes()
    jobs = {n: Job(spec, "out", spec, threads=2) for n, spec in enumerate(specs)}
    may_divide = {} if divide is None else {divide: 3}
    return Agenda(jobs, may_divide, notes, clock=Clock()), notes


def begun(work: Agenda) -> int:
    number = work.next()
    assert number is not None
    return number


def part_result(part: Part) -> PartResult:
    end_s = None if part.end_s == math.inf else part.end_s
    return PartResult(part.start_s, end_s, frames=1, ends_s=90.0)


def test_inputs_are_handed_out_in_their_order_and_told_once_each() -> None:
    work, notes = agenda("a", "b")

    first, second = begun(work), begun(work)
    work.done(second, Record("b", "ok"))
    assert not work.is_settled
    work.done(first, Record("a", "ok"))

    assert [work.job(number).spec for number in (first, second)] == ["a", "b"]
    assert work.next() is None
    assert work.is_settled
    assert notes.begun == [0, 1]
    assert list(notes.records) == [1, 0]


def test_parts_come_before_what_waits_and_are_one_input_to_whoever_looks_on() -> None:
    work, notes = agenda("long", "b", divide=0)
    assert work.most_at_once == 5
    asked = begun(work)
    assert work.job(asked).most_parts == 3
    work.divided(asked, DIVISION)

    numbers = [begun(work) for _ in range(3)]
    parts = [work.job(number).part for number in numbers]
    assert parts == list(DIVISION.parts)
    assert work.waiting == 1
    work.progressed(numbers[1], 10.0, None)
    work.progressed(numbers[0], 5.0, None)
    for number, part in zip(numbers, DIVISION.parts, strict=True):
        work.found(number, part_result(part))
    last = begun(work)
    assert work.job(last).found == tuple(map(part_result, DIVISION.parts))
    work.progressed(last, 0.0, 90.0)
    work.done(last, Record("long", "ok", elapsed_s=0.1))

    assert notes.begun == [0]
    assert notes.done == [(0, 10.0, 90.0), (0, 15.0, 90.0)]
    assert notes.records[0] == Record("long", "ok", elapsed_s=1.0)
    assert work.job(begun(work)).spec == "b"


def test_a_recording_without_parts_is_done_whole() -> None:
    work, notes = agenda("long", divide=0)

    work.divided(begun(work), Division())

    whole = begun(work)
    assert work.job(whole) == Job("long", "out", "long", threads=2)
    work.done(whole, Record("long", "ok"))
    assert work.is_settled
    assert notes.records[0].note is None


def test_a_question_that_kills_twice_is_not_asked_again() -> None:
    work, _ = agenda("long", divide=0)

    work.died(begun(work), "was ended by SIGSEGV")
    again = begun(work)
    assert work.job(again).most_parts == 3
    work.died(again, "was ended by SIGSEGV")

    assert work.job(begun(work)).is_whole


def test_a_part_that_kills_twice_makes_the_others_moot() -> None:
    work, notes = agenda("long", "b", divide=0)
    work.divided(begun(work), DIVISION)
    first, second = begun(work), begun(work)

    work.died(second, "hung")
    assert work.job(begun(work)).part == DIVISION.parts[1]
    work.died(second, "hung")

    assert work.is_moot(first)
    whole = begun(work)
    assert work.job(whole).is_whole
    assert notes.begun == [0, 0]  # its bar begins anew
    work.found(first, part_result(DIVISION.parts[0]))
    work.done(whole, Record("long", "ok"))
    assert "hung, twice" in str(notes.records[0].note)
    assert work.job(begun(work)).spec == "b"
    assert work.next() is None


def test_an_input_whose_last_task_kills_twice_has_failed() -> None:
    work, notes = agenda("a")

    for _ in range(2):
        work.died(begun(work), "was ended by SIGKILL")

    assert work.is_settled
    assert notes.records[0].status == "failed"
    assert "was ended by SIGKILL, twice" in str(notes.records[0].error)


def test_what_waits_when_the_disk_is_full_has_failed_once_each() -> None:
    work, notes = agenda("long", "b", divide=0)
    work.divided(begun(work), DIVISION)
    first = begun(work)

    work.drop_waiting("there is no room for the results", "output")

    assert work.is_settled
    assert work.is_moot(first)
    assert {record.trouble for record in notes.records.values()} == {"output"}
    work.found(first, part_result(DIVISION.parts[0]))
    assert work.waiting == 0


@given(st.data())
def test_whatever_dies_and_in_whatever_order_it_ends_every_input_has_one_record(
    data: st.DataObject,
) -> None:
    work, notes = agenda("a", "long", "b", "long too", divide=1)
    held: list[int] = []
    for _ in range(200):
        if work.is_settled:
            break
        while len(held) < 2 and (number := work.next()) is not None:
            held.append(number)
        number = held.pop(data.draw(st.integers(0, len(held) - 1)))
        job = work.job(number)
        if data.draw(st.integers(0, 3)) == 0:
            work.died(number, "died")
        elif job.most_parts:
            work.divided(number, data.draw(st.sampled_from([DIVISION, Division()])))
        elif job.part is not None:
            waited = PartResult(has_waited=True)
            away = replace(part_result(job.part), owned_from_s=job.part.start_s + 0.5)
            given_ = [part_result(job.part), waited, away]
            work.found(number, data.draw(st.sampled_from(given_)))
        else:
            work.done(number, Record(job.spec, "ok"))

    assert work.is_settled
    assert sorted(notes.records) == [0, 1, 2, 3]
