"""What Home Assistant is told, held against what it takes.

The tables below are facts, in a form of our own: which keys a message may have, which it must have,
and which values. They were read in November 2026 from Home Assistant's published sources
(github.com/home-assistant/core, Apache License 2.0), of which nothing is copied:
`homeassistant/components/mqtt/` schemas.py at 0f5c1b54 (device discovery) and c6ca7f5f (what all
entities share), config.py at 459c79f2, discovery.py at 00b08a43, event.py at 03ffd74c, image.py at
02e61246, select.py at 01dba6ff, switch.py at 58963430, binary_sensor.py at 121590832, and sensor.py
and number.py; `homeassistant/components/sensor/const.py` (units and state classes of each device
class) and `components/event/` (its device classes).
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.edge.mqtt.discovery import (
    device_id,
    discovery_payload,
    discovery_topic,
    is_birth,
    status_topic,
)
from motionapp.edge.mqtt.topics import (
    Topics,
    counters_payload,
    event_payload,
    read_command,
    state_payload,
)
from motionapp.edge.records import CameraStatus
from tests.servers.tellers import ended, event, status

SHORT = {
    "dev": "device",
    "o": "origin",
    "cmps": "components",
    "avty": "availability",
    "avty_mode": "availability_mode",
    "p": "platform",
    "t": "topic",
}
SHORT_OF_DEVICE = {
    "ids": "identifiers",
    "cns": "connections",
    "mf": "manufacturer",
    "mdl": "model",
    "sw": "sw_version",
    "hw": "hw_version",
    "sn": "serial_number",
    "sa": "suggested_area",
    "cu": "configuration_url",
}
SHORT_OF_ORIGIN = {"sw": "sw_version", "url": "support_url"}

ROOT = {
    "device",
    "origin",
    "components",
    "availability",
    "availability_mode",
    "availability_topic",
    "availability_template",
    "payload_available",
    "payload_not_available",
    "state_topic",
    "command_topic",
    "qos",
    "encoding",
}
ROOT_NEEDS = {"device", "origin", "components"}
DEVICE = set(SHORT_OF_DEVICE.values()) | {"name", "model_id", "via_device"}
ORIGIN = {"name", "sw_version", "support_url"}
AVAILABILITY = {"topic", "payload_available", "payload_not_available", "value_template"}
AVAILABILITY_MODES = {"all", "any", "latest"}

SHARED = {
    "platform",
    "unique_id",
    "name",
    "icon",
    "availability",
    "availability_mode",
    "enabled_by_default",
    "entity_category",
    "json_attributes_topic",
    "json_attributes_template",
    "qos",
    "encoding",
}
READS = {"state_topic", "value_template"}
WRITES = {"command_topic", "command_template", "optimistic", "retain"}
ENTITIES: dict[str, tuple[set[str], set[str]]] = {
    # platform: what it may have besides, what it must have
    "binary_sensor": (
        READS
        | {"device_class", "expire_after", "force_update", "off_delay"}
        | {"payload_on", "payload_off"},
        {"state_topic"},
    ),
    "event": (READS | {"device_class", "event_types"}, {"state_topic", "event_types"}),
    "image": (
        {"content_type", "image_encoding", "image_topic", "url_topic", "url_template"},
        {"image_topic"},
    ),
    "number": (
        READS
        | WRITES
        | {"device_class", "min", "max", "step", "mode", "payload_reset"}
        | {"unit_of_measurement"},
        {"command_topic"},
    ),
    "select": (READS | WRITES | {"options"}, {"command_topic", "options"}),
    "sensor": (
        READS
        | {"device_class", "expire_after", "force_update", "last_reset_value_template"}
        | {"options", "suggested_display_precision", "state_class", "unit_of_measurement"},
        {"state_topic"},
    ),
    "switch": (
        READS | WRITES | {"device_class", "payload_on", "payload_off", "state_on", "state_off"},
        {"command_topic"},
    ),
}
CATEGORIES = {
    # A sensor can be no setting: Home Assistant refuses such an entity.
    "config": {"number", "select", "switch"},
    "diagnostic": set(ENTITIES),
}
DEVICE_CLASSES = {
    # Of each platform, as far as a camera comes near them.
    "binary_sensor": {"connectivity", "motion", "moving", "occupancy", "problem", "running"},
    "event": {"button", "doorbell", "motion"},
    "sensor": {"data_rate", "data_size", "duration", "enum", "frequency", "timestamp"},
}
UNITS: dict[str | None, set[str | None]] = {
    "data_size": {"bit", "kbit", "Mbit", "Gbit", "B", "kB", "MB", "GB", "TB", "KiB", "MiB", "GiB"},
    "duration": {"d", "h", "min", "s", "ms", "µs"},
    "frequency": {"mHz", "Hz", "kHz", "MHz", "GHz"},
    "enum": {None},
    "timestamp": {None},
    None: {None},
}
ALL_CLASSES = {None, "measurement", "total", "total_increasing"}
STATE_CLASSES: dict[str | None, set[str | None]] = {
    "data_size": ALL_CLASSES,
    "duration": ALL_CLASSES,
    "frequency": {None, "measurement"},
    "enum": {None},
    "timestamp": {None},
    None: ALL_CLASSES,
}
ID = re.compile(r"[a-zA-Z0-9_-]+")
ICON = re.compile(r"mdi:[a-z0-9-]+")

TOPICS = Topics("motionapp")


def spelt_out(table: dict[str, Any], short: dict[str, str]) -> dict[str, Any]:
    whole = {short.get(key, key): value for key, value in table.items()}
    assert len(whole) == len(table), "a key is there in both forms"
    return whole


def document_of(camera: str = "door", **more: Any) -> dict[str, Any]:
    """What is told, as Home Assistant reads it."""
    root = spelt_out(json.loads(discovery_payload(TOPICS, camera, **more)), SHORT)
    root["device"] = spelt_out(root["device"], SHORT_OF_DEVICE)
    root["origin"] = spelt_out(root["origin"], SHORT_OF_ORIGIN)
    root["availability"] = [spelt_out(one, SHORT) for one in root["availability"]]
    root["components"] = {
        name: spelt_out(entity, SHORT) for name, entity in root["components"].items()
    }
    return root


def is_topic(text: Any) -> bool:
    """To be told on and to be heard: no wildcards."""
    return isinstance(text, str) and 0 < len(text) < 65536 and not set(text) & set("#+\0")


def check_availability(holder: dict[str, Any]) -> None:
    for one in holder.get("availability", []):
        assert set(one) <= AVAILABILITY
        assert is_topic(one["topic"])
    assert holder.get("availability_mode", "latest") in AVAILABILITY_MODES


ENTITY_NAMES = sorted(document_of()["components"])


def test_the_message_has_what_home_assistant_asks_for() -> None:
    root = document_of(page="https://cameras.local:8480/")

    assert ROOT_NEEDS <= set(root) <= ROOT
    assert set(root["device"]) <= DEVICE
    assert {"name"} <= set(root["origin"]) <= ORIGIN
    assert root["device"]["identifiers"], "a device needs one, or a connection"
    assert root["device"]["configuration_url"].startswith("https://")
    assert all(isinstance(value, str) for value in root["origin"].values())
    assert root["qos"] in (0, 1, 2)
    check_availability(root)


@pytest.mark.parametrize("name", ENTITY_NAMES)
def test_an_entity_has_what_its_platform_takes(name: str) -> None:
    entity = document_of()["components"][name]
    platform = entity["platform"]
    may, must = ENTITIES[platform]

    assert must | {"platform", "unique_id"} <= set(entity) <= may | SHARED
    assert all(is_topic(value) for key, value in entity.items() if key.endswith("_topic"))
    check_availability(entity)
    category = entity.get("entity_category")
    assert category is None or platform in CATEGORIES[category]
    assert entity.get("device_class") in {None, *DEVICE_CLASSES.get(platform, ())}
    assert ICON.fullmatch(entity.get("icon", "mdi:x"))
    if platform == "sensor":
        kind = entity.get("device_class")
        assert entity.get("unit_of_measurement") in UNITS[kind]
        assert entity.get("state_class") in STATE_CLASSES[kind]
        assert ("options" in entity) == (kind == "enum")
    if platform == "number":
        assert entity["min"] < entity["max"]
        assert entity["step"] >= 0.001
        assert entity["mode"] in {"auto", "box", "slider"}
    if platform == "image":
        assert "url_topic" not in entity


def test_no_two_entities_share_an_id() -> None:
    cameras = ("door", "gate", "door_1")
    ids = [
        entity["unique_id"]
        for camera in cameras
        for entity in document_of(camera)["components"].values()
    ]

    assert len(set(ids)) == len(ids) == len(cameras) * len(ENTITY_NAMES)


def rendered(template: str, payload: bytes) -> str:
    """As Home Assistant renders it: the payload's document is `value_json`."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    return environment.from_string(template).render(value_json=json.loads(payload))


