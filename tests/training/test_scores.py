"""The figures are those of the documented JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from motionapp.recognition.dataset import Sample
from motionapp.recognition.stretch import Stretch
from motionapp.training import scores
from motionapp.training.breakdown import How
from motionapp.training.scores import Named, spread_lines, summary_line, title_of

LABELS = ("run", "walk")


def document(labels: Sequence[str], named: Sequence[Named], threshold: float = 0.5) -> Any:
    """As most of these tests want it."""
    return scores.document(labels, named, threshold=threshold)


def named(label: str, *rows: tuple[float, float], name: str = "a.mp4") -> Named:
    sample = Sample(Path(name), name, label, "ann")
    return Named(sample, np.array(rows, np.float32).reshape(len(rows), 2))


def test_a_recording_is_named_by_the_best_mean_over_its_windows() -> None:
    figures = document(LABELS, [named("walk", (0.6, 0.4), (0.1, 0.9), (0.55, 0.45))])

    assert figures["clips"] == [
        {"path": "a.mp4", "label": "walk", "group": "ann", "predicted": "walk", "score": 0.5833}
    ]
    assert figures["clip_accuracy"] == 1.0
    assert figures["window_accuracy"] == round(1 / 3, 4)


def test_a_recording_without_windows_counts_as_wrong_in_a_column_of_its_own() -> None:
    figures = document(LABELS, [named("walk"), named("run", (0.9, 0.1), name="b.mp4")])

    assert figures["clips"][0]["predicted"] is None
    assert figures["clips"][0]["score"] is None
    assert figures["clip_accuracy"] == 0.5
    assert figures["window_accuracy"] == 1.0
    assert figures["confusion"] == [[1, 0, 0], [0, 0, 1]]


def test_rows_of_the_confusion_are_truth() -> None:
    figures = document(LABELS, [named("walk", (0.9, 0.1)), named("walk", (0.2, 0.8))])

    assert figures["confusion"] == [[0, 0, 0], [1, 1, 0]]


def test_recordings_without_a_name_stand_by_themselves() -> None:
    figures = document(LABELS, [named("unknown", (0.9, 0.1)), named("run", (0.9, 0.1))])

    assert [clip["label"] for clip in figures["clips"]] == ["run"]
    assert [one["path"] for one in figures["nameless"]] == ["a.mp4"]
    assert (figures["clip_accuracy"], figures["window_accuracy"]) == (1.0, 1.0)


def test_after_rejection_windows_are_right_wrong_or_unknown() -> None:
    rows = [(0.2, 0.8), (0.8, 0.2), (0.45, 0.55), (0.55, 0.45)]

    figures = document(LABELS, [named("walk", *rows)], threshold=0.6)

    assert figures["window_accuracy"] == 0.5
    assert figures["after_rejection"] == {
        "threshold": 0.6, "right": 0.25, "wrong": 0.25, "unknown": 0.5, "false_names": None,
    }  # fmt: skip


def test_what_the_reject_output_takes_is_unknown() -> None:
    """The better label has more than the threshold, and the reject output more than that."""
    figures = document(LABELS, [named("walk", (0.05, 0.4), (0.05, 0.5))], threshold=0.3)

    after = figures["after_rejection"]
    assert (after["right"], after["wrong"], after["unknown"]) == (0.5, 0.0, 0.5)


def test_names_of_what_has_none_are_false() -> None:
    nothing = named("unknown", (0.9, 0.1), (0.2, 0.8), (0.7, 0.3), (0.5, 0.5), name="no.mp4")
    empty = named("unknown", name="still.mp4")

    figures = document(LABELS, [nothing, empty, named("run", (0.9, 0.1))], threshold=0.6)

    assert figures["after_rejection"]["false_names"] == 0.75
    assert figures["nameless"] == [
        {"path": "no.mp4", "group": "ann", "windows": 4, "named": 3, "most_named": "run"},
        {"path": "still.mp4", "group": "ann", "windows": 0, "named": 0, "most_named": None},
    ]
    assert summary_line(figures) == (
        "1 of 1 recordings named rightly, 100.0% of windows; with unknown below 0.60, 100.0% "
        "right, 0.0% wrong, 0.0% unknown; false names for 75.0% of the 4 windows labelled unknown"
    )


def test_recordings_of_nothing_alone_are_measured_all_the_same() -> None:
    figures = document(LABELS, [named("unknown", (0.9, 0.1), (0.5, 0.5))], threshold=0.6)

    assert (figures["clip_accuracy"], figures["window_accuracy"]) == (None, None)
    assert summary_line(figures) == "false names for 50.0% of the 2 windows labelled unknown"


def test_rejection_plays_no_part_in_what_was_predicted() -> None:
    """Most of the probability went to the reject output; the better label counts all the same."""
    figures = document(LABELS, [named("walk", (0.05, 0.1))])

    assert figures["clips"][0]["predicted"] == "walk"
    assert figures["clips"][0]["score"] == 0.1


def test_nothing_held_out_is_nothing_measured() -> None:
    figures = document(LABELS, [])

    assert (figures["schema"], figures["clip_accuracy"], figures["clips"]) == (2, None, [])
    assert summary_line(figures) == "nothing was held out, so nothing was measured"


def test_the_summary_says_clips_and_windows() -> None:
    line = summary_line(document(LABELS, [named("walk", (0.9, 0.1), (0.4, 0.6)), named("run")]))

    assert line == (
        "0 of 2 recordings named rightly, 50.0% of windows; with unknown below 0.50, 50.0% right, "
        "50.0% wrong, 0.0% unknown"
    )


def test_stretches_are_scored_one_by_one_and_say_when() -> None:
    rows = np.array([[0.9, 0.1]], np.float32)
    stretches = [
        Sample(Path("a.mp4"), "a.mp4", "run", "ann", Stretch(0, 1.5)),
        Sample(Path("a.mp4"), "a.mp4", "walk", "ann", Stretch(1.5)),
    ]

    figures = document(LABELS, [Named(sample, rows) for sample in stretches])

    assert [(clip["start_s"], clip["end_s"]) for clip in figures["clips"]] == [
        (0, 1.5),
        (1.5, None),
    ]
    assert summary_line(figures).startswith("1 of 2 stretches named rightly, 50.0% of windows;")
    assert [title_of(clip) for clip in figures["clips"]] == [
        "a.mp4 (0 to 1.5 s)",
        "a.mp4 (from 1.5 s)",
    ]


def of_group(group: str, label: str, *rows: tuple[float, float]) -> Named:
    sample = Sample(Path("a.mp4"), "a.mp4", label, group)
    return Named(sample, np.array(rows, np.float32).reshape(len(rows), 2))


HALF = [
    of_group("ann", "run", (0.9, 0.1), (0.8, 0.2)),
    of_group("ann", "walk", (0.9, 0.1), (0.2, 0.8), (0.3, 0.7), (0.4, 0.6)),
    of_group("bob", "run", (0.2, 0.8)),
    of_group("bob", "walk"),
]
HOW = How(
    "kfold:2", "people", "small", "absdiff", seed=1,
    folds=(frozenset({"bob", "eva"}), frozenset({"ann"})), temperature=1.0,
)  # fmt: skip


def test_groups_and_folds_have_their_own_figures() -> None:
    figures = scores.document(LABELS, HALF, threshold=0.5, how=HOW)

    ann = {"clips": 2, "clip_accuracy": 1.0, "windows": 6, "window_accuracy": 0.8333}
    bob = {"clips": 2, "clip_accuracy": 0.0, "windows": 1, "window_accuracy": 0.0}
    assert figures["groups"] == [{"group": "ann", **ann}, {"group": "bob", **bob}]
    assert figures["folds"] == [{"groups": ["bob", "eva"], **bob}, {"groups": ["ann"], **ann}]
    assert figures["fold_spread"]["clips"] == {
        "count": 2, "mean": 0.5, "deviation": 0.7071, "low": 0.0, "high": 1.0,
    }  # fmt: skip
    assert figures["interval"]["clips"]["low"] < 0.5 < figures["interval"]["clips"]["high"]


def test_labels_have_their_own_figures_of_recordings_and_of_windows() -> None:
    figures = scores.document(LABELS, HALF, threshold=0.5)

    run, walk = figures["per_label"]
    assert (run["precision"], run["recall"], run["f1"]) == (1.0, 0.5, 0.6667)
    assert (walk["precision"], walk["recall"], walk["f1"]) == (0.5, 0.5, 0.5)
    assert (walk["windows"], walk["window_recall"]) == (4, 0.75)
    assert (run["windows"], run["window_precision"]) == (3, 0.6667)
    assert figures["balanced_accuracy"] == 0.5
    assert figures["macro_f1"] == 0.5833


def test_a_temperature_of_one_changes_no_score() -> None:
    calibration = scores.document(LABELS, HALF, threshold=0.5, how=HOW)["calibration"]

    assert calibration["windows"] == 7
    assert calibration["error"] == calibration["error_before"] > 0
    assert calibration["bins"] == calibration["bins_before"]
    assert scores.document(LABELS, HALF, threshold=0.5)["calibration"]["error_before"] is None


def test_what_differs_by_fold_and_group_is_said_with_its_range() -> None:
    lines = list(spread_lines(scores.document(LABELS, HALF, threshold=0.5, how=HOW)))

    assert lines[0] == (
        "over 2 folds: 50.0% ± 70.7 (0.0% to 100.0%) of recordings, "
        "41.7% ± 58.9 (0.0% to 83.3%) of windows"
    )
    assert lines[1].startswith("over 2 groups: 50.0% ± 70.7")
    assert lines[2].startswith("of other groups, with 95 % certainty: ")
    assert lines[2].endswith("(Wilson, effective number)")


def test_of_one_group_nothing_is_said_that_would_need_two() -> None:
    assert list(spread_lines(document(LABELS, HALF[:2]))) == []
    assert list(spread_lines(document(LABELS, []))) == []
