"""Finds what a model names in recordings that show none of its movements: a batch, read again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, TextIO

from motionapp.assembly import is_address
from motionapp.batch.record import Record
from motionapp.batch.run import run_batch
from motionapp.core.errors import SettingsError
from motionapp.core.geometry import Box
from motionapp.recognition.mined import FalseName, Mined, worst_of
from motionapp.settings.tree import RunSettings, Settings
from motionapp.sinks.events import EVENTS_JSON

GroupBy = Literal["recording", "folder"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which false names are taken, and how they are written."""

    labels: tuple[str, ...]
    """The model's: rules beside it have names of their own."""
    beside: Path
    """The folder of the file to write: paths of recordings below it are relative to it."""
    most: int
    """Of each recording."""
    least_score: float = 0.0
    group_by: GroupBy = "recording"
    """What is a group: each recording, or all of one folder."""

    def false_names(self, events: dict[str, object]) -> Iterator[FalseName]:
        """Those of a recording's `events.json`."""
        # Written by this program a moment ago: docs/schemas/events.schema.json.
        for event in events["events"]:  # type: ignore[attr-defined]
            for segment in event["segments"]:
                if segment["label"] in self.labels and segment["score"] >= self.least_score:
                    yield FalseName(
                        segment["start_s"],
                        segment["end_s"],
                        segment["label"],
                        segment["score"],
                        Box(*segment["box"]),
                    )

    def path_of(self, recording: str) -> str:
        """As the data set writes it: relative where it can be, so that both can be moved."""
        whole, beside = Path(os.path.abspath(recording)), Path(os.path.abspath(self.beside))
        is_below = whole.is_relative_to(beside)
        return (whole.relative_to(beside) if is_below else whole).as_posix()

    def group_of(self, recording: str) -> str:
        """What is held out together with the recording."""
        whole = Path(os.path.abspath(recording))
        if self.group_by == "folder":
            return whole.parent.name or whole.stem
        return whole.name if whole.is_dir() else whole.stem


@dataclass(frozen=True, slots=True)
class Mining:
    """What was found, and how the reading went."""

    found: tuple[Mined, ...]
    records: tuple[Record, ...]
    exit_code: int
    """As of a batch."""

    @property
    def is_all_lost(self) -> bool:
        """Whether nothing could be read."""
        return not any(record.status in ("ok", "partial") for record in self.records)


def mine(
    named: Sequence[str],
    settings: Settings,
    wanted: Wanted,
    *,
    messages: TextIO,
) -> Mining:
    """Run the product's own road over recordings, and take what it named.

    Parameters
    ----------
    named : sequence of str
        Files, folders and patterns, as for a batch.
    settings : Settings
        With the model and its front-end; of `run`, what concerns outputs and spans has no part.
    wanted : Wanted
    messages : text stream
        Progress goes here, and a sentence for each recording that cannot be read.

    Returns
    -------
    Mining

    Raises
    ------
    SettingsError
        Something named is no recording in a file, which a data set could not name either; or the
        settings cannot be used.
    ModelError, MissingExtraError
        The model or the front-end cannot be used.
    OutputError
        There is no room for what a batch writes meanwhile.
    """
    for name in named:
        if is_address(name):
            raise SettingsError(f"{name} is no recording in a file: a data set names files")
    recognition = settings.analysis.recognition
    with TemporaryDirectory(prefix="motionapp-mine-") as folder:
        report = run_batch(named, Path(folder), _plain(settings), messages=messages)
        found = tuple(
            mined
            for record in report.records
            if record.out_dir is not None
            for mined in _mined(
                record, Path(folder, record.out_dir), wanted, shortest_s=recognition.cadence_s
            )
        )
    return Mining(found, report.records, report.exit_code)


def _plain(settings: Settings) -> Settings:
    """Whole recordings, and nothing is written but their events."""
    run = settings.run
    kept = RunSettings(
        workers=run.workers, threads=run.threads, memory_mb=run.memory_mb, silence_s=run.silence_s
    )
    return settings.model_copy(update={"run": kept})


def _mined(record: Record, results: Path, wanted: Wanted, *, shortest_s: float) -> Iterator[Mined]:
    events = json.loads((results / EVENTS_JSON).read_text(encoding="utf-8"))
    path, group = wanted.path_of(record.input), wanted.group_of(record.input)
    found = worst_of(wanted.false_names(events), most=wanted.most, shortest_s=shortest_s)
    for false_name in found:
        yield Mined(path, group, false_name)
