"""A whole batch: inputs, checks before anything is written, jobs, summary, exit code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from motionapp.analysis import Models
from motionapp.assembly import load_models, make_analysis
from motionapp.batch.inputs import Input, find_inputs
from motionapp.batch.job import Job, run_job
from motionapp.batch.progress import Reporter, reporting
from motionapp.batch.record import Record, Result, exit_code, write_summary
from motionapp.runtime.threads import ThreadPlan, apply_threads, plan_threads
from motionapp.settings.tree import Settings
from motionapp.sinks.whole import make_folder


@dataclass(frozen=True, slots=True)
class BatchReport:
    """How a batch went."""

    records: tuple[Record, ...]
    summary: Path
    exit_code: int
    note: str = ""
    """Why movements were not named; empty if they were, or were not meant to be."""


def run_batch(
    named: Sequence[str], out_dir: Path, settings: Settings, *, messages: TextIO
) -> BatchReport:
    """Analyse all that is named into `out_dir`.

    Parameters
    ----------
    named : sequence of str
        Files, folders and ``synthetic:NAME``.
    out_dir : Path
        Made if it is not there.
    settings : Settings
    messages : text stream
        Progress goes here: bars if it is a terminal, else one line an input.

    Returns
    -------
    BatchReport

    Raises
    ------
    SettingsError, ModelError
        The front-end or the model cannot be used; nothing has been written.
    OutputError
        `out_dir` cannot be written.
    """
    inputs = find_inputs(named, out_dir=out_dir)
    workers = min(settings.run.workers, max(1, sum(not each.problem for each in inputs)))
    threads = plan_threads(settings.run.threads, inputs=workers)
    # Loaded here even where only workers use it: a bad one has to end us before we write.
    models = load_models(settings.analysis, threads=threads.network)
    make_analysis(settings.analysis, models, source_name="")
    if models.note:
        messages.write(f"motionapp: {models.note}\n")
    make_folder(out_dir)
    jobs = [_job(each, out_dir, settings, threads, len(inputs)) for each in inputs]
    with reporting([each.spec for each in inputs], messages) as reporter:
        results = _run(inputs, jobs, settings, models, threads, workers, reporter)
    records = tuple(result.record for result in results)
    summary = write_summary(out_dir, records)
    return BatchReport(records, summary, exit_code(results), models.note)


def _job(each: Input, out_dir: Path, settings: Settings, threads: ThreadPlan, inputs: int) -> Job:
    return Job(
        spec=each.spec,
        out_dir=str(out_dir),
        out_name=each.out_name,
        annotated=settings.run.annotated,
        # With many files a thread each loses the least; a single one may have them all.
        threads=threads.decode if inputs == 1 else 1,
    )


def _run(
    inputs: Sequence[Input],
    jobs: Sequence[Job],
    settings: Settings,
    models: Models,
    threads: ThreadPlan,
    workers: int,
    reporter: Reporter,
) -> list[Result]:
    results: dict[int, Result] = {}
    for index, each in enumerate(inputs):
        if each.problem:
            results[index] = Result(Record(each.spec, "failed", each.problem))
            reporter.finished(index, results[index].record)
    todo = [index for index in range(len(inputs)) if index not in results]
    if workers > 1:
        from motionapp.batch.pool import run_jobs

        done = run_jobs(
            [jobs[index] for index in todo],
            settings.analysis,
            workers=workers,
            network_threads=threads.network,
            reporter=_Renumbered(reporter, todo),
        )
        results.update(zip(todo, done, strict=True))
    else:
        apply_threads(threads)
        for index in todo:
            results[index] = _run_here(index, jobs[index], settings, models, reporter)
    return [results[index] for index in range(len(inputs))]


def _run_here(
    index: int, job: Job, settings: Settings, models: Models, reporter: Reporter
) -> Result:
    def on_progress(done_s: float, total_s: float | None) -> None:
        reporter.progressed(index, done_s, total_s)

    reporter.started(index)
    result = run_job(job, settings.analysis, models, on_progress)
    reporter.finished(index, result.record)
    return result


class _Renumbered:
    """Tells a reporter about some of its inputs under their own numbers."""

    def __init__(self, reporter: Reporter, numbers: Sequence[int]) -> None:
        self._reporter, self._numbers = reporter, numbers

    def started(self, index: int) -> None:
        self._reporter.started(self._numbers[index])

    def progressed(self, index: int, done_s: float, total_s: float | None) -> None:
        self._reporter.progressed(self._numbers[index], done_s, total_s)

    def finished(self, index: int, record: Record) -> None:
        self._reporter.finished(self._numbers[index], record)
