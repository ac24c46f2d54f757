"""What is known at every frame, as lines and as a table."""

from __future__ import annotations

import builtins
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from motionapp.core.errors import MissingExtraError
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion, Region
from motionapp.core.track import Group, Track
from motionapp.sinks import frames
from motionapp.sinks.frames import FramesSink, frame_document
from motionapp.testing import frame_at

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schemas" / "frames.schema.json"
BOX = Box(-2, 3, 40, 45)


def moment(index: int, *, things: int = 1) -> Moment:
    group = Group(1, BOX, BOX, (1, 2), True, True, 0.0, "wave1", 0.87654321)
    unnamed = group._replace(group_id=2, label=None, score=None)
    return Moment(
        "a",
        replace(frame_at(index), is_flagged=index == 3),
        Motion(strength=0.01234567, regions=(Region(BOX, 812.04, 3.45678),) * things),
        tracks=(Track(1, BOX, 0.0, 0.1, False, True, 1),),
        groups=(group, unnamed),
    )


def write(folder: Path, form: str, count: int, **options: int) -> Path:
    sink = FramesSink(folder, form)  # type: ignore[arg-type]
    for index in range(count):
        sink.accept(moment(index, **options))
    sink.accept(Moment("a", None))
    sink.close()
    return folder / f"frames.{form}"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_frame_has_a_line_that_follows_the_schema(tmp_path: Path) -> None:
    written = lines(write(tmp_path, "jsonl", 5))

    validator = Draft202012Validator(json.loads(SCHEMA.read_text()))
    assert [error.message for line in written for error in validator.iter_errors(line)] == []
    assert [line["index"] for line in written] == [0, 1, 2, 3, 4]
    assert [line["flagged"] for line in written] == [False, False, False, True, False]
    assert written[2]["pts_s"] == 0.08
    assert written[2]["tracks"] == [{"id": 1, "box": [0, 3, 40, 45], "seen": False}]
    assert written[2]["groups"][0]["score"] == 0.8765
    assert written[2]["groups"][1]["label"] is None


def test_boxes_do_not_reach_beyond_the_picture() -> None:
    width, height = frame_at(0).epoch.size
    beyond = Box(width - 4, height - 4, width + 20, height + 20)
    track = Track(1, beyond, 0.0, 0.1, False, True, 1)
    group = Group(1, beyond, beyond, (1,), True, True, 0.0)
    frame = frame_at(0)

    document = frame_document(Moment("a", frame, tracks=(track,), groups=(group,)), frame)

    inside = [width - 4, height - 4, width, height]
    assert [part["box"] for part in (*document["tracks"], *document["groups"])] == [inside] * 2


def test_parquet_holds_what_the_lines_hold(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")

    table = parquet.read_table(write(tmp_path, "parquet", 5))

    assert table.to_pylist() == lines(write(tmp_path, "jsonl", 5))


@pytest.mark.parametrize(("limit", "things"), [("MOST_ROWS", 1), ("MOST_THINGS", 7)])
def test_row_groups_are_bounded_in_rows_and_in_what_they_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, things: int
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(frames, limit, 10)

    written = parquet.ParquetFile(write(tmp_path, "parquet", 25, things=things))

    assert written.metadata.num_rows == 25
    assert written.metadata.num_row_groups == (3 if things == 1 else 25)


def test_parquet_without_a_frame_is_an_empty_table(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")

    assert parquet.read_table(write(tmp_path, "parquet", 0)).num_rows == 0


def test_without_pyarrow_one_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return whole(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(MissingExtraError, match=r'pip install "motionapp\[parquet\]"'):
        FramesSink(tmp_path, "parquet")

    assert list(tmp_path.iterdir()) == []
