"""The most confident mistakes are kept, with what the network saw of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from motionapp.recognition.dataset import DataSet, Sample
from motionapp.training.album import MOST_OF_ONE, Album
from motionapp.training.named import Named
from motionapp.training.windows import Windows

LABELS = ("run", "walk")


def sample(label: str, name: str = "a.mp4") -> Sample:
    return Sample(Path(name), name, label, "ann")


def named(one: Sample, *walks: float, step_s: float = 1.0) -> Named:
    """Windows of a second that are so probably of who walks."""
    starts_s = step_s * np.arange(len(walks))
    rows = np.array([[1 - walk, walk] for walk in walks], np.float32).reshape(-1, 2)
    return Named(one, rows, np.stack([starts_s, starts_s + 1], axis=1))


def maps(count: int) -> np.ndarray:
    """Each window's maps are of its own number."""
    return np.broadcast_to(np.arange(count, dtype=np.uint8)[:, None, None, None], (count, 2, 2, 1))


def test_the_most_confident_wrong_windows_come_first() -> None:
    album = Album()

    album.add(named(sample("run", "a.mp4"), 0.1, 0.6, 0.9), LABELS, 0.5, maps(3))
    album.add(named(sample("walk", "b.mp4"), 0.2, 0.9), LABELS, 0.5, maps(2))

    found = [(one.sample.name, one.said, round(one.score, 2)) for one in album.wrongs]
    assert found == [("a.mp4", "walk", 0.9), ("b.mp4", "run", 0.8), ("a.mp4", "walk", 0.6)]
    assert [int(one.maps[0, 0, 0]) for one in album.wrongs] == [2, 0, 1]
    assert album.document()[0] == {
        "path": "a.mp4", "label": "run", "group": "ann", "predicted": "walk", "score": 0.9,
        "start_s": 2.0, "end_s": 3.0,
    }  # fmt: skip


def test_windows_of_one_recording_do_not_overlap_and_are_few() -> None:
    album = Album()

    album.add(named(sample("run"), 0.9, 0.8, 0.7, step_s=0.5), LABELS, 0.5, maps(3))
    album.add(named(sample("run", "b.mp4"), *[0.6] * 9), LABELS, 0.5, maps(9))

    assert [one.start_s for one in album.wrongs if one.sample.name == "a.mp4"] == [0.0, 1.0]
    assert sum(one.sample.name == "b.mp4" for one in album.wrongs) == MOST_OF_ONE


def test_what_has_no_name_is_wrong_where_it_got_one() -> None:
    album = Album()

    album.add(named(sample("unknown"), 0.55, 0.95), LABELS, 0.6, maps(2))

    assert [(one.said, round(one.score, 2)) for one in album.wrongs] == [("walk", 0.95)]


def test_no_more_are_kept_than_were_asked_for_and_each_by_itself() -> None:
    album, shown = Album(most=1), maps(1).copy()

    album.add(named(sample("run"), 0.8), LABELS, 0.5, shown)
    album.add(named(sample("run", "b.mp4"), 0.9), LABELS, 0.5, shown)

    assert [one.sample.name for one in album.wrongs] == ["b.mp4"]
    assert album.wrongs[0].maps.base is None  # a view would hold the windows of a whole data set


def test_maps_are_found_among_those_of_a_whole_data_set() -> None:
    data = DataSet(Path("d"), (sample("walk", "a.mp4"), sample("run", "b.mp4")))
    windows = Windows(maps(4), np.array([0, 0, 1, 1]), np.zeros((4, 3), np.float32))
    album = Album()

    album.add_all([named(data.samples[1], 0.1, 0.9)], data, windows, LABELS, 0.5)

    assert [int(one.maps[0, 0, 0]) for one in album.wrongs] == [3]


def test_without_times_nothing_is_kept() -> None:
    album = Album()

    album.add(Named(sample("run"), np.array([[0.1, 0.9]], np.float32)), LABELS, 0.5, maps(1))

    assert album.wrongs == ()
