"""What is known of every input while a batch runs: for the journal and whoever looks on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from motionapp.batch.inputs import Input
from motionapp.batch.journal import Entry, Journal
from motionapp.batch.progress import Reporter
from motionapp.batch.record import Record, Status, not_analysed


class Ledger:
    """A reporter that keeps the records, so that they can be written whenever the batch ends.

    Parameters
    ----------
    inputs : sequence of Input
        All of the batch.
    stamps : mapping of int to str
        Of the inputs that are to be analysed, taken before they are read.
    work : str
        As `work_digest` gives it.
    journal : Journal
    reporter : Reporter
        Told last: what it says is on the disk.
    """

    def __init__(
        self,
        inputs: Sequence[Input],
        stamps: Mapping[int, str],
        work: str,
        *,
        journal: Journal,
        reporter: Reporter,
    ) -> None:
        self._inputs, self._stamps, self._work = inputs, stamps, work
        self._journal, self._reporter = journal, reporter
        self._records: dict[int, Record] = {}
        self._begun: set[int] = set()

    def note(self, done: Mapping[int, Record]) -> None:
        """Keep what is known without any work: what is done, and what can be no input."""
        self._records.update(done)
        for index, each in enumerate(self._inputs):
            if each.problem:
                status: Status = "skipped" if each.is_passed_over else "failed"
                self.finished(index, Record(each.spec, status, each.problem))

    def started(self, index: int) -> None:
        """An input begins, perhaps for the second time."""
        if index not in self._begun:
            self._begun.add(index)
            each = self._inputs[index]
            self._journal.begin({each.out_name: each.identity})
        self._reporter.started(index)

    def progressed(self, index: int, done_s: float, total_s: float | None) -> None:
        """Only those who look on want to know."""
        self._reporter.progressed(index, done_s, total_s)

    def finished(self, index: int, record: Record) -> None:
        """An input is done. One that was never begun is nothing for the journal."""
        self._records[index] = record
        if index in self._begun:
            each, entry = self._inputs[index], Entry(self._stamps[index], self._work, record)
            self._journal.finish(each.out_name, each.identity, entry)
        self._reporter.finished(index, record)

    def records(self, why_missing: str = "") -> tuple[Record, ...]:
        """One for each input; those without are said not to have been analysed, and why."""
        return tuple(
            self._records.get(index) or not_analysed(each.spec, why_missing)
            for index, each in enumerate(self._inputs)
        )
