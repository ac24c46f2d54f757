"""Packets copied into a file: what is in it, what is left out, and what a power cut leaves."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.packet import Packet
from motionapp.files.boxes import boxes_of
from motionapp.sinks.recording import News, RecordingFile, Restamping
from tests.servers.coded import coded_packets, keys_in, pictures_in, sound_s, stamps_in

pytestmark = pytest.mark.timeout(30)


def recorded(path: Path, packets: Sequence[Packet], *, has_sound: bool = True) -> RecordingFile:
    """A finished file with these."""
    file = RecordingFile([path], packets[:1], has_sound=has_sound)
    for packet in packets[1:]:
        assert file.write(packet)
    file.close()
    assert file.join(20)
    return file


@pytest.fixture(scope="module")
def plain() -> list[Packet]:
    return coded_packets(100)


def test_pictures_are_copied_with_their_times(tmp_path: Path, plain: list[Packet]) -> None:
    file = recorded(tmp_path / "day" / "door.mp4", plain)

    assert file.path == tmp_path / "day" / "door.mp4"
    assert pictures_in(file.path) == [(round(n / 25, 3), n) for n in range(100)]
    assert file.written_bytes == file.path.stat().st_size
    assert (file.trouble, file.lack, file.dropped) == ("", "", 0)
    assert file.length_s == pytest.approx(4.0)


def test_a_file_may_begin_at_any_key_frame_and_its_time_begins_at_0(
    tmp_path: Path, plain: list[Packet]
) -> None:
    begin = keys_in(plain)[2]
    file = recorded(tmp_path / "a.mp4", plain[begin:])

    assert file.path is not None
    assert pictures_in(file.path) == [(round(n / 25, 3), n + 50) for n in range(50)]


def test_pictures_that_are_stored_before_those_shown_earlier_stay_so(tmp_path: Path) -> None:
    file = recorded(tmp_path / "a.mp4", coded_packets(60, b_frames=2))

    assert file.path is not None
    assert [number for _, number in pictures_in(file.path)] == list(range(60))
    stamps = stamps_in(file.path)["video"]
    assert stamps[0][0] == 0
    assert all(a[0] < b[0] for a, b in pairwise(stamps))
    assert any(a[1] > b[1] for a, b in pairwise(stamps))  # or there was nothing to keep


@pytest.mark.parametrize("codec", ["libx265", "mjpeg"])
def test_other_codings_are_copied_too(tmp_path: Path, codec: str) -> None:
    file = recorded(tmp_path / "a.mp4", coded_packets(25, codec=codec))

    assert file.path is not None
    assert [number for _, number in pictures_in(file.path)] == list(range(25))


@pytest.mark.parametrize("codec", ["aac", "libopus"])
def test_sound_that_mp4_holds_is_copied(tmp_path: Path, codec: str) -> None:
    file = recorded(tmp_path / "a.mp4", coded_packets(50, sound=codec))

    assert file.path is not None
    assert file.lack == ""
    assert sound_s(file.path) == pytest.approx(
        2.0, abs=0.2
    )  # encoders begin and end with a block of silence


@pytest.mark.parametrize("codec", ["pcm_mulaw", "libmp3lame"])  # of 8000 Hz
def test_sound_that_mp4_does_not_hold_is_left_out_with_a_word(tmp_path: Path, codec: str) -> None:
    file = recorded(tmp_path / "a.mp4", coded_packets(50, sound=codec))

    assert file.path is not None
    assert file.lack.startswith("without sound: MP4 cannot hold")
    assert list(stamps_in(file.path)) == ["video"]
    assert len(pictures_in(file.path)) == 50


def test_sound_that_nobody_wants_is_left_out_without(tmp_path: Path) -> None:
    file = recorded(tmp_path / "a.mp4", coded_packets(50, sound="aac"), has_sound=False)

    assert file.path is not None
    assert file.lack == ""
    assert list(stamps_in(file.path)) == ["video"]


def test_pictures_that_mp4_does_not_hold_are_refused_in_words(tmp_path: Path) -> None:
    file = recorded_anyhow(tmp_path / "a.mp4", coded_packets(10, codec="libvpx"))

    assert file.trouble.startswith("pictures coded as vp8 cannot be recorded in MP4")
    assert list(tmp_path.iterdir()) == []


def recorded_anyhow(path: Path, packets: Sequence[Packet]) -> RecordingFile:
    file = RecordingFile([path], packets)
    file.close()
    assert file.join(20)
    return file


stamps = st.lists(st.tuples(st.floats(-5, 1e6), st.floats(-5, 1e6)), min_size=1, max_size=50)


@given(stamps, st.sampled_from([8000, 48_000, 90_000]))
def test_whatever_stamps_come_each_is_decoded_after_the_one_before_and_shown_no_earlier(
    given_s: list[tuple[float, float]], rate_hz: int
) -> None:
    restamping = Restamping(rate_hz)
    placed = [restamping.step(at_s, shown_s) for at_s, shown_s in given_s]

    assert all(a[1] < b[1] for a, b in pairwise(placed))
    assert all(0 <= decoded <= shown for shown, decoded in placed)


def test_the_next_free_name_is_taken_and_nothing_written_over(
    tmp_path: Path, plain: list[Packet]
) -> None:
    (tmp_path / "1.mp4").write_text("another's")
    file = RecordingFile([tmp_path / "1.mp4", tmp_path / "2.mp4"], plain)
    file.close()
    assert file.join(20)

    assert file.path == tmp_path / "2.mp4"
    assert (tmp_path / "1.mp4").read_text() == "another's"
    refused = recorded_anyhow(tmp_path / "1.mp4", plain)
    assert "no name is free" in refused.trouble


class SlowDisk:
    """Holds a file's thread as soon as it has begun, until it is let go."""

    def __init__(self) -> None:
        self.begun, self.may_go_on = threading.Event(), threading.Event()

    def __call__(self, file: RecordingFile, news: News) -> None:
        if news == "begun":
            self.begun.set()
            self.may_go_on.wait(20)


