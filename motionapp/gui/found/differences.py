"""What one of two settings finds and the other does not. No Qt."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from motionapp.core.event import Event
from motionapp.gui.found.log import Found, are_the_same


@dataclass(frozen=True, slots=True)
class Difference:
    """An event that is not in both, or not called the same."""

    kind: Literal["only A", "only B", "called otherwise"]
    first: Event | None
    """As A finds it; None where it does not."""
    second: Event | None

    @property
    def start_s(self) -> float:
        """When it begins, by the earlier of both."""
        return min(one.start_s for one in (self.first, self.second) if one is not None)


def differences(first: Iterable[Found], second: Iterable[Found]) -> tuple[Difference, ...]:
    """How two lists of events differ, in the order of time; what is open or cut is left out, and
    so is what overlaps it in the other list: it may still come to the same.

    Parameters
    ----------
    first, second : iterable of Found
        What A and what B found on the same stretch.
    """
    first, second = tuple(first), tuple(second)
    others = sorted((f.event for f in second if _counts(f)), key=_start)
    starts_s = [other.start_s for other in others]
    longest_s = max((other.duration_s for other in others), default=0.0)
    taken: set[int] = set()
    unsure = [f.event for f in second if not _counts(f)]
    found: list[Difference] = []
    for one in sorted((f.event for f in first if _counts(f)), key=_start):
        # Of thousands, only those that may reach it are asked.
        near = range(
            bisect_left(starts_s, one.start_s - longest_s), bisect_left(starts_s, one.end_s)
        )
        same = [n for n in near if n not in taken and are_the_same(one, others[n])]
        taken.update(same)
        if not same:
            if not _may_be_there(one, unsure):
                found.append(Difference("only A", one, None))
        elif all(others[n].label != one.label for n in same):
            found.append(Difference("called otherwise", one, others[same[0]]))
    unsure = [f.event for f in first if not _counts(f)]
    found += [
        Difference("only B", None, other)
        for n, other in enumerate(others)
        if n not in taken and not _may_be_there(other, unsure)
    ]
    return tuple(sorted(found, key=lambda each: each.start_s))


def _may_be_there(event: Event, unsure: Iterable[Event]) -> bool:
    """Whether it overlaps one that is not known whole."""
    return any(
        other.zone == event.zone and other.start_s < event.end_s and event.start_s < other.end_s
        for other in unsure
    )


def _counts(found: Found) -> bool:
    return not found.is_open and not found.is_cut


def _start(event: Event) -> float:
    return event.start_s
