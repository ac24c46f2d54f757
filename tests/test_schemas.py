"""The published schemas are valid, accept what the program should write, and refuse the rest."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

SCHEMAS = Path(__file__).resolve().parent.parent / "docs" / "schemas"
NAMES = [
    "compare",
    "dataset-check",
    "evaluate",
    "events",
    "find",
    "frames",
    "frontends",
    "pose",
    "review",
    "summary",
    "watch",
    "why",
]

Document = dict[str, Any]

SEGMENT: Document = {
    "label": "wave2",
    "score": 0.91,
    "start_s": 3.12,
    "end_s": 6.4,
    "group": 1,
    "track_ids": [1, 2],
    "box": [120, 40, 260, 330],
    "trail": [[3.12, 190, 185.5], [4.12, 191, 185]],
    "names": None,
}
COUNTS: Document = {"clips": 1, "clip_accuracy": 1.0, "windows": 8, "window_accuracy": 0.875}
SPREAD: Document = {"count": 2, "mean": 0.5, "deviation": 0.7071, "low": 0.0, "high": 1.0}
EVENT: Document = {
    "id": "all@3120",
    "zone": "all",
    "start_s": 3.12,
    "end_s": 6.4,
    "start_utc": None,
    "label": "wave2",
    "score": 0.91,
    "peak_s": 4.04,
    "box": [120, 40, 260, 330],
    "segments": [SEGMENT],
    "clip": None,
    "clip_start_s": None,
    "thumbnail": None,
    "ended_by": "motion",
}
CROSSING: Document = {"zone": "door", "t_s": 4.12, "track_id": 3, "direction": "left"}
OPEN: Document = {**EVENT, "label": "motion", "score": None, "end_s": None, "ended_by": None}
STANDING: Document = {"id": "all@3120", "label": "wave2", "score": 0.91, "end_s": 6.4}
HIT: Document = {
    "event": "3f9a1c07b2aa",
    "id": "all@3120",
    "camera": "door",
    "recording": "door/a.mp4",
    "recording_path": "/archive/door/a.mp4",
    "parts": ["a.mp4"],
    "part_starts_s": [0.0],
    "zone": "all",
    "label": "wave2",
    "labels": ["wave2", "walk"],
    "score": 0.91,
    "start_s": 3.12,
    "end_s": 6.4,
    "peak_s": 4.04,
    "width": 1280,
    "height": 720,
    "size": 0.05,
    "clip": None,
    "clip_start_s": None,
    "thumbnail": None,
    "results": "/found/a",
    "ended_by": "motion",
    "analysis": None,
    "model": "actions-vgg16",
    "duration_s": 3.28,
    "start_utc": "2026-05-01T12:00:03.120Z",
    "end_utc": "2026-05-01T12:00:06.400Z",
    "box": [120, 40, 260, 330],
    "cover": None,
    "distance": 0.034,
}
FAILED: Document = {
    "input": "notes.mp4",
    "status": "failed",
    "error": "notes.mp4 is not a video: it holds text. Name a recording.",
    "note": None,
    "out_dir": None,
    "width": None,
    "height": None,
    "duration_s": None,
    "frames": None,
    "events": None,
    "elapsed_s": 0.01,
}
READ: Document = {
    "input": "clips/door.mp4",
    "status": "ok",
    "error": None,
    "note": "1 clip encoded instead of copied, because AVI with B-frames has no time stamps",
    "out_dir": "door",
    "width": 640,
    "height": 360,
    "duration_s": 61.2,
    "frames": 1530,
    "events": 10,
    "elapsed_s": 4.5,
    "skipped_s": 30.5,
}
EXAMPLES: dict[str, list[Document]] = {
    "find": [
        {"schema": 1, "events": []},
        {"schema": 1, "events": [HIT]},
        {
            "schema": 1,
            "events": [{**HIT, "cover": [{"name": "window"}], "start_utc": None, "parts": None}],
        },
    ],
    "dataset-check": [
        {
            "schema": 1,
            "data": "gestures",
            "recordings": 3,
            "unreadable": 1,
            "damaged": 0,
            "labels": [
                {
                    "label": "wave",
                    "samples": 2,
                    "recordings": 2,
                    "groups": 2,
                    "shortest_s": 1.5,
                    "median_s": 1.75,
                    "longest_s": 2.0,
                    "total_s": 3.5,
                },
                {
                    "label": "bend",
                    "samples": 0,
                    "recordings": 0,
                    "groups": 0,
                    "shortest_s": None,
                    "median_s": None,
                    "longest_s": None,
                    "total_s": None,
                },
            ],
            "groups": [
                {"group": "ann", "samples": 1, "labels": 1},
                {"group": "bob", "samples": 1, "labels": 1},
            ],
            "rates": [{"rate_hz": 29.97, "recordings": 2}],
            "sizes": [{"width": 640, "height": 360, "recordings": 2}],
            "probes": {
                "first_frame": {
                    "samples": 2,
                    "right": 0.5,
                    "chance": 0.5,
                    "by_luck": 1.0,
                    "p": 0.75,
                    "tells": False,
                },
                "background": None,
            },
            "findings": [
                {
                    "kind": "unreadable",
                    "severity": "fault",
                    "sentence": "bend/a.mp4 cannot be read: it is empty",
                    "advice": "Fetch it again, or delete its line.",
                    "recordings": ["bend/a.mp4"],
                    "labels": ["bend"],
                    "groups": ["ann"],
                }
            ],
        }
    ],
    "summary": [
        {"schema": 1, "version": "0.1.0", "inputs": [READ, FAILED]},
        {"schema": 1, "version": "0.1.0", "inputs": []},
    ],
    "events": [
        {"schema": 1, "source": "door.mp4", "events": [EVENT]},
        {
            "schema": 1,
            "source": "door.mp4",
            "analysis": "0f" * 32,
            "source_bytes": 123_456,
            "part": [2.0, None],
            "video_stream": 1,
            "events": [],
        },
        {"schema": 1, "source": "door.mp4", "events": []},
        {"schema": 1, "source": "door.mp4", "events": [], "crossings": []},
        {"schema": 1, "source": "door.mp4", "events": [EVENT], "crossings": [CROSSING]},
        {"schema": 1, "source": "door.mp4", "events": [EVENT], "skipped": []},
        {"schema": 1, "source": "door.mp4", "events": [], "skipped": [[4.0, 21.72], [30, 61.2]]},
        {
            "schema": 1,
            "source": "a-joined",
            "joined": [{"file": "a.mp4", "start_s": 0.0}, {"file": "b.mp4", "start_s": 60.04}],
            "events": [EVENT],
        },
        {
            "schema": 1,
            "source": "door.mp4",
            "events": [{**EVENT, "start_utc": "2026-05-04T10:00:03.120Z", "clip": "clips/1.mp4"}],
        },
    ],
    "frames": [
        {
            "index": 75,
            "pts_s": 3.0,
            "strength": 0.013,
            "regions": [
                {
                    "box": [120, 40, 260, 330],
                    "area_px": 8120.0,
                    "strength": 3.4,
                    "velocity_px_s": [-61.5, 4.0],
                    "speed_m_s": None,
                }
            ],
            "tracks": [{"id": 1, "box": [120, 40, 260, 330], "seen": True}],
            "groups": [{"id": 1, "box": [120, 40, 260, 330], "label": None, "score": None}],
            "flagged": False,
        },
    ],
    "compare": [
        {
            "schema": 1,
            "version": "0.1",
            "data": {
                "data": "clips",
                "recordings": 93,
                "groups": 9,
                "labels": ["walk", "wave2"],
                "seconds": 251.5,
                "unreadable": 0,
                "rate_hz": 25.0,
                "cadence_s": 0.16,
                "protocol": "kfold:3",
                "minutes": None,
                "took_s": 1803.2,
                "cores": 2,
                "screening_steps": 0,
                "command": "motionapp compare clips --out choice",
                "trials": None,
                "searched_for": [],
            },
            "rules": {"live_load": 0.5, "box_slower": 8.0},
            "note": None,
            "candidates": [],
            "front": [],
            "recommendation": None,
        },
    ],
    "frontends": [
        {
            "schema": 1,
            "frontends": [
                {
                    "name": "flow:best",
                    "about": "which way it goes, and how fast",
                    "costs": [
                        {
                            "width": 640,
                            "height": 360,
                            "threads": 2,
                            "ms_per_frame": 102.3,
                            "frames_per_s": 9.8,
                        }
                    ],
                }
            ],
        }
    ],
    "pose": [
        {
            "schema": 1,
            "images": [
                {"path": "empty.jpg", "people": []},
                {
                    "path": "a.jpg",
                    "people": [
                        {
                            "score": 0.41,
                            "box": [12, 0, 60, 140],
                            "keypoints": [[20.5, -3.25, 0.9]] * 17,
                        }
                    ],
                },
            ],
        }
    ],
    "watch": [
        {"type": "opened", "event": {**OPEN, "segments": []}},
        {"type": "changed", **STANDING, "segments": [SEGMENT]},
        {"type": "open", **STANDING, "label": "motion", "score": None, "segments": []},
        {"type": "closed", "event": {**EVENT, "ended_by": "lost"}},
        {"type": "closed", "event": EVENT},
        {"type": "crossing", **CROSSING},
        {"type": "ended", "frames": 1530, "drops": 0, "elapsed_s": 61.3},
    ],
    "review": [
        {"schema": 1, "entries": []},
        {
            "schema": 1,
            "entries": [
                {
                    "source": "door.mp4",
                    "id": "all@3120",
                    "start_s": 3.12,
                    "end_s": 6.4,
                    "verdict": "confirmed",
                    "zone": "all",
                    "label": None,
                }
            ],
        },
    ],
    "why": [
        {
            "schema": 1,
            "source": "door.mp4",
            "at_s": 12.5,
            "zone": "all",
            "event": None,
            "near": [EVENT, OPEN],
            "gates": [
                {
                    "gate": "noise",
                    "measured": 6.0,
                    "threshold": 9.0,
                    "unit": "grey levels",
                    "passed": False,
                    "sentence": "Nothing differs by more than 6.0 grey levels.",
                    "setting": "analysis.absdiff.sensitivity",
                }
            ],
            "stopped_by": "noise",
            "search": None,
            "note": None,
            "remedy": {"changes": {"analysis.absdiff.sensitivity": 1.5}, "checked": True},
        }
    ],
    "evaluate": [
        {
            "schema": 2,
            "clip_accuracy": 0.5,
            "window_accuracy": 0.875,
            "after_rejection": {
                "threshold": 0.5,
                "right": 0.8,
                "wrong": 0.05,
                "unknown": 0.15,
                "false_names": 0.25,
            },
            "labels": ["run", "walk"],
            "confusion": [[1, 0, 0], [0, 0, 1]],
            "clips": [
                {"path": "a.mp4", "label": "run", "group": "eva", "predicted": "run", "score": 0.9},
                {
                    "path": "b.mp4",
                    "label": "walk",
                    "group": "ira",
                    "predicted": None,
                    "score": None,
                    "start_s": 1.5,
                    "end_s": None,
                },
            ],
            "nameless": [
                {"path": "c.mp4", "group": "sea", "windows": 8, "named": 2, "most_named": "run"},
                {"path": "d.mp4", "group": "sea", "windows": 0, "named": 0, "most_named": None},
            ],
            "unreadable": [
                {"path": "e.mp4", "label": "run", "group": "ira", "reason": "e.mp4 is empty"},
            ],
            "how": {
                "protocol": "kfold:2",
                "data": "people",
                "model": "mine (vgg16)",
                "frontend": "absdiff",
                "seed": 1,
                "rate_hz": None,
            },
            "balanced_accuracy": 0.5,
            "macro_f1": 0.5,
            "window_balanced_accuracy": 0.875,
            "window_macro_f1": None,
            "per_label": [
                {
                    "label": "run",
                    "clips": 1,
                    "precision": 1.0,
                    "recall": 1.0,
                    "f1": 1.0,
                    "windows": 8,
                    "window_precision": None,
                    "window_recall": 0.875,
                    "window_f1": 0.9,
                },
            ],
            "calibration": {
                "windows": 8,
                "temperature": None,
                "error": 0.125,
                "error_before": None,
                "bins": [
                    {"low": 0.0, "high": 0.5, "windows": 0, "score": None, "right": None},
                    {"low": 0.5, "high": 1.0, "windows": 8, "score": 0.9, "right": 0.875},
                ],
                "bins_before": [],
            },
            "seconds_seen": [{"seconds": 0.5, "named": 0.5, "right": 0.5, "long_enough": 1}],
            "groups": [COUNTS | {"group": "eva"}],
            "group_spread": {"clips": SPREAD, "windows": SPREAD | {"deviation": None}},
            "interval": {
                "clips": {"low": 0.1, "high": 0.9, "method": "bootstrap over groups"},
                "windows": None,
            },
            "folds": [COUNTS | {"groups": ["eva"]}],
            "fold_spread": {"clips": SPREAD, "windows": None},
            "learning_curve": {
                "points": [
                    {
                        "groups": 1.5,
                        "clip_accuracy": 0.5,
                        "window_accuracy": 0.875,
                        "window_deviation": None,
                    },
                ],
                "gain": {
                    "per_doubling": -0.01,
                    "standard_error": 0.02,
                    "groups": 2,
                    "verdict": "open",
                },
            },
            "history": [{"step": 1, "loss": 2.3, "accuracy": 0.5, "held_out_loss": None}],
            "worst": [
                {
                    "path": "b.mp4",
                    "label": "walk",
                    "group": "ira",
                    "predicted": "run",
                    "score": 0.9,
                    "start_s": 1.52,
                    "end_s": 2.48,
                },
            ],
        }
    ],
}


def schema(name: str) -> Document:
    text = (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
    found: Document = json.loads(text)
    return found


def complaints(name: str, document: Document) -> list[str]:
    everything = [schema(each) for each in NAMES]
    registry: Registry[Any] = Registry().with_resources(
        (each["$id"], Resource.from_contents(each)) for each in everything
    )
    validator = Draft202012Validator(schema(name), registry=registry)
    return [error.message for error in validator.iter_errors(document)]


def test_every_schema_in_the_folder_is_listed_here_and_on_its_page() -> None:
    files = sorted(path.name for path in SCHEMAS.glob("*.json"))

    assert files == [f"{name}.schema.json" for name in NAMES]
    page = (SCHEMAS / "README.md").read_text(encoding="utf-8")
    assert all(f"`{file}`" in page for file in files)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_valid_itself(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize(
    ("name", "example"),
    [(name, example) for name, examples in EXAMPLES.items() for example in examples],
)
def test_an_example_is_accepted(name: str, example: Document) -> None:
    assert complaints(name, example) == []


def drop_first_field(document: Document) -> None:
    del document[next(iter(document))]


def add_a_field(document: Document) -> None:
    document["surprise"] = 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("spoil", [drop_first_field, add_a_field])
def test_a_missing_or_unknown_field_is_refused(
    name: str, spoil: Callable[[Document], None]
) -> None:
    document = copy.deepcopy(EXAMPLES[name][0])

    spoil(document)

    assert complaints(name, document)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "all"},
        {"score": 1.5},
        {"label": "motion", "score": 0.4},
        {"box": [0, 0, 10]},
        {"box": [0.5, 0, 10, 10]},
        {"ended_by": "boredom"},
        {"ended_by": None},
        {"end_s": None},
        {"start_utc": "yesterday"},
        {"segments": [{**SEGMENT, "trail": [[3.12, 190]]}]},
        {"segments": [{**SEGMENT, "names": [{"model": "a", "label": "walk", "score": 0.9}]}]},
    ],
)
def test_a_wrong_event_is_refused(wrong: Document) -> None:
    assert complaints("events", {"schema": 1, "source": "a.mp4", "events": [{**EVENT, **wrong}]})


def test_an_open_event_is_refused_among_the_closed_ones() -> None:
    assert complaints("watch", {"type": "closed", "event": OPEN})


def test_a_change_that_repeats_the_whole_event_is_refused() -> None:
    assert complaints("watch", {"type": "changed", "event": OPEN})
    assert complaints("watch", {"type": "opened", **STANDING, "segments": []})


def test_a_failure_without_a_sentence_is_refused() -> None:
    silent = {**FAILED, "error": None}

    assert complaints("summary", {"schema": 1, "version": "0.1.0", "inputs": [silent]})


@pytest.mark.parametrize(
    "wrong", [{"direction": "up"}, {"track_id": 0}, {"zone": ""}, {"t_s": None}, {"more": 1}]
)
def test_a_crossing_has_a_line_a_time_a_track_and_a_side(wrong: Document) -> None:
    crossing = CROSSING | wrong
    document = {"schema": 1, "source": "a.mp4", "events": [], "crossings": [crossing]}

    assert complaints("events", document)
    assert complaints("watch", {"type": "crossing", **crossing})
