"""Which pictures are fetched for the broker, and when."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from motionapp.core.errors import OutputError
from motionapp.edge.mqtt.board import Board
from motionapp.edge.mqtt.pictures import Pictures
from motionapp.edge.mqtt.topics import Topics
from tests.servers.tellers import SmallService, ended, event, status

TOPICS = Topics("motionapp")
SNAPSHOT = TOPICS.kept("door", "snapshot")


class SlowService(SmallService):
    """Gives a picture when it is let, and counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__("door")
        self.may = asyncio.Event()
        self.times = 0

    async def snapshot(self, camera: str) -> bytes | None:
        self.times += 1
        number = self.times
        await self.may.wait()
        if self.jpeg is None:
            raise OutputError("there is no picture")
        return b"%d" % number


def on_a_loop(
    what: Callable[[SlowService, Pictures, asyncio.Event], Awaitable[None]],
) -> tuple[SlowService, dict[str, bytes]]:
    """Run it, and say what is on the board then."""

    async def main() -> tuple[SlowService, dict[str, bytes]]:
        service, board, woken = SlowService(), Board(TOPICS), asyncio.Event()
        pictures = Pictures(service, board, woken.set)
        await asyncio.wait_for(what(service, pictures, woken), 10)
        pictures.close()
        return service, dict(board.take(10))

    return asyncio.run(main())


def test_of_many_that_are_wanted_at_once_the_last_is_fetched() -> None:
    async def what(service: SlowService, pictures: Pictures, woken: asyncio.Event) -> None:
        for number in range(5):
            pictures.note_event("new", event(number))
            await asyncio.sleep(0)
        service.may.set()
        await woken.wait()
        while service.times < 2:
            await asyncio.sleep(0)
        await asyncio.sleep(0)

    service, board = on_a_loop(what)

    assert service.times == 2
    assert board == {SNAPSHOT: b"2"}


def test_one_is_shown_before_anything_moves_and_then_no_more() -> None:
    async def what(service: SlowService, pictures: Pictures, woken: asyncio.Event) -> None:
        service.may.set()
        pictures.note_status(status(state="starting"))
        pictures.note_status(status())
        await woken.wait()
        pictures.note_status(status())
        await asyncio.sleep(0)

    service, board = on_a_loop(what)

    assert service.times == 1
    assert board == {SNAPSHOT: b"1"}


def test_a_picture_that_could_not_be_had_is_asked_for_again() -> None:
    async def what(service: SlowService, pictures: Pictures, woken: asyncio.Event) -> None:
        service.may.set()
        service.jpeg = None
        pictures.note_status(status())
        while service.times < 1:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        service.jpeg = b"there is one"
        pictures.note_status(status())
        await woken.wait()

    service, board = on_a_loop(what)

    assert service.times == 2
    assert board == {SNAPSHOT: b"2"}


def test_outages_and_what_goes_on_need_no_pictures() -> None:
    async def what(service: SlowService, pictures: Pictures, woken: asyncio.Event) -> None:
        pictures.note_event("update", event())
        pictures.note_event("new", event(kind="outage"))
        await asyncio.sleep(0)

    service, board = on_a_loop(what)

    assert (service.times, board) == (0, {})


def test_what_is_under_way_of_a_camera_that_has_gone_is_given_up() -> None:
    async def what(service: SlowService, pictures: Pictures, woken: asyncio.Event) -> None:
        pictures.note_event("new", event())
        await asyncio.sleep(0)
        pictures.forget("door")
        service.may.set()
        for _ in range(3):
            await asyncio.sleep(0)

    service, board = on_a_loop(what)

    assert (service.times, board) == (1, {})


@pytest.mark.parametrize("is_there", [True, False])
def test_an_ended_event_has_its_own_picture_or_the_camera_s(tmp_path: Path, is_there: bool) -> None:
    async def what(service: SlowService, pictures: Pictures, woken: asyncio.Event) -> None:
        service.may.set()
        if is_there:
            (tmp_path / "own.jpg").write_bytes(b"own")
            service.files["own.jpg"] = tmp_path / "own.jpg"
        pictures.note_event("end", replace(ended(event()), snapshot="own.jpg"))
        await woken.wait()

    _, board = on_a_loop(what)

    assert board == {SNAPSHOT: b"own" if is_there else b"1"}
