"""What is taken of a batch's results, and how the data set calls recordings and groups."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from motionapp.batch.mining import Wanted, mine
from motionapp.core.errors import SettingsError
from motionapp.core.geometry import Box
from motionapp.recognition.mined import FalseName
from motionapp.settings import Settings


def wanted(beside: Path, **given: Any) -> Wanted:
    return Wanted(labels=("walk", "run"), beside=beside, most=20, **given)


def segment(label: str, score: float | None) -> dict[str, Any]:
    return {"label": label, "score": score, "start_s": 1.0, "end_s": 2.0, "box": [8, 4, 40, 90]}


def test_names_of_the_model_alone_are_taken(tmp_path: Path) -> None:
    """A rule beside the network says `fall`, and where no network looked there is no score."""
    segments = [
        segment("walk", 0.7),
        segment("unknown", 0.4),
        segment("motion", None),
        segment("fall", 0.9),
    ]

    found = wanted(tmp_path).false_names({"events": [{"segments": segments}]})

    assert list(found) == [FalseName(1.0, 2.0, "walk", 0.7, Box(8, 4, 40, 90))]


def test_names_that_it_was_less_sure_of_can_be_left_out(tmp_path: Path) -> None:
    events = {"events": [{"segments": [segment("walk", 0.7), segment("run", 0.8)]}]}

    found = wanted(tmp_path, least_score=0.75).false_names(events)

    assert [one.named for one in found] == ["run"]


def test_paths_below_the_file_are_relative_and_others_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = wanted(Path("set"))

    assert own.path_of("set/cam1/a.mp4") == "cam1/a.mp4"
    assert own.path_of("other/a.mp4") == (tmp_path / "other/a.mp4").as_posix()


@pytest.mark.parametrize(("group_by", "group"), [("recording", "a.b"), ("folder", "cam1")])
def test_a_group_is_a_recording_or_a_folder(tmp_path: Path, group_by: Any, group: str) -> None:
    assert wanted(tmp_path, group_by=group_by).group_of("data/cam1/a.b.mp4") == group


@pytest.mark.parametrize("name", ["camera:0", "synthetic:walk", "rtsp://door/1"])
def test_what_no_data_set_could_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="is no recording in a file"):
        mine([name], Settings(), wanted(tmp_path), messages=StringIO())
