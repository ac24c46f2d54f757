"""The service with real children and a camera of our own: faults, each recovered by itself."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.errors import OutputError, SettingsError
from motionapp.edge.book import StoreBook
from motionapp.edge.records import CameraState, CameraStatus, Change, EventRecord
from motionapp.edge.seams import EventQuery
from motionapp.edge.service import EdgeService
from motionapp.settings.edge import EdgeSettings, read_edge
from tests.servers.rtsp import RtspServer, Unit, encoded

pytestmark = [
    pytest.mark.timeout(60),
    pytest.mark.skipif(sys.platform == "win32", reason="the edge is for Linux and its like"),
]
UNNAMED = '[analysis]\npeople = "off"\n[analysis.recognition]\nclassifier = "none"\n'


def pictures(size: tuple[int, int] = (160, 120)) -> Iterator[NDArray[np.uint8]]:
    """A block that goes to and fro for four seconds, and is gone for four."""
    for number in range(160):
        picture = np.full((size[1], size[0], 3), 70, np.uint8)
        if number < 80:
            x = 3 * min(number, 80 - number)
            picture[30:90, x : x + 30] = 220
        yield picture


@pytest.fixture(scope="module")
def units() -> list[Unit]:
    return encoded(pictures(), rate_hz=20)


@pytest.fixture
def server(units: list[Unit]) -> Iterator[RtspServer]:
    with RtspServer(units, rate_hz=20) as server:
        yield server


@dataclass
class Heard:
    """All that a teller is told."""

    events: list[tuple[Change, EventRecord]] = field(default_factory=list)
    states: list[CameraStatus] = field(default_factory=list)

    def event_changed(self, change: Change, event: EventRecord) -> None:
        self.events.append((change, event))

    def camera_changed(self, status: CameraStatus) -> None:
        self.states.append(status)


def configured(folder: Path, *urls: str, more: str = "") -> EdgeSettings:
    """A configuration of cameras called c0, c1 and so on."""
    (folder / "unnamed.toml").write_text(UNNAMED)
    cameras = "".join(
        f'[[camera]]\nname = "c{n}"\nurl = "{url}"\nsettings = "unnamed.toml"\n{more}'
        for n, url in enumerate(urls)
    )
    path = folder / "edge.toml"
    path.write_text(f'{cameras}[store]\ndir = "kept"\n')
    return read_edge(path)


@asynccontextmanager
async def serving(settings: EdgeSettings) -> AsyncIterator[tuple[EdgeService, Heard]]:
    """A service that is looked after each quarter of a second."""
    heard = Heard()
    async with StoreBook.opened(settings.store.dir) as book:
        service = EdgeService(settings, book, [heard])
        await service.start()

        async def look() -> None:
            while True:
                await asyncio.sleep(0.25)
                await service.tick()

        looking = asyncio.create_task(look())
        try:
            yield service, heard
        finally:
            looking.cancel()
            await service.close()


async def until(is_so: Callable[[], object], *, what: str) -> None:
    """Until something is so; the test's own limit is longer than this one, which says what."""
    for _ in range(400):
        if is_so():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"it never came to be: {what}")


def state_of(service: EdgeService) -> CameraState:
    return service.cameras()[0].state


async def live(service: EdgeService) -> None:
    await until(lambda: state_of(service) == "live", what="live")


def child_of(service: EdgeService) -> int:
    """The process of the first camera."""
    process = next(iter(service._watched.values()))._process
    assert process is not None
    assert process._process is not None
    return process._process.pid


def run(test: Awaitable[None]) -> None:
    async def inside() -> None:
        await test

    asyncio.run(inside())


async def again(folder: Path, number: int) -> EventRecord:
    """An event as the store has it after the service."""
    async with StoreBook.opened(folder / "kept") as book:
        event = await book.event(number)
    assert event is not None
    return event


def test_movement_becomes_an_event_with_a_picture_and_a_recording(
    server: RtspServer, tmp_path: Path
) -> None:
    async def test() -> None:
        async with serving(configured(tmp_path, server.url)) as (service, heard):
            await until(lambda: any(c == "end" for c, _ in heard.events), what="an end")
            number = next(event.number for change, event in heard.events if change == "new")

            async def kept() -> bool:
                event = await service.event(number)
                return event is not None and event.snapshot is not None

            for _ in range(100):
                if await kept():
                    break
                await asyncio.sleep(0.05)
            event = await service.event(number)
            assert event is not None
            assert (event.camera, event.kind, event.state) == ("c0", "motion", "closed")
            assert event.end_utc is not None
            assert 3 < (event.end_utc - event.start_utc).total_seconds() < 6
            assert abs((datetime.now(UTC) - event.end_utc).total_seconds()) < 6
            assert event.snapshot is not None
            path = service.file_of(event.snapshot)
            assert path is not None
            assert path.read_bytes()[:2] == b"\xff\xd8"
        last = await again(tmp_path, event.number)
        assert last.recording is not None
        assert last.recording_start_utc is not None
        assert last.recording_start_utc <= event.start_utc
        with av.open(str(tmp_path / "kept" / last.recording)) as file:
            pictures = sum(1 for _ in file.decode(video=0))
        lasts_s = (event.end_utc - event.start_utc).total_seconds()
        assert pictures / 20 >= lasts_s
        assert next(change for change, e in heard.events if e.number == number) == "new"

    run(test())