def state_of(name: str, camera: CameraStatus) -> str:
    """What an entity shows for a camera's status."""
    entity = document_of()["components"][name]
    payloads = {
        TOPICS.kept("door", "state"): state_payload(camera),
        TOPICS.kept("door", "counters"): counters_payload(camera),
    }
    return rendered(entity["value_template"], payloads[entity["state_topic"]])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("is_enabled", "ON"),
        ("sensitivity", "1.5"),
        ("frontend", "absdiff"),
        ("state", "live"),
        ("since", "2026-11-30T08:00:00.000Z"),
        ("pictures_hz", "9.97"),
        ("dropped", "3"),
        ("starts", "2"),
        ("written", "12345"),
        ("written_day", "678"),
    ],
)
def test_templates_find_what_they_show(name: str, shown: str) -> None:
    camera = status(
        sensitivity=1.5,
        pictures_hz=9.968,
        dropped=3,
        starts=2,
        written_bytes=12345,
        written_day_bytes=678,
    )

    assert state_of(name, camera) == shown


def test_what_is_not_known_is_shown_as_unknown() -> None:
    """Home Assistant takes the word None for that."""
    assert state_of("frontend", status(frontend="")) == "None"
    assert state_of("is_enabled", status(is_enabled=False)) == "OFF"


