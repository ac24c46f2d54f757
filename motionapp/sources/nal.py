"""What the first bytes of a packet of H.264 say of the picture in it."""

from __future__ import annotations

from typing import Final

import av
from av.video.stream import VideoStream

SLICES: Final = (1, 2, 5)
"""Kinds of units that hold a part of a picture (ITU-T H.264, table 7-1)."""
MOST_UNITS: Final = 32
"""Before the first part of a picture stand a few headers; more is damage."""
START: Final = b"\x00\x00\x01"


def is_reference_of(packet: av.Packet[VideoStream], header: bytes) -> bool:
    """Whether other pictures may be built upon the one in a packet.

    Parameters
    ----------
    packet : Packet
    header : bytes
        The stream's own; its first byte is 1 where units are told by their length.

    Returns
    -------
    bool
        True where it cannot be told: all but the last of a chain are.
    """
    content = memoryview(packet)
    if header[:1] == b"\x01" and len(header) > 4:
        return _by_length(content, (header[4] & 3) + 1)
    return _by_start(content)


def _by_length(content: memoryview, size: int) -> bool:
    at = 0
    for _ in range(MOST_UNITS):
        if at + size >= len(content):
            return True
        first = content[at + size]
        if first & 31 in SLICES:
            return first & 0x60 != 0
        at += size + int.from_bytes(content[at : at + size], "big")
    return True


def _by_start(content: memoryview) -> bool:
    # What precedes the picture is short: the rest is not looked through.
    head = bytes(content[:4096])
    at = 0
    for _ in range(MOST_UNITS):
        at = head.find(START, at) + len(START)
        if at < len(START) or at >= len(head):
            return True
        if head[at] & 31 in SLICES:
            return head[at] & 0x60 != 0
    return True
