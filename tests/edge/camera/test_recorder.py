"""What is recorded of a stream: by events, always, over changes and losses, and what is told."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from motionapp.core.packet import Packet
from motionapp.edge.camera.recorder import (
    LEAST_FREE_BYTES,
    RETRY_S,
    Recorded,
    Recorder,
)
from motionapp.settings.edge import RecordSettings
from motionapp.sinks.synced import SyncedFile
from tests.servers.coded import NOON, coded_packets, pictures_in, sound_s

pytestmark = pytest.mark.timeout(30)


class Ear:
    """Hears of files, and waits for them."""

    def __init__(self) -> None:
        self.told: list[Recorded] = []
        self._changed = threading.Condition()

    def __call__(self, news: Recorded) -> None:
        with self._changed:
            self.told.append(news)
            self._changed.notify_all()

    def wait_for(self, holds: Callable[[], object]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: bool(holds()), 15), self.told

    def of(self, change: str) -> list[Recorded]:
        return [news for news in self.told if news.change == change]


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture(scope="module")
def stream() -> list[Packet]:
    """Ten seconds with a key frame each."""
    return coded_packets(250)


def made(folder: Path, ear: Ear, **plan: Any) -> Recorder:
    settings = RecordSettings.model_validate({"before_s": 2.0, "after_s": 1.0, **plan})
    return Recorder(settings, folder, "door", ear)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def play(
    recorder: Recorder,
    packets: Sequence[Packet],
    events: Sequence[tuple[float, str, float]] = (),
) -> None:
    """Give packets, and in between tell of events: when it is told, which, and since when.

    One that is told for the second time has ended.
    """
    waiting, known = sorted(events), set()
    for packet in packets:
        while waiting and waiting[0][0] <= packet.at_s:
            _, name, when_s = waiting.pop(0)
            if name in known:
                recorder.event_closed(name, at(when_s))
            else:
                recorder.event_opened(name, at(when_s))
            known.add(name)
        recorder.accept(packet)


def later(packets: Sequence[Packet], seconds: float) -> list[Packet]:
    """The same packets, so much later on their line."""
    return [
        replace(each, at_s=each.at_s + seconds, shown_s=each.shown_s + seconds) for each in packets
    ]


def numbers_in(path: Path) -> list[int]:
    return [number for _, number in pictures_in(path)]


def test_an_event_is_recorded_from_the_key_frame_before_it_to_some_time_after(
    tmp_path: Path, ear: Ear, stream: list[Packet]
) -> None:
    recorder = made(tmp_path, ear)
    play(recorder, stream, [(4.5, "a", 4.3), (7.0, "a", 6.5)])
    recorder.close()

    (finished,) = ear.of("finished")
    assert finished.path == "door/2026-11-30/door_20261130T120002.000Z_001.mp4"
    assert finished.start_utc == at(2.0)  # 4.3 less 2 is 2.3
    assert finished.event_ids == ("a",)
    assert finished.why == ""
    assert finished.length_s == pytest.approx(5.5, abs=0.05)
    path = tmp_path / finished.path
    assert finished.written_bytes == path.stat().st_size == recorder.budget.total_bytes
    assert numbers_in(path) == list(range(50, 188))  # up to 7.5
    assert [news.change for news in ear.told][:1] == ["begun"]
    assert not recorder.is_recording


def test_of_an_event_that_is_over_before_it_is_told_there_is_a_recording_too(
    tmp_path: Path, ear: Ear, stream: list[Packet]
) -> None:
    recorder = made(tmp_path, ear)
    play(recorder, stream, [(6.0, "a", 4.3), (6.001, "a", 4.5)])
    recorder.close()

    (finished,) = ear.of("finished")
    assert set(range(58, 138)) <= set(numbers_in(tmp_path / finished.path))


def test_events_that_overlap_share_a_file(tmp_path: Path, ear: Ear, stream: list[Packet]) -> None:
    recorder = made(tmp_path, ear)
    events = [(3.5, "a", 3.4), (4.0, "b", 4.0), (5.0, "a", 4.9), (7.0, "b", 6.5)]
    play(recorder, stream, events)
    recorder.close()

    (finished,) = ear.of("finished")
    assert finished.event_ids == ("a", "b")
    assert numbers_in(tmp_path / finished.path) == list(range(25, 188))


def test_events_apart_have_files_apart(tmp_path: Path, ear: Ear, stream: list[Packet]) -> None:
    recorder = made(tmp_path, ear, before_s=0.5, after_s=0.5)
    play(recorder, stream, [(1.5, "a", 1.5), (2.0, "a", 2.0), (7.5, "b", 7.5), (8.0, "b", 8.0)])
    recorder.close()

    assert sorted(news.event_ids for news in ear.of("finished")) == [("a",), ("b",)]


def test_a_long_recording_goes_on_in_another_file_without_a_gap(
    tmp_path: Path, ear: Ear, stream: list[Packet]
) -> None:
    later = [
        replace(each, at_s=each.at_s + 10, shown_s=each.shown_s + 10,
                utc=each.utc + timedelta(seconds=10))
        for each in stream
    ]  # fmt: skip
    recorder = made(tmp_path, ear, longest_s=10.0)
    play(recorder, [*stream, *later], [(1.0, "a", 1.0)])
    recorder.close()

    finished = sorted(ear.of("finished"), key=lambda news: news.path)
    assert [news.event_ids for news in finished] == [("a",), ("a",)]
    assert [numbers_in(tmp_path / news.path) for news in finished] == [list(range(250))] * 2
    assert finished[1].start_utc == at(10.0)


def test_always_means_from_the_first_key_frame_on(
    tmp_path: Path, ear: Ear, stream: list[Packet]
) -> None:
    recorder = made(tmp_path, ear, when="always")
    play(recorder, stream[10:100])
    recorder.close()

    (finished,) = ear.of("finished")
    assert finished.event_ids == ()
    assert numbers_in(tmp_path / finished.path) == list(range(25, 100))


def test_never_means_that_nothing_is_held_or_written(
    tmp_path: Path, ear: Ear, stream: list[Packet]
) -> None:
    recorder = made(tmp_path, ear, when="never")
    play(recorder, stream, [(1.0, "a", 1.0)])

    assert recorder.ring_bytes == 0
    recorder.close()
    assert ear.told == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "other",
    [{"size": (320, 240)}, {"codec": "libx265"}, {}],
    ids=["another size", "another codec", "the same again"],
)
def test_a_camera_that_comes_back_begins_another_file(
    tmp_path: Path, ear: Ear, stream: list[Packet], other: dict[str, Any]
) -> None:
    back = coded_packets(100, opening=2, begin_s=20.0, **other)
    recorder = made(tmp_path, ear)
    play(recorder, [*stream[:100], *back], [(2.0, "a", 2.0)])
    recorder.close()

    before, after = sorted(ear.of("finished"), key=lambda news: news.path)
    assert numbers_in(tmp_path / before.path) == list(range(100))
    assert numbers_in(tmp_path / after.path) == list(range(100))
    assert after.start_utc == at(20.0)
    assert before.event_ids == after.event_ids == ("a",)


def test_a_loss_finishes_the_file_and_what_was_before_it_is_forgotten(
    tmp_path: Path, ear: Ear, stream: list[Packet]
) -> None:
    recorder = made(tmp_path, ear)
    play(recorder, stream[:100], [(2.0, "a", 2.0)])
    recorder.note_lost()
    ear.wait_for(lambda: ear.of("finished"))

    assert not recorder.is_recording
    assert recorder.ring_bytes == 0
    recorder.close()


def test_sound_is_recorded_beside_the_pictures_unless_nobody_wants_it(
    tmp_path: Path, ear: Ear
) -> None:
    packets = coded_packets(100, sound="aac")
    for has_sound in (True, False):
        recorder = made(tmp_path / str(has_sound), ear, when="always", sound=has_sound)
        play(recorder, packets)
        recorder.close()

    heard, silent = (
        tmp_path / str(yes) / ear.of("finished")[not yes].path for yes in (True, False)
    )
    assert sound_s(heard) == pytest.approx(4.0, abs=0.3)
    with pytest.raises(IndexError):
        sound_s(silent)


def test_what_cannot_be_in_the_file_is_said_in_each_news(tmp_path: Path, ear: Ear) -> None:
    recorder = made(tmp_path, ear, when="always")
    play(recorder, coded_packets(50, sound="pcm_mulaw"))
    recorder.close()

    assert {news.change for news in ear.told} >= {"begun", "finished"}
    assert all(news.why.startswith("without sound") for news in ear.told)


def test_a_full_disk_is_told_once_and_it_records_again_when_there_is_room(
    tmp_path: Path, ear: Ear
) -> None:
    room = 0
    settings = RecordSettings(when="always")
    recorder = Recorder(settings, tmp_path, "door", ear, free_bytes=lambda folder: room)
    packets = coded_packets(50)
    tries = round(RETRY_S) + 5
    for second in range(tries):
        room = 0 if second < RETRY_S - 2 else LEAST_FREE_BYTES
        for each in packets[:25]:
            recorder.accept(
                replace(each, at_s=each.at_s + second, shown_s=each.shown_s + second,
                        utc=each.utc + timedelta(seconds=second))
            )  # fmt: skip
    recorder.close()

    failed, *others = ear.told
    assert (failed.change, failed.path) == ("failed", "")
    assert "has no room for another recording" in failed.why
    assert {news.change for news in others} >= {"begun", "finished"}
    assert "failed" not in {news.change for news in others}
    assert ear.of("finished")[0].start_utc == at(RETRY_S)


def test_a_disk_that_fills_while_a_file_is_written_is_told_too(
    tmp_path: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was not: the next file was known to find no room, and that was taken for told."""
    write, room = SyncedFile.write, 2000

    def written(file: SyncedFile, data: bytes) -> int:
        if file.written_bytes > room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(file, data)

    monkeypatch.setattr(SyncedFile, "write", written)
    recorder = Recorder(
        RecordSettings(when="always"), tmp_path, "door", ear,
        free_bytes=lambda folder: 0 if ear.of("finished") else LEAST_FREE_BYTES,
    )  # fmt: skip
    packets = coded_packets(50, noise=60)
    play(recorder, packets)
    ear.wait_for(lambda: ear.of("failed"))
    play(recorder, later(packets, 2 + RETRY_S))
    recorder.close()

    assert [news.change for news in ear.told if news.change != "grown"] == [
        "begun", "finished", "failed",
    ]  # fmt: skip
    (failed,) = ear.of("failed")
    assert "No space left on device" in failed.why


