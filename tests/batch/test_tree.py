"""Folders as they are: links, pipes, what a NAS leaves behind, and what may not be looked at."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from motionapp.batch.inputs import find_inputs
from motionapp.batch.tree import SYSTEM_FOLDERS, recordings_below
from motionapp.sources.probing import holds_recording

posix = pytest.mark.skipif(os.name != "posix", reason="links, pipes and rights as POSIX has them")


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder `in` below the one that we are in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def good(*named: str) -> list[str]:
    return [each.spec for each in find_inputs(named) if not each.problem]


def bad(*named: str) -> dict[str, str]:
    return {each.spec: each.problem for each in find_inputs(named) if each.problem}


@posix
@pytest.mark.parametrize("named", ["in", "in/**", "in/**/*.mp4", "**/*.mp4", "in/**/**/*"])
def test_two_loops_of_links_have_an_end_and_nothing_is_found_twice(tree: Path, named: str) -> None:
    touch(tree, "a.mp4", "sub/deep/b.mp4")
    (tree / "self").symlink_to(".")
    (tree / "sub" / "up").symlink_to("..")
    (tree / "sub" / "deep" / "top").symlink_to(tree.parent)

    assert good(named) == ["in/a.mp4", "in/sub/deep/b.mp4"]


@posix
@pytest.mark.parametrize("named", ["in", "in/*", "in/**", "in/**/*.mp4", "in/*/*.mp4"])
def test_a_linked_folder_is_searched(tree: Path, named: str) -> None:
    touch(tree.parent, "disk/cam.mp4")
    (tree / "nas").symlink_to("../disk")

    assert good(named) == ["in/nas/cam.mp4"]


@posix
@pytest.mark.parametrize("named", ["in", "in/**/*.mp4"])
def test_a_recording_in_the_tree_goes_by_its_own_path_not_by_a_links(
    tree: Path, named: str
) -> None:
    touch(tree, "z/cam.mp4")
    (tree / "a").symlink_to("z")

    assert good(named) == ["in/z/cam.mp4"]


@posix
def test_a_link_is_found_where_a_pattern_names_it(tree: Path) -> None:
    touch(tree, "cam1/2026/a.mp4", "cam2/b.mp4")
    (tree / "cam2" / "today").symlink_to("../cam1/2026")

    assert good("in/*/today/*.mp4") == good("in/**/today/*") == ["in/cam2/today/a.mp4"]


@posix
@pytest.mark.parametrize("named", ["in", "in/*", "in/**/*"])
def test_links_that_lead_nowhere_or_to_themselves_are_told_and_the_rest_is_found(
    tree: Path, named: str
) -> None:
    touch(tree, "a.mp4")
    (tree / "loop.mp4").symlink_to("loop.mp4")
    (tree / "gone.mp4").symlink_to("/nowhere/gone.mp4")
    (tree / "nas").symlink_to("/nowhere")
    (tree / "notes.txt").symlink_to("/nowhere/notes.txt")

    assert good(named) == ["in/a.mp4"]
    assert bad(named) == {
        "in/gone.mp4": "in/gone.mp4 is a link to /nowhere/gone.mp4, which is not there: "
        "is a disk not mounted?",
        "in/loop.mp4": "in/loop.mp4 cannot be read: it is a link that leads to itself",
        "in/nas": "in/nas is a link to /nowhere, which is not there: is a disk not mounted?",
    }


@posix
@pytest.mark.parametrize("named", ["in", "in/*"])
def test_pipes_sockets_and_devices_are_named_passed_over_and_never_opened(
    tree: Path, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tree, "a.mp4")
    os.mkfifo(tree / "ctl")
    (tree / "null.mp4").symlink_to("/dev/null")
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(tree)  # the path of a socket must be short
        listener.bind("s.mp4")
        monkeypatch.chdir("..")

        found = [each for each in find_inputs([named]) if each.problem]

    assert good(named) == ["in/a.mp4"]
    assert [each.problem for each in found] == [
        "in/ctl is a pipe, not a recording",
        "in/null.mp4 is a device, not a recording",
        "in/s.mp4 is a socket, not a recording",
    ]
    assert all(each.is_passed_over for each in found)


@pytest.mark.parametrize("named", ["in", "in/**", "in/**/*.mp4", "in/*/*.mp4", "in/*"])
@pytest.mark.parametrize(
    "folder",
    ["@eaDir", "#recycle", ".Trash-1000", "$RECYCLE.BIN", ".@__thumb", "@Recycle", "lost+found"],
)
def test_what_a_nas_keeps_for_itself_is_no_input(tree: Path, named: str, folder: str) -> None:
    touch(tree, "day/a.mp4", f"{folder}/old.mp4", f"day/{folder}/a.mp4/SHOT_1.jpg")
    touch(tree, f"day/{folder}/a.mp4/SHOT_2.jpg", "day/.DS_Store", "day/._a.mp4", "day/Thumbs.db")

    assert good(named) == ["in/day/a.mp4"]
    assert bad(named) == {}


def test_a_systems_own_folder_is_searched_by_who_names_it(tree: Path) -> None:
    touch(tree, "#recycle/a.mp4")

    assert good("in/#recycle") == good("in/#recycle/*.mp4") == ["in/#recycle/a.mp4"]
    assert all(name == name.casefold() for name in SYSTEM_FOLDERS)


@pytest.mark.parametrize(
    "recording", ["001.mp4", "001.dav", "day1/a.mp4", "day1/night/a.m2t", "b.insv"]
)
def test_pictures_beside_or_above_recordings_are_no_sequence(tree: Path, recording: str) -> None:
    touch(tree, recording, "001.jpg", "002.jpg")

    assert good("in") == good("in/**") == [f"in/{recording}"]


def test_one_picture_is_a_sequence_only_for_who_names_its_folder(tree: Path) -> None:
    touch(tree, "one/1.jpg", "two/1.jpg", "two/2.jpg", "a.mp4")

    assert good("in") == ["in/two", "in/a.mp4"]
    assert good("in/one") == ["in/one"]


def test_sequences_below_a_sequence_are_found_too(tree: Path) -> None:
    touch(tree, "1.jpg", "2.jpg", "sub/1.jpg", "sub/2.jpg")

    assert good("in") == ["in", "in/sub"]


@posix
def test_names_that_are_no_text_are_found(tree: Path) -> None:
    name = os.fsdecode(b"caf\xe9.mp4")
    try:
        touch(tree, f"{os.fsdecode(bytes([0xE9]))}/{name}", name)
    except OSError:
        pytest.skip("this file system takes no names that are not UTF-8")

    assert [Path(spec).name for spec in good("in")] == [name, name]


@posix
def test_the_folder_of_results_is_not_searched_through_a_link(tree: Path) -> None:
    touch(tree, "a.mp4", "out/b/c.mp4")
    (tree / "link").symlink_to("out/b")

    specs = [each.spec for each in find_inputs(["in"], out_dir=tree / "out")]

    assert specs == ["in/a.mp4"]


def test_recordings_beside_their_results_fit_a_pattern(tree: Path) -> None:
    touch(tree, "a.mp4", "a/events.json", "a/annotated.mp4")

    assert [each.spec for each in find_inputs(["in/**"], out_dir=tree)] == ["in/a.mp4"]


@posix
def test_files_that_change_while_they_are_listed_end_nothing(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails in the middle of a folder costs the rest of that folder."""
    touch(tree, "broken/a.mp4", "whole/b.mp4")
    real = os.scandir

    def failing(place: str | Path) -> object:
        if Path(place).name == "broken":
            raise OSError(5, "Input/output error")
        return real(place)

    monkeypatch.setattr(os, "scandir", failing)

    assert [
        (each.spec, each.problem) for each in recordings_below(Path("in"), probe=holds_recording)
    ] == [
        ("in/broken", "in/broken cannot be searched: input/output error"),
        ("in/whole/b.mp4", ""),
    ]


@pytest.mark.parametrize("named", ["in", "in/*", "in/*.m*"])
def test_the_header_of_fragments_is_passed_over(tree: Path, named: str) -> None:
    touch(tree, "seg1.m4s", "seg2.m4s", "initial.mp4")
    header = b"\0\0\0\x10ftypiso5\0\0\0\0" + b"\0\0\0\x08moov"
    (tree / "init.mp4").write_bytes(header)

    found = find_inputs([named])

    assert good(named) == ["in/initial.mp4", "in/seg1.m4s", "in/seg2.m4s"]
    assert [each.spec for each in found if each.is_passed_over] == ["in/init.mp4"]