@pytest.mark.parametrize("how", ["hung up", "silent"])
def test_an_outage_is_an_event_with_start_and_end(
    server: RtspServer, tmp_path: Path, how: str
) -> None:
    async def test() -> None:
        async with serving(configured(tmp_path, server.url)) as (service, heard):
            await live(service)
            if how == "silent":
                server.behaviour.is_silent = True
            else:
                server.behaviour.is_refusing = True
                server.hang_up()
            await until(lambda: state_of(service) in ("lost", "stalled"), what="a loss")
            await until(lambda: any(e.kind == "outage" for _, e in heard.events), what="an outage")
            server.behaviour.is_silent = server.behaviour.is_refusing = False
            await until(
                lambda: any(c == "end" and e.kind == "outage" for c, e in heard.events),
                what="its end",
            )
            assert state_of(service) == "live"
            outages = await service.events(EventQuery(kind="outage"))
        assert len(outages) == 1
        assert outages[0].end_utc is not None
        assert 0.5 < (outages[0].end_utc - outages[0].start_utc).total_seconds() < 30

    run(test())


def test_a_recorded_stream_that_is_lost_is_an_outage_of_its_own(
    server: RtspServer, units: list[Unit], tmp_path: Path
) -> None:
    with RtspServer(units, rate_hz=20) as main:
        settings = configured(tmp_path, server.url, more=f'main_url = "{main.url}"\n')

        async def test() -> None:
            async with serving(settings) as (service, heard):
                await live(service)
                await until(lambda: main.sessions, what="a reader of the main stream")
                main.behaviour.is_refusing = True
                main.hang_up()
                await until(lambda: any(e.zone == "recording" for _, e in heard.events), what="it")
                assert state_of(service) == "live"
                main.behaviour.is_refusing = False
                await until(
                    lambda: any(c == "end" and e.zone == "recording" for c, e in heard.events),
                    what="its end",
                )
            first = next(e for _, e in heard.events if e.zone == "recording")
            assert (first.kind, "has ended" in first.why) == ("outage", True)

        run(test())


