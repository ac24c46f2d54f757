"""A mosquitto of a test's own: on a free port of loopback, ended by its id."""

from __future__ import annotations

import contextlib
import queue
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")

needs_mosquitto = pytest.mark.skipif(
    MOSQUITTO is None, reason="no broker: mosquitto is not installed (apt-get install mosquitto)"
)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class Mosquitto:
    """A broker that can be ended and begun again on the same port.

    Parameters
    ----------
    folder : Path
        For its configuration.
    lines : sequence of str
        More of its configuration, instead of letting everybody in.
    """

    def __init__(self, folder: Path, *lines: str) -> None:
        self.port = free_port()
        self._file = folder / f"mosquitto-{self.port}.conf"
        more = "\n".join(lines or ["allow_anonymous true"])
        # Begun as root it would become another user, who may not read this folder.
        self._file.write_text(f"listener {self.port} 127.0.0.1\nuser root\n{more}\n")
        self._process: subprocess.Popen[str] | None = None
        self._drain: threading.Thread | None = None

    def begin(self) -> None:
        """Returns when it listens."""
        assert MOSQUITTO is not None
        process = subprocess.Popen(
            [MOSQUITTO, "-v", "-c", str(self._file)], stderr=subprocess.PIPE, text=True
        )
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if "running" in line:
                break
        else:
            process.wait(5)
            process.stderr.close()
            raise AssertionError(f"mosquitto does not start: {''.join(said)}")
        self._process = process
        # Nobody reads on, and what is not read would stop it.
        self._drain = threading.Thread(target=process.stderr.read, name="mosquitto-log")
        self._drain.start()

    def end(self, *, gently: bool = False) -> None:
        """Kill it, or let it write down what it holds; nothing happens if it does not run."""
        if self._process is not None and self._drain is not None:
            self._process.send_signal(signal.SIGTERM if gently else signal.SIGKILL)
            self._process.wait(5)
            self._drain.join(5)
            assert self._process.stderr is not None
            self._process.stderr.close()
            self._process = None

    @property
    def pid(self) -> int:
        """Of its process."""
        assert self._process is not None
        return self._process.pid


@contextlib.contextmanager
def mosquitto(folder: Path, *lines: str) -> Iterator[Mosquitto]:
    """A broker that runs."""
    broker = Mosquitto(folder, *lines)
    broker.begin()
    try:
        yield broker
    finally:
        broker.end()


class Listener:
    """Somebody who hears what the broker tells, and can say something.

    Parameters
    ----------
    port : int
    topic : str
        A subscription.
    session : str, optional
        A name under which the broker keeps messages for them while they are away.
    """

    def __init__(self, port: int, topic: str = "#", *, session: str | None = None) -> None:
        self._port, self._topic = port, topic
        self.heard: queue.Queue[paho.MQTTMessage] = queue.Queue()
        self.client = paho.Client(
            CallbackAPIVersion.VERSION2, session or "", clean_session=session is None
        )
        self.client.reconnect_delay_set(1, 1)
        self.client.on_message = lambda _client, _data, message: self.heard.put(message)
        self.client.on_connect = lambda client, *_: client.subscribe(self._topic, 1)
        self._subscribed = threading.Event()
        self.client.on_subscribe = lambda *_: self._subscribed.set()

    def __enter__(self) -> Listener:
        self.client.connect("127.0.0.1", self._port)
        self.client.loop_start()
        assert self._subscribed.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def next(self, topic: str, payload: bytes | None = None, *, timeout_s: float = 10) -> bytes:
        """The next message of a topic, or the next that says this; others are passed over."""
        while True:
            message = self.heard.get(timeout=timeout_s)
            if message.topic == topic and payload in (None, message.payload):
                return bytes(message.payload)

    def each(self, *topics: str) -> None:
        """Until something was told on each of these, in whatever order."""
        missing = set(topics)
        while missing:
            missing.discard(self.heard.get(timeout=10).topic)

    def say(self, topic: str, payload: str | bytes, *, retain: bool = False) -> None:
        """Tell the broker something; it has it when this returns."""
        self.client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(10)


def kept(port: int, topic: str = "#") -> dict[str, bytes]:
    """What a broker keeps, by topic: all of it comes before the answer to a question of ours."""
    found = {}
    with Listener(port, topic) as ear:
        ear.client.subscribe("asked", 1)
        ear.say("asked", "now")
        while (message := ear.heard.get(timeout=10)).topic != "asked":
            if message.retain:
                found[message.topic] = bytes(message.payload)
    return found
