"""Inspects a data set: sees every recording once, and gathers all that is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from motionapp.core.errors import SourceError
from motionapp.recognition.dataset import DataSet, Sample
from motionapp.training.inspection.counts import (
    Counts,
    count,
    imbalance,
    single_groups,
)
from motionapp.training.inspection.finding import Finding, Kind, Severity, in_order
from motionapp.training.inspection.repeats import duplicates, leaks
from motionapp.training.inspection.rooms import Rooms, probe_rooms, rooms_told
from motionapp.training.inspection.seeing import Seen, see
from motionapp.training.opening import goes_beyond
from motionapp.training.progress import Progress
from motionapp.training.workers import each_of


@dataclass(frozen=True, slots=True)
class Inspection:
    """All that was found out about a data set."""

    name: str
    recordings: int
    """With those that cannot be read."""
    unreadable: int
    damaged: int
    counts: Counts
    rooms: Rooms
    findings: tuple[Finding, ...]
    """The worst first."""

    @property
    def has_faults(self) -> bool:
        """Whether anything is to be put right before training."""
        return any(finding.severity is Severity.FAULT for finding in self.findings)


def inspect(data: DataSet, progress: Progress) -> Inspection:
    """Look at all recordings of a data set.

    Raises
    ------
    SourceError
        None of them can be read.
    """
    recordings = [[data.samples[place] for place in places] for places in data.recordings()]
    seen: dict[str, Seen] = {}
    for done, look in enumerate(each_of(see, recordings), 1):
        seen[recordings[done - 1][0].recording] = look
        progress.advance("reading recordings", done, len(recordings))
    failed = [samples[0] for samples in recordings if seen[samples[0].recording].failed]
    if len(failed) == len(recordings):
        raise SourceError(
            f"none of the recordings of {data.path} can be read: {seen[failed[0].recording].failed}"
        )
    read = [sample for sample in data.samples if not seen[sample.recording].failed]
    counts = count(data, seen)
    rooms = probe_rooms(recordings, seen)
    findings = [
        *_unreadable(recordings, seen),
        *_stretches(read, seen),
        *duplicates(data, seen),
        *leaks(data, seen, progress),
        *_groups(data, counts, read),
        *imbalance(counts),
        *rooms_told(rooms),
    ]
    return Inspection(
        name=data.name,
        recordings=len(recordings),
        unreadable=len(failed),
        damaged=sum(bool(look.damage) for look in seen.values()),
        counts=counts,
        rooms=rooms,
        findings=in_order(findings),
    )


def _unreadable(recordings: Sequence[Sequence[Sample]], seen: Mapping[str, Seen]) -> list[Finding]:
    found = []
    for samples in recordings:
        look = seen[samples[0].recording]
        labels = tuple(sorted({sample.label for sample in samples}))
        about = (samples[0].name,), labels, (samples[0].fold_group,)
        if look.failed:
            sentence = f"{samples[0].name} cannot be read: {look.failed}"
            advice = "A training leaves it out. Fetch it again, or delete its line."
            found.append(Finding(Kind.UNREADABLE, Severity.FAULT, sentence, advice, *about))
        elif look.damage:
            advice = "The rest of it is learnt from. Fetch it again if there is a whole one."
            found.append(Finding(Kind.DAMAGED, Severity.WARNING, look.damage, advice, *about))
    return found


def _stretches(read: Sequence[Sample], seen: Mapping[str, Seen]) -> list[Finding]:
    """Stretches that their recordings do not have: a training refuses them."""
    return [
        Finding(
            Kind.STRETCH,
            Severity.FAULT,
            f"line {sample.line}: the stretch {sample.stretch} goes beyond the end of "
            f"{sample.name}, which is {seen[sample.recording].length_s:.2f} s long",
            "Put its times right: a training refuses it.",
            (sample.name,),
            (sample.label,),
            (sample.fold_group,),
        )
        for sample in read
        # Of a damaged one nobody knows where it ended.
        if not seen[sample.recording].damage
        and goes_beyond(sample.stretch, seen[sample.recording].length_s)
    ]


def _groups(data: DataSet, counts: Counts, read: Sequence[Sample]) -> list[Finding]:
    """What holding groups out can measure."""
    found = single_groups(counts, read)
    if not data.has_groups:
        found.append(
            Finding(
                Kind.NO_GROUPS,
                Severity.WARNING,
                data.note,
                "Write a labels.csv with the columns path, label and group.",
            )
        )
    return found
