"""A store in a folder of its own, and a clock that is turned by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from motionapp.edge.store.store import Store

START = datetime(2026, 11, 30, 8, 15, 2, 125_000, tzinfo=UTC)

Open = Callable[..., Store]


class Clock:
    """On the wall, and one that only counts; both stand still until they are turned."""

    def __init__(self) -> None:
        self.now = START
        self.seconds = 100.0

    def __call__(self) -> datetime:
        return self.now

    def monotonic_s(self) -> float:
        return self.seconds

    def go(self, **time: float) -> None:
        """Time goes on."""
        self.now += timedelta(**time)
        self.seconds += timedelta(**time).total_seconds()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_store(tmp_path: Path, clock: Clock) -> Iterator[Open]:
    """Opens the store in `tmp_path / "kept"`, which is closed before it is opened again."""
    with ExitStack() as stack:

        def opened(**options: Any) -> Store:
            stack.close()
            return stack.enter_context(
                Store(tmp_path / "kept", now=clock, monotonic_s=clock.monotonic_s, **options)
            )

        yield opened


@pytest.fixture
def store(open_store: Open) -> Store:
    return open_store()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"
