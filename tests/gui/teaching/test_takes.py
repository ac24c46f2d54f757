"""Takes to teach by: a folder of files that train reads, and what is still missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.core.errors import SettingsError
from motionapp.gui.teaching.needs import ENOUGH, NOTHING, Need, need_of
from motionapp.gui.teaching.takes import LIST_FILE, Take, TakeSet, read_takes
from motionapp.recognition.dataset import read_data_set
from motionapp.sources.extensions import VIDEO_EXTENSIONS


def a_set(folder: Path, **counts: int) -> TakeSet:
    """So many takes of each movement, of two people in turns."""
    takes = TakeSet(folder)
    for label, count in counts.items():
        for number in range(count):
            name = takes.free_file(label)
            (folder / name).write_bytes(b"a film")
            takes = takes.with_take(Take(name, label, ("eva", "ira")[number % 2], 2.5))
    return takes


def test_a_set_is_read_as_it_was_written_and_train_reads_it_too(tmp_path: Path) -> None:
    takes = a_set(tmp_path, wave=3, clap=2, unknown=1)

    path = takes.write()

    assert read_takes(tmp_path) == takes
    data = read_data_set(path, extensions=VIDEO_EXTENSIONS)
    assert data.labels == ("clap", "wave")
    shown = {group: {one.label for one in data.samples if one.fold_group == group}
             for group in data.fold_groups}  # fmt: skip
    assert len(shown) == 2
    assert all({"clap", "wave"} <= labels for labels in shown.values())


def test_a_person_can_be_held_out_in_place_of_a_take(tmp_path: Path) -> None:
    path = a_set(tmp_path, wave=3, clap=2).write("person")

    assert read_data_set(path, extensions=VIDEO_EXTENSIONS).fold_groups == ("eva", "ira")


def test_takes_whose_files_are_gone_are_left_out(tmp_path: Path) -> None:
    takes = a_set(tmp_path, wave=2, clap=2)
    takes.write()
    (tmp_path / takes.takes[0].file).unlink()

    assert len(read_takes(tmp_path).takes) == 3


def test_a_list_that_names_files_elsewhere_reads_none_of_them(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    (tmp_path / "other.mp4").write_bytes(b"a film")
    TakeSet(folder, (Take("../other.mp4", "wave", "", 1.0),), ("wave",)).write()

    assert read_takes(folder).takes == ()


@pytest.mark.parametrize("text", ["{", '{"schema": 1}', '{"schema": 2, "labels": [], "takes": []}'])
def test_a_list_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / LIST_FILE).write_text(text)

    with pytest.raises(SettingsError, match=LIST_FILE):
        read_takes(tmp_path)


def test_without_a_list_nothing_was_taken(tmp_path: Path) -> None:
    assert read_takes(tmp_path) == TakeSet(tmp_path)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, "two movements"),
        ({"wave": 5}, "two movements"),
        ({"wave": 5, "unknown": 5}, "two movements"),
        ({"wave": 5, "clap": 1}, "clap has one take"),
        ({"wave": 2, "clap": 2}, ""),
    ],
)
def test_it_says_why_nothing_can_be_trained_yet(
    tmp_path: Path, counts: dict[str, int], said: str
) -> None:
    trouble = a_set(tmp_path, **counts).trouble()

    assert said in trouble
    assert bool(said) == bool(trouble)


def test_it_says_what_would_help_most(tmp_path: Path) -> None:
    assert need_of(a_set(tmp_path, wave=3, clap=5)) == Need("more", "wave", 3)
    full = a_set(tmp_path, wave=ENOUGH, clap=ENOUGH)
    assert need_of(full) == Need("nothing")
    name = full.free_file(NOTHING)
    assert need_of(full.with_take(Take(name, NOTHING, "", 2.0))) == Need()
    alone = TakeSet(
        tmp_path, tuple(Take(f"{n}.mp4", "ab"[n % 2], "", 1.0) for n in range(4)), ("a", "b")
    )
    assert "two people" in alone.trouble("person")


def test_names_are_names(tmp_path: Path) -> None:
    takes = TakeSet(tmp_path).named("  jumping   jack ").named("jumping jack").named(NOTHING)

    assert takes.labels == ("jumping jack",)
    for bad in ("", "   ", "a,b", "x" * 101):
        with pytest.raises(SettingsError, match="needs a name"):
            takes.named(bad)


def test_a_movement_is_not_called_as_events_are_that_nobody_has_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="motion is what events are called"):
        TakeSet(tmp_path).named("motion")


def test_a_data_set_of_somebody_s_is_not_written_over(tmp_path: Path) -> None:
    """Whoever chooses its folder for takes would lose what its recordings are called."""
    (tmp_path / "labels.csv").write_text("path,label,group\na.mp4,wave,eva\n")

    with pytest.raises(SettingsError, match=r"labels\.csv would be written over"):
        read_takes(tmp_path)


def test_no_file_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "wave-001.mp4").write_bytes(b"of somebody")

    assert TakeSet(tmp_path).free_file("wave") == "wave-002.mp4"
    assert TakeSet(tmp_path).free_file("../../etc") == "etc-001.mp4"


def test_a_list_of_a_later_version_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "takes.json").write_text('{"schema": 2, "labels": [], "takes": [], "cameras": []}')

    with pytest.raises(SettingsError, match=r"takes\.json has schema 2, motionapp .* newer"):
        read_takes(tmp_path)
