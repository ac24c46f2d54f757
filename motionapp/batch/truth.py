"""Compares what was found with what is known to happen: the demo's table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from motionapp.core.errors import DataSetError

TRUTH_SCHEMA: Final = 1
LEAST_IOU: Final = 0.5
"""Overlap in time, over union, that makes two stretches the same."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A label from a time to another."""

    label: str
    start_s: float
    end_s: float

    def iou(self, other: Stretch) -> float:
        """Overlap over union in time, 0 to 1."""
        common = min(self.end_s, other.end_s) - max(self.start_s, other.start_s)
        if common <= 0:
            return 0.0
        whole = max(self.end_s, other.end_s) - min(self.start_s, other.start_s)
        return common / whole


@dataclass(frozen=True, slots=True)
class Pair:
    """What was to be found, and what was; one of them is None where it stands alone."""

    truth: Stretch | None
    found: Stretch | None

    @property
    def is_right(self) -> bool:
        """Same label, and the same stretch of time."""
        if self.truth is None or self.found is None:
            return False
        return self.truth.label == self.found.label and self.truth.iou(self.found) >= LEAST_IOU


def read_truth(path: Path) -> tuple[Stretch, ...]:
    """What happens in a clip, from its JSON file.

    Raises
    ------
    DataSetError
        The file is missing or is not of this kind.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["schema"] != TRUTH_SCHEMA:
            raise ValueError(f"it has schema {document['schema']}")
        return stretches(document["events"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataSetError(f"{path} does not say what happens in the clip: {error}") from error


def stretches(documents: Sequence[dict[str, object]]) -> tuple[Stretch, ...]:
    """The label and times of events as they stand in JSON."""
    return tuple(
        Stretch(str(each["label"]), float(str(each["start_s"])), float(str(each["end_s"])))
        for each in documents
    )


def pair(truth: Sequence[Stretch], found: Sequence[Stretch]) -> tuple[Pair, ...]:
    """Lay what was found beside what is true, each once, in the order of time.

    A right one goes first; what is left goes to the one that it overlaps most.
    """
    candidates = sorted(
        (
            (Pair(true, seen).is_right, true.iou(seen), -t, -f)
            for t, true in enumerate(truth)
            for f, seen in enumerate(found)
            if true.iou(seen) > 0
        ),
        reverse=True,
    )
    beside: dict[int, int] = {}
    for _, _, minus_t, minus_f in candidates:
        if -minus_t not in beside and -minus_f not in beside.values():
            beside[-minus_t] = -minus_f
    pairs = [
        Pair(true, found[beside[index]] if index in beside else None)
        for index, true in enumerate(truth)
    ]
    pairs += [Pair(None, seen) for index, seen in enumerate(found) if index not in beside.values()]
    return tuple(sorted(pairs, key=_start_s))


def _start_s(row: Pair) -> float:
    stretch = row.truth or row.found
    assert stretch is not None
    return stretch.start_s
