"""Short forms of benchmarks/weather.py, margins.py and outdoor.py, which take minutes or hours."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from motionapp.scenes.drawn import DRAWN_KINDS, drawn_scene
from motionapp.suppression import arrivals, dynamic_background, scatter

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
SMALL: Any = {"size": (192, 144), "duration_s": 3.0}


@pytest.fixture(scope="module", autouse=True)
def _found() -> Iterator[None]:
    sys.path.insert(0, str(BENCHMARKS))
    yield
    sys.path.remove(str(BENCHMARKS))


def load(name: str) -> Any:
    """A benchmark, which no type checker sees."""
    return importlib.import_module(name)


def event(start_s: float, end_s: float) -> Any:
    from motionapp.core.event import Event
    from motionapp.core.geometry import Box

    return Event("all@0", "all", start_s, end_s, "motion", None, start_s, Box(0, 0, 9, 9))


@pytest.mark.parametrize("kind", DRAWN_KINDS)
def test_a_drawn_scene_comes_out_the_same_twice_and_can_be_told_as_json(kind: str) -> None:
    weather = load("weather")
    task = weather.Task(kind, 0, 5, person=True, **SMALL)

    first, again = weather.look(task), weather.look(task)

    assert first == again
    assert json.loads(json.dumps(first, allow_nan=False))["parameters"]["size"] == [192, 144]
    assert first["parameters"]["walker"]["height"] >= 0.15


def test_only_the_named_scenes_are_looked_at_with_and_without_their_walker() -> None:
    weather = load("weather")

    tasks = weather.tasks_of(7, 40, DRAWN_KINDS, ["leaves:17"])

    assert [(t.kind, t.number, t.seed, t.person) for t in tasks] == [
        ("leaves", 17, 7, False), ("leaves", 17, 7, True)
    ]  # fmt: skip
    assert len(weather.tasks_of(7, 40, DRAWN_KINDS, [])) == 400


@pytest.mark.parametrize(
    ("walk", "events", "fault"),
    [
        (None, [], ""),
        (None, [(1.0, 2.0)], "nobody"),
        ((4.0, 9.0), [(4.1, 9.0)], ""),
        ((4.0, 9.0), [], "lost"),
        ((4.0, 9.0), [(1.0, 2.0)], "lost"),
        ((4.0, 9.0), [(4.0, 5.0)], "cut"),
        ((4.0, 9.0), [(1.0, 2.0), (4.0, 9.0)], "beside"),
    ],
)
def test_what_is_wrong_with_a_run_has_a_name(walk: Any, events: Any, fault: str) -> None:
    weather, scenes = load("weather"), load("scenes")
    from motionapp.batch.truth import Stretch

    stretch = None if walk is None else Stretch("walk", *walk)
    run = scenes.Run("rain:0", 1, (64, 48), stretch, tuple(event(*span) for span in events))

    assert weather.fault_of(run) == fault


def test_every_constant_of_the_margins_exists_and_can_move() -> None:
    margins = load("margins")

    for one in margins.constants():
        assert one.value > 0, one.label
        assert one.times(2.0) > one.value > 0, one.label


def test_a_constant_moves_wherever_it_was_imported_to_and_comes_back() -> None:
    margins = load("margins")
    at_once = margins.Constant("suppression.pieces", "AT_ONCE")
    share = margins.Constant("suppression.arrivals", "RAIN_SHARE")
    before = scatter.AT_ONCE, arrivals.RAIN_SHARE

    with at_once.set_to(7), share.set_to(0.9):
        moved = scatter.AT_ONCE, dynamic_background.AT_ONCE, arrivals.RAIN_SHARE

    assert moved == (7, 7, 0.9)
    assert before == (scatter.AT_ONCE, arrivals.RAIN_SHARE)
    assert before[0] == dynamic_background.AT_ONCE


def test_what_was_kept_of_a_scene_comes_out_as_the_scene_does(tmp_path: Path) -> None:
    margins, weather = load("margins"), load("weather")
    task = weather.Task("lamp", 1, 5, person=True, size=(640, 360), duration_s=2.5)

    path = margins.keep(task, tmp_path)
    with margins.np.load(path, allow_pickle=False) as kept:
        run = margins.outcome(path, dict(kept))

    seen = weather.look(task)
    spans = [(round(e.start_s, 3), round(e.end_s, 3)) for e in run.events]
    assert spans == [(e["start_s"], e["end_s"]) for e in seen["events"]]
    assert seen["walk"] == (None if run.walk is None else [run.walk.start_s, run.walk.end_s])


def test_a_margin_ends_before_the_first_step_at_which_a_result_changes() -> None:
    margins = load("margins")
    one = margins.Constant("events.builder", "TRIAL_S")
    label = one.label
    results = [
        (True, {f"{label} 0.5": False, f"{label} 0.7": True, f"{label} 1.5": True}),
        (False, {f"{label} 0.5": False, f"{label} 0.7": False, f"{label} 1.5": True}),
    ]

    (row,) = margins.rows_of(results, [one], (0.5, 0.7, 1.5))

    assert (row["lowest"], row["highest"]) == (0.7, 1.0)
    assert row["changes"] == {"0.5": (1, 0), "0.7": (0, 0), "1.5": (0, 1)}
    assert "| -1 | 0 | +1 |" in margins.table([row], (0.5, 0.7, 1.5))


def test_events_of_a_recording_are_held_against_its_movers_with_a_second_of_slack() -> None:
    outdoor = load("outdoor")

    row = outdoor.score("shadow_pedestrians", ((2.0, 4.0), (11.5, 20.3)), 40.0)

    assert row["movers"] == 2
    assert row["movers_lost"] == 1
    assert row["false_s"] == pytest.approx(2.0, abs=0.1)
    assert row["uncovered_s"] == pytest.approx(8.0 + 6.8, abs=0.1)


def test_a_drawn_scene_is_the_same_with_its_walker_but_for_him() -> None:
    alone = drawn_scene("leaves", 3, seed=2, person=False)
    walked = drawn_scene("leaves", 3, seed=2, person=True)

    assert alone.rate_hz == walked.rate_hz
    assert alone.scene.disturbances == walked.scene.disturbances
    assert alone.scene.figures == ()
    assert len(walked.scene.figures) == 1
    assert drawn_scene("leaves", 4, seed=2, person=True) != walked


def test_drawn_walkers_are_in_the_picture_for_seconds() -> None:
    for kind in DRAWN_KINDS:
        for number in range(12):
            scene = drawn_scene(kind, number, seed=3, person=True).scene
            (walker,) = scene.figures
            cue = walker.cues[0]
            seen_s = min(cue.end_s, scene.duration_s) - cue.start_s

            assert seen_s > 2.0, scene.name
            assert walker.stature_px < walker.foot_px[1] < scene.size[1], scene.name
