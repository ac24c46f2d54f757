"""What is kept saves work when it is there, and whatever is wrong with it costs time alone."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from motionapp.files import kept
from motionapp.files.kept import PART_S, WRITES_A_LOOK, KeptFiles, cache_folder


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def keys_in(folder: Path) -> set[str]:
    return {file.stem for file in folder.iterdir()}


def keep(folder: Path, sizes: dict[str, int]) -> None:
    """Files of an earlier process, each used a second after the one before."""
    earlier = KeptFiles(folder, most_bytes=10**9)
    for second, (key, size) in enumerate(sizes.items()):
        earlier.write(key, bytes(size))
        os.utime(folder / f"{key}.npz", (second, second))


def test_what_was_kept_is_read_in_another_process(tmp_path: Path) -> None:
    KeptFiles(tmp_path / "new" / "kept", most_bytes=100).write("a", b"first")
    KeptFiles(tmp_path / "new" / "kept", most_bytes=100).write("a", b"second")
    again = KeptFiles(tmp_path / "new" / "kept", most_bytes=100)

    assert again.read("a") == b"second"
    assert again.read("b") is None


def test_what_nobody_asked_for_the_longest_goes_first(tmp_path: Path) -> None:
    keep(tmp_path, {"old": 30, "older-but-read": 30, "young": 30})
    files = KeptFiles(tmp_path, most_bytes=100)

    files.read("older-but-read")
    files.write("new", bytes(30))

    assert keys_in(tmp_path) == {"older-but-read", "young", "new"}


def test_the_bound_is_kept_by_whoever_writes(tmp_path: Path) -> None:
    for process in range(4):
        files = KeptFiles(tmp_path, most_bytes=1000)
        for number in range(30):
            files.write(f"{process}x{number}", bytes(20))
            assert size_of(tmp_path) <= 1000

    assert size_of(tmp_path) >= 500


def test_what_others_write_meanwhile_is_counted_now_and_then(tmp_path: Path) -> None:
    one, other = (KeptFiles(tmp_path, most_bytes=1000) for _ in range(2))
    for number in range(2 * WRITES_A_LOOK):
        one.write(f"1x{number}", bytes(9))
        other.write(f"2x{number}", bytes(9))

    assert size_of(tmp_path) <= 1000 + 2 * WRITES_A_LOOK * 9


def test_what_a_run_has_used_makes_no_room_for_more_of_it(tmp_path: Path) -> None:
    """Else a data set larger than the bound would find nothing, however often it is gathered."""
    said: list[str] = []
    first = KeptFiles(tmp_path, most_bytes=100, on_trouble=said.append)
    for key in "abcde":
        first.write(key, bytes(30))
    second = KeptFiles(tmp_path, most_bytes=100)

    assert [key for key in "abcde" if second.read(key) is not None] == ["a", "b", "c"]
    assert len(said) == 1
    assert "is full" in said[0]


def test_a_file_larger_than_the_bound_is_not_kept(tmp_path: Path) -> None:
    keep(tmp_path, {"old": 30})

    KeptFiles(tmp_path, most_bytes=100).write("large", bytes(101))

    assert "large" not in keys_in(tmp_path)


def test_the_last_of_a_disk_is_left_for_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nearly_full(folder: Path) -> Any:
        return shutil._ntuple_diskusage(10**12, 10**12, kept.LEAST_FREE_BYTES + 10)  # type: ignore[attr-defined]

    monkeypatch.setattr(shutil, "disk_usage", nearly_full)
    said: list[str] = []
    files = KeptFiles(tmp_path, most_bytes=100, on_trouble=said.append)

    files.write("small", bytes(5))
    files.write("large", bytes(20))

    assert keys_in(tmp_path) == {"small"}
    assert "of the disk stay free" in said[0]


def no_room(*arguments: object, **named: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def read_only(*arguments: object, **named: object) -> None:
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))


@pytest.mark.parametrize(
    ("module", "name", "fails"),
    [
        (tempfile, "mkstemp", read_only),
        (os, "replace", no_room),
        (os, "scandir", read_only),
        (Path, "mkdir", read_only),
        (shutil, "disk_usage", read_only),
    ],
)
def test_a_disk_that_takes_nothing_is_told_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    name: str,
    fails: Callable[..., None],
) -> None:
    keep(tmp_path, {"old": 3})
    said: list[str] = []
    files = KeptFiles(tmp_path, most_bytes=1000, on_trouble=said.append)
    with monkeypatch.context() as patch:
        patch.setattr(module, name, fails)
        files.write("a", b"one")
        files.write("b", b"two")

    assert files.read("old") == bytes(3)
    assert keys_in(tmp_path) == {"old"}
    assert len(said) == 1
    assert f"{tmp_path} cannot be written" in said[0]


def test_a_folder_that_cannot_be_renewed_is_still_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, {"old": 3})

    monkeypatch.setattr(os, "utime", read_only)

    assert KeptFiles(tmp_path, most_bytes=1000).read("old") == bytes(3)


def test_a_file_in_the_place_of_the_folder_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("in the way")
    said: list[str] = []
    files = KeptFiles(tmp_path / "kept", most_bytes=1000, on_trouble=said.append)

    files.write("a", b"one")

    assert files.read("a") is None
    assert len(said) == 1


def test_a_folder_in_the_place_of_a_file_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.npz" / "inside").mkdir(parents=True)
    files = KeptFiles(tmp_path, most_bytes=10**6)

    files.write("a", b"one")

    assert files.read("a") is None


def test_what_killed_processes_left_half_written_goes_after_an_hour(tmp_path: Path) -> None:
    for name, age_s in (("young", PART_S - 1), ("old", PART_S + 1)):
        (tmp_path / f".{name}.part").write_bytes(bytes(10))
        os.utime(tmp_path / f".{name}.part", (10**6 - age_s, 10**6 - age_s))
    (tmp_path / "somebody's.txt").write_text("not ours")

    KeptFiles(tmp_path, most_bytes=100, clock=lambda: 10.0**6).write("a", b"one")

    assert {file.name for file in tmp_path.iterdir()} == {".young.part", "a.npz", "somebody's.txt"}


def test_writers_at_the_same_time_leave_whole_files(tmp_path: Path) -> None:
    contents = [bytes([number]) * (2000 * number) for number in range(1, 5)]
    torn: list[int] = []

    def work(content: bytes) -> None:
        files = KeptFiles(tmp_path, most_bytes=30_000)
        for round_ in range(50):
            files.write("same", content)
            files.write(f"other{round_ % 7}", content)
            found = files.read("same")
            if found is not None and found not in contents:
                torn.append(len(found))

    with ThreadPoolExecutor(len(contents)) as threads:
        list(threads.map(work, contents))

    assert torn == []
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({}, "linux", "{home}/.cache/motionapp"),
        ({}, "darwin", "{home}/Library/Caches/motionapp"),
        ({"LOCALAPPDATA": "/local"}, "win32", "/local/motionapp"),
        ({}, "win32", "{home}/AppData/Local/motionapp"),
        ({"XDG_CACHE_HOME": "/elsewhere"}, "linux", "/elsewhere/motionapp"),
        ({"XDG_CACHE_HOME": "/elsewhere"}, "darwin", "/elsewhere/motionapp"),
        ({"XDG_CACHE_HOME": "not/full"}, "linux", "{home}/.cache/motionapp"),
        ({"XDG_CACHE_HOME": ""}, "linux", "{home}/.cache/motionapp"),
    ],
)
def test_each_system_has_its_place_for_what_may_be_deleted(
    environment: dict[str, str], platform: str, expected: str
) -> None:
    home = os.path.expanduser("~")

    assert cache_folder(environment, platform) == Path(expected.format(home=home))


def test_where_nobody_is_at_home_there_is_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)

    assert cache_folder({}, "linux") is None
