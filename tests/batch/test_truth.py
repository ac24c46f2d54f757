"""Truth beside what was found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from motionapp.batch.truth import Pair, Stretch, pair, read_truth
from motionapp.core.errors import DataSetError


def test_the_same_label_and_half_the_time_is_right() -> None:
    truth = Stretch("walk", 1.0, 3.0)

    assert Pair(truth, Stretch("walk", 1.5, 3.0)).is_right
    assert not Pair(truth, Stretch("run", 1.0, 3.0)).is_right
    assert not Pair(truth, Stretch("walk", 2.5, 4.0)).is_right
    assert not Pair(truth, None).is_right


def test_each_found_stretch_is_used_once_and_the_rest_stand_alone() -> None:
    truth = [Stretch("walk", 0, 2), Stretch("run", 5, 7)]
    found = [Stretch("jump", 0, 2), Stretch("walk", 0, 1.9), Stretch("skip", 9, 10)]

    pairs = pair(truth, found)

    assert pairs == (
        Pair(truth[0], found[1]),
        Pair(None, found[0]),
        Pair(truth[1], None),
        Pair(None, found[2]),
    )


def test_a_right_one_goes_before_one_that_overlaps_more() -> None:
    truth = [Stretch("walk", 0, 2)]
    found = [Stretch("run", 0, 2), Stretch("walk", 0, 1.2)]

    assert pair(truth, found)[0].found == found[1]


def test_truth_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "truth.json"
    events = [{"label": "bend", "start_s": 1, "end_s": 2.5, "actor": "x"}]
    path.write_text(json.dumps({"schema": 1, "events": events}))

    assert read_truth(path) == (Stretch("bend", 1.0, 2.5),)


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 2, "events": []}', '{"schema": 1}'])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "truth.json"
    path.write_text(text)

    with pytest.raises(DataSetError, match=r"truth\.json"):
        read_truth(path)
