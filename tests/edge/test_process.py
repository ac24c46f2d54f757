"""A camera's process that does not do as it should: none leaves its camera unwatched."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from motionapp.core.errors import SettingsError, SourceError
from motionapp.edge import process as processes
from motionapp.edge.book import StoreBook
from motionapp.edge.process import CameraProcess
from motionapp.edge.protocol import Job
from motionapp.edge.watched import WatchedCamera
from motionapp.settings.edge import CameraSettings, RecordSettings

pytestmark = [
    pytest.mark.timeout(60),
    pytest.mark.skipif(sys.platform == "win32", reason="the edge is for Linux and its like"),
]
SECRET = "s3cret77"
CAMERA = CameraSettings.model_validate({"name": "door", "url": f"rtsp://u:{SECRET}@127.0.0.1/x"})


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """What the processes of cameras run from now on."""

    def use(program: str) -> None:
        command = [sys.executable, "-c", f"import sys\n{program}"]
        monkeypatch.setattr(processes, "own_command", lambda verb: command)

    return use


@asynccontextmanager
async def watching(folder: Path) -> AsyncIterator[WatchedCamera]:
    async with StoreBook.opened(folder / "kept") as book:
        watched = WatchedCamera(
            CAMERA, RecordSettings(), folder / "kept", book, changes={},
            event_told=lambda change, event: None, status_told=lambda status: None,
        )  # fmt: skip
        try:
            yield watched
        finally:
            await asyncio.wait_for(watched.close(), 5)


async def until(watched: WatchedCamera, is_so: Callable[[], object]) -> None:
    for _ in range(400):
        await watched.tick()
        if is_so():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"it never came to be: {watched.status}")


def run(test: Awaitable[None]) -> None:
    async def inside() -> None:
        await test

    asyncio.run(inside())


@pytest.mark.parametrize(
    "said",
    [
        "rubbish",
        '{"type": "beat"}',
        '{"type": "beat", "age_s": "old"}',
        '{"type": "lost"}',
        '{"type": "answer", "number": null}',
        '{"type": "opened"}',
        '{"type": "opened", "event": 7}',
    ],
)
def test_one_that_says_what_nobody_understands_is_ended_and_will_be_begun_again(
    child: Callable[[str], None], tmp_path: Path, said: str
) -> None:
    child(f"print({said!r}, flush=True)\nsys.stdin.read()")

    async def test() -> None:
        async with watching(tmp_path) as watched:
            await until(watched, lambda: watched.status.state == "lost")
            assert watched.status.why == "its process was ended by SIGKILL"
            assert watched._process is None
            if said == "rubbish":
                await until(watched, lambda: watched.status.starts >= 2)

    run(test())


def test_one_that_cannot_be_started_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As where the machine has no room for another process."""
    monkeypatch.setattr(processes, "own_command", lambda verb: [str(tmp_path / "nothing")])

    async def test() -> None:
        async with watching(tmp_path) as watched:
            await until(watched, lambda: watched.status.starts >= 2)
            assert watched.status.state == "lost"
            assert "cannot be started: No such file" in watched.status.why
            assert await watched.picture() is None

    run(test())


def test_one_that_is_being_started_is_ended_with_the_rest(
    child: Callable[[str], None], tmp_path: Path
) -> None:
    """A reload may come at the very moment at which a camera is begun."""
    child(f"open({str(tmp_path / 'begun')!r}, 'w').close()\nsys.stdin.read()")

    async def test() -> None:
        async with watching(tmp_path) as watched:
            ticking = asyncio.create_task(watched.tick())
            await asyncio.sleep(0)
            assert await watched.picture() is None
            await watched.close()
            await ticking
            process = watched._process
            assert process is None or process._process is None

    run(test())


def test_who_no_longer_waits_for_an_answer_is_let_go(child: Callable[[str], None]) -> None:
    child("sys.stdin.read()")

    async def test() -> None:
        process = CameraProcess(Job(CAMERA, RecordSettings(), Path(), {}))
        with pytest.raises(SourceError):
            await process.ask("picture")
        await process.start()
        asking = asyncio.create_task(process.ask("picture"))
        reading = asyncio.create_task(anext(process.messages(), None))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        late = asyncio.create_task(process.ask("picture"))
        await asyncio.sleep(0)
        process.kill()
        with pytest.raises(SourceError, match="does not answer"):
            await late
        await reading
        await process.end()

    run(test())


def test_what_libraries_print_is_told_without_secrets_however_long_it_is(
    child: Callable[[str], None], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "LONGEST_LINE", 1000)
    url = CAMERA.url.get_secret_value()
    child(f"print('x' * 5000 + '\\ncannot open {url}', file=sys.stderr, flush=True)")

    async def test() -> None:
        process = CameraProcess(Job(CAMERA, RecordSettings(), Path(), {}))
        await process.start()
        assert [message async for message in process.messages()] == []
        assert await process.how_it_ended() == "its process ended with exit code 0"

    run(test())
    assert "cannot open rtsp://127.0.0.1/x" in caplog.text
    assert SECRET not in caplog.text


def test_a_change_that_would_not_work_is_refused_also_while_nobody_watches(tmp_path: Path) -> None:
    async def test() -> None:
        async with watching(tmp_path) as watched:
            for bad in ({"frontend": "magic"}, {"frontend": "flow:magic"}, {"sensitivity": 99}):
                with pytest.raises(SettingsError):
                    await watched.change(bad)
            assert watched._changes == {}

    run(test())
