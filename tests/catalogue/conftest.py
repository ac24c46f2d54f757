"""Catalogues with a few invented events, for tests that ask them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from motionapp.catalogue.form import make_catalogue
from motionapp.catalogue.rows import Recorded, Row, Seen, row_of
from motionapp.catalogue.store import put
from motionapp.sinks.origin import Origin

pytest.importorskip("pyarrow", reason='no catalogue: pip install "motionapp[find]"')

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def event(start_s: float, end_s: float, label: str = "walk", **changes: Any) -> dict[str, Any]:
    """An event as it stands in events.json: one segment, a tenth of the picture."""
    box = [100, 50, 200, 150]
    segment = {
        "label": label, "score": 0.9, "start_s": start_s, "end_s": end_s, "group": 1, "box": box,
    }  # fmt: skip
    whole = {
        "id": f"all@{round(1000 * start_s)}", "zone": "all", "start_s": start_s, "end_s": end_s,
        "label": label, "score": 0.9, "peak_s": start_s, "box": box, "segments": [segment],
        "clip": None, "clip_start_s": None, "thumbnail": None, "ended_by": "motion",
    }  # fmt: skip
    return whole | changes


def recorded(name: str = "a.mp4", camera: str = "door", **changes: Any) -> Recorded:
    """A recording of a camera's."""
    given: dict[str, Any] = {
        "spec": f"/archive/{camera}/{name}", "identity": f"/archive/{camera}/{name}",
        "camera": camera, "origin": Origin(analysis="a" * 64, source_bytes=7),
        "model": "actions-vgg16", "model_digest": "m" * 64,
    }  # fmt: skip
    return Recorded(**(given | changes))


def vector(*numbers: float) -> np.ndarray:
    """A direction, as features are kept."""
    whole = np.array(numbers, np.float32)
    return (whole / np.linalg.norm(whole)).astype(np.float16)


Add = Callable[..., list[Row]]


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """An empty one."""
    return make_catalogue(tmp_path / "catalogue")


@pytest.fixture
def add(catalogue: Path) -> Add:
    """Writes the events of a recording, and gives their rows."""
    return adding_to(catalogue)


def adding_to(catalogue: Path) -> Add:
    """Writes the events of a recording into a catalogue, and gives their rows."""

    def write(
        *events: dict[str, Any],
        of: Recorded | None = None,
        start_utc: datetime | None = NOON,
        features: tuple[np.ndarray | None, ...] = (),
        size: tuple[int, int] = (1000, 100),
    ) -> list[Row]:
        whose = of or recorded()
        seen = Seen(size, 25.0, start_utc)
        vectors = features or (None,) * len(events)
        rows = [
            row_of(one, whose, seen, folder=catalogue, features=own)
            for one, own in zip(events, vectors, strict=True)
        ]
        put(catalogue, whose.camera, seen.month, whose.key, rows)
        return rows

    return write
