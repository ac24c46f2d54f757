"""Results of batch are found where batch puts them, and taken for no other recording's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from motionapp.core.event import Event, Segment
from motionapp.core.geometry import Box
from motionapp.gui.found.results import find_results, pictures_of
from motionapp.sinks.documents import events_document, events_text
from motionapp.sinks.origin import Origin
from motionapp.sinks.stored import StoredEvents

DIGEST = "0f" * 32
OF_IT = Origin(DIGEST, 77)
EVENT = Event("all@1250", "all", 1.25, 2.5, "walk", 0.9, 2.0, Box(400, 100, 480, 300), (), "motion")


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "films" / "door.mp4"
    path.parent.mkdir()
    path.write_bytes(bytes(77))
    return path


def put(folder: Path, origin: Origin = OF_IT, source: str = "door.mp4") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "events.json"
    path.write_text(events_text(events_document(source, [EVENT], origin=origin)))
    return path


@pytest.mark.parametrize("place", ["", "door", "door-12ab34"])
def test_they_are_found_where_batch_puts_them(tmp_path: Path, recording: Path, place: str) -> None:
    path = put(tmp_path / "out" / place)

    results = find_results(str(recording), DIGEST, [tmp_path / "none", tmp_path / "out"])

    assert results.path == path
    assert results.stored is not None
    assert results.stored.events == (EVENT,)


@pytest.mark.parametrize(
    ("origin", "source", "is_other"),
    [
        (Origin(DIGEST, 78), "door.mp4", False),
        (Origin(DIGEST, 77), "street.mp4", False),
        (Origin("aa" * 32, 77), "door.mp4", True),
        (Origin(DIGEST, 77, (0.0, 5.0)), "door.mp4", True),
        (Origin(), "door.mp4", True),
    ],
)
def test_those_of_another_recording_or_by_other_settings_are_not_taken(
    tmp_path: Path, recording: Path, origin: Origin, source: str, is_other: bool
) -> None:
    path = put(tmp_path / "out" / "door", origin, source)

    results = find_results(str(recording), DIGEST, [tmp_path / "out"])

    assert results.stored is None
    assert results.others == ((path,) if is_other else ())


def test_a_damaged_file_is_told_and_the_right_one_beside_it_found(
    tmp_path: Path, recording: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "events.json").write_text("{")
    put(tmp_path / "out" / "door")

    results = find_results(str(recording), DIGEST, [tmp_path / "out"])

    assert results.stored is not None
    assert len(results.troubles) == 1
    assert "damaged" in results.troubles[0]


def test_an_address_has_none() -> None:
    assert find_results("rtsp://door/1", DIGEST, [Path(".")]).stored is None


def test_pictures_are_those_below_the_folder_cut_out_round_the_body(tmp_path: Path) -> None:
    bgr = np.full((240, 320, 3), 30, np.uint8)
    bgr[50:150, 200:240] = (0, 0, 250)
    (tmp_path / "out").mkdir()
    cv2.imwrite(str(tmp_path / "out" / "a.jpg"), bgr)
    cv2.imwrite(str(tmp_path / "outside.jpg"), bgr)
    (tmp_path / "out" / "none.jpg").write_bytes(b"no picture")
    names = ("a.jpg", "../outside.jpg", "none.jpg", None, "gone.jpg")
    then, later = (
        Segment("walk", 0.9, s, s + 1.0, n, (n,), EVENT.box, ((s, 440.0, 200.0),), ())
        for n, s in ((1, 1.5), (2, 2.2))
    )
    events = tuple(replace(EVENT, event_id=f"all@{n}", segments=(then, later)) for n in range(5))
    stored = StoredEvents("door.mp4", Origin(), events, names)

    (picture,) = pictures_of(tmp_path / "out" / "events.json", stored, (640, 480))

    assert picture.event_id == "all@0"
    assert [one.group for one in picture.segments] == [1]  # the other came after the peak
    for jpeg in (picture.jpeg, picture.segments[0].jpeg):
        image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert image[48, 48, 2] > 200


def test_a_folder_that_cannot_be_looked_into_is_passed_over(
    tmp_path: Path, recording: Path
) -> None:
    path = put(tmp_path / "out")

    results = find_results(str(recording), DIGEST, [tmp_path / ("x" * 300), tmp_path / "out"])

    assert results.path == path
    assert not results.troubles


@pytest.mark.parametrize("name", ["a\0b.jpg", "x" * 900])
def test_what_is_no_path_of_a_picture_costs_the_others_nothing(tmp_path: Path, name: str) -> None:
    cv2.imwrite(str(tmp_path / "good.png"), np.full((90, 160, 3), 60, np.uint8))
    stored = StoredEvents(
        "door.mp4", OF_IT, (EVENT, replace(EVENT, event_id="all@9000")), ("good.png", name)
    )

    (one,) = pictures_of(tmp_path / "events.json", stored, (640, 360))

    assert one.event_id == "all@1250"
