"""The voice at the broker, with a real one."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from motionapp.core.backoff import Backoff
from motionapp.core.errors import OutputError
from motionapp.edge.mqtt.board import Strangers
from motionapp.edge.mqtt.client import MqttTeller, client_id
from motionapp.edge.mqtt.discovery import discovery_topic
from motionapp.edge.mqtt.outbox import Draft, MemoryOutbox, Message, messages_of
from motionapp.edge.mqtt.topics import Topics
from motionapp.edge.records import Change, EventRecord
from motionapp.settings.edge import MqttSettings
from tests.servers.hangs_up import HangsUp
from tests.servers.log import log_of
from tests.servers.mosquitto import Listener, Mosquitto, free_port, kept, mosquitto, needs_mosquitto
from tests.servers.tellers import Desk, SmallService, desk, ended, event, status

REPOSITORY = Path(__file__).parents[3]
SOON = 0.05
"""Seconds between tries: short enough for a test."""

pytestmark = [pytest.mark.timeout(60)]


class Voice:
    """A teller with what it needs, on a loop of its own."""

    def __init__(self, at: Desk, settings: MqttSettings, *cameras: str) -> None:
        self.desk = at
        self.service, self.outbox = SmallService(*cameras), MemoryOutbox()
        self.teller = MqttTeller(settings, self.service, self.outbox, backoff=Backoff(SOON, SOON))
        at.do(self.teller.start)

    def tell(self, change: Change, about: EventRecord) -> None:
        """As the service does: first into the outbox, then to the tellers."""
        self.outbox.put(messages_of(change, about))
        self.desk.do(lambda: self.teller.event_changed(change, about))


@contextlib.contextmanager
def telling(settings: MqttSettings, *cameras: str) -> Iterator[Voice]:
    with desk() as at:
        it = Voice(at, settings, *(cameras or ("door",)))
        try:
            yield it
        finally:
            it.teller.close()


def at_port(port: int, **more: object) -> MqttSettings:
    return MqttSettings(**{"host": "127.0.0.1", "port": port, **more})


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with mosquitto(tmp_path) as it:
        yield it


def order_of(payload: bytes) -> tuple[str, int]:
    document = json.loads(payload)
    return document["type"], document["event"]["number"]


@needs_mosquitto
def test_a_subscriber_sees_motion_begin_and_end(broker: Mosquitto) -> None:
    with Listener(broker.port) as ear, telling(at_port(broker.port)) as it:
        ear.next("motionapp/door/motion", b"OFF")

        it.tell("new", event())
        assert ear.next("motionapp/door/motion") == b"ON"
        it.tell("end", ended(event()))
        assert ear.next("motionapp/door/motion") == b"OFF"


@needs_mosquitto
def test_the_broker_keeps_how_it_is_but_no_events(broker: Mosquitto) -> None:
    with Listener(broker.port) as ear, telling(at_port(broker.port)) as it:
        it.tell("new", event())
        ear.each("motionapp/door/snapshot", "motionapp/door/events", "motionapp/available")

        now = kept(broker.port, "motionapp/#")

    assert set(now) == {
        "motionapp/available",
        *(f"motionapp/door/{what}" for what in ("state", "motion", "counters", "snapshot")),
    }
    assert now["motionapp/available"] == b"online"
    assert json.loads(now["motionapp/door/state"])["state"] == "live"
    assert now["motionapp/door/motion"] == b"ON"
    assert now["motionapp/door/snapshot"] == b"\xff\xd8a picture"
    assert kept(broker.port, "motionapp/available") == {"motionapp/available": b"offline"}


@needs_mosquitto
def test_events_are_told_as_documents_in_order(broker: Mosquitto) -> None:
    with Listener(broker.port, "motionapp/+/events") as ear, telling(at_port(broker.port)) as it:
        it.tell("new", event(7))
        it.tell("update", event(7, label="walk"))
        it.tell("end", ended(event(7)))

        told = [json.loads(ear.next("motionapp/door/events")) for _ in range(3)]

    assert [one["type"] for one in told] == ["new", "update", "end"]
    assert told[2]["event"]["id"] == "door-7"
    assert told[2]["event"]["end_utc"] == "2026-11-30T08:00:10.000Z"
    assert it.outbox.waiting(10) == ()


@needs_mosquitto
def test_an_event_that_ends_shows_its_own_picture(broker: Mosquitto, tmp_path: Path) -> None:
    picture = tmp_path / "event.jpg"
    picture.write_bytes(b"\xff\xd8its own")
    with (
        Listener(broker.port, "motionapp/door/snapshot") as ear,
        telling(at_port(broker.port)) as it,
    ):
        it.service.files["door/1.jpg"] = picture
        ear.next("motionapp/door/snapshot", b"\xff\xd8a picture")

        it.tell("end", dataclasses.replace(ended(event()), snapshot="door/1.jpg"))

        assert ear.next("motionapp/door/snapshot") == b"\xff\xd8its own"


@needs_mosquitto
def test_the_last_will_is_told_when_the_service_is_killed(broker: Mosquitto) -> None:
    program = """
