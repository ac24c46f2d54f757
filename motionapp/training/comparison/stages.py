"""The stages of a comparison that take long: gathering, first steps, screening, full trainings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from motionapp.core.errors import MotionAppError
from motionapp.runtime.threads import usable_cores
from motionapp.training.comparison.deadline import Deadline, OutOfTime
from motionapp.training.comparison.entries import Entry
from motionapp.training.comparison.finding import Finding, group_scores
from motionapp.training.comparison.first_steps import sized, work_of
from motionapp.training.comparison.full import trained
from motionapp.training.comparison.grounds import Ground, Grounds
from motionapp.training.comparison.hardware import length
from motionapp.training.comparison.plan import (
    GATHERING_SHARE,
    Work,
    all_s,
    fits,
    in_order,
    plan_screening,
    wanted_in_full,
)
from motionapp.training.comparison.results import Results
from motionapp.training.comparison.searched import Share
from motionapp.training.comparison.steps import (
    Failed,
    Probed,
    Screened,
    full_steps,
    probed,
    screened,
    side_by_side,
)
from motionapp.training.progress import Progress

if TYPE_CHECKING:
    from motionapp.training.comparison.searching import Searching

NO_LIMIT: Final = float("inf")


class Stages:
    """The long stages, in their order.

    Parameters
    ----------
    entries : dict of str to Entry
        All candidates by key; what comes of them is written there.
    grounds : Grounds
    results : Results
        Where findings are kept.
    progress : Progress
    clock : callable
        Seconds that only grow.
    searching : Searching, optional
        Before each full training.
    """

    def __init__(
        self,
        entries: dict[str, Entry],
        grounds: Grounds,
        results: Results,
        progress: Progress,
        clock: Callable[[], float],
        searching: Searching | None = None,
    ) -> None:
        self._entries, self._grounds, self._results = entries, grounds, results
        self._progress, self._clock = progress, clock
        self._searching = searching
        self._trials = 0 if searching is None else searching.wanted.trials
        self._jobs = 1 if searching is None else searching.wanted.jobs
        self._cores = usable_cores()

    # -- gathering ---------------------------------------------------------------------------

    def gather(self, end_s: float | None, began_s: float) -> None:
        """Gather what is needed behind each front-end, and see how long steps take.

        Each has its share of what gathering may take; a front-end behind which nothing moves, or
        whose share is over, is told with all its candidates.
        """
        by_frontend = self._by_frontend(self._open())
        gathering_s = None if end_s is None else began_s + GATHERING_SHARE * (end_s - began_s)
        for number, (frontend, entries) in enumerate(by_frontend.items()):
            at_s = NO_LIMIT
            if gathering_s is not None:
                now_s = self._clock()
                at_s = now_s + (gathering_s - now_s) / (len(by_frontend) - number)
            self._gather_one(frontend, entries, at_s, end_s)

    def _gather_one(
        self, frontend: str, entries: Sequence[Entry], at_s: float, end_s: float | None
    ) -> None:
        deadline = Deadline(self._progress, at_s, self._clock)
        try:
            ground = self._grounds.of(frontend, deadline)
        except OutOfTime:
            self._leave_out(
                frontend,
                entries,
                f"the time for gathering behind {frontend} was over at {deadline.stage} "
                f"({deadline.done} of {deadline.total}); what there is is kept, and the same "
                "command goes on from there",
            )
            return
        except MotionAppError as error:
            self._leave_out(frontend, entries, str(error))
            return
        last = Deadline(self._progress, NO_LIMIT if end_s is None else end_s, self._clock)
        try:
            self._probe(ground, entries, last, is_limited=end_s is not None)
        except OutOfTime:
            unknown = [one for one in entries if one.work is None]
            self._leave_out(frontend, unknown, "the time was over before its first steps were")

    def _leave_out(self, frontend: str, entries: Sequence[Entry], reason: str) -> None:
        self._progress.say(f"warning: {frontend} is left out: {reason}")
        for entry in entries:
            entry.leave_out(reason)

    def _probe(
        self, ground: Ground, entries: Sequence[Entry], deadline: Deadline, *, is_limited: bool
    ) -> None:
        """See how long a step takes, and with a limit how long it takes to write a network."""
        jobs = {
            one.key: partial(probed, ground.task, one.candidate)
            for one in entries
            if not one.is_screened
        }
        found = side_by_side(jobs, self._cores, deadline.check)
        stage = f"first steps behind {entries[0].candidate.frontend}"
        for number, entry in enumerate(entries, start=1):
            probe = found.get(entry.key)
            if isinstance(probe, Failed):
                entry.leave_out(probe.reason)
                continue
            if probe is not None:
                self._note_probe(ground, entry, probe, writes=is_limited)
            elif entry.screened is not None:  # kept of an earlier run
                finding = entry.screened.finding
                entry.work = self._work(
                    ground, entry, finding.network_s / finding.steps,
                    finding.wall_s - finding.network_s,
                )  # fmt: skip
            deadline.advance(stage, number, len(entries))

    def _note_probe(self, ground: Ground, entry: Entry, probe: Probed, *, writes: bool) -> None:
        written_s = 0.0
        if writes:
            began_s = self._clock()
            entry.screened = sized(ground, probe)
            written_s = self._clock() - began_s
            steps_s = entry.screened.finding.network_s
            finding = replace(entry.screened.finding, wall_s=steps_s + written_s)
            entry.screened = replace(entry.screened, finding=finding)
        entry.work = self._work(ground, entry, probe.step_s, written_s)

    def _work(self, ground: Ground, entry: Entry, step_s: float, written_s: float) -> Work:
        return work_of(ground, entry.candidate, step_s, written_s, trials=self._trials)

    # -- screening ---------------------------------------------------------------------------

    def fit_all(self, end_s: float) -> bool:
        """Whether all that is open can be trained in full in the time that is left."""
        works = self._works(self._open())
        takes_s = all_s(works, self._load_s(works), self._cores, self._jobs)
        left_s = end_s - self._clock()
        if works:
            self._progress.say(
                f"{self._doing} {len(works)} candidates in full would take about "
                f"{length(takes_s)}, and "
                f"{length(max(0.0, left_s))} are left"
            )
        return takes_s <= left_s

    def screen(self, end_s: float) -> None:
        """Train all that is open for a few steps on one fold."""
        usual = max(map(_screened_steps, self._open()), default=0)
        works = self._works(self._open())
        missing = [one for one in works if not self._entries[one.key].is_screened]
        plan = plan_screening(
            missing, self._load_s(missing), end_s - self._clock(), self._cores, usual_steps=usual
        )
        if missing and plan.keys and usual not in (0, plan.steps):
            # Accuracies after other numbers of steps cannot be ranked together.
            plan = plan_screening(works, self._load_s(works), end_s - self._clock(), self._cores)
        for key in plan.left_out:
            self._entries[key].leave_out("there was no time to screen it")
        if not plan.keys:
            return
        self._progress.say(
            f"screening {len(plan.keys)} candidates for {plan.steps} steps on one fold"
        )
        deadline = Deadline(self._progress, end_s, self._clock)
        chosen = [self._entries[key] for key in plan.keys]
        try:
            for frontend, entries in self._by_frontend(chosen).items():
                self._screen_one(frontend, entries, plan.steps, deadline)
        except OutOfTime:
            for entry in chosen:
                if _screened_steps(entry) != plan.steps:
                    entry.leave_out("the time was over before it was screened")

    def _screen_one(
        self, frontend: str, entries: Sequence[Entry], steps: int, deadline: Deadline
    ) -> None:
        ground = self._grounds.of(frontend, deadline)
        done = 0
        total = steps * len(entries)

        def tell() -> None:
            nonlocal done
            done += 1
            deadline.advance(f"screening behind {frontend}", min(done, total), total)

        jobs = {
            one.key: partial(
                screened, ground.material, ground.task, ground.folds[0], one.candidate, steps
            )
            for one in entries
        }
        found = side_by_side(jobs, self._cores, tell)
        for entry in entries:
            came = found[entry.key]
            if isinstance(came, Failed):
                entry.leave_out(came.reason)
            else:
                self._note_screened(ground, entry, came)

    def _note_screened(self, ground: Ground, entry: Entry, came: Screened) -> None:
        """Keep the accuracy, beside the sizes that the first steps told."""
        assert entry.screened is not None
        probe = entry.screened.finding
        written_s = probe.wall_s - probe.network_s
        named = came.measured.named(ground.material, 1.0)
        finding = replace(
            probe,
            steps=came.steps,
            network_s=came.network_s,
            wall_s=came.network_s + written_s,
            peak_bytes=came.peak_bytes,
            groups=group_scores(named, ground.material.labels),
        )
        entry.screened = replace(entry.screened, finding=finding)
        entry.work = self._work(ground, entry, came.network_s / came.steps, written_s)
        self._results.keep(entry.candidate, entry.screened)
        self._say(entry, finding)

    # -- full trainings ----------------------------------------------------------------------

    def train_all(self) -> None:
        """Train all that is open in full, however long it takes."""
        works = self._works(self._open())
        if works:
            takes_s = all_s(works, self._load_s(works), self._cores, self._jobs)
            self._progress.say(
                f"{self._doing} {len(works)} candidates takes about {length(takes_s)}"
            )
        for work in works:
            self._train(work, NO_LIMIT, Share(NO_LIMIT))

    def train_best(self, end_s: float) -> None:
        """Train the best in full, and the next ones while there is time.

        Where they are searched, those that are wanted in full share what is left, each as much,
        and search for as long as their share leaves time for their training.
        """
        ranked = sorted(
            (one for one in self._open() if one.work is not None),
            key=lambda one: (-_accuracy(one), one.key),
        )
        full = [self._as_work(one) for one in self._entries.values() if one.full is not None]
        wanted = wanted_in_full(len(ranked) + len(full)) - len(full)
        slower = 1.0
        works = in_order([one.work for one in ranked if one.work is not None], full)
        for place, work in enumerate(works):
            left_s = end_s - self._clock()
            load_s = self._grounds.load_s(work.frontend)
            takes_s = load_s + work.full_s(self._cores)
            if not fits(work, load_s=load_s, left_s=left_s, cores=self._cores, slower=slower):
                self._entries[work.key].reason = (
                    f"training it in full takes about {length(slower * takes_s)}, and "
                    f"{length(max(0.0, left_s))} were left"
                )
                continue
            share = Share(left_s / max(1, wanted - place), self._grounds.loads_s(work.frontend),
                          slower)  # fmt: skip
            took_s = self._train(work, end_s, share)
            trials = 1.0 if self._searching is None else self._searching.slower
            slower = max(slower, took_s / max(takes_s, 1e-9), trials)

    def _train(self, work: Work, end_s: float, share: Share) -> float:
        """Search and train a candidate in full; the seconds that its training took as it was asked
        for, 0 where it was searched."""
        entry, searched = self._entries[work.key], None
        deadline = Deadline(self._progress, end_s, self._clock)
        try:
            if self._searching is not None and self._searching.is_worth(work, share):
                self._grounds.forget()  # each process of a search has windows of its own
                searched = self._searching.of(entry.candidate, work, share)
            one = entry.candidate if searched is None else searched.chosen(entry.candidate)
            began_s = self._clock()
            self._progress.say(f"training {one.name} in full")
            ground = self._grounds.of(work.frontend, deadline, one.representation)
            kept = trained(
                ground.material, one, ground.folds, deadline, self._results.unfinished(one),
                full_steps(ground.task, one),
            )  # fmt: skip
        except OutOfTime:
            entry.reason = (
                "the time was over before its full training was; where it stands is kept, and the "
                "same command goes on from there"
            )
            return 0.0
        except MotionAppError as error:
            entry.reason = str(error)
            self._progress.say(f"warning: {entry.candidate.name}: {error}")
            return 0.0
        took_s = self._clock() - began_s
        kept = replace(kept, searched=searched)
        entry.finish(kept, len(ground.material.data.labels) + 1)
        self._results.keep(entry.candidate, kept)
        self._say(entry, kept.finding)
        return took_s if searched is None else 0.0

    # -- helpers -----------------------------------------------------------------------------

    @property
    def _doing(self) -> str:
        return "training" if self._searching is None else "searching and training"

    def _open(self) -> list[Entry]:
        """Candidates that may still be trained in full."""
        return [one for one in self._entries.values() if not one.is_out and one.full is None]

    def _works(self, entries: Iterable[Entry]) -> list[Work]:
        return [one.work for one in entries if one.work is not None]

    def _as_work(self, entry: Entry) -> Work:
        """One that is trained already, for who counts front-ends."""
        return entry.work or Work(entry.key, entry.candidate.frontend, 0.0, 0, 0)

    def _load_s(self, works: Iterable[Work]) -> dict[str, float]:
        return {one.frontend: self._grounds.load_s(one.frontend) for one in works}

    @staticmethod
    def _by_frontend(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in entries:
            found.setdefault(entry.candidate.frontend, []).append(entry)
        return found

    def _say(self, entry: Entry, finding: Finding) -> None:
        spread = finding.of_windows
        how = "" if finding.is_full else f" after {finding.steps} steps on one fold"
        self._progress.say(
            f"{entry.candidate.name}: {spread.mean:.1%} of windows{how}, {spread.low:.0%} to "
            f"{spread.high:.0%} over {spread.groups} groups, {length(finding.wall_s)}"
        )


def _screened_steps(entry: Entry) -> int:
    """After how many steps its accuracy was measured; 0 where it was not."""
    if entry.screened is None or not entry.is_screened:
        return 0
    return entry.screened.finding.steps


def _accuracy(entry: Entry) -> float:
    """By what it is ranked; one without a screening comes last."""
    return entry.screened.finding.of_windows.mean if entry.screened is not None else 0.0
