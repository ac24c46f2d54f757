"""Kept windows are the ones that would be gathered, or they are gathered."""

from __future__ import annotations

import io
import json
import os
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

from motionapp.core.representation import Representation
from motionapp.core.seams import Damage
from motionapp.files.kept import KeptFiles
from motionapp.people.networks import MULTIPOSE_FILE
from motionapp.recognition.dataset import DataSet, Sample, read_data_set
from motionapp.training import gather as gathering
from motionapp.training import kept as keeping
from motionapp.training.gather import gather, gather_for, road_settings
from motionapp.training.kept import KeptWindows, Shown, packed, unpacked, usual_windows
from motionapp.training.progress import Silent
from motionapp.training.recipe import Recipe
from motionapp.training.rendered import render, rendered_clips
from motionapp.training.windows import Cut, Windows
from tests.training.conftest import picture, write_recording

SHAPE = Representation("absdiff", side_px=16)


class Heard(Silent):
    """Remembers the sentences."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, line: str) -> None:
        """Remember it."""
        self.said.append(line)


@pytest.fixture
def data(tmp_path: Path) -> DataSet:
    """Two recordings of the test's own, which it may change."""
    for label in ("across", "down"):
        write_recording(tmp_path / "set" / label / "ann.mp4", label, 0)
    return read_data_set(tmp_path / "set", extensions={".mp4"})


def opened(folder: Path) -> KeptWindows:
    return KeptWindows(KeptFiles(folder / "kept", most_bytes=10**9))


def gathered(
    folder: Path, data: DataSet, representation: Representation = SHAPE, **how: Any
) -> tuple[Windows, int]:
    """The windows, and how many recordings were there already."""
    kept = opened(folder)
    windows = gather(data, representation, Silent(), kept=kept, **how)
    return windows, sum(found for found, _ in kept.found.values())


def same(one: Windows, other: Windows) -> bool:
    return (
        one.maps.dtype == other.maps.dtype
        and one.maps.tobytes() == other.maps.tobytes()
        and one.samples.tolist() == other.samples.tolist()
    )


def test_kept_windows_are_byte_for_byte_those_that_were_gathered(
    tmp_path: Path, data: DataSet
) -> None:
    plain = gather(data, SHAPE, Silent())
    cold, found_cold = gathered(tmp_path, data)
    warm, found_warm = gathered(tmp_path, data)

    assert (found_cold, found_warm) == (0, 2)
    assert len(plain) > 0
    assert same(plain, cold)
    assert same(plain, warm)


def test_nothing_is_led_along_the_road_again(
    tmp_path: Path, data: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered(tmp_path, data)

    monkeypatch.delattr(gathering, "walk_sample")

    gathered(tmp_path, data)


def test_a_recording_without_windows_is_kept_as_well(tmp_path: Path) -> None:
    write_recording(tmp_path / "short.mp4", "across", 0, frames=4)
    data = DataSet(tmp_path, (Sample(tmp_path / "short.mp4", "short.mp4", "across", "ann"),))

    first, _ = gathered(tmp_path, data)
    second, found = gathered(tmp_path, data)

    assert found == 1
    assert len(second) == 0
    assert same(first, second)


def test_flow_keeps_its_signs(tmp_path: Path, data: DataSet) -> None:
    flow = Representation("flow", side_px=16, planes=2, mirror="flip-negate-x")
    cold, _ = gathered(tmp_path, data, flow)
    warm, found = gathered(tmp_path, data, flow)

    assert found == 2
    assert warm.maps.min() < 0
    assert same(cold, warm)


def test_only_what_was_added_is_gathered(tmp_path: Path, data: DataSet) -> None:
    gathered(tmp_path, data)
    write_recording(tmp_path / "set" / "across" / "bob.mp4", "across", 1)

    _, found = gathered(tmp_path, read_data_set(tmp_path / "set", extensions={".mp4"}))

    assert found == 2


def test_a_copy_elsewhere_under_another_label_is_the_same_recording(
    tmp_path: Path, data: DataSet
) -> None:
    gathered(tmp_path, data)
    copy = tmp_path / "elsewhere.mp4"
    shutil.copy(data.samples[0].path, copy)

    _, found = gathered(tmp_path, DataSet(copy, (Sample(copy, "x", "hop", "cyn"),)))

    assert found == 1


def test_a_changed_recording_is_gathered_though_its_dates_and_size_are_the_same(
    tmp_path: Path, data: DataSet
) -> None:
    gathered(tmp_path, data)
    path = data.samples[0].path
    stamp = path.stat()
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))

    _, found = gathered(tmp_path, data)

    assert found == 1


@pytest.mark.parametrize(
    "change",
    [
        {"side_px": 24},
        {"lag_s": 0.12},
        {"grid_s": 0.12},
        {"steps": 5},
        {"at_most_px": 64},
        {"mirror": "none"},
        {"version": 2},
        {"frontend": "background"},
    ],
)
def test_another_representation_is_gathered(
    tmp_path: Path, data: DataSet, change: dict[str, Any]
) -> None:
    gathered(tmp_path, data)

    _, found = gathered(tmp_path, data, replace(SHAPE, **change))

    assert found == 0


