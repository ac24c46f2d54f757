"""The course of a comparison: gather, see how long a step takes, screen, train, time.

With a limit, everything is planned by what was measured before it (`plan`), and a job that goes on
beyond its time is ended at its next step; without one, all candidates are trained in full. Where a
search is wanted (`searching`), it comes before each full training. What is finished is kept
(`results`), and so the same command goes on where it was stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from motionapp.core.errors import DataSetError
from motionapp.recognition.dataset import DataSet
from motionapp.runtime.threads import usable_cores
from motionapp.settings import Settings
from motionapp.training.comparison.candidate import Candidate, by_frontend
from motionapp.training.comparison.entries import Entry, entry_of
from motionapp.training.comparison.grounds import Grounds
from motionapp.training.comparison.outcome import Compared, Facts, Outcome, Speeds
from motionapp.training.comparison.plan import ending_s
from motionapp.training.comparison.results import Kept, Results
from motionapp.training.comparison.stages import Stages
from motionapp.training.comparison.timing import (
    Footage,
    footage_of,
    time_frontends,
    time_networks,
)
from motionapp.training.empty import NO_EMPTIES, Empties
from motionapp.training.kept import KeptWindows
from motionapp.training.opening import open_all
from motionapp.training.progress import Progress
from motionapp.training.protocols import Protocol, held_out
from motionapp.training.readable import Readings
from motionapp.training.search.order import SearchOrder
from motionapp.training.train import Order

if TYPE_CHECKING:
    from motionapp.training.comparison.searching import Searching

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants compared."""

    data: DataSet
    candidates: tuple[Candidate, ...]
    protocol: Protocol
    folder: Path
    """Where page and findings stand."""
    minutes: float | None = None
    """In which it ends; None trains all candidates in full."""
    empties: Empties = NO_EMPTIES
    command: str = ""
    search: SearchOrder | None = None
    """Before each full training."""

    def order(self, candidate: Candidate) -> Order:
        """What would be trained of a candidate."""
        return Order(
            data=self.data,
            representation=candidate.representation,
            recipe=candidate.recipe,
            protocol=self.protocol,
            name=candidate.key,
            command=self.command,
            empties=self.empties,
        )


def compare(
    wanted: Wanted,
    progress: Progress,
    *,
    kept: KeptWindows | None = None,
    clock: Clock = time.monotonic,
    began_s: float | None = None,
) -> Outcome:
    """Train candidates, or as many of them as there is time for, and time them all.

    Parameters
    ----------
    wanted : Wanted
    progress : Progress
    kept : KeptWindows, optional
        Windows that were gathered before.
    clock : callable
        Seconds that only grow.
    began_s : float, optional
        By it, since when the time counts; without, from now on.

    Raises
    ------
    DataSetError
        The data set cannot be split as asked, or none of a label's recordings can be read.
    OutputError
        A finding cannot be written.
    """
    began_s = clock() if began_s is None else began_s
    held_out(wanted.data, wanted.protocol, seed=_seed(wanted))  # before anything is opened
    readings = open_all(wanted.data, progress)
    held_out(readings.left(), wanted.protocol, seed=_seed(wanted))
    digest, protocol = readings.left().digest(), str(wanted.protocol)
    results = Results(wanted.folder, digest, protocol, wanted.search)
    entries = {one.key: entry_of(one, wanted.order(one), results) for one in wanted.candidates}
    earlier = sum(entry.full is not None for entry in entries.values())
    limit_s = None if wanted.minutes is None else 60 * wanted.minutes
    end_s = None if limit_s is None else began_s + limit_s - ending_s(limit_s)
    steps = _train(wanted, entries, readings, results, progress, kept, clock, began_s, end_s)
    footage = footage_of(readings.left())
    spare_s = float("inf") if limit_s is None else ending_s(limit_s) / 3
    compared = _timed(list(entries.values()), readings.left(), progress, spare_s)
    facts = _facts(wanted, footage, readings)
    facts = replace(facts, took_s=clock() - began_s, screening_steps=steps, earlier=earlier)
    return Outcome(facts, compared)


