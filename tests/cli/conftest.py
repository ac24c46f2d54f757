"""Recordings that the tests of the verbs make for themselves."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from motionapp.core.moment import Moment
from motionapp.overlay import Style
from motionapp.sinks.video import AnnotatedVideoSink
from motionapp.testing import Mover, Stage

NOTHING_DRAWN = Style(groups=False, tracks=False, poses=False, events=False, status=False)


def passer(t_s: float) -> tuple[float, float] | None:
    """Walks through the picture from second 1 to second 2."""
    return (20 + 120 * (t_s - 1), 60) if 1 <= t_s < 2 else None


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, float, int], Path]:
    """Draws and encodes a recording of a kind, a length and a seed; each one once."""
    folder = tmp_path_factory.mktemp("drawn")

    @functools.cache
    def draw(suffix: str, duration_s: float, seed: int) -> Path:
        path = folder / f"{duration_s}-{seed}{suffix}"
        stage = Stage(movers=(Mover(passer),), size=(192, 144), sigma=1.0, seed=seed)
        sink = AnnotatedVideoSink(path, style=NOTHING_DRAWN)
        for frame in stage.frames(duration_s):
            sink.accept(Moment("stage", frame))
        sink.close()
        return path

    return draw


@pytest.fixture
def recording(tmp_path: Path, drawn: Callable[[str, float, int], Path]) -> Callable[..., Path]:
    """Writes a recording of 4 s in which something passes, and gives its path."""

    def write(name: str = "door.mp4", *, duration_s: float = 4.0, seed: int = 0) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(drawn(path.suffix, duration_s, seed), path)
        return path

    return write
