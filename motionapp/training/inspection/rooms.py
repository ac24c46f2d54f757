"""Whether the room gives the answer: what first pictures and backgrounds tell of the labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.event import UNKNOWN
from motionapp.recognition.dataset import Sample
from motionapp.training.inspection.finding import Finding, Kind, Severity
from motionapp.training.inspection.probing import Probe, probe
from motionapp.training.inspection.seeing import Seen
from motionapp.training.inspection.views import View

SEED: Final = 1
"""Of how labels are dealt to the probes: the same every time."""
FEWEST_CELLS: Final = 16
"""Backgrounds are compared where all are still: in so many of 256 cells at least."""
MOST_OF_THEM: Final = 0.5
"""Share of the samples of which there has to be a background. In `ut_interaction`, close views of
people, 16 of 96 were left, nearly all of one label: nobody can say what the others would tell."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """What still pictures tell of the labels; None where that cannot be measured."""

    first_frame: Probe | None
    background: Probe | None


def probe_rooms(recordings: Iterable[Sequence[Sample]], seen: Mapping[str, Seen]) -> Rooms:
    """Try to tell the labels of all samples but those of nothing that has a name.

    Parameters
    ----------
    recordings : iterable of sequence of Sample
        The samples of each recording, in the order in which they were seen.
    seen : mapping
        From each recording to what was seen of it.
    """
    found = [
        (view, sample)
        for samples in recordings
        for sample, view in zip(samples, seen[samples[0].recording].views, strict=False)
        if view is not None and sample.label != UNKNOWN
    ]
    views = [view for view, _ in found]
    labels = [sample.label for _, sample in found]
    groups = [sample.fold_group for _, sample in found]
    return Rooms(probe_first(views, labels, groups), probe_background(views, labels, groups))


def probe_first(
    views: Sequence[View], labels: Sequence[str], groups: Sequence[str]
) -> Probe | None:
    """By the first picture; see `probe`."""
    if not views:
        return None
    return probe(_flat([view.first for view in views]), labels, groups, seed=SEED)


def probe_background(
    views: Sequence[View], labels: Sequence[str], groups: Sequence[str]
) -> Probe | None:
    """By the background, where nothing moves in any recording; see `probe`.

    Notes
    -----
    The same cells for all: where others move would tell who moves how. Recordings that leave no
    still place in common, those of most movement, are left out; None where these are most.
    """
    places, cells = _still_together(views)
    if not views or len(places) < MOST_OF_THEM * len(views):
        return None
    pictures = _flat([views[place].background for place in places])[:, cells.ravel()]
    own, whose = [labels[place] for place in places], [groups[place] for place in places]
    return probe(pictures, own, whose, seed=SEED)


def rooms_told(rooms: Rooms) -> list[Finding]:
    """What the two probes mean together.

    Where the background knows nothing of the labels and the first picture does, that is people:
    how they stand and where they begin. It is the movement's own, and no fault of a room.
    """
    first, background = rooms.first_frame, rooms.background
    found = []
    if background is not None and background.tells:
        found.append(
            Finding(
                Kind.BACKGROUND,
                Severity.WARNING,
                f"the background alone, without what moves, {_figures(background)}: the room gives "
                "the answer, and a network that sees it need not look at the movement",
                "Record every label in every room. Till then believe only front-ends that do not "
                "see the room (absdiff, flow, pose), and hold out rooms, not only people.",
            )
        )
    if first is not None and first.tells:
        is_people = background is not None and not background.tells
        why = (
            "the background does not, so that it is how people stand and where they begin"
            if is_people
            else "by the room, the camera, or how people stand"
        )
        found.append(
            Finding(
                Kind.FIRST_FRAME,
                Severity.NOTE if is_people else Severity.WARNING,
                f"the first picture alone {_figures(first)}; {why}",
                "Look at first pictures side by side: a title, or a person who always begins at "
                "the same place, is learnt as well as a movement.",
            )
        )
    return found


def _figures(probe: Probe) -> str:
    return (
        f"names {probe.right:.0%} of {probe.samples} rightly (chance {probe.chance:.0%}, by luck "
        f"up to {probe.by_luck:.0%})"
    )


def _still_together(views: Sequence[View]) -> tuple[list[int], NDArray[np.bool_]]:
    """Which views have still cells in common, and the cells."""
    cells: NDArray[np.bool_] = np.ones((), np.bool_)
    places: list[int] = []
    for place in sorted(range(len(views)), key=lambda one: -int(views[one].is_still.sum())):
        common = cells & views[place].is_still
        if np.count_nonzero(common) < FEWEST_CELLS:
            break
        cells = common
        places.append(place)
    return sorted(places), cells


def _flat(pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float64]:
    return np.stack(pictures).reshape(len(pictures), -1).astype(np.float64)