def test_what_the_disk_cannot_follow_is_left_out_from_there_to_the_next_key_frame(
    tmp_path: Path, plain: list[Packet]
) -> None:
    disk = SlowDisk()
    room = sum(len(each.data) for each in plain[1:31])
    file = RecordingFile([tmp_path / "a.mp4"], plain[:1], told=disk, most_waiting_bytes=room)
    assert disk.begun.wait(20)
    file._take()  # what it began with is on its way
    taken = [file.write(packet) for packet in plain[1:60]]
    disk.may_go_on.set()
    wait_until_written(file)
    taken += [file.write(packet) for packet in plain[60:]]
    file.close()
    assert file.join(20)

    assert taken[:30] == [True] * 30
    assert taken[30:74] == [False] * 44  # up to the key frame 75, which has room again
    assert taken[74:] == [True] * 25
    assert file.dropped == 44


def wait_until_written(file: RecordingFile) -> None:
    pause = threading.Event()
    while file._waiting:
        pause.wait(0.002)


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A disk of its own, which only a superuser can have."""
    mount = shutil.which("mount")
    if os.name != "posix" or mount is None or os.geteuid() != 0:
        pytest.skip("only a superuser can make a small disk")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=False
    )
    if made.returncode:
        pytest.skip("no disk can be made here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_and_what_was_written_stays_whole(tmp_path: Path) -> None:
    packets = coded_packets(50, noise=60)
    assert sum(len(each.data) for each in packets) > 600_000
    with small_disk(tmp_path, "512k"):
        file = recorded_anyhow(tmp_path / "a.mp4", packets)

        assert file.path is not None
        assert "cannot be written: No space left on device" in file.trouble
        assert all(boxes_of(file.path).values())
        assert file.written_bytes == file.path.stat().st_size
        assert 5 < len(pictures_in(file.path)) < 50


def test_of_a_disk_that_is_full_from_the_beginning_nothing_is_left(tmp_path: Path) -> None:
    packets = coded_packets(50)
    with small_disk(tmp_path, "8k"):
        (tmp_path / "filling").write_bytes(bytes(4096))
        with contextlib.suppress(OSError):
            (tmp_path / "more").write_bytes(bytes(4096))
        file = recorded_anyhow(tmp_path / "a.mp4", packets)

        assert file.path is None
        assert file.trouble
        assert not (tmp_path / "a.mp4").exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, plain: list[Packet]) -> None:
    (tmp_path / "door").write_text("a file is in the way")
    file = recorded_anyhow(tmp_path / "door" / "a.mp4", plain)

    assert "cannot be written" in file.trouble
    assert file.path is None


def test_a_finished_file_has_an_index_of_its_pieces(tmp_path: Path, plain: list[Packet]) -> None:
    file = recorded(tmp_path / "a.mp4", plain)

    assert file.path is not None
    assert list(boxes_of(file.path))[-1] == b"mfra"


def test_a_file_that_is_cut_anywhere_behind_its_first_piece_plays_up_to_there(
    tmp_path: Path,
) -> None:
    packets = coded_packets(50)
    file = recorded(tmp_path / "a.mp4", packets)
    assert file.path is not None
    whole = file.path.read_bytes()
    first_piece = whole.index(b"moof", whole.index(b"moof") + 4)
    cut = tmp_path / "cut.mp4"

    for share in (0.0, 0.3, 0.61, 0.97):
        cut.write_bytes(whole[: first_piece + round(share * (len(whole) - first_piece))])
        numbers = [number for _, number in pictures_in(cut)]
        assert numbers[:-1] == list(range(len(numbers) - 1))  # the last may be half there
        assert len(numbers) >= 12


SYNCED = """
    import sys
    from pathlib import Path
    from motionapp.sinks.recording import RecordingFile
    from tests.servers.coded import coded_packets
    import threading
    packets = coded_packets(50)
    file = RecordingFile([Path(sys.argv[1])], packets[:1])
    pause = threading.Event()
    for packet in packets[1:]:
        file.write(packet)
        pause.wait(0.04)  # as a camera would
    file.close()
    file.join()
"""


@pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace here")
def test_every_half_second_is_brought_to_the_disk_and_so_is_the_name(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    command = [
        "strace", "-f", "--seccomp-bpf", "-y", "-e", "trace=fsync,fdatasync", "-o", str(trace),
        sys.executable, "-c", textwrap.dedent(SYNCED), str(tmp_path / "day" / "a.mp4"),
    ]  # fmt: skip
    if subprocess.run(command, check=False).returncode:
        pytest.skip("strace may not trace here")
    calls = [line for line in trace.read_text().splitlines() if "sync(" in line]

    assert sum(f"{tmp_path}/day>" in line for line in calls) == 1
    assert sum(f"{tmp_path}>" in line for line in calls) == 1
    assert 3 <= sum("a.mp4>" in line for line in calls) <= 10  # of two seconds


def test_a_gap_in_the_times_is_one_in_the_file(tmp_path: Path, plain: list[Packet]) -> None:
    later = [replace(each, at_s=each.at_s + 3, shown_s=each.shown_s + 3) for each in plain[50:]]
    file = recorded(tmp_path / "a.mp4", [*plain[:50], *later])

    assert file.path is not None
    times = [at_s for at_s, _ in pictures_in(file.path)]
    assert times[49:51] == [pytest.approx(1.96), pytest.approx(5.0)]
