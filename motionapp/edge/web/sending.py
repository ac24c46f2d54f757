"""Answers that are sent bit by bit: files of the store, and live pictures.

Both end when their client goes. A client that takes nothing is let go by its connection.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from motionapp.edge.web.problems import Problem
from motionapp.edge.web.ranges import Unsatisfiable, part_of

CHUNK_BYTES = 64 * 1024
"""What a connection takes at once before it asks its sender to wait."""
BOUNDARY = "picture"


async def until_gone(receive: Receive, work: Coroutine[Any, Any, None]) -> None:
    """Do some work, or as much of it as can be done before the client goes."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    doing, leaving = asyncio.create_task(work), asyncio.create_task(gone())
    try:
        await asyncio.wait({doing, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        doing.cancel()
        leaving.cancel()
        await asyncio.gather(doing, leaving, return_exceptions=True)
    if not doing.cancelled():
        doing.result()


class FileAnswer(Response):
    """A file of the store, or the part of it that is asked for.

    It is opened once, so that what is told of its size is true of what is sent, though it may
    grow or go meanwhile.

    Parameters
    ----------
    path : Path
        As the service gave it.
    media_type : str
    name : str
        Under which a browser stores it.
    """

    def __init__(self, path: Path, media_type: str, name: str) -> None:
        self._path = path
        self.status_code = 200
        self.media_type = media_type
        self.background = None
        self.body = b""
        self.init_headers(
            {
                "Accept-Ranges": "bytes",
                "Cache-Control": "private, no-cache",
                "Content-Disposition": f'inline; filename="{name}"',
            }
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        try:
            file, size, tag = await asyncio.to_thread(_opened, self._path)
        except OSError:
            gone = Problem(404, "The file of this event is gone.")
            await gone.response()(scope, receive, send)
            return
        try:
            asked = Headers(scope=scope)
            self.headers["etag"] = tag
            if tag in [each.strip() for each in asked.get("if-none-match", "").split(",")]:
                self.status_code, part = 304, (0, 0)
                del self.headers["content-length"]
            else:
                part = self._part(asked, size, tag)
            is_short = scope["method"] == "HEAD" or self.status_code == 304
            start = {"type": "http.response.start", "status": self.status_code}
            await send({**start, "headers": self.raw_headers})
            if is_short:
                await send({"type": "http.response.body"})
            else:
                await until_gone(receive, _send_part(send, file, *part))
        finally:
            os.close(file)

    def _part(self, asked: Headers, size: int, tag: str) -> tuple[int, int]:
        """Which bytes are sent, as the headers then say; a `Problem` where there are none."""
        is_same = asked.get("if-range", tag) == tag
        try:
            part = part_of(asked.get("range") if is_same else None, size)
        except Unsatisfiable:
            there = {"Content-Range": f"bytes */{size}"}
            raise Problem(416, "The file has no such bytes; it ends before.", there) from None
        if part is not None:
            self.status_code = 206
            self.headers["content-range"] = f"bytes {part[0]}-{part[1] - 1}/{size}"
        first, end = part or (0, size)
        self.headers["content-length"] = str(end - first)
        return first, end


class LiveAnswer(Response):
    """Pictures one after the other in one answer, each in the place of the last.

    Parameters
    ----------
    pictures : AsyncIterator of bytes
        JPEGs.
    held : context manager
        Entered while they are sent.
    is_wanted : callable
        Asked before each picture.
    """

    def __init__(
        self,
        pictures: AsyncIterator[bytes],
        *,
        held: AbstractContextManager[None],
        is_wanted: Callable[[], bool],
    ) -> None:
        self._pictures, self._held, self._is_wanted = pictures, held, is_wanted
        self.status_code = 200
        self.media_type = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
        self.background = None
        self.body = b""
        headers: Mapping[str, str] = {"Connection": "close"}
        self.init_headers(headers)
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["method"] == "HEAD":
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await send({"type": "http.response.body"})
            return
        with self._held:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await until_gone(receive, self._send_all(send))

    async def _send_all(self, send: Send) -> None:
        """The border stands behind each picture: browsers show it when they have read that."""
        border = f"--{BOUNDARY}\r\n".encode()
        await send({"type": "http.response.body", "body": border, "more_body": True})
        try:
            async for picture in self._pictures:
                if not self._is_wanted():
                    break
                head = f"Content-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
                body = head.encode() + picture + b"\r\n" + border
                await send({"type": "http.response.body", "body": body, "more_body": True})
        finally:
            # A generator that is left is else closed some time later; an iterator need not be one.
            if (close := getattr(self._pictures, "aclose", None)) is not None:
                await close()
        await send({"type": "http.response.body"})


async def _send_part(send: Send, file: int, first: int, end: int) -> None:
    os.lseek(file, first, os.SEEK_SET)
    while first < end:
        chunk = await _read(file, min(CHUNK_BYTES, end - first))
        if not chunk:
            return  # cut off meanwhile: the connection ends before what was promised, as it must
        first += len(chunk)
        more = first < end
        await send({"type": "http.response.body", "body": chunk, "more_body": more})
    if end == 0:
        await send({"type": "http.response.body"})


async def _read(file: int, size: int) -> bytes:
    """Read in a thread; who is cancelled waits for it, since the number of a file that is closed
    may be that of another one when it is read."""
    reading = asyncio.create_task(asyncio.to_thread(os.read, file, size))
    try:
        return await asyncio.shield(reading)
    except asyncio.CancelledError:
        await asyncio.wait({reading})
        raise


def _opened(path: Path) -> tuple[int, int, str]:
    """A file, its size, and a mark of this state of it."""
    # A pipe or a device in its place would be waited for.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    file = os.open(path, flags | getattr(os, "O_BINARY", 0))
    found = os.fstat(file)
    if not stat.S_ISREG(found.st_mode):
        os.close(file)
        raise OSError("no file")
    return file, found.st_size, f'"{found.st_mtime_ns:x}-{found.st_size:x}"'
