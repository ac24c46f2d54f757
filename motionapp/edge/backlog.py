"""What a camera's process has said and the store has not taken yet: in order, bounded, counted.

A store that is slow, or on a full disk, holds up nobody who watches: what it cannot take waits here
until it can. Where too much waits, first what an event says on its way is left out, which its end
says once more; then what begins is refused as a whole, and counted.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final, Literal

from motionapp.edge.protocol import Message

FEW: Final = 1000
"""Beyond, what is said on the way is left out: a busy hour's messages."""
MOST: Final = 4000
"""Beyond, nothing that begins is taken: of some kilobytes each, about ten megabytes a camera. An
event needs five: six hundred of them wait behind the first thousand messages."""
GONE: Final[Message] = {"type": "gone"}
"""Said for a process that has ended: what it had open is lost."""
END: Final[Message] = {"type": "end of all"}
"""Nothing comes behind it."""

Thing = tuple[str, ...]
OUTAGE: Final[Thing] = ("outage", "all")
"""Goes on when the process ends: it is the camera's."""
Part = Literal["begins", "goes on", "ends", "belongs"]
"""``belongs``: a picture of an event, say, which is said once."""


class Backlog:
    """Messages in line for the store. Used on the event loop.

    Parameters
    ----------
    few, most : int
        As `FEW` and `MOST`.
    """

    def __init__(self, *, few: int = FEW, most: int = MOST) -> None:
        self._few, self._most = few, most
        self._messages: deque[Message] = deque()
        self._has_some = asyncio.Event()
        self._begun: set[Thing] = set()
        """What goes on, as its process tells."""
        self._refused: set[Thing] = set()
        """What goes on and is not to be written down."""
        self.lost = 0
        """Events that were refused."""

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def open_motion(self) -> int:
        """Events of motion that go on, written down or not."""
        return sum(thing[0] == "motion" for thing in self._begun | self._refused)

    def put(self, message: Message) -> None:
        """Take a message, if it is for the store. Never waits.

        Raises
        ------
        KeyError, TypeError
            It is not as it should be.
        """
        if message is GONE or message is END:
            self._begun &= {OUTAGE}
            self._refused &= {OUTAGE}
            if not self._messages or self._messages[-1] is not message:
                self._append(message)
            return
        told = part_of(message)
        if told is None:
            return
        thing, part = told
        if thing in self._refused:
            if part == "ends":
                self._refused.discard(thing)
        elif part == "ends" and thing in self._begun:
            # Taken in any case: there are no more of them than beginnings were taken.
            self._begun.discard(thing)
            self._append(message)
        elif part == "begins":
            self._begin(thing, message)
        elif len(self) < (self._few if part == "goes on" else self._most):
            self._append(message)

    async def first(self) -> Message:
        """The oldest message, as soon as there is one; again the same until it is `done`."""
        await self._has_some.wait()
        return self._messages[0]

    def done(self) -> None:
        """The oldest has been written down."""
        self._messages.popleft()
        if not self._messages:
            self._has_some.clear()

    def _begin(self, thing: Thing, message: Message) -> None:
        if thing in self._begun and len(self) >= self._few:
            return  # it has another reason, and goes on
        if len(self) < self._most:
            self._begun.add(thing)
            self._append(message)
            return
        self._refused.add(thing)
        # A recording is found beside the database at the next start.
        self.lost += thing[0] != "recording"

    def _append(self, message: Message) -> None:
        self._messages.append(message)
        self._has_some.set()


def part_of(message: Message) -> tuple[Thing, Part] | None:
    """Of what a message tells, and whether that begins, goes on or ends; None: not for the store.

    Raises
    ------
    KeyError, TypeError
        It is not as it should be.
    """
    kind = message["type"]
    if kind in ("opened", "closed"):
        return ("motion", str(message["event"]["id"])), "begins" if kind == "opened" else "ends"
    if kind in ("changed", "open"):
        return ("motion", str(message["id"])), "goes on"
    if kind == "kept":
        return ("motion", str(message["id"])), "belongs"
    if kind == "crossing":
        return ("crossing",), "belongs"
    if kind == "health":
        thing = (str(message["kind"]), str(message.get("zone", "all")))
        return thing, "begins" if message["begins"] else "ends"
    if kind == "recording" and message["change"] in _RECORDED:
        return ("recording", str(message["path"])), _RECORDED[message["change"]]
    return None


_RECORDED: Final[dict[str, Part]] = {"begun": "begins", "grown": "goes on", "finished": "ends"}