@pytest.mark.parametrize("state", ["starting", "live", "stalled", "lost", "disabled"])
def test_motion_is_known_only_while_there_are_pictures(state: Any) -> None:
    entity = document_of()["components"]["motion"]
    camera = replace(status(), state=state)

    service, source = entity["availability"]
    assert service["topic"] == TOPICS.available
    assert source["topic"] == TOPICS.kept("door", "state")
    shown = rendered(source["value_template"], state_payload(camera))
    assert shown == ("online" if state == "live" else "offline")
    assert entity["availability_mode"] == "all"


def test_every_state_of_a_camera_is_an_option() -> None:
    assert document_of()["components"]["state"]["options"] == [
        "starting",
        "live",
        "stalled",
        "lost",
        "disabled",
    ]


@pytest.mark.parametrize("change", ["new", "update", "end"])
def test_an_event_comes_as_home_assistant_wants_it(change: Any) -> None:
    entity = document_of()["components"]["event"]
    told = replace(ended(event(7)), label='walk "fast" <b>', zone="höf")

    document = json.loads(rendered(entity["value_template"], event_payload(change, told)))

    assert document.pop("event_type") == change
    assert change in entity["event_types"]
    assert document["id"] == "door-7"
    assert document["label"] == 'walk "fast" <b>'
    assert document["zone"] == "höf"
    assert "segments" not in document, "they may be longer than its history takes"


def test_what_was_last_seen_is_a_name_or_what_went_wrong() -> None:
    template = document_of()["components"]["label"]["value_template"]

    assert rendered(template, event_payload("end", ended(event()))) == "walk"
    assert rendered(template, event_payload("new", event(kind="outage"))) == "outage"


@pytest.mark.parametrize(
    ("name", "payload"),
    [("is_enabled", "OFF"), ("sensitivity", "2.3"), ("frontend", "flow")],
)
def test_what_it_sends_is_understood(name: str, payload: str) -> None:
    entity = document_of()["components"][name]

    command = read_command(TOPICS, entity["command_topic"], payload.encode(), is_retained=False)

    assert set(command.changes) == {name}


@pytest.mark.parametrize("prefix", ["motionapp", "home/cameras", "A-b/c_D/0"])
@given(camera=st.text("abyz019_-", min_size=1, max_size=40))
def test_a_device_has_a_topic_of_letters_that_are_allowed(prefix: str, camera: str) -> None:
    topic = discovery_topic("homeassistant", Topics(prefix), camera)

    start, kind, name, end = topic.split("/")
    assert (start, kind, end) == ("homeassistant", "device", "config")
    assert ID.fullmatch(name)


def test_services_of_other_prefixes_are_other_devices() -> None:
    """A prefix with a name in it is no other camera's."""
    names = {
        device_id(Topics(prefix), camera)
        for prefix, camera in [("home", "hall_door"), ("home_hall", "door"), ("home/hall", "door")]
    }

    assert len(names) == 3


def test_it_is_heard_when_home_assistant_starts() -> None:
    assert status_topic("homeassistant") == "homeassistant/status"
    assert is_birth(b"online")
    assert not is_birth(b"offline")
