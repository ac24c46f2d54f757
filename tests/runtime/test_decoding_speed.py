"""Ways of sharing the cores are timed in turns, with nothing else in common."""

from __future__ import annotations

import itertools
import threading

import pytest

from motionapp.core.errors import SourceError
from motionapp.core.seams import Source
from motionapp.runtime.decoding_speed import Sharing, rates, sharings
from motionapp.testing import ScriptedSource


@pytest.mark.parametrize("cores", [1, 2, 3, 8, 64])
def test_what_a_batch_does_comes_first_and_nothing_twice(cores: int) -> None:
    ways = sharings(cores)

    assert ways[0] == Sharing(cores, 1)
    assert len(set(ways)) == len(ways)
    assert Sharing(1, 1) in ways
    assert all(way.files >= 1 and way.threads >= 1 for way in ways)


def test_every_way_reads_the_same_and_has_its_turn_in_each_round() -> None:
    ticks = itertools.count()
    opened: list[tuple[str, int]] = []
    sources: list[ScriptedSource] = []

    def open_input(spec: str, threads: int) -> Source:
        opened.append((spec, threads))
        sources.append(source := ScriptedSource(5))
        return source

    ways = (Sharing(2, 1), Sharing(1, 4))
    found = rates(
        ["a", "b"], ways, open_input, rounds=3, frames=4, clock=lambda: float(next(ticks))
    )

    assert found == {ways[0]: 16.0, ways[1]: 16.0}  # four readings of four pictures, a tick each
    assert [threads for _, threads in opened] == ([1] * 4 + [4] * 4) * 3
    assert sorted(spec for spec, _ in opened[:4]) == ["a", "a", "b", "b"]
    assert all(source.times_closed for source in sources)


def test_so_many_files_are_read_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=20)

    def open_input(spec: str, threads: int) -> Source:
        return ScriptedSource(1, before=lambda index: both.wait())

    found = rates(["a"], (Sharing(2, 1),), open_input, rounds=1, frames=1)

    assert len(found) == 1


def test_what_cannot_be_read_is_said_once() -> None:
    def open_input(spec: str, threads: int) -> Source:
        raise SourceError(f"{spec} is not there")

    with pytest.raises(SourceError, match="a is not there"):
        rates(["a"], (Sharing(2, 1),), open_input, rounds=2, frames=1)
