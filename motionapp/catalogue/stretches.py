"""Which seconds of recordings are shown: hits with room around them, joined where they meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from motionapp.catalogue.hit import Hit


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A part of one recording with the events in it."""

    from_s: float
    to_s: float
    hits: tuple[Hit, ...]
    """By time; at least one."""

    @property
    def first(self) -> Hit:
        """The one that begins first."""
        return self.hits[0]

    @property
    def length_s(self) -> float:
        """Seconds, as far as the recording goes on so long."""
        return self.to_s - self.from_s


def stretches_of(hits: Sequence[Hit], *, before_s: float, after_s: float) -> tuple[Stretch, ...]:
    """Stretches in the order of time; without it by recording.

    Parameters
    ----------
    hits : sequence of Hit
        In any order.
    before_s, after_s : float
        Seconds before and after each; those of one recording that meet become one stretch.
    """
    own: dict[str, list[Hit]] = {}
    for hit in hits:
        own.setdefault(hit.recording_key, []).append(hit)
    found = [stretch for each in own.values() for stretch in _joined(each, before_s, after_s)]
    return tuple(sorted(found, key=_order))


def _joined(hits: Sequence[Hit], before_s: float, after_s: float) -> Iterator[Stretch]:
    ordered = sorted(hits, key=lambda hit: (hit.start_s, hit.end_s, hit.zone))
    together: list[Hit] = []
    to_s = 0.0
    for hit in ordered:
        if together and max(0.0, hit.start_s - before_s) > to_s:
            yield Stretch(max(0.0, together[0].start_s - before_s), to_s, tuple(together))
            together = []
        to_s = max(to_s, hit.end_s + after_s) if together else hit.end_s + after_s
        together.append(hit)
    yield Stretch(max(0.0, together[0].start_s - before_s), to_s, tuple(together))


def _order(stretch: Stretch) -> tuple[bool, float, str, float]:
    began = stretch.first.at_utc(stretch.from_s)
    since_s = 0.0 if began is None else began.timestamp()
    return began is None, since_s, stretch.first.recording_path, stretch.from_s
