"""Tells Home Assistant of a camera: one device with all its entities in one message.

Device discovery is understood since Home Assistant 2024.11. What may stand in it is in the tests,
with its source.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, get_args

from motionapp.core.version import __version__
from motionapp.edge.mqtt.topics import (
    FRONTENDS,
    LEAST_SENSITIVITY,
    MOST_SENSITIVITY,
    OFF,
    OFFLINE,
    ON,
    ONLINE,
    Topics,
)
from motionapp.edge.records import CameraState, Change

Entity = dict[str, Any]

_TOLD = ("id", "kind", "zone", "label", "score", "start_utc", "end_utc", "has_recording")
"""Of an event, as attributes: Home Assistant's history takes at most 16 kB of them."""
_LABEL = (
    "{{ value_json.event.label if value_json.event.kind == 'motion' else value_json.event.kind }}"
)

_IS_LIVE = f"{{{{ '{ONLINE}' if value_json.state == 'live' else '{OFFLINE}' }}}}"


def device_id(topics: Topics, camera: str) -> str:
    """What a camera's device is called for good. It begins with the camera's name; its end keeps
    services of other prefixes apart."""
    digest = hashlib.sha256(f"{topics.prefix}/{camera}".encode()).hexdigest()
    return f"motionapp_{camera}_{digest[:8]}"


def discovery_topic(discovery_prefix: str, topics: Topics, camera: str) -> str:
    """Where a camera is announced; an empty retained payload there takes it away."""
    return f"{discovery_prefix}/device/{device_id(topics, camera)}/config"


def status_topic(discovery_prefix: str) -> str:
    """Where Home Assistant says that it has started."""
    return f"{discovery_prefix}/status"


def discovery_payload(topics: Topics, camera: str, *, page: str | None = None) -> bytes:
    """What Home Assistant is told of a camera.

    Parameters
    ----------
    topics : Topics
    camera : str
    page : str, optional
        Address of the page, where it can be reached from elsewhere.
    """
    device = device_id(topics, camera)
    about = {
        "ids": [device],
        "name": camera,
        "mf": "motionapp",
        "mdl": "camera",
        "sw": __version__,
    }
    document = {
        "dev": about if page is None else {**about, "cu": page},
        "o": {"name": "motionapp", "sw": __version__},
        "cmps": {
            name: {"unique_id": f"{device}_{name}", **entity}
            for name, entity in _entities(topics, camera).items()
        },
        "avty": [{"t": topics.available}],
        "qos": 1,
    }
    return json.dumps(document, separators=(",", ":")).encode()


def _entities(topics: Topics, camera: str) -> Mapping[str, Entity]:
    return {
        **_seen(topics, camera),
        **_changeable(topics, camera),
        **_diagnostics(topics, camera),
    }


def _seen(topics: Topics, camera: str) -> Mapping[str, Entity]:
    """What the camera sees. While there are no pictures, nobody knows whether anything moves."""
    attributes = ", ".join(f"'{key}': value_json.event.{key}" for key in _TOLD)
    return {
        "motion": {
            "p": "binary_sensor",
            "name": "Motion",
            "device_class": "motion",
            "state_topic": topics.kept(camera, "motion"),
            "payload_on": ON,
            "payload_off": OFF,
            "availability_mode": "all",
            "availability": [
                {"topic": topics.available},
                {
                    "topic": topics.kept(camera, "state"),
                    "value_template": _IS_LIVE,
                },
            ],
        },
        "event": {
            "p": "event",
            "name": "Event",
            "device_class": "motion",
            "state_topic": topics.events(camera),
            "event_types": list(get_args(Change)),
            "value_template": f"{{{{ {{'event_type': value_json.type, {attributes}}} | tojson }}}}",
        },
        "label": {
            "p": "sensor",
            "name": "Last seen",
            "icon": "mdi:run",
            "state_topic": topics.events(camera),
            "value_template": _LABEL,
        },
        "snapshot": {
            "p": "image",
            "name": "Snapshot",
            "content_type": "image/jpeg",
            "image_topic": topics.kept(camera, "snapshot"),
        },
    }


def _changeable(topics: Topics, camera: str) -> Mapping[str, Entity]:
    state = topics.kept(camera, "state")
    return {
        "is_enabled": {
            "p": "switch",
            "name": "Watching",
            "icon": "mdi:cctv",
            "state_topic": state,
            "value_template": f"{{{{ '{ON}' if value_json.is_enabled else '{OFF}' }}}}",
            "command_topic": topics.command(camera, "is_enabled"),
            "payload_on": ON,
            "payload_off": OFF,
        },
        "sensitivity": {
            "p": "number",
            "name": "Sensitivity",
            "entity_category": "config",
            "state_topic": state,
            "value_template": "{{ value_json.sensitivity }}",
            "command_topic": topics.command(camera, "sensitivity"),
            "min": LEAST_SENSITIVITY,
            "max": MOST_SENSITIVITY,
            "step": 0.1,
            "mode": "box",
        },
        "frontend": {
            "p": "select",
            "name": "Front-end",
            "entity_category": "config",
            "state_topic": state,
            "value_template": "{{ value_json.frontend or none }}",
            "command_topic": topics.command(camera, "frontend"),
            "options": list(FRONTENDS),
        },
    }


def _diagnostics(topics: Topics, camera: str) -> Mapping[str, Entity]:
    state, counters = topics.kept(camera, "state"), topics.kept(camera, "counters")

    def figure(name: str, topic: str, key: str, **more: Any) -> Entity:
        return {
            "p": "sensor",
            "name": name,
            "entity_category": "diagnostic",
            "state_topic": topic,
            "value_template": f"{{{{ value_json.{key} }}}}",
            **more,
        }

    return {
        "state": figure(
            "State", state, "state", device_class="enum", options=list(get_args(CameraState))
        ),
        "since": figure("State since", state, "since_utc", device_class="timestamp"),
        "pictures_hz": figure(
            "Pictures analysed",
            counters,
            "pictures_hz",
            device_class="frequency",
            unit_of_measurement="Hz",
            state_class="measurement",
        ),
        "dropped": figure("Pictures dropped", counters, "dropped", state_class="total_increasing"),
        "starts": figure("Starts", counters, "starts", state_class="total_increasing"),
        "written": figure(
            "Recorded",
            counters,
            "written_bytes",
            device_class="data_size",
            unit_of_measurement="B",
            state_class="total_increasing",
        ),
        "written_day": figure(
            "Recorded in a day",
            counters,
            "written_day_bytes",
            device_class="data_size",
            unit_of_measurement="B",
            state_class="measurement",
        ),
    }


def is_birth(payload: bytes) -> bool:
    """Whether Home Assistant says that it has started."""
    return payload == ONLINE.encode()
