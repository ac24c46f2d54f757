"""A whole batch: inputs, checks before anything is written, jobs, summary, exit code."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

from motionapp.assembly import load_models, make_analysis
from motionapp.batch.away import runner_of
from motionapp.batch.cataloguing import check_catalogue, finish_tables
from motionapp.batch.cluster.errors import ClusterLost, WorkerUnfit
from motionapp.batch.cluster.target import Target, target_of
from motionapp.batch.desk import Desk, KeepingReporter
from motionapp.batch.fast import check_scan
from motionapp.batch.inputs import Input, find_inputs, join_inputs, with_names
from motionapp.batch.job import Job
from motionapp.batch.journal import JOURNAL_JSONL, Entry, Journal, read_journal, read_owners
from motionapp.batch.ledger import Ledger
from motionapp.batch.limits import can_see_memory, limits_of
from motionapp.batch.lock import locked
from motionapp.batch.outputs import check_extras, files_of, is_all_there
from motionapp.batch.plan import may_fall_into_parts
from motionapp.batch.pool import WORKER, run_jobs
from motionapp.batch.prober import Prober
from motionapp.batch.progress import reporting
from motionapp.batch.record import Record, as_skipped, exit_code, write_summary
from motionapp.batch.stamp import stamp_of, work_digest
from motionapp.core.errors import OutputError, SettingsError
from motionapp.core.models import Models
from motionapp.files.atomic import make_folder
from motionapp.runtime.threads import ThreadPlan, apply_threads, plan_threads
from motionapp.settings.tree import RunSettings, Settings
from motionapp.sources.start_time import zone_called


@dataclass(frozen=True, slots=True)
class BatchReport:
    """How a batch went."""

    records: tuple[Record, ...]
    summary: Path
    exit_code: int
    note: str = ""
    """Why movements were not named; empty if they were, or were not meant to be."""


def run_batch(
    named: Sequence[str],
    out_dir: Path,
    settings: Settings,
    *,
    messages: TextIO,
    is_fresh: bool = False,
    as_json: bool = False,
    worker_command: Sequence[str] = WORKER,
    cluster: str = "",
    desk: Desk | None = None,
) -> BatchReport:
    """Analyse all that is named into `out_dir`, but for what an earlier run has done.

    Parameters
    ----------
    named : sequence of str
        Files, folders, patterns and ``synthetic:NAME``.
    out_dir : Path
    settings : Settings
    messages : text stream
        For progress: bars if it is a terminal, else one line an input; JSON with `as_json`.
    is_fresh, as_json : bool
        The first does again what is done already.
    worker_command : sequence of str
    cluster : str
        A scheduler's address or ``local:N``; empty: processes of our own.
    desk : Desk, optional
        `out_dir` is its folder.

    Returns
    -------
    BatchReport

    Raises
    ------
    SettingsError, ModelError, MissingExtraError
        Something cannot be used, or goes with one recording only; nothing has been written.
    OutputError, NewerJournal
        `out_dir` cannot be written, another batch is at work in it, or a later version was.
    ClusterError, WorkerUnfit, ClusterLost
        A scheduler or worker cannot be used, or has gone.

    Notes
    -----
    Several inputs are analysed by worker processes, also by one: a recording that makes a decoder
    crash must not end a night's run. `plan` says which are analysed in parts.
    """
    target = _target(cluster)
    inputs = _found(named, out_dir, settings.run, desk)
    workers = min(settings.run.workers, max(1, sum(not each.problem for each in inputs)))
    threads = _threads(settings.run.threads, workers, target)
    models = _checked(settings, threads, out_dir)
    _tell(models, inputs, messages)
    make_folder(out_dir)
    with locked(out_dir):
        inputs = with_names(inputs, read_owners(out_dir / JOURNAL_JSONL))  # now that it is ours
        how = (threads, workers, worker_command, target, desk)
        batch = _Batch(inputs, out_dir, settings, models, *how)
        return batch.carry_out(messages, is_fresh=is_fresh, as_json=as_json)


def _tell(models: Models, inputs: Sequence[Input], messages: TextIO) -> None:
    """What will not be as one might think."""
    if models.note:
        _say(messages, models.note)
    if len(inputs) > 1 and not can_see_memory():
        _say(messages, "run.memory_mb cannot be watched on this system")


def _say(messages: TextIO, sentence: str) -> None:
    messages.write(f"motionapp: {sentence}\n")
    messages.flush()


def _target(cluster: str) -> Target | None:
    """Where the work is done; None: here."""
    if not cluster:
        return None
    from motionapp.batch.cluster.engine import check_dask

    target = target_of(cluster)
    check_dask()
    return target


def _threads(budget: int | None, workers: int, target: Target | None) -> ThreadPlan:
    """For one of the inputs. A machine of a cluster has a worker for each of its cores."""
    if target is None:
        return plan_threads(budget, inputs=workers)
    return plan_threads(budget if target.is_local else 1, inputs=max(1, target.workers))


def _found(
    named: Sequence[str], out_dir: Path, run: RunSettings, desk: Desk | None
) -> tuple[Input, ...]:
    """The inputs, joined if that is asked for."""
    with Prober() as probe:
        inputs = find_inputs(named, out_dir=out_dir, probe=probe)
    if desk is not None:  # clips of an earlier run, in a folder that was searched
        inputs = tuple(each for each in inputs if not each.spec.startswith(f"{desk.home}/"))
    if run.join:
        inputs = join_inputs(inputs)
    _check_start(run, inputs)
    return inputs


def _check_start(run: RunSettings, inputs: Sequence[Input]) -> None:
    count = sum(not each.problem for each in inputs)
    if run.start_utc is not None and count > 1:
        raise SettingsError(
            f"run.start_utc is the start of one recording, but there are {count}: "
            "name one, or join them (run.join)"
        )


def _checked(settings: Settings, threads: ThreadPlan, out_dir: Path) -> Models:
    """The models; raises for whatever in the settings cannot be used, before anything is written.

    Loaded here even where only workers use them: a bad one has to end us before we write.
    """
    models = load_models(settings.analysis, threads=threads.network)
    make_analysis(settings.analysis, models, source_name="")
    zone_called(settings.run.time_zone)
    check_extras(settings.run)
    check_catalogue(settings.run, out_dir)
    check_scan(settings)
    return models


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    """All that has been checked; the folder of results is ours."""

    inputs: Sequence[Input]
    out_dir: Path
    settings: Settings
    models: Models
    threads: ThreadPlan
    workers: int
    worker_command: Sequence[str]
    target: Target | None
    desk: Desk | None

    def carry_out(self, messages: TextIO, *, is_fresh: bool, as_json: bool) -> BatchReport:
        """Skip what is done, do the rest, write the summary on every way out."""
        path = self.out_dir / JOURNAL_JSONL
        stamps = {n: stamp_of(each.specs) for n, each in enumerate(self.inputs) if not each.problem}
        work = work_digest(self.settings, self.models.digest)
        done = {} if is_fresh else self._done(read_journal(path), stamps, work)
        names = [each.spec for each in self.inputs]
        with (
            Journal(path) as journal,
            reporting(names, messages, skipped=len(done), as_json=as_json) as reporter,
        ):
            if is_fresh:
                todo = [self.inputs[index] for index in stamps]
                journal.begin({each.out_name: each.identity for each in todo})
            if self.desk is not None:
                self.desk.keep(now=True)  # a place that takes nothing is told before hours of work
                reporter = KeepingReporter(reporter, self.desk.keep)
            ledger = Ledger(self.inputs, stamps, work, journal=journal, reporter=reporter)
            jobs = {n: self._job(self.inputs[n]) for n in stamps if n not in done}
            divide = {} if self.target else self._divided(jobs)
            with self._told_at_an_early_end(ledger):
                ledger.note(done)
                if self.target is not None:
                    self._send_out(jobs, ledger, self.target, messages)
                elif len(self.inputs) > 1 or divide:
                    self._hand_out(jobs, ledger, divide)
                else:
                    apply_threads(self.threads)
                    for n, job in jobs.items():
                        ledger.started(n)
                        told = partial(ledger.progressed, n)
                        ledger.finished(n, runner_of(job)(job, self.settings, self.models, told))
        records = ledger.records()
        summary = write_summary(self.out_dir, records)  # first: the page may find no room
        if self.desk is not None:
            self.desk.lay_out([each.out_dir for each in records if each.out_dir is not None])
        self._write_report(records)
        say = partial(_say, messages)
        finish_tables(self.out_dir, self.settings.run, records, say=say)
        return BatchReport(records, summary, exit_code(records), self.models.note)

    @contextlib.contextmanager
    def _told_at_an_early_end(self, ledger: Ledger) -> Iterator[None]:
        """The summary says what was not come to, and why."""
        try:
            yield
        except KeyboardInterrupt:
            why = "the batch was interrupted, and its next run goes on from there"
            write_summary(self.out_dir, ledger.records(why))
            raise
        except (ClusterLost, WorkerUnfit) as error:
            write_summary(self.out_dir, ledger.records(str(error)))
            raise
        except OutputError:
            with contextlib.suppress(OutputError):  # the first sentence is the one that helps
                write_summary(self.out_dir, ledger.records("there is no room for the results"))
            raise

    def _write_report(self, records: Sequence[Record]) -> None:
        """One page for all, if a report is asked for and there is more than one's own."""
        if not self.settings.run.report or len(records) < 2:
            return
        from motionapp.settings.document import settings_text
        from motionapp.sinks.report import write_batch_report

        write_batch_report(
            self.out_dir,
            [record.document for record in records],
            zone=zone_called(self.settings.run.time_zone),
            settings_toml=settings_text(self.settings, with_comments=False),
        )

    def _done(
        self, known: Mapping[str, Entry], stamps: Mapping[int, str], work: str
    ) -> dict[int, Record]:
        """What an earlier run has done, and would be done again as it was."""
        done = {}
        for index, stamp in stamps.items():
            each = self.inputs[index]
            entry = known.get(each.out_name)
            if entry is None or not entry.is_finished or not stamp:
                continue
            if (entry.stamp, entry.work) != (stamp, work):
                continue
            if self._is_there(each.out_name, entry.record.frames or 0):
                done[index] = as_skipped(entry.record, spec=each.spec)
        return done

    def _is_there(self, out_name: str, frames: int) -> bool:
        if self.desk is not None:
            return self.desk.has(out_name, files_of(self.settings.run))
        return is_all_there(self.out_dir / out_name, self.settings.run, frames=frames)

    def _job(self, each: Input) -> Job:
        return Job(
            spec=each.spec,
            out_dir=str(self.out_dir) if self.desk is None else self.desk.home,
            out_name=each.out_name,
            parts=each.parts,
            # With many files a thread each loses the least; a single one may have them all.
            threads=self.threads.decode if len(self.inputs) == 1 and not self.target else 1,
            decoding=self.threads.decode,  # also where fewer workers than cores leave some over
        )

    def _divided(self, jobs: Mapping[int, Job]) -> dict[int, int]:
        specs = {n: job.spec for n, job in jobs.items()}
        return may_fall_into_parts(specs, self.settings, is_alone=len(self.inputs) == 1)

    def _hand_out(self, jobs: Mapping[int, Job], ledger: Ledger, divide: Mapping[int, int]) -> None:
        run = self.settings.run
        workers = min(run.workers, sum(divide.values())) if divide else 1
        workers = max(workers, self.workers)
        run_jobs(
            jobs,
            self.settings,
            workers=workers,
            network_threads=plan_threads(run.threads, inputs=workers).network,
            reporter=ledger,
            limits=limits_of(run),
            command=self.worker_command,
            divide=divide,
        )

    def _send_out(
        self, jobs: Mapping[int, Job], ledger: Ledger, target: Target, messages: TextIO
    ) -> None:
        from motionapp.batch.cluster.run import run_on_cluster

        run_on_cluster(
            jobs,
            self.settings,
            target=target,
            network_threads=self.threads.network,
            out_dir=self.out_dir,
            reporter=ledger,
            say=lambda sentence: _say(messages, sentence),
        )
