"""A second run into the same folder goes on where the first one ended."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from motionapp.batch.journal import JOURNAL_JSONL, Journal
from motionapp.batch.lock import locked
from motionapp.batch.run import BatchReport, run_batch
from motionapp.core.errors import OutputError
from motionapp.settings import Settings, apply_changes

Run = Callable[..., BatchReport]


@pytest.fixture
def clip(recording: Callable[..., Path]) -> Path:
    return recording("in/door.mp4", duration_s=2.0)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def batch(
    named: list[Path], out: Path, *, is_fresh: bool = False, **changes: object
) -> BatchReport:
    settings = apply_changes(
        Settings(),
        {
            "analysis.recognition.classifier": "none",
            **{key.replace("__", "."): value for key, value in changes.items()},
        },
    )
    return run_batch(
        list(map(str, named)), out, settings, messages=io.StringIO(), is_fresh=is_fresh
    )


def statuses(report: BatchReport) -> list[str]:
    return [record.status for record in report.records]


def times_of(out: Path) -> dict[str, int]:
    """When each result was written, which tells whether it was written again."""
    return {
        str(path.relative_to(out)): path.stat().st_mtime_ns
        for path in out.rglob("*")
        if path.is_file() and path.parent != out
    }


def test_what_is_done_is_not_done_again(clip: Path, out: Path) -> None:
    first = batch([clip], out)
    before = times_of(out)

    second = batch([clip], out, run__workers=2, run__threads=1)

    assert (statuses(first), statuses(second)) == (["ok"], ["skipped"])
    assert times_of(out) == before
    assert second.exit_code == 0
    assert second.records[0].events == first.records[0].events == 1
    (entry,) = json.loads(second.summary.read_text())["inputs"]
    assert (entry["status"], entry["out_dir"], entry["frames"]) == ("skipped", "door", 50)


def test_another_name_for_the_same_file_is_the_same_input(
    clip: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch([clip], out)
    monkeypatch.chdir(clip.parent)

    assert statuses(batch([Path("door.mp4")], out)) == ["skipped"]


@pytest.mark.parametrize(
    "changes", [{"analysis__events__persist_s": 0.4}, {"run__masks": True}, {"run__end_s": 1.5}]
)
def test_other_settings_do_it_again(clip: Path, out: Path, changes: dict[str, object]) -> None:
    batch([clip], out)

    assert statuses(batch([clip], out, **changes)) == ["ok"]
    assert statuses(batch([clip], out, **changes)) == ["skipped"]


def test_a_changed_file_is_done_again(clip: Path, out: Path) -> None:
    batch([clip], out)
    os.utime(clip, ns=(0, clip.stat().st_mtime_ns + 1))

    assert statuses(batch([clip], out)) == ["ok"]


def test_a_result_that_somebody_took_away_is_made_again(clip: Path, out: Path) -> None:
    batch([clip], out)
    (out / "door" / "events.csv").unlink()

    assert statuses(batch([clip], out)) == ["ok"]
    assert (out / "door" / "events.csv").is_file()


def test_fresh_does_it_again_also_after_it_was_cut_off(clip: Path, out: Path) -> None:
    batch([clip], out)

    assert statuses(batch([clip], out, is_fresh=True)) == ["ok"]
    assert statuses(batch([clip], out)) == ["skipped"]
    with Journal(out / JOURNAL_JSONL) as journal:
        journal.begin({"door": str(clip)})
    assert statuses(batch([clip], out)) == ["ok"]


def test_what_failed_is_tried_again(out: Path, tmp_path: Path) -> None:
    path = tmp_path / "later.mp4"
    path.touch()

    assert [statuses(batch([path], out)) for _ in range(2)] == [["failed"]] * 2


def test_a_damaged_one_is_not_read_again_and_what_is_lost_is_still_said(
    clip: Path, out: Path
) -> None:
    whole = clip.read_bytes()
    clip.write_bytes(whole[: len(whole) * 7 // 10])

    first, second = batch([clip], out), batch([clip], out)

    assert (statuses(first), statuses(second)) == (["partial"], ["skipped"])
    assert first.exit_code == second.exit_code == 3
    assert second.records[0].error == first.records[0].error


def test_the_results_of_another_file_of_that_name_are_not_taken_for_ones_own(
    clip: Path, out: Path, tmp_path: Path
) -> None:
    """The journal says to which recording the folder `door` belongs; the other's has digits."""
    other = tmp_path / "other" / "door.mp4"
    other.parent.mkdir()
    shutil.copy(clip, other)

    runs = [batch([path], out) for path in (clip, other, other, clip)]

    assert [statuses(run) for run in runs] == [["ok"], ["ok"], ["skipped"], ["skipped"]]
    first, second, third, fourth = (run.records[0].out_dir for run in runs)
    assert first == fourth == "door"
    assert second == third != "door"


def test_rubbish_in_the_journal_costs_work_and_nothing_else(clip: Path, out: Path) -> None:
    batch([clip], out)
    (out / JOURNAL_JSONL).write_bytes(b"\0\xff{[" * 100)

    assert statuses(batch([clip], out)) == ["ok"]
    assert statuses(batch([clip], out)) == ["skipped"]


def test_two_batches_cannot_write_into_one_folder(clip: Path, out: Path) -> None:
    out.mkdir()

    with locked(out), pytest.raises(OutputError, match="another batch"):
        batch([clip], out)

    assert statuses(batch([clip], out)) == ["ok"]


def test_a_new_file_among_many_is_all_that_is_read(
    clip: Path, out: Path, recording: Callable[..., Path]
) -> None:
    others = [clip.with_name(f"{name}.mp4") for name in "ab"]
    for other in others:
        shutil.copy(clip, other)
    batch([clip, *others], out)
    new = recording("in/new.mp4", duration_s=1.0)

    report = batch([clip.parent], out, run__report=False)

    assert statuses(report) == ["skipped", "skipped", "skipped", "ok"]
    assert report.records[3].input == str(new)


def test_the_second_day_leaves_the_first_days_results_alone(
    recording: Callable[..., Path], out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording("days/1/13-54-20.mp4", duration_s=1.0)
    monkeypatch.chdir(tmp_path)
    first = batch([Path("days")], out)
    before = times_of(out)
    recording("days/2/13-54-20.mp4", duration_s=1.0)
    (tmp_path / "link").symlink_to("days")

    both, alone = batch([tmp_path / "days"], out), batch([Path("link/2")], out)

    assert statuses(both) == ["skipped", "ok"]
    assert statuses(alone) == ["skipped"]
    assert both.records[0].out_dir == first.records[0].out_dir == "13-54-20"
    assert both.records[1].out_dir == alone.records[0].out_dir != "13-54-20"
    assert before.items() <= times_of(out).items()
