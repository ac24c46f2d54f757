"""Recordings that are in a data set more than once: as a copy of the file, or encoded anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from motionapp.recognition.dataset import DataSet, Sample
from motionapp.recognition.stretch import Claim, overlapping
from motionapp.training.inspection.finding import Finding, Kind, Severity
from motionapp.training.inspection.leaks import compared, leaks_among
from motionapp.training.inspection.moving import MOST_S
from motionapp.training.inspection.seeing import Seen
from motionapp.training.progress import Progress


def duplicates(data: DataSet, seen: Mapping[str, Seen]) -> list[Finding]:
    """Recordings with the same content under different names."""
    same: dict[str, list[tuple[Sample, ...]]] = {}
    for places in data.recordings():
        samples = tuple(data.samples[place] for place in places)
        if digest := seen[samples[0].recording].digest:
            same.setdefault(digest, []).append(samples)
    return [_duplicate(copies) for copies in same.values() if len(copies) > 1]


def _duplicate(copies: Sequence[tuple[Sample, ...]]) -> Finding:
    """One finding about all copies of a content."""
    samples = [sample for own in copies for sample in own]
    names = tuple(own[0].name for own in copies)
    groups = tuple(sorted({sample.fold_group for sample in samples}))
    labels = tuple(sorted({sample.label for sample in samples}))
    claims = [Claim(one.stretch, one.label, one.line, one.box) for one in samples]
    same = f"the same content: {_all(names)}"
    severity = Severity.FAULT
    if overlapping(claims):
        sentence = f"{same}, under the labels {_all(labels)}"
        advice = "A moment has one label: find out which is right, and delete the other lines."
    elif len(groups) > 1:
        sentence = (
            f"{same}, in the groups {_all(groups)}: what is learnt from one is measured on another"
        )
        advice = "Keep one of them, or give all of them one group."
    else:
        severity = Severity.WARNING
        sentence = f"{same}, all in the group {groups[0]}: it counts {len(names)} times"
        advice = "Keep one of them."
    return Finding(Kind.DUPLICATE, severity, sentence, advice, names, labels, groups)


def leaks(data: DataSet, seen: Mapping[str, Seen], progress: Progress) -> list[Finding]:
    """Recordings of different groups that show the same and are no copies by their bytes; and a
    note on what was not compared."""
    firsts = [data.samples[places[0]] for places in data.recordings()]
    looks = [seen[sample.recording] for sample in firsts]
    movements = [look.movement for look in looks]
    groups = [sample.fold_group for sample in firsts]
    found = []
    for leak in leaks_among(movements, groups, progress):
        one, other = firsts[leak.one], firsts[leak.other]
        if looks[leak.one].digest and looks[leak.one].digest == looks[leak.other].digest:
            continue  # told as duplicates
        mirrored = ", mirrored" if leak.is_mirrored else ""
        found.append(
            Finding(
                Kind.LEAK,
                Severity.FAULT,
                f"{one.name} (group {one.fold_group}) and {other.name} (group {other.fold_group})"
                f"{mirrored} show the same movement, likeness {leak.likeness:.2f} of 1: one "
                "recording, encoded twice; what is learnt from one is measured on the other",
                "Look at both. Keep one of them, or give both one group.",
                (one.name, other.name),
                tuple(sorted({one.label, other.label})),
                (one.fold_group, other.fold_group),
            )
        )
    return found + _not_compared(firsts, looks)


def _not_compared(firsts: Sequence[Sample], looks: Sequence[Seen]) -> list[Finding]:
    """A note on recordings in which a copy would not be noticed."""
    readable = [place for place, look in enumerate(looks) if look.movement is not None]
    untold = sorted(set(readable) - set(compared([look.movement for look in looks])))
    long = sum(looks[place].length_s > MOST_S for place in readable)
    if not untold and not long:
        return []
    said = []
    if untold:
        are = "recording was" if len(untold) == 1 else "recordings were"
        said.append(f"{len(untold)} {are} not compared: too many, or hardly anything moves")
    if long:
        were = "is" if long == 1 else "are"
        said.append(f"{long} {were} longer than {MOST_S:g} s, of which the rest was not compared")
    return [
        Finding(
            Kind.NOT_COMPARED,
            Severity.NOTE,
            f"near-equal recordings were looked for among {len(readable) - len(untold)}; "
            + "; ".join(said),
            "Nothing, unless you suspect copies there.",
            tuple(firsts[place].name for place in untold),
        )
    ]


def _all(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