def test_other_tempos_are_kept_apart(tmp_path: Path, data: DataSet) -> None:
    gathered(tmp_path, data)
    kept = opened(tmp_path)

    gather_for(Recipe(tempos=(0.85, 1.18)), data, SHAPE, Silent(), kept=kept)
    slow, _ = gathered(tmp_path, data, tempo=0.85)

    assert kept.found == {"recordings": (2, 2), "at other tempos": (0, 4)}
    assert same(slow, gather(data, SHAPE, Silent(), tempo=0.85))


def test_another_cadence_is_gathered(tmp_path: Path, data: DataSet) -> None:
    gathered(tmp_path, data)

    assert gathered(tmp_path, data, cadence_s=0.08)[1] == 0


def test_another_version_of_the_code_gathers_anew(
    tmp_path: Path, data: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered(tmp_path, data)

    monkeypatch.setattr(keeping, "code_digest", lambda: "another")

    assert gathered(tmp_path, data)[1] == 0


def test_other_networks_gather_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a search finds decides which windows there are, and where they are cut."""
    shown = Shown("a recording", road_settings("absdiff"), SHAPE)
    before = shown.key()

    monkeypatch.setitem(keeping.SUMS, MULTIPOSE_FILE, "ab" * 32)

    assert shown.key() != before


def test_a_network_of_ones_own_counts_by_its_content(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings name its path, where another file may stand tomorrow."""
    usual = road_settings("pose")
    own = usual.model_copy(update={"pose": usual.pose.model_copy(update={"model": "own.onnx"})})

    def opened(digest: str) -> str:
        networks = SimpleNamespace(digest=digest)
        monkeypatch.setattr(keeping, "open_networks", lambda model: networks)
        return Shown("a recording", own, SHAPE).key()

    assert opened("ab" * 32) == opened("ab" * 32) != opened("cd" * 32)


def test_a_damaged_file_is_gathered_and_written_anew(tmp_path: Path, data: DataSet) -> None:
    cold, _ = gathered(tmp_path, data)
    one, other = sorted((tmp_path / "kept").iterdir())
    one.write_bytes(one.read_bytes()[:-100])
    other.write_bytes(b"")

    mended, found = gathered(tmp_path, data)

    assert found == 0
    assert same(cold, mended)
    assert gathered(tmp_path, data)[1] == 2


def test_a_file_under_another_s_name_is_not_believed(tmp_path: Path, data: DataSet) -> None:
    cold, _ = gathered(tmp_path, data)
    one, other = sorted((tmp_path / "kept").iterdir())
    shutil.copy(one, other)

    again, found = gathered(tmp_path, data)

    assert found == 1
    assert same(cold, again)


TIMES = np.array([[0.0, 0.48], [0.04, 0.52], [0.08, 0.56]])
DAMAGED = Damage("a packet is missing", ((1.0, 2.5), (3.0, 3.25)), 2, 1)
STANDING = np.array([[0, 0, 1]] * 3, np.float32)
WHOSE = np.array([0, 1, 0])


def small_file() -> tuple[np.ndarray[Any, Any], bytes]:
    shape = (3, 16, 16, SHAPE.channels)
    maps = np.zeros(shape, np.uint8)
    maps[:, 4:8, 4:8] = np.arange(SHAPE.channels)
    return maps, packed(Cut(maps, TIMES, STANDING, WHOSE, DAMAGED), "key")


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_whichever_byte_is_damaged_the_windows_are_right_or_gathered(flip: int) -> None:
    maps, whole = small_file()
    right = unpacked(whole, "key", SHAPE)
    assert right is not None
    np.testing.assert_array_equal(right.maps, maps)
    np.testing.assert_array_equal(right.times_s, TIMES)
    np.testing.assert_array_equal(right.whose, WHOSE)
    assert right.damage == DAMAGED

    for place in range(len(whole)):
        content = bytearray(whole)
        content[place] ^= flip
        found = unpacked(bytes(content), "key", SHAPE)
        if found is not None:
            np.testing.assert_array_equal(found.maps, maps)
            np.testing.assert_array_equal(found.times_s, TIMES)
            np.testing.assert_array_equal(found.whose, WHOSE)
            assert found.damage == DAMAGED


def test_wherever_a_file_is_cut_off_it_is_gathered() -> None:
    _, whole = small_file()

    assert all(unpacked(whole[:length], "key", SHAPE) is None for length in range(len(whole)))


def written(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


RIGHT = np.zeros((3, 16, 16, SHAPE.channels), np.uint8)


WHOLE = {
    "key": np.array("key"),
    "maps": RIGHT,
    "times_s": TIMES,
    "goings": STANDING,
    "whose": WHOSE,
    "damage": np.array(json.dumps(asdict(DAMAGED))),
}


def test_what_holds_the_same_is_read() -> None:
    assert unpacked(written(**WHOLE), "key", SHAPE) is not None


@pytest.mark.parametrize(
    "content",
    [
        written(**{name: value for name, value in WHOLE.items() if name != "key"}),
        written(**{name: value for name, value in WHOLE.items() if name != "maps"}),
        written(**{name: value for name, value in WHOLE.items() if name != "times_s"}),
        written(**{name: value for name, value in WHOLE.items() if name != "goings"}),
        written(**{name: value for name, value in WHOLE.items() if name != "damage"}),
        written(**{name: value for name, value in WHOLE.items() if name != "whose"}),
        written(**WHOLE | {"whose": WHOSE[:2]}),
        written(**WHOLE | {"whose": WHOSE.astype(np.float64)}),
        written(**WHOLE | {"times_s": TIMES[:2]}),
        written(**WHOLE | {"times_s": TIMES[:, 0]}),
        written(**WHOLE | {"times_s": TIMES.astype(np.float32)}),
        written(**WHOLE | {"key": np.array("other")}),
        written(**WHOLE | {"maps": RIGHT.astype(np.int8)}),
        written(**WHOLE | {"maps": RIGHT[:, :8]}),
        written(**WHOLE | {"maps": RIGHT[..., 0]}),
        written(**WHOLE | {"maps": np.array([{"a": "pickle"}], dtype=object)}),
        written(**WHOLE | {"damage": np.array("[]")}),
        written(**WHOLE | {"damage": np.array('{"lost": [[1]]}')}),
        written(**WHOLE | {"damage": np.array('{"lost": []}')}),
        written(**WHOLE | {"damage": np.array("{")}),
        b"\x93NUMPY\x01\x00",
        b"PK\x03\x04 and nothing else",
    ],
)
def test_what_holds_something_else_is_not_read(content: bytes) -> None:
    assert unpacked(content, "key", SHAPE) is None


def test_no_pickle_is_written(tmp_path: Path, data: DataSet) -> None:
    gathered(tmp_path, data)

    for file in (tmp_path / "kept").iterdir():
        with np.load(file, allow_pickle=False) as archive:
            assert set(archive.files) == {"damage", "goings", "key", "maps", "times_s", "whose"}
            assert str(archive["key"]) == file.stem


def test_a_recording_that_changes_while_it_is_read_is_not_kept(
    tmp_path: Path, data: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = gathering.walk_sample

    def walk_and_append(sample: Sample, *rest: Any, **how: Any) -> Damage:
        damage = usual(sample, *rest, **how)
        with sample.path.open("ab") as file:
            file.write(b"more")
        return damage

    monkeypatch.setattr(gathering, "walk_sample", walk_and_append)
    gathered(tmp_path, data)

    assert not (tmp_path / "kept").exists()


def test_a_folder_of_pictures_is_a_recording_whose_names_count(tmp_path: Path) -> None:
    """So far, a data set of such folders ended in a traceback after hours of training."""
    folder = tmp_path / "across"
    folder.mkdir()
    for index in range(34):
        cv2.imwrite(str(folder / f"{index:03}.png"), picture("across", 1, index))
    data = DataSet(tmp_path, (Sample(folder, "across", "across", "ann"),))

    cold, _ = gathered(tmp_path, data)
    warm, found = gathered(tmp_path, data)
    digest = data.digest()
    (folder / "033.png").rename(folder / "034.png")
    _, found_renamed = gathered(tmp_path, data)

    assert (found, found_renamed) == (1, 0)
    assert len(cold) > 0
    assert same(cold, warm)
    assert data.digest() != digest


def test_a_disk_that_takes_nothing_costs_a_line_and_no_windows(
    tmp_path: Path, data: DataSet
) -> None:
    (tmp_path / "motionapp").write_text("in the way")
    heard = Heard()

    kept = usual_windows({"XDG_CACHE_HOME": str(tmp_path)}, heard)
    windows = gather(data, SHAPE, heard, kept=kept)

    assert same(windows, gather(data, SHAPE, Silent()))
    assert len(heard.said) == 1
    assert heard.said[0].startswith("windows are not kept any more:")


def test_rendered_scenes_are_kept_by_what_they_show(tmp_path: Path) -> None:
    clips = [clip for clip in rendered_clips(1, 1, seed=1) if clip.label in ("wave1", "unknown")]
    kept, again, other = (opened(tmp_path) for _ in range(3))

    cold = render(tuple(clips), SHAPE, Silent(), kept=kept)
    warm = render(tuple(clips), SHAPE, Silent(), kept=again)
    render((replace(clips[0], seed=clips[0].seed + 1),), SHAPE, Silent(), kept=other)

    assert kept.found == {"rendered scenes": (0, 2)}
    assert again.found == {"rendered scenes": (2, 2)}
    assert other.found == {"rendered scenes": (0, 1)}
    assert same(cold.windows, warm.windows)
    assert cold.labels.tolist() == warm.labels.tolist()