def test_a_child_that_is_killed_is_started_again(server: RtspServer, tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(configured(tmp_path, server.url)) as (service, heard):
            await until(lambda: heard.events, what="an event")
            os.kill(child_of(service), signal.SIGKILL)
            await until(lambda: state_of(service) == "lost", what="a loss")
            await live(service)
            assert service.cameras()[0].starts == 2
            first = await service.event(heard.events[0][1].number)
            assert first is not None
            assert first.state in ("lost", "closed")
            assert any(
                e.why == "its process was ended by SIGKILL"
                for e in await service.events(EventQuery(kind="outage"))
            )

    run(test())


def test_what_was_written_in_a_day_counts_over_all_processes_and_reloads(
    server: RtspServer, tmp_path: Path
) -> None:
    async def test() -> None:
        settings = configured(tmp_path, server.url)
        async with serving(settings) as (service, _):
            await until(lambda: service.cameras()[0].written_bytes, what="a recording")
            os.kill(child_of(service), signal.SIGKILL)
            await until(lambda: state_of(service) == "lost", what="a loss")
            before = service.cameras()[0].written_day_bytes
            await live(service)
            status = service.cameras()[0]
            assert status.starts == 2
            assert before > 0
            assert status.written_day_bytes == before + status.written_bytes

            unrecorded = settings.record.model_copy(update={"when": "never"})
            await service.reload(settings.model_copy(update={"record": unrecorded}))
            assert service.cameras()[0].written_bytes == 0
            assert service.cameras()[0].written_day_bytes >= status.written_day_bytes

    run(test())


def test_a_child_that_hangs_is_killed_and_started_again(
    server: RtspServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motionapp.edge.supervision.DEAF_S", 2.0)

    async def test() -> None:
        async with serving(configured(tmp_path, server.url)) as (service, _):
            await live(service)
            stopped = child_of(service)
            os.kill(stopped, signal.SIGSTOP)
            await until(lambda: service.cameras()[0].starts == 2, what="another start")
            await live(service)
            assert child_of(service) != stopped

    run(test())


def test_pictures_heat_and_reasons_can_be_asked_for(server: RtspServer, tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(configured(tmp_path, server.url)) as (service, _):
            await live(service)
            picture, heat = await service.snapshot("c0"), await service.heat("c0")
            why = await service.why("c0", datetime.now(UTC))
            shown = [picture async for picture in _first(service.pictures("c0"), 2)]
            with pytest.raises(KeyError):
                await service.snapshot("nobody")
        assert picture is not None
        assert picture[:2] == b"\xff\xd8"
        assert heat is not None
        assert heat[:4] == b"\x89PNG"
        assert why["sentence"]
        assert len(shown) == 2

    run(test())


async def _first(pictures: AsyncIterator[bytes], count: int) -> AsyncIterator[bytes]:
    async for picture in pictures:
        yield picture
        count -= 1
        if not count:
            return


def test_what_is_private_is_in_no_picture(server: RtspServer, tmp_path: Path) -> None:
    """The left half is covered: the block that goes through it is seen in the right one only."""
    left = "privacy = [[[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]]]\n"

    async def test() -> None:
        async with serving(configured(tmp_path, server.url, more=left)) as (service, heard):
            await until(lambda: any(c == "end" for c, _ in heard.events), what="an end")
            await until(lambda: list((tmp_path / "kept").rglob("*.jpg")), what="a kept picture")
            shown = [picture async for picture in _first(service.pictures("c0"), 3)]
            heat = await service.heat("c0")
            assert heat is not None
        kept = [path.read_bytes() for path in (tmp_path / "kept").rglob("*.jpg")]
        films = list((tmp_path / "kept").rglob("*.mp4"))
        assert films
        seen = [_decoded(content) for content in (*shown, *kept)]
        for film in films:
            with av.open(str(film)) as file:
                seen += [frame.to_ndarray(format="bgr24") for frame in file.decode(video=0)]
        for picture in seen:
            covered = picture[8:-8, 4:72]  # JPEG blurs the edge, and names stand on it
            assert float(np.std(covered)) < 12

    run(test())


def _decoded(content: bytes) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, np.uint8)


def test_changes_hold_at_once_and_over_restarts_and_bad_ones_are_refused(
    server: RtspServer, tmp_path: Path
) -> None:
    async def test() -> None:
        settings = configured(tmp_path, server.url)
        async with serving(settings) as (service, _):
            await live(service)
            status = await service.change("c0", {"sensitivity": 2.0}, who="mqtt")
            assert status.sensitivity == 2.0
            for bad in ({}, {"sensitivity": 99}, {"url": "x"}, {"frontend": "magic"}):
                with pytest.raises(SettingsError):
                    await service.change("c0", bad, who="mqtt")
            off = await service.change("c0", {"is_enabled": False}, who="web")
            assert off.state == "disabled"
        async with serving(settings) as (service, _):
            assert state_of(service) == "disabled"
            await service.change("c0", {"is_enabled": True}, who="web")
            await live(service)
            assert service.cameras()[0].sensitivity == 2.0

    run(test())


def test_a_camera_beside_another_goes_on_when_that_one_changes(
    server: RtspServer, tmp_path: Path
) -> None:
    async def test() -> None:
        both = configured(tmp_path, server.url, server.url)
        async with serving(both) as (service, _):
            await until(
                lambda: all(one.state == "live" for one in service.cameras()), what="both live"
            )
            first = child_of(service)
            gone: list[str] = []
            service.partings.append(gone.append)
            await service.reload(configured(tmp_path, server.url))
            assert gone == ["c1"]
            assert [one.name for one in service.cameras()] == ["c0"]
            assert child_of(service) == first
            assert state_of(service) == "live"

    run(test())


def test_a_reload_that_cannot_be_leaves_all_as_it_is(
    server: RtspServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(self: StoreBook, camera: str) -> dict[str, object]:
        raise OutputError("the disk cannot be read")

    async def test() -> None:
        settings = configured(tmp_path, server.url)
        async with serving(settings) as (service, _):
            await live(service)
            first = child_of(service)
            monkeypatch.setattr(StoreBook, "last_changes", full)
            with pytest.raises(OutputError):
                await service.reload(configured(tmp_path, server.url, server.url))
            assert service.settings == settings
            assert child_of(service) == first
            assert state_of(service) == "live"

    run(test())


def test_a_picture_from_before_a_loss_is_no_sign_of_life_after_it(
    server: RtspServer, tmp_path: Path
) -> None:
    async def test() -> None:
        async with serving(configured(tmp_path, server.url)) as (service, heard):
            await live(service)
            server.behaviour.is_refusing = True
            server.hang_up()
            await until(lambda: state_of(service) == "lost", what="a loss")
            await until(lambda: service.cameras()[0].age_s is None, what="a beat after it")
            assert state_of(service) == "lost"
            assert [status.state for status in heard.states][-1] == "lost"

    run(test())


def test_stopping_takes_less_than_two_seconds_whatever_the_camera_does(
    server: RtspServer, tmp_path: Path
) -> None:
    async def test() -> None:
        loop = asyncio.get_running_loop()
        for how in ("live", "silent", "stopped child", "refusing"):
            server.behaviour.is_silent = False
            server.behaviour.is_refusing = how == "refusing"
            async with serving(configured(tmp_path, server.url)) as (service, heard):
                if how == "refusing":
                    await until(lambda: state_of(service) == "lost", what="a loss")
                else:
                    await live(service)
                server.behaviour.is_silent = how == "silent"
                if how == "stopped child":
                    os.kill(child_of(service), signal.SIGSTOP)
                began_s = loop.time()
            assert loop.time() - began_s < 2.0, how
            assert heard.states

    run(test())


def test_where_nothing_more_can_go_nothing_is_recorded_until_there_is_room(
    server: RtspServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What is locked is all that is allowed: it was told, and recorded on."""
    monkeypatch.setattr("motionapp.edge.service.RETENTION_EACH", 4)
    monkeypatch.setattr("motionapp.edge.service.ROOM_EACH", 4)
    free = {"bytes": 1 << 40}
    monkeypatch.setattr("motionapp.edge.store.retention.free_bytes", lambda folder: free["bytes"])
    settings = configured(tmp_path, server.url)

    def films() -> dict[Path, int]:
        return {path: path.stat().st_size for path in (tmp_path / "kept").rglob("*.mp4")}

    def begun(heard: Heard) -> int:
        return sum(change == "new" for change, _ in heard.events)

    def unrecorded(service: EdgeService) -> bool:
        return bool(service.cameras()[0].unrecorded_why)

    async def test() -> None:
        async with serving(settings) as (service, heard):
            await until(lambda: films() and begun(heard), what="a recording of an event")
            number = next(event.number for change, event in heard.events if change == "new")
            await service.lock(number, is_locked=True)
            free["bytes"] = 0
            await until(lambda: unrecorded(service), what="recording is off")
            known = begun(heard)
            assert service.figures()["recording_is_off"] == 1.0
            assert any(status.is_unrecorded for status in heard.states)
            await until(lambda: begun(heard) > known, what="another event")
            before = films()
            assert len(before) == 1
            assert state_of(service) == "live"

            free["bytes"] = 1 << 40
            await until(lambda: not unrecorded(service), what="recording is on")
            await until(lambda: len(films()) == 2, what="another recording")
        assert before.items() <= films().items()

    with caplog.at_level("WARNING"):
        run(test())
    assert caplog.text.count("Nothing is recorded until there is room") == 1
    assert caplog.text.count("has room again") == 1


def test_that_bounds_cannot_be_kept_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """With no room it is tried each ten seconds, and the log may be on the same disk."""

    async def full(self: StoreBook, settings: object) -> None:
        raise OutputError("the disk is full")

    async def test() -> None:
        settings = configured(tmp_path, "rtsp://127.0.0.1:1/")
        async with StoreBook.opened(settings.store.dir) as book:
            service = EdgeService(settings, book)
            for _ in range(2):
                with monkeypatch.context() as patch:
                    patch.setattr(StoreBook, "keep_bounds", full)
                    for _ in range(3):
                        await service._keep_bounds()
                await service._keep_bounds()

    with caplog.at_level("WARNING"):
        run(test())
    assert caplog.text.count("the disk is full") == 2


def test_a_database_that_is_taken_away_costs_neither_events_nor_what_is_recorded(
    server: RtspServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept = tmp_path / "kept"

    async def test() -> None:
        async with serving(configured(tmp_path, server.url)) as (service, heard):
            await until(lambda: heard.events and list(kept.rglob("*.mp4")), what="a recording")
            number = next(event.number for change, event in heard.events if change == "new")
            child = child_of(service)
            for path in kept.glob("motionapp.sqlite3*"):
                path.unlink()
            await until(
                lambda: any(c == "end" and e.number == number for c, e in heard.events),
                what="its end",
            )
            assert child_of(service) == child
            assert service.cameras()[0].starts == 1
            assert service.figures()["store_renewals"] == 1.0
        event = await again(tmp_path, number)
        assert (event.state, event.recording is not None) == ("closed", True)
        assert event.recording is not None
        with av.open(str(kept / event.recording)) as file:
            pictures = sum(1 for _ in file.decode(video=0))
        assert event.end_utc is not None
        assert pictures / 20 >= (event.end_utc - event.start_utc).total_seconds()

    with caplog.at_level("WARNING"):
        run(test())
    assert caplog.text.count("was removed while it was in use: a new one is begun") == 1
