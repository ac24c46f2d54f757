"""A process that records all that a stream sends, until somebody kills it."""

from __future__ import annotations

import threading
from multiprocessing.connection import Connection
from pathlib import Path

from motionapp.core.packet import Packet
from motionapp.edge.camera.recorder import Recorder
from motionapp.settings.edge import RecordSettings
from motionapp.sources import PacketReader, Tap


def record(url: str, folder: Path, news: Connection) -> None:
    """Send when each picture is decoded, once it has been handed over."""
    recorder = Recorder(RecordSettings(when="always"), folder, "door", lambda told: None)

    def accept(packet: Packet) -> None:
        recorder.accept(packet)
        if packet.is_video:
            news.send(packet.at_s)

    with PacketReader(url, Tap(accept)):
        threading.Event().wait(60)
