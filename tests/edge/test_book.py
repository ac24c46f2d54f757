"""The store's file is damaged, or taken away, while the service uses it: it goes on by itself."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import shutil
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from motionapp.core.errors import OutputError
from motionapp.edge import book as books
from motionapp.edge.book import StoreBook, stored_messages
from motionapp.edge.records import EventRecord
from motionapp.edge.seams import EventQuery
from motionapp.edge.store import replacing
from motionapp.edge.store.connection import connect
from motionapp.edge.store.names import recording_path
from motionapp.edge.store.opening import FILE
from motionapp.edge.store.outbox import Message
from motionapp.settings.edge import StoreSettings
from tests.edge.store.conftest import START

pytestmark = [
    pytest.mark.timeout(60),
    pytest.mark.skipif(sys.platform == "win32", reason="nobody takes an open file away there"),
]
EVENTS = 400
SIZE = 4096
PATH = recording_path("door", START, 1)


def overwrite(file: Path) -> None:
    """Everything but the first pages, as a card does that confuses its blocks."""
    size = file.stat().st_size
    with file.open("r+b") as handle:
        handle.seek(SIZE * 3)
        handle.write(random.Random(1).randbytes(size - SIZE * 3))


def truncate(file: Path) -> None:
    os.truncate(file, SIZE * 2)


def empty(file: Path) -> None:
    os.truncate(file, 0)


def remove(file: Path) -> None:
    for path in file.parent.glob(f"{FILE}*"):
        path.unlink()


def replace(file: Path) -> None:
    other = file.with_name("other")
    other.write_bytes(b"no database" * 1000)
    other.replace(file)


async def filled(book: StoreBook) -> EventRecord:
    """Events with long details, of which the last goes on and is recorded; all in the file."""

    def act() -> None:
        for number in range(EVENTS):
            start = START + timedelta(minutes=number)
            event = book.store._events.add(
                *("door", "motion", start), zone="all", label="walk", score=0.5, why="",
                details={"trail": "x" * 2000}, noted=(1, 0),
            )  # fmt: skip
            book.store._events.end(event.number, start + timedelta(seconds=9))

    await book.call(lambda: book.store.session.write(act))
    going = await book.open_event("door", "motion", START, label="run", details={"box": [1, 2]})
    folder = book.store.folder
    (folder / PATH).parent.mkdir(parents=True)
    (folder / PATH).write_bytes(b"pictures")
    await book.begin_recording(PATH, [going.number])
    await book.call(
        lambda: book.store.session.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    )
    # So that pages are read from the disk, and not remembered.
    await book.call(lambda: book.store.session.connection.execute("PRAGMA cache_size = 10"))
    return going


async def all_events(book: StoreBook) -> list[EventRecord]:
    found: list[EventRecord] = []
    before = None
    while some := await book.events(EventQuery(most=1000, before_number=before)):
        found += some
        before = some[-1].number
    return found


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def inside() -> None:
        await test()

    asyncio.run(inside())


@pytest.mark.parametrize("damage", [overwrite, truncate, empty, remove, replace])
def test_the_service_goes_on_with_another_file_and_loses_nothing_that_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: Callable[[Path], None]
) -> None:
    async def test() -> None:
        async with StoreBook.opened(tmp_path, stored_messages) as book:
            going = await filled(book)
            on_their_way = await asyncio.to_thread(book.outbox.waiting, 10)
            damage(tmp_path / FILE)

            found = await all_events(book)
            assert book.renewals == 1
            if damage in (remove, replace):
                assert len(found) == EVENTS + 1  # what is open can still be read
            assert (found[0].number, found[0].state) == (going.number, "open")
            assert (found[0].label, found[0].details["box"]) == ("run", [1, 2])
            (being_written,) = [
                one for one in await book.call(book.store.recordings) if one.path == PATH
            ]
            assert being_written.is_open
            assert await book.call(lambda: book.store.events_in(PATH)) == [going.number]
            later = await book.open_event("door", "motion", START)
            assert later.number > going.number
            ended = await book.close_event(going.number, START + timedelta(seconds=5))
            assert ended.state == "closed"
            await book.end_recording(PATH, START + timedelta(seconds=5), [going.number])
            waiting = await asyncio.to_thread(book.outbox.waiting, 10)
            # The number of a message on its way is never that of another one.
            assert {one.number for one in waiting if one.change == "end"}.isdisjoint(
                one.number for one in on_their_way
            )
            await book.keep_bounds(StoreSettings(dir=tmp_path, min_free_gb=0.0))
            number = later.number

        assert "while it was in use" in caplog.text
        assert caplog.text.count("while it was in use") == 1
        asides = list(tmp_path.glob(f"{FILE}.damaged-*Z"))
        assert len(asides) == (damage is not remove)
        async with StoreBook.opened(tmp_path) as book:
            assert not any("damaged" in sentence for sentence in book.store.sentences)
            event = await book.event(going.number)
            assert event is not None
            assert (event.state, event.end_utc) == ("closed", START + timedelta(seconds=5))
            last = await book.event(number)
            assert last is not None
            assert last.state == "lost"
            assert {one.path for one in await book.call(book.store.recordings)} == {PATH}

    with caplog.at_level(logging.WARNING):
        run(test)


def test_what_goes_on_keeps_its_recording_its_picture_and_its_lock(tmp_path: Path) -> None:
    picture = recording_path("door", START, 1).replace(".mp4", ".jpg")

    async def test() -> None:
        async with StoreBook.opened(tmp_path) as book:
            going = await filled(book)
            (tmp_path / picture).write_bytes(b"picture")
            await book.attach(
                going.number, recording=PATH, recording_start_utc=START, snapshot=picture
            )
            before = await book.lock(going.number, is_locked=True)
            await book.call(
                lambda: book.store.session.connection.execute(
                    "PRAGMA wal_checkpoint(TRUNCATE)"
                ).fetchall()
            )
            overwrite(tmp_path / FILE)

            await all_events(book)
            assert book.renewals == 1
            assert await book.event(going.number) == before
            assert before is not None
            assert (before.recording, before.snapshot, before.is_locked) == (PATH, picture, True)

    run(test)


def test_an_event_that_is_just_being_recorded_is_not_made_anew_of_its_recording(
    tmp_path: Path,
) -> None:
    """Its file lies there before the store hears of either: it was there twice."""
    later = START + timedelta(seconds=60)
    old, new = (recording_path("door", moment, 1) for moment in (START, later))

    async def test() -> None:
        async with StoreBook.opened(tmp_path) as book:
            (tmp_path / old).parent.mkdir(parents=True)
            for path in (old, new):
                (tmp_path / path).write_bytes(b"pictures")
            os.utime(tmp_path / old, (0.0, 0.0))
            remove(tmp_path / FILE)

            event = await book.open_event("door", "motion", later)
            await book.begin_recording(new, [event.number])

            last, rebuilt = await all_events(book)
            assert last.number == event.number
            assert (rebuilt.recording, rebuilt.details) == (old, {"rebuilt": True})
            assert await book.call(lambda: book.store.events_in(new)) == [event.number]

    run(test)


def test_what_is_written_while_it_is_found_damaged_is_in_the_new_file(tmp_path: Path) -> None:
    async def test() -> None:
        async with StoreBook.opened(tmp_path) as book:
            going = await filled(book)
            remove(tmp_path / FILE)

            event = await book.open_event("yard", "outage", START, why="no answer")

            assert book.renewals == 1
            assert event.number > going.number
        async with StoreBook.opened(tmp_path) as book:
            assert await book.event(event.number) is not None

    run(test)


def test_where_no_other_file_can_be_begun_yet_it_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OutputError("the disk is full")

    async def test() -> None:
        async with StoreBook.opened(tmp_path) as book:
            going = await filled(book)
            remove(tmp_path / FILE)
            with monkeypatch.context() as patch:
                patch.setattr("motionapp.edge.store.session.copy_beside", full)
                with pytest.raises(OutputError, match="the disk is full"):
                    await book.events(EventQuery())
                with pytest.raises(OutputError, match="tried again"):
                    await book.events(EventQuery())
            patch.setattr(books, "RENEW_EACH_S", 0.0)
            book._renew_at_s = 0.0

            assert len(await all_events(book)) == EVENTS + 1
            ended = await book.close_event(going.number, START)
            assert ended.state == "closed"

    run(test)


def test_a_new_file_for_which_there_is_no_room_takes_the_place_of_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What found no room was taken for what cannot be read: messages were lost without a word."""
    messages = 300

    def small(path: Path) -> sqlite3.Connection:
        connection = connect(path)
        connection.execute("PRAGMA max_page_count = 60")
        return connection

    async def test() -> None:
        async with StoreBook.opened(tmp_path, lambda *_: []) as book:
            event = await book.open_event("door", "motion", START)
            some = [Message("door", bytes(1000))] * messages
            await book.call(lambda: book.store.update_event(event.number, messages=lambda _: some))
            remove(tmp_path / FILE)
            with monkeypatch.context() as patch:
                patch.setattr(replacing, "connect", small)
                with pytest.raises(OutputError, match="the disk is full"):
                    await all_events(book)
            book._renew_at_s = 0.0

            assert len(await asyncio.to_thread(book.outbox.waiting, 1000)) == messages

    run(test)


