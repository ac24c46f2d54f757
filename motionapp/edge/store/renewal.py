"""A new file, in the place of one that was damaged while it was in use, takes up what goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from motionapp.edge.records import EventRecord
from motionapp.edge.store.events import Events
from motionapp.edge.store.files import Files
from motionapp.edge.store.mending import Mended, keep, mend
from motionapp.edge.store.outbox import Outbox
from motionapp.edge.store.session import REBUILDING, Session

UNTOLD: Final = timedelta(seconds=5)
"""So much later than it lies on the disk a recording is told of at most, and its event, where the
store takes what it is told."""


def take_up(
    session: Session,
    going: Mapping[int, EventRecord],
    writing: Mapping[str, Iterable[int]],
    *,
    handed_to: int,
) -> Mended:
    """Let events and recordings go on, and bring the folder into agreement; in one transaction.

    Parameters
    ----------
    session : Session
        Whose file is new.
    going : mapping of int to EventRecord
        Events that go on, by their numbers.
    writing : mapping of str to iterable of int
        Recordings that are being written, with the events in them.
    handed_to : int
        Up to this number messages are on their way to the broker: none of these may become that of
        another message.

    Raises
    ------
    OutputError
        It cannot be written; nothing of it was.
    """

    def act() -> Mended:
        connection, noted = session.connection, session.noted()
        events, files = Events(connection), Files(connection)
        session.meta.go_on_after(handed_to, "outbox")
        Outbox(connection).recount()
        for number, event in going.items():
            if events.one(number) is None:
                events.restore(event, noted)
        for event in events.open_ones():
            if event.number not in going:  # it has ended, and that was lost
                events.lose(event.number)
        for path, held in writing.items():
            keep(session.folder, files, path, held, is_open=True, noted=noted)
        mended = mend(
            session.folder,
            connection,
            noted=noted,
            is_rebuilding=True,
            writing=writing,
            told_until=session.written_utc - UNTOLD,
        )
        session.meta.remove(REBUILDING)
        return mended

    return session.write(act)