def test_a_folder_that_refuses_is_told_once(tmp_path: Path, ear: Ear, stream: list[Packet]) -> None:
    (tmp_path / "door").write_text("a file is in the way")
    recorder = made(tmp_path, ear, when="always")
    play(recorder, stream[:50])
    ear.wait_for(lambda: ear.of("failed"))
    play(recorder, later(stream, 2 + RETRY_S))
    recorder.close()

    (failed,) = ear.told
    assert "cannot be written" in failed.why


def test_without_a_key_frame_nothing_begins_and_memory_is_bounded(
    tmp_path: Path, ear: Ear, stream: list[Packet]
) -> None:
    recorder = made(tmp_path, ear, ring_mb=1.0)
    filler = [replace(each, is_key=False, data=bytes(100_000)) for each in stream[1:100]]
    play(recorder, [stream[0], *filler], [])
    recorder.event_opened("a", at(3.0))

    assert recorder.ring_bytes <= 1_000_000
    recorder.close()
    assert ear.told == []


def test_times_of_events_count_by_the_wall_clock_of_the_packets(
    tmp_path: Path, ear: Ear, stream: list[Packet]
) -> None:
    """The clock was set while it ran: what was told before it counts as it was."""
    ahead = timedelta(days=20_000)
    moved = [replace(each, utc=each.utc + ahead) for each in stream[125:]]
    recorder = made(tmp_path, ear)
    play(recorder, stream[:125], [(4.5, "a", 4.3)])
    play(recorder, moved[:25])
    recorder.event_closed("a", at(5.5) + ahead)
    play(recorder, moved[25:])
    recorder.close()

    (finished,) = ear.of("finished")
    assert numbers_in(tmp_path / finished.path) == list(range(50, 163))