@pytest.mark.parametrize("where", ["put_in_place", "take_up"])
def test_a_try_that_was_broken_off_in_the_middle_loses_nothing_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    module = {"put_in_place": "session", "take_up": "store"}[where]

    def full(*_: object, **__: object) -> None:
        raise OutputError("the disk is full")

    async def test() -> None:
        async with StoreBook.opened(tmp_path) as book:
            going = await filled(book)
            overwrite(tmp_path / FILE)
            with monkeypatch.context() as patch:
                patch.setattr(f"motionapp.edge.store.{module}.{where}", full)
                with pytest.raises(OutputError):
                    await all_events(book)
            book._renew_at_s = 0.0

            assert (await all_events(book))[0].number == going.number
            assert (await book.open_event("door", "motion", START)).number > EVENTS + 1
            assert (await book.close_event(going.number, START)).state == "closed"
        async with StoreBook.opened(tmp_path) as book:
            assert not any("was damaged" in sentence for sentence in book.store.sentences)

    run(test)


def test_what_an_earlier_try_left_is_no_hindrance(tmp_path: Path) -> None:
    async def test() -> None:
        async with StoreBook.opened(tmp_path) as book:
            await filled(book)
            (tmp_path / f"{FILE}{replacing.ENDING}").write_bytes(b"half")
            remove(tmp_path / FILE)
            shutil.copy(__file__, tmp_path / f"{FILE}{replacing.ENDING}-wal")

            assert len(await all_events(book)) == EVENTS + 1
            assert not list(tmp_path.glob(f"*{replacing.ENDING}*"))

    run(test)


def test_an_outbox_of_a_service_that_has_ended_says_so(tmp_path: Path) -> None:
    async def test() -> None:
        async with StoreBook.opened(tmp_path) as book:
            outbox = book.outbox
        with pytest.raises(OutputError, match="the service ends"):
            outbox.waiting(1)

    run(test)
