"""One input that is analysed in parts, until it is one again: results in, jobs out.

Knows no processes and no machines. Whoever has some (a cluster, say) asks `part_job.divide` for the
parts, and does this::

    shared = InParts(job, parts)
    todo = list(shared.jobs)                      # each has a part: run_part gives a PartResult
    while todo:
        job = todo.pop()
        if job.part is None:                      # the last one, and all that is left of the others
            record = shared.told(run_job(job))    # is moot (shared.is_moot)
            break
        todo += shared.take(job.part, run_part(job))

Results may come in any order. A part that cannot be had, since its process died every time or
its machine is gone, is told by `in_trouble(why)`. `run_job` writes the results of an input: what
its parts have found if the job has that (`Job.found`), else it analyses the whole. `Agenda` does
all this for a batch of inputs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from motionapp.batch.job import Job
from motionapp.batch.part_result import PartResult
from motionapp.batch.record import Record
from motionapp.runtime.part import Part
from motionapp.runtime.span import ROUNDING_S


class InParts:
    """What is still to be done of one input.

    Parameters
    ----------
    job : Job
        The whole of it.
    parts : sequence of Part
        Two or more, in the order of time, each beginning where the one before ends; the first
        begins at 0 and the last never ends.
    duration_s : float
        Of the recording, for the progress.

    Notes
    -----
    A part in whose beginning nothing rests gives up, and is read once more from where the one
    before has handed over: there is a rest. Where that is so at more than half of the borders the
    recording hardly rests, and one analysis with all threads is quicker.
    """

    def __init__(self, job: Job, parts: Sequence[Part], *, duration_s: float) -> None:
        self._job, self._parts = job, list(parts)
        self._places = {part: place for place, part in enumerate(parts)}
        self._duration_s = duration_s
        self._found: dict[int, PartResult] = {}
        self._again: set[int] = set()
        self._waited = 0
        self._done_s: dict[int, float] = {}
        self._last: Job | None = None
        self._why_whole = ""

    @property
    def jobs(self) -> tuple[Job, ...]:
        """To begin with: one a part, in the order of time."""
        return tuple(self._job_of(part) for part in self._parts)

    def is_moot(self, job: Job) -> bool:
        """Whether nobody needs to know any more what this job would give."""
        if self._last is not None:
            return job is not self._last
        return job.part not in self._places

    def take(self, part: Part, result: PartResult) -> tuple[Job, ...]:
        """Take note of what a part has found, and say what is to be done next.

        Parameters
        ----------
        part : Part
            Of the job that was done.
        result : PartResult

        Returns
        -------
        tuple of Job
            Empty while others are waited for. A job without a part is the last.
        """
        place = self._places.get(part)
        if self._last is not None or place is None:
            return ()
        if result.trouble:
            return self._whole(result.trouble)
        self._found[place] = result
        self._waited += result.has_waited
        if 2 * self._waited > len(self._parts) - 1:
            return self._whole("hardly anything rests where it was to be divided")
        return self._go_on()

    def progressed(self, part: Part, done_s: float) -> tuple[float, float]:
        """How far the whole input is, given how far a part is; in seconds done and in all."""
        place = self._places.get(part)
        if place is not None:
            end_s = min(part.end_s, self._duration_s)
            self._done_s[place] = min(done_s, max(0.0, end_s - part.start_s))
        return min(sum(self._done_s.values()), self._duration_s), self._duration_s

    def told(self, record: Record) -> Record:
        """The record of the last job, with the reason where it was not joined of parts."""
        if not self._why_whole:
            return record
        why = f"analysed in one piece, since {self._why_whole}"
        return replace(record, note="; ".join(filter(None, [record.note, why])))

    def _job_of(self, part: Part) -> Job:
        # Decoding with one thread is repeatable, and there are parts enough for every core.
        return replace(self._job, part=part, threads=1)

    def _go_on(self) -> tuple[Job, ...]:
        """Follow the parts as they hand over, as far as they are known."""
        joined: list[PartResult] = []
        border_s: float | None = 0.0
        for place, part in enumerate(self._parts):
            if border_s is None:
                break  # the part before has read to the end
            if border_s >= part.end_s - ROUNDING_S:
                continue  # the part before has read beyond it
            result = self._found.get(place)
            if result is None:
                return ()
            if place and result.owned_from_s != border_s:
                return self._once_more(place, border_s)
            joined.append(result)
            border_s = result.handed_over_s
        return self._end(replace(self._job, found=tuple(joined)))

    def _once_more(self, place: int, border_s: float) -> tuple[Job, ...]:
        """Read a part again that has given up, from where it will find a rest."""
        if place in self._again or not self._found[place].has_waited:
            return self._whole("its parts do not agree where it rests")
        self._again.add(place)
        del self._found[place], self._places[self._parts[place]]
        part = replace(self._parts[place], start_s=border_s, patience_s=math.inf)
        self._parts[place] = part
        self._places[part] = place
        return (self._job_of(part),)

    def _whole(self, why: str) -> tuple[Job, ...]:
        self._why_whole = why
        return self._end(self._job)

    def _end(self, job: Job) -> tuple[Job, ...]:
        self._last = job
        return (job,)
