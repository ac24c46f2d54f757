"""Files of lines that are put aside: by size, by day, by somebody else, and never twice."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.sinks.appending import LineOut
from motionapp.sinks.rotation import Rotation, put_aside_before

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Wall:
    """A clock on the wall that is set by hand."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def written(folder: Path) -> list[str]:
    """All lines in the order of the files: those put aside, then the one that is written."""
    path = folder / "lines.jsonl"
    return [line for file in (*put_aside_before(path), path) for line in file.read_text().split()]


@given(
    lengths=st.lists(st.integers(0, 40), min_size=1, max_size=40), most_bytes=st.integers(10, 100)
)
def test_no_file_is_larger_than_asked_for_and_no_line_is_lost(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], most_bytes: int
) -> None:
    folder, wall = tmp_path_factory.mktemp("rotation"), Wall()
    lines = [f"{number}:{'x' * length}" for number, length in enumerate(lengths)]
    out = LineOut(folder / "lines.jsonl", rotation=Rotation(most_bytes, now=wall.now))

    for line in lines:
        wall.at += timedelta(seconds=1)
        assert out.write(line)
    out.close()

    longest = max(len(line) for line in lines) + 1
    assert sorted(written(folder)) == sorted(lines)
    assert all(path.stat().st_size <= max(most_bytes, longest) for path in folder.iterdir())


def test_a_new_day_has_a_new_file_also_after_a_restart(tmp_path: Path) -> None:
    path, wall = tmp_path / "lines.jsonl", Wall(datetime.now(UTC))
    rotation = Rotation(is_daily=True, now=wall.now)
    out = LineOut(path, rotation=rotation)
    out.write("monday")
    out.write("monday")
    out.close()
    wall.at += timedelta(days=1)
    out = LineOut(path, rotation=rotation)

    out.write("tuesday")
    out.write("tuesday")
    wall.at += timedelta(days=1)
    out.write("wednesday")
    out.close()

    assert path.read_text().split() == ["wednesday"]
    aside = [file.read_text().split() for file in put_aside_before(path)]
    assert aside == [["monday"] * 2, ["tuesday"] * 2]


def test_the_newest_are_kept(tmp_path: Path) -> None:
    path, wall = tmp_path / "lines.jsonl", Wall()
    other = tmp_path / "lines.jsonl.mine"
    other.write_text("of somebody else")
    out = LineOut(path, rotation=Rotation(4, keep=2, now=wall.now))
    for number in range(6):
        out.write(f"{number}00")
        os.utime(path, ns=(number, number))  # in the order in which they were written
        wall.at += timedelta(hours=1)
    out.close()

    assert written(tmp_path) == ["300", "400", "500"]
    assert other.exists()


def test_a_clock_that_is_set_back_overwrites_nothing(tmp_path: Path) -> None:
    """A box without a battery begins at the same moment each time."""
    path, wall = tmp_path / "lines.jsonl", Wall()
    out = LineOut(path, rotation=Rotation(4, now=wall.now))

    for number in range(5):
        assert out.write(f"{number}00")
    out.close()

    assert len(put_aside_before(path)) == 4
    assert sorted(written(tmp_path)) == ["000", "100", "200", "300", "400"]


def test_a_file_that_others_put_aside_is_followed_by_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    out = LineOut(path)
    out.write("old")
    path.rename(tmp_path / "lines.jsonl.1")
    out.write("still old")

    out.reopen()
    out.write("new")
    out.close()

    assert (tmp_path / "lines.jsonl.1").read_text() == "old\nstill old\n"
    assert path.read_text() == "new\n"


def test_a_hangup_without_need_changes_nothing(tmp_path: Path) -> None:
    path, told = tmp_path / "lines.jsonl", list[str]()
    out = LineOut(path, warn=told.append)
    out.write("one")
    out.reopen()

    out.write("two")
    out.close()

    assert path.read_text() == "one\ntwo\n"
    assert told == []


