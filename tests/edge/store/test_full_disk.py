"""A full disk: events are kept as long as can be, then one sentence, and on when there is room."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from motionapp.core.errors import OutputError
from motionapp.edge.seams import EventQuery
from motionapp.edge.store.outbox import Message
from motionapp.edge.store.room import FILE, SIZE_BYTES
from motionapp.edge.store.store import Store
from tests.edge.store.conftest import START, Clock, Open

FULL = r"cannot be written: the disk is full\. It is as it was before; make room"


def fill(store: Store) -> int:
    """Open events until one is refused; how many there are."""
    for number in range(1_000_000):
        try:
            store.open_event(
                "door",
                "motion",
                START,
                details={"trail": "x" * 3000},
                messages=lambda event: [Message("t", b"x" * 1000)],
            )
        except OutputError:
            return number
    raise AssertionError("never full")


def test_a_file_that_may_not_grow_is_told_and_goes_on_when_it_may(open_store: Open) -> None:
    store = open_store()
    (pages,) = store.session.connection.execute("PRAGMA page_count").fetchone()
    store.session.connection.execute(f"PRAGMA max_page_count = {pages + 20}")
    written = fill(store)
    assert written > 5

    with pytest.raises(OutputError, match=FULL) as raised:
        store.open_event("door", "motion", START, details={"trail": "x" * 9000})

    assert raised.value.exit_code == 5
    assert len(store.events(EventQuery())) == store.outbox.messages == written
    store.session.connection.execute(f"PRAGMA max_page_count = {pages + 2000}")
    assert store.open_event("door", "motion", START).number == written + 1
    assert len(open_store().lost) == written + 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 32 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if os.name != "posix" or os.geteuid() != 0 or mount is None:
        pytest.skip("no small disk: only root may mount one")
    ran = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=32m", "tmpfs", place], capture_output=True, timeout=50
    )
    if ran.returncode:
        pytest.skip("no small disk: it cannot be mounted here")
    yield place
    subprocess.run(["umount", place], check=True, timeout=50)


def test_on_a_disk_that_is_really_full_the_room_held_back_is_used_first(
    small_disk: Path, clock: Clock
) -> None:
    with Store(small_disk, now=clock) as store:
        assert (small_disk / FILE).stat().st_size == SIZE_BYTES
        ballast = small_disk / "others"
        with ballast.open("wb") as file:
            file.write(bytes(shutil.disk_usage(small_disk).free - 100_000))

        written = fill(store)

        assert written > 200  # without that room it would be about 20
        assert not (small_disk / FILE).exists()
        with pytest.raises(OutputError, match="cannot be"):
            store.note_change("door", "key", "x" * 100_000, "me")
        ballast.unlink()
        store.open_event("door", "motion", START)
        assert len(store.events(EventQuery(most=1000))) == written + 1


def test_on_a_full_disk_the_store_is_opened_with_the_room_held_back(
    small_disk: Path, clock: Clock
) -> None:
    with Store(small_disk, now=clock) as store:
        store.open_event("door", "motion", START)
    (small_disk / "others").write_bytes(bytes(shutil.disk_usage(small_disk).free))
    assert shutil.disk_usage(small_disk).free == 0

    with Store(small_disk, now=clock) as store:
        assert len(store.lost) == 1
        store.open_event("door", "motion", START)


def test_a_disk_that_is_full_from_the_first_is_told(small_disk: Path, clock: Clock) -> None:
    (small_disk / "others").write_bytes(bytes(shutil.disk_usage(small_disk).free))

    with pytest.raises(OutputError, match=r"full|cannot be written"):
        Store(small_disk, now=clock)