def _train(
    wanted: Wanted,
    entries: dict[str, Entry],
    readings: Readings,
    results: Results,
    progress: Progress,
    kept: KeptWindows | None,
    clock: Clock,
    began_s: float,
    end_s: float | None,
) -> int:
    """All that takes long; how many steps a screening had, 0 where there was none."""
    open_ones = [one for one in entries.values() if not one.is_out and one.full is None]
    if not open_ones:
        return _steps_of(list(entries.values()))
    orders = {name: wanted.order(own[0]) for name, own in by_frontend(wanted.candidates).items()}
    grounds = Grounds(orders, readings, kept, clock)
    searching = _searching(wanted, readings, progress, clock)
    stages = Stages(entries, grounds, results, progress, clock, searching)
    try:
        if end_s is None:
            stages.gather(None, began_s)
            stages.train_all()
        else:
            stages.gather(end_s, began_s)
            if not stages.fit_all(end_s):
                stages.screen(end_s)
            stages.train_best(end_s)
    finally:
        grounds.forget()
    return _steps_of(list(entries.values()))


def _searching(
    wanted: Wanted, readings: Readings, progress: Progress, clock: Clock
) -> Searching | None:
    """What searches before each full training; None where nobody asked for it."""
    if wanted.search is None:
        return None
    from motionapp.training.comparison.searching import Searching
    from motionapp.training.search.study import check_study

    check_study(wanted.search.study)

    def order_of(one: Candidate) -> Order:
        return replace(wanted.order(one), data=readings.left())

    return Searching(wanted.search, order_of, progress, clock, usable_cores())


def _steps_of(entries: list[Entry]) -> int:
    """How many steps those had that were screened only."""
    found = [
        one.screened.finding.steps
        for one in entries
        if one.full is None and one.is_screened and one.screened is not None
    ]
    return max(found, default=0)


def _timed(
    entries: list[Entry], data: DataSet, progress: Progress, spare_s: float
) -> tuple[Compared, ...]:
    """Every candidate with how long it takes here; `spare_s` for networks, and for front-ends."""
    known: dict[str, Kept] = {one.key: one.best for one in entries if one.best is not None}
    progress.advance("timing", 0, 2)
    contents = {
        f"{key} {precision}": getattr(kept, precision)
        for key, kept in known.items()
        for precision in ("float32", "int8")
    }
    times = time_networks(contents, time.perf_counter() + spare_s) if contents else {}
    progress.advance("timing", 1, 2)
    shapes = {one.candidate.frontend: one.candidate.representation for one in entries if one.best}
    pictures = time_frontends(data, list(shapes.values()), time.perf_counter() + spare_s)
    progress.advance("timing", 2, 2)
    return tuple(
        Compared(
            candidate=one.chosen,
            parameters=None if one.cost is None else one.cost.parameters,
            multiply_adds=None if one.cost is None else one.cost.multiply_adds,
            finding=None if one.best is None else one.best.finding,
            speeds=Speeds(times[f"{one.key} float32"].both, times[f"{one.key} int8"].both)
            if one.key in known
            else None,
            picture_ms=pictures.get(one.candidate.frontend),
            reason="" if one.full is not None else one.reason,
            searched=None if one.full is None else one.full.searched,
        )
        for one in entries
    )


def _facts(wanted: Wanted, footage: Footage, readings: Readings) -> Facts:
    data = readings.left()
    return Facts(
        data=wanted.data.name,
        recordings=footage.recordings,
        groups=footage.groups,
        labels=data.labels,
        seconds=footage.seconds,
        unreadable=len({one.sample.recording for one in readings.unreadable}),
        rate_hz=footage.rate_hz,
        cadence_s=Settings().analysis.recognition.cadence_s,
        protocol=str(wanted.protocol),
        minutes=wanted.minutes,
        took_s=0.0,
        cores=usable_cores(),
        command=wanted.command,
        trials=None if wanted.search is None else wanted.search.trials,
        searched_for=() if wanted.search is None else wanted.search.searched_for,
    )


def _seed(wanted: Wanted) -> int:
    """The same for all of them: they are compared on the same folds."""
    seeds = {one.recipe.seed for one in wanted.candidates}
    if len(seeds) != 1:
        raise DataSetError("candidates are compared on the same folds, and so by one seed")
    return seeds.pop()