def test_a_name_that_is_taken_is_never_written_over(
    tmp_path: Path, ear: Ear, stream: list[Packet]
) -> None:
    for _ in range(2):
        recorder = made(tmp_path, ear, when="always")
        play(recorder, stream[:25])
        recorder.close()

    assert [news.path[-7:] for news in ear.of("finished")] == ["001.mp4", "002.mp4"]


def test_whoever_is_told_may_ask(tmp_path: Path, stream: list[Packet]) -> None:
    asked: list[bool] = []

    def told(news: Recorded) -> None:
        asked.append(recorder.is_recording)

    settings = RecordSettings(when="always")
    recorder = Recorder(settings, tmp_path, "door", told, free_bytes=lambda folder: 0)
    play(recorder, stream[:25])
    recorder.close()

    assert asked == [False]


def test_where_nothing_may_be_recorded_the_file_is_finished_and_no_other_begun(
    tmp_path: Path, ear: Ear, stream: list[Packet]
) -> None:
    recorder = made(tmp_path, ear)
    play(recorder, stream[:100], [(1.5, "a", 1.5)])  # up to 4.0
    recorder.allow(False)
    play(recorder, stream[100:150], [(5.0, "b", 5.0)])

    assert not recorder.is_recording
    assert recorder.ring_bytes == 0
    recorder.allow(True)
    play(recorder, stream[150:])
    recorder.close()

    before, after = sorted(ear.of("finished"), key=lambda news: news.path)
    assert (before.event_ids, after.event_ids) == (("a",), ("a", "b"))
    assert numbers_in(tmp_path / before.path) == list(range(100))
    assert numbers_in(tmp_path / after.path) == list(range(150, 250))
    assert {news.why for news in ear.told} == {""}


def test_what_may_not_be_recorded_always_is_not_either(
    tmp_path: Path, ear: Ear, stream: list[Packet]
) -> None:
    recorder = made(tmp_path, ear, when="always")
    recorder.allow(False)
    play(recorder, stream)
    recorder.close()

    assert ear.told == []
    assert list(tmp_path.iterdir()) == []