import asyncio, sys
from motionapp.edge.mqtt.client import MqttTeller
from motionapp.edge.mqtt.outbox import MemoryOutbox
from motionapp.settings.edge import MqttSettings
from tests.servers.tellers import SmallService

async def main():
    settings = MqttSettings(host="127.0.0.1", port=int(sys.argv[1]))
    MqttTeller(settings, SmallService("door"), MemoryOutbox()).start()
    await asyncio.Event().wait()

asyncio.run(main())
"""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with Listener(broker.port, "motionapp/available") as ear:
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(broker.port)], env=environment
        )
        try:
            ear.next("motionapp/available", b"online", timeout_s=30)
        finally:
            process.kill()
            process.wait(10)

        assert ear.next("motionapp/available") == b"offline"


@needs_mosquitto
def test_what_happened_while_the_broker_was_away_arrives_once_and_in_order(tmp_path: Path) -> None:
    """The subscriber has a session that the broker remembers, so that nothing is lost on its side
    whoever comes back first."""
    lasting = ("allow_anonymous true", "persistence true", f"persistence_location {tmp_path}/")
    events = [event(number) for number in range(1, 101)]
    with (
        mosquitto(tmp_path, *lasting) as broker,
        Listener(broker.port, "motionapp/door/events", session="ear") as ear,
        telling(at_port(broker.port)) as it,
    ):
        it.tell("new", event(0))
        ear.next("motionapp/door/events")
        broker.end(gently=True)
        for one in events:
            it.tell("new", one)
            it.tell("end", ended(one))
        assert len(it.outbox.waiting(1000)) == 200

        broker.begin()
        told = [order_of(ear.next("motionapp/door/events")) for _ in range(200)]

    assert told == [(change, one.number) for one in events for change in ("new", "end")]
    assert it.outbox.waiting(1) == ()
    assert ear.heard.empty()


@pytest.mark.parametrize("acknowledged", [(0, None), (1, 0, 3, None), (15, 15, None)])
def test_what_a_broker_did_not_acknowledge_goes_again_in_the_same_order(
    acknowledged: tuple[int | None, ...],
) -> None:
    payloads = [b"%d" % number for number in range(50)] + [b"last"]
    with HangsUp(acknowledged, below="/events") as broker, desk() as at:
        outbox = MemoryOutbox()
        outbox.put(Draft("door/events", payload) for payload in payloads)
        teller = MqttTeller(
            at_port(broker.port), SmallService(), outbox, backoff=Backoff(SOON, SOON)
        )
        at.do(teller.start)
        assert broker.done.wait(10)
        teller.close()

    assert broker.taken == payloads, "what is acknowledged is not sent again"
    assert outbox.waiting(1) == ()
    begin = 0
    for heard, most in zip(broker.connections, acknowledged, strict=True):
        assert heard == payloads[begin : begin + len(heard)]
        begin += most or 0


@needs_mosquitto
def test_after_a_restart_of_the_service_the_rest_comes_from_the_outbox(broker: Mosquitto) -> None:
    outbox = MemoryOutbox()
    with Listener(broker.port, "motionapp/door/events") as ear, desk() as at:
        first = MqttTeller(at_port(broker.port), SmallService("door"), outbox)
        at.do(first.start)
        outbox.put(messages_of("new", event(1)))
        first.wake()
        assert order_of(ear.next("motionapp/door/events")) == ("new", 1)
        first.close()
        outbox.put(messages_of("end", ended(event(1))))

        second = MqttTeller(at_port(broker.port), SmallService("door"), outbox)
        at.do(second.start)
        assert order_of(ear.next("motionapp/door/events")) == ("end", 1)
        second.close()


@needs_mosquitto
def test_after_a_broker_has_lost_everything_it_knows_how_it_is_again(broker: Mosquitto) -> None:
    with telling(at_port(broker.port)) as it:
        with Listener(broker.port) as ear:
            ear.next("motionapp/available", b"online")
        broker.end()
        moving = status(open_events=1)
        it.desk.do(lambda: it.teller.camera_changed(moving))
        broker.begin()

        with Listener(broker.port) as ear:
            ear.next("motionapp/available", b"online")
            now = kept(broker.port)

    assert now["motionapp/door/motion"] == b"ON"
    assert discovery_topic("homeassistant", Topics("motionapp"), "door") in now


@needs_mosquitto
@pytest.mark.parametrize(
    ("key", "payload", "value"),
    [("is_enabled", "OFF", False), ("sensitivity", "1.5", 1.5), ("frontend", "flow", "flow")],
)
def test_a_command_changes_a_camera_and_its_state_tells_so(
    broker: Mosquitto, key: str, payload: str, value: object
) -> None:
    with Listener(broker.port, "motionapp/door/state") as ear, telling(at_port(broker.port)) as it:
        assert json.loads(ear.next("motionapp/door/state"))[key] != value

        ear.say(f"motionapp/door/set/{key}", payload)

        assert json.loads(ear.next("motionapp/door/state"))[key] == value
    assert it.service.asked == [("door", {key: value}, "mqtt")]


@needs_mosquitto
@pytest.mark.parametrize(
    ("topic", "payload", "word"),
    [
        ("motionapp/door/set/is_enabled", "yes", "is_enabled is ON or OFF"),
        ("motionapp/door/set/url", "rtsp://elsewhere", "what can be set is"),
        ("motionapp/gate/set/is_enabled", "ON", "there is no camera of that name"),
    ],
)
def test_what_is_no_command_changes_nothing_and_is_told_in_the_log(
    broker: Mosquitto, topic: str, payload: str, word: str, caplog: pytest.LogCaptureFixture
) -> None:
    with Listener(broker.port, "motionapp/#") as ear, telling(at_port(broker.port)) as it:
        ear.next("motionapp/available", b"online")
        ear.say(topic, payload)
        ear.say("motionapp/door/set/is_enabled", "OFF")
        ear.next("motionapp/door/state", None)
        while it.service.statuses["door"].is_enabled:
            ear.next("motionapp/door/state", None)

    assert it.service.asked == [("door", {"is_enabled": False}, "mqtt")]
    assert word in caplog.text
    assert "elsewhere" not in caplog.text


@needs_mosquitto
def test_a_retained_command_is_ignored(broker: Mosquitto, caplog: pytest.LogCaptureFixture) -> None:
    with Listener(broker.port, "motionapp/#") as ear:
        ear.say("motionapp/door/set/is_enabled", "OFF", retain=True)
        with telling(at_port(broker.port)) as it:
            ear.say("motionapp/door/set/sensitivity", "2")
            while it.service.statuses["door"].sensitivity == 1.0:
                ear.next("motionapp/door/state")
                ear.say("motionapp/door/set/sensitivity", "2")

    assert it.service.statuses["door"].is_enabled
    assert "it was retained" in caplog.text


@needs_mosquitto
def test_who_asks_for_what_is_refused_is_shown_what_holds(
    broker: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    with Listener(broker.port, "motionapp/door/state") as ear, telling(at_port(broker.port)) as it:
        before = ear.next("motionapp/door/state")
        it.service.refuses = "the camera is being started"

        ear.say("motionapp/door/set/frontend", "pose")

        assert ear.next("motionapp/door/state") == before
    assert "a command for door is refused: the camera is being started" in caplog.text


@needs_mosquitto
def test_home_assistant_is_told_again_when_it_has_started(broker: Mosquitto) -> None:
    announced = discovery_topic("homeassistant", Topics("motionapp"), "door")
    with Listener(broker.port) as ear, telling(at_port(broker.port)):
        first = ear.next(announced)
        ear.next("motionapp/available", b"online")

        ear.say("homeassistant/status", "online")

        assert ear.next(announced) == first


@needs_mosquitto
def test_without_discovery_home_assistant_is_told_nothing(broker: Mosquitto) -> None:
    with Listener(broker.port) as ear, telling(at_port(broker.port, discovery=False)):
        ear.next("motionapp/available", b"online")

        assert not [topic for topic in kept(broker.port) if topic.startswith("homeassistant")]


@needs_mosquitto
def test_a_camera_that_is_taken_out_leaves_nothing_behind(broker: Mosquitto) -> None:
    with Listener(broker.port) as ear, telling(at_port(broker.port), "door", "gate") as it:
        ear.each("motionapp/gate/snapshot", "motionapp/available")

        it.desk.do(lambda: it.teller.forget("gate"))
        ear.next(discovery_topic("homeassistant", Topics("motionapp"), "gate"), b"")

        assert not [topic for topic in kept(broker.port) if "gate" in topic]


@needs_mosquitto
def test_a_camera_that_went_while_the_service_did_not_run_leaves_nothing_behind(
    broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motionapp.edge.mqtt.board.FORGET_S", 0.2)
    with Listener(broker.port) as ear:
        with telling(at_port(broker.port), "door", "gate"):
            ear.next("motionapp/gate/snapshot")
        with telling(at_port(broker.port), "door"):
            ear.next(discovery_topic("homeassistant", Topics("motionapp"), "gate"), b"")

            assert not [topic for topic in kept(broker.port) if "gate" in topic]


@needs_mosquitto
def test_another_service_with_the_same_prefix_is_told_of_and_left_alone(
    broker: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    with Listener(broker.port) as ear, telling(at_port(broker.port)) as it:
        ear.next("motionapp/available", b"online")
        ear.say("motionapp/gate/state", '{"state":"live"}', retain=True)
        ear.say("motionapp/available", "offline", retain=True)

        ear.next("motionapp/available", b"offline")
        assert ear.next("motionapp/available") == b"online", "it is not offline"

        it.desk.do(lambda: None)
        assert "motionapp/gate/state" in kept(broker.port)
    assert "another service uses the prefix motionapp and has a camera gate" in caplog.text


def test_a_state_is_taken_for_a_leftover_only_if_nobody_renews_it() -> None:
    strangers = Strangers()

    assert not strangers.heard("old", is_retained=True, now_s=100.0)
    assert not strangers.heard("neighbour", is_retained=True, now_s=100.0)
    assert strangers.heard("neighbour", is_retained=False, now_s=108.0)

    assert strangers.gone(129.9) == []
    assert strangers.gone(130.0) == ["old"]
    assert strangers.gone(200.0) == []


@needs_mosquitto
def test_a_silent_broker_does_not_keep_the_service_from_ending(broker: Mosquitto) -> None:
    with Listener(broker.port) as ear, telling(at_port(broker.port)) as it:
        ear.next("motionapp/available", b"online")
        os.kill(broker.pid, signal.SIGSTOP)
        began_s = time.monotonic()

        it.teller.close()

        took_s = time.monotonic() - began_s
        os.kill(broker.pid, signal.SIGCONT)
    assert took_s < 1.2


def test_a_broker_that_takes_no_pictures_is_told_the_rest() -> None:
    """Some end the connection at a message beyond their limit, and would each time."""
    with (
        log_of("motionapp.edge.mqtt") as log,
        HangsUp([0, 0, 0, None], below="/snapshot") as broker,
        telling(at_port(broker.port)) as it,
    ):
        log.wait_for("takes no pictures of this size")
        it.outbox.put([Draft("door/events", b"last")])
        it.teller.wake()

        assert broker.done.wait(10)

    assert [len(pictures) for pictures in broker.connections] == [1, 1, 1, 0]


@needs_mosquitto
def test_a_full_disk_keeps_events_back_but_nothing_else(
    broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motionapp.edge.mqtt.client.OUTBOX_S", 0.05)
    with (
        log_of("motionapp.edge.mqtt") as log,
        Listener(broker.port) as ear,
        telling(at_port(broker.port)) as it,
    ):
        log.wait_for("connected")
        monkeypatch.setattr(it.outbox, "waiting", full_disk)
        it.tell("new", event(1))
        log.wait_for("events wait: the store cannot be read")
        assert ear.next("motionapp/door/motion", b"ON")
        monkeypatch.undo()
        it.teller.wake()

        assert order_of(ear.next("motionapp/door/events")) == ("new", 1)
        it.teller.close()

    assert sum("events wait" in line for line in log.lines) == 1
    assert "ended the connection" not in "".join(log.lines)


def full_disk(most: int) -> list[Message]:
    raise OutputError("the store cannot be read")


@needs_mosquitto
def test_a_connection_of_before_that_still_stands_gives_way_with_its_will(
    broker: Mosquitto,
) -> None:
    """After a power cut the broker knows for 45 s nothing of it, and might tell the will later."""
    settings = at_port(broker.port)
    before = paho.Client(CallbackAPIVersion.VERSION2, client_id(settings))
    before.will_set("motionapp/available", "offline", qos=1, retain=True)
    with Listener(broker.port, "motionapp/available") as ear:
        before.connect("127.0.0.1", broker.port)
        while not before.is_connected():
            before.loop()

        with telling(settings):
            assert ear.next("motionapp/available") == b"offline"
            assert ear.next("motionapp/available") == b"online"

        before.loop()


def test_the_name_of_a_client_is_one_that_every_broker_takes() -> None:
    name = client_id(at_port(1))

    assert re.fullmatch("[a-z0-9]{1,23}", name)
    assert client_id(at_port(2)) == name
    assert client_id(at_port(1, prefix="shed")) != name


@needs_mosquitto
def test_a_broker_that_falls_silent_is_left_and_found_again(
    broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motionapp.edge.mqtt.link.KEEPALIVE_S", 1)
    with (
        log_of("motionapp.edge.mqtt") as log,
        Listener(broker.port, "motionapp/door/events") as ear,
        telling(at_port(broker.port)) as it,
    ):
        log.wait_for("connected")
        assert it.teller.figures() == {"mqtt_connected": 1.0}
        os.kill(broker.pid, signal.SIGSTOP)
        it.tell("new", event(1))
        log.wait_for("has ended the connection")
        assert it.teller.figures() == {"mqtt_connected": 0.0}
        os.kill(broker.pid, signal.SIGCONT)

        assert order_of(ear.next("motionapp/door/events")) == ("new", 1)


def test_a_broker_that_is_not_there_is_told_of_once_and_looked_for_again() -> None:
    port = free_port()
    with log_of("motionapp.edge.mqtt") as log, telling(at_port(port)) as it:
        log.wait_for("cannot be reached")
        with HangsUp([None], below="/events", port=port) as broker:
            it.outbox.put([Draft("door/events", b"last")])
            it.teller.wake()
            assert broker.done.wait(10)
            it.teller.close()

    assert log.lines == [
        f"MQTT broker 127.0.0.1:{port} cannot be reached: nobody listens on port {port} there; "
        "it is tried again",
        f"MQTT broker 127.0.0.1:{port}: connected",
    ]
