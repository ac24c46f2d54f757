"""The newest packets of a stream, in memory: what came before an event is there when it begins."""

from __future__ import annotations

from collections import deque

from motionapp.core.packet import Packet


class PacketRing:
    """Holds packets from a key frame of the video on.

    Parameters
    ----------
    most_s : float
        What is older than the last key frame so long ago is let go: that much can be asked for.
    most_bytes : int
        Older packets are let go beyond that, a key frame and all that is built upon it at a time.

    Notes
    -----
    Where a single key frame and what is built upon it are more than `most_bytes`, they go too, and
    nothing is held until the next key frame: the bound holds.
    """

    def __init__(self, *, most_s: float, most_bytes: int) -> None:
        self._most_s, self._most_bytes = most_s, most_bytes
        self._packets: deque[Packet] = deque()
        self._keys: deque[float] = deque()
        """`at_s` of the key frames among them."""
        self._bytes = 0

    @property
    def held_bytes(self) -> int:
        """What it holds now."""
        return self._bytes

    @property
    def held_s(self) -> float:
        """How far back it goes."""
        if not self._packets:
            return 0.0
        return self._packets[-1].at_s - self._packets[0].at_s

    def add(self, packet: Packet) -> None:
        """Hold the next packet; what it cannot stand behind is let go first."""
        if self._packets and not packet.follows(self._packets[-1]):
            self.clear()
        is_key = packet.is_video and packet.is_key
        if not is_key and not self._packets:
            return
        self._packets.append(packet)
        self._bytes += len(packet.data)
        if is_key:
            self._keys.append(packet.at_s)
        while len(self._keys) > 1 and self._keys[1] <= packet.at_s - self._most_s:
            self._let_go()
        while self._bytes > self._most_bytes:
            self._let_go()

    def since(self, at_s: float) -> list[Packet]:
        """The packets from the last key frame at or before a time; from the first if all are later.

        Parameters
        ----------
        at_s : float
            On the packets' time line.
        """
        begin_s = next((key_s for key_s in reversed(self._keys) if key_s <= at_s), None)
        if begin_s is None:
            return list(self._packets)
        found: deque[Packet] = deque()
        for packet in reversed(self._packets):
            found.appendleft(packet)
            if packet.is_video and packet.is_key and packet.at_s <= begin_s:
                break
        return list(found)

    def clear(self) -> None:
        """Hold nothing until the next key frame."""
        self._packets.clear()
        self._keys.clear()
        self._bytes = 0

    def _let_go(self) -> None:
        """Let the first key frame go, and what is built upon it."""
        self._keys.popleft()
        self._bytes -= len(self._packets.popleft().data)
        while self._packets and not (self._packets[0].is_video and self._packets[0].is_key):
            self._bytes -= len(self._packets.popleft().data)