def test_what_cannot_be_put_aside_is_written_on_and_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, told = tmp_path / "lines.jsonl", list[str]()

    def refuse(*_: object) -> None:
        raise PermissionError("not here")

    monkeypatch.setattr("motionapp.sinks.rotation.os.rename", refuse)
    out = LineOut(path, rotation=Rotation(4, now=Wall().now), warn=told.append)
    for number in range(3):
        assert out.write(f"{number}00")
    out.close()

    assert path.read_text().split() == ["000", "100", "200"]
    assert len(told) == 1
    assert "not here" in told[0]


def test_a_stream_is_never_put_aside(capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    out = LineOut(sys.stdout, rotation=Rotation(4))
    out.write("one")
    out.reopen()
    out.write("two")

    assert capsys.readouterr().out == "one\ntwo\n"


def test_a_new_file_never_begins_with_the_end_of_an_old_line(tmp_path: Path) -> None:
    """The power failed in the middle of a line, and the next one begins a new file."""
    path = tmp_path / "lines.jsonl"
    path.write_text("whole\nhal")
    out = LineOut(path, rotation=Rotation(4, now=Wall().now))

    out.write("new")
    out.close()

    assert path.read_text() == "new\n"


def refuse_to_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr("motionapp.sinks.appending.os.open", refuse)


def test_a_new_file_that_cannot_be_begun_is_tried_again_with_each_line(
    tmp_path: Path,
) -> None:
    path, told = tmp_path / "lines.jsonl", list[str]()
    out = LineOut(path, rotation=Rotation(4, now=Wall().now), warn=told.append)
    out.write("000")
    with pytest.MonkeyPatch.context() as patch:
        refuse_to_open(patch)
        assert out.write("100")
        assert out.write("200")

    out.write("300")
    out.close()

    assert path.read_text() == "300\n"
    assert [file.read_text() for file in put_aside_before(path)] == ["000\n100\n200\n"]
    assert len(told) == 1


def test_a_hangup_that_could_not_be_followed_is_not_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    out = LineOut(path)
    out.write("old")
    path.rename(tmp_path / "lines.jsonl.1")
    out.reopen()
    with pytest.MonkeyPatch.context() as patch:
        refuse_to_open(patch)
        assert out.write("still old")

    out.write("new")
    out.close()

    assert path.read_text() == "new\n"


def test_a_file_that_has_our_name_but_is_not_ours_is_never_put_aside(tmp_path: Path) -> None:
    """Somebody has put ours aside and told nobody, and another instance has begun its own."""
    path, told = tmp_path / "lines.jsonl", list[str]()
    out = LineOut(path, rotation=Rotation(4, now=Wall().now), warn=told.append)
    out.write("old")
    path.rename(tmp_path / "lines.jsonl.1")
    other = LineOut(path)
    other.write("of another")

    out.write("more")
    out.close()
    other.close()

    assert path.read_text() == "of another\n"
    assert put_aside_before(path) == []
    assert "another motionapp writes into" in told[0]


def test_what_other_programs_put_aside_is_never_removed(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    names = ("1", "2025", "20260601", "20260601T120000.gz")
    others = [tmp_path / f"lines.jsonl.{name}" for name in names]
    for other in others:
        other.write_text("of somebody else")
    out = LineOut(path, rotation=Rotation(4, keep=1, now=Wall().now))

    for number in range(4):
        out.write(f"{number}00")
    out.close()

    assert all(other.exists() for other in others)


def test_what_was_written_by_a_wrong_clock_is_not_removed_at_once(tmp_path: Path) -> None:
    """A box without a battery writes in 1970, until a time server answers."""
    path, wall = tmp_path / "lines.jsonl", Wall()
    out = LineOut(path, rotation=Rotation(4, keep=2, now=wall.now))
    for number in range(4):
        out.write(f"{number}00")
        wall.at += timedelta(seconds=1)
    os.utime(path, (0, 0))

    out.write("400")
    out.close()

    assert "300\n" in [file.read_text() for file in put_aside_before(path)]
