"""The bar of disturbed scenes, in small: nobody without a walker, the walk with one.

The whole of it, several seeds at full size, is `benchmarks/scenes.py`; its table is in
`docs/scenes.md`.
"""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from motionapp.scenes.disturbed import DISTURBANCES, DISTURBED_SEED, disturbed_scene
from motionapp.settings import AnalysisSettings


@cache
def benchmark() -> ModuleType:
    path = Path(__file__).parent.parent / "benchmarks" / "scenes.py"
    spec = importlib.util.spec_from_file_location("benchmark_scenes", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def run(name: str, *, person: bool) -> Any:
    """One scene in small with the defaults; the benchmark's `Run`, which no type checker sees."""
    scene = disturbed_scene(name, person=person, size=(240, 180), duration_s=6.5)
    runs = benchmark().run_scene(scene, DISTURBED_SEED, {"defaults": AnalysisSettings()})
    return runs["defaults"]


@pytest.mark.parametrize("name", DISTURBANCES)
def test_a_disturbance_alone_is_nobody(name: str) -> None:
    alone = run(name, person=False)

    assert [(event.start_s, event.end_s, event.box) for event in alone.events] == []


@pytest.mark.parametrize("name", DISTURBANCES)
def test_a_walker_is_found_in_a_disturbance(name: str) -> None:
    walked = run(name, person=True)

    assert walked.iou >= 0.5, walked.events
    assert walked.beside == 0, walked.events


def test_the_table_is_written_between_its_markers_and_nothing_else_changes(tmp_path: Path) -> None:
    page = tmp_path / "scenes.md"
    page.write_text(benchmark().PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    before, after = page.read_text(encoding="utf-8").split(benchmark().BEGIN)[0], "## At other"

    benchmark().write_page("| a table |", page)
    benchmark().write_page("| another table |", page)

    text = page.read_text(encoding="utf-8")
    assert text.startswith(before)
    assert text.count("| another table |") == 1
    assert "| a table |" not in text
    assert after in text
