"""Where results go, and that they stay there."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.batch.inputs import Input, find_inputs, join_inputs, with_names
from motionapp.batch.names import LONGEST_BYTES, names_of_results

PATHS = st.lists(st.sampled_from([f"/{day}/{stem}" for day in "abc" for stem in "xyXY"]))


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def run(named: list[str], owners: dict[str, str], *, is_joined: bool = False) -> list[str]:
    """One run's names, with what earlier runs gave, which is added to."""
    found: tuple[Input, ...] = find_inputs(named)
    inputs = with_names(join_inputs(found) if is_joined else found, owners)
    owners.update((each.out_name, each.identity) for each in inputs if not each.problem)
    return [each.out_name for each in inputs]


@pytest.fixture
def days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Recordings of equal names in folders of days."""
    monkeypatch.chdir(tmp_path)
    touch(tmp_path, "days/1/13-54-20.mp4")
    return tmp_path


def test_the_second_day_does_not_rename_the_first_days_results(days: Path) -> None:
    owners: dict[str, str] = {}
    (first,) = run(["days"], owners)
    touch(days, "days/2/13-54-20.mp4", "days/0/13-54-20.mp4")

    before, again, after = run(["days"], owners)

    assert first == again == "13-54-20"
    assert len({before, again, after}) == 3
    assert run(["days"], owners) == [before, again, after]
    assert run(["days/2"], owners) == [after]
    assert re.fullmatch(r"13-54-20-[0-9a-f]{6}", after)


def test_results_have_the_same_name_however_the_path_is_spelt(days: Path) -> None:
    touch(days, "days/2/13-54-20.mp4")
    (days / "link").symlink_to("days")
    spellings = ["days", "./days", "days/", str(days / "days"), "link", "days/../days/", "days/**"]

    named = [run([spelling], {}) for spelling in spellings]

    assert named == [named[0]] * len(spellings)


def test_one_that_was_never_done_is_named_as_if_it_had_been_alone(days: Path) -> None:
    """An interrupted run has begun one of two; the other's name is what it would have been."""
    touch(days, "days/2/13-54-20.mp4")
    both: dict[str, str] = {}
    first, second = run(["days"], both)
    del both[second]

    assert run(["days/2"], both) == [second]
    assert run(["days"], both) == [first, second]


def test_results_of_a_recording_that_is_gone_are_not_written_over(days: Path) -> None:
    owners: dict[str, str] = {}
    run(["days"], owners)
    (days / "days" / "1" / "13-54-20.mp4").unlink()
    touch(days, "days/2/13-54-20.mkv")

    (name,) = run(["days"], owners)

    assert name.startswith("13-54-20-")


def test_joined_recordings_of_two_cameras_have_a_folder_each(tmp_path: Path) -> None:
    touch(tmp_path, "cam1/1.mp4", "cam2/1.mp4", "cam2/2.mp4")
    owners: dict[str, str] = {}

    (first,) = run([str(tmp_path / "cam1")], owners, is_joined=True)
    (second,) = run([str(tmp_path / "cam2")], owners, is_joined=True)

    assert first == "1-joined"
    assert re.fullmatch(r"1-joined-[0-9a-f]{6}", second)
    assert run([str(tmp_path / "cam1")], owners, is_joined=True) == [first]


def test_what_cannot_be_read_takes_no_name_from_what_can(days: Path) -> None:
    (days / "days" / "1" / "13-54-20.avi").symlink_to("/nowhere")

    assert [each.out_name for each in find_inputs(["days"]) if not each.problem] == ["13-54-20"]


@pytest.mark.parametrize("letter", ["a", "é", os.fsdecode(b"\xe9")])
def test_a_name_is_never_longer_than_a_file_system_takes(letter: str) -> None:
    stems = {f"/{number}": letter * 250 + str(number) for number in range(2)}

    names = set(names_of_results(stems, {}).values())

    assert len(names) == 2
    assert all(LONGEST_BYTES - 8 < len(os.fsencode(name)) <= 255 for name in names)


def test_names_that_differ_in_capitals_or_accents_only_are_told_apart() -> None:
    stems = {"/1": "Door", "/2": "door", "/3": "caf\u00e9", "/4": "cafe\u0301"}

    names = names_of_results(stems, {})

    assert all(name != stems[path] for path, name in names.items())


@given(PATHS, PATHS, PATHS)
def test_names_are_kept_and_never_shared(
    first: list[str], second: list[str], third: list[str]
) -> None:
    owners: dict[str, str] = {}
    given_names: dict[str, str] = {}

    for paths in (first, second, third):
        stems = {path: path[-1] for path in paths}
        rest = [owner[-1] for owner in owners.values() if owner not in stems]
        names = names_of_results(stems, owners, rest)
        assert all(given_names.get(path, name) == name for path, name in names.items())
        given_names.update(names)
        owners.update((name, path) for path, name in names.items())

    assert len({name.casefold() for name in given_names.values()}) == len(given_names)
