"""The shapes of what the API takes and tells, as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from motionapp.edge.records import CameraState, EventKind, EventState
from motionapp.edge.web.api import FRONTENDS, SENSITIVITY

Schema = Mapping[str, Any]

_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_NUMBER: Schema = {"type": "number"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _one_of(values: Any) -> Schema:
    return {"type": "string", "enum": list(values)}


def _all(**properties: Schema) -> Schema:
    """An object that has all of these."""
    return {"type": "object", "required": list(properties), "properties": properties}


def named(name: str) -> Schema:
    """One of `SCHEMAS` by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


_SIZE = {"type": ["array", "null"], "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}

SCHEMAS: Mapping[str, Schema] = {
    "Camera": _all(
        name=_TEXT,
        state=_one_of(get_args(CameraState)),
        since_utc=_MOMENT,
        why=_TEXT,
        is_armed=_FLAG,
        is_enabled=_FLAG,
        is_moving=_FLAG,
        open_events=_COUNT,
        pictures=_COUNT,
        pictures_hz=_NUMBER,
        age_s=_or_null(_NUMBER),
        dropped=_COUNT,
        starts=_COUNT,
        size=_SIZE,
        frontend=_TEXT,
        sensitivity=_NUMBER,
        written_bytes=_COUNT,
        lost_events=_COUNT,
        unrecorded_why=_TEXT,
        written_day_bytes=_COUNT,
    ),
    "Cameras": _all(
        cameras={"type": "array", "items": named("Camera")},
        choices=_all(
            frontends={"type": "array", "items": _TEXT},
            sensitivity={"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2},
        ),
    ),
    "CameraChange": {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {
            "is_enabled": _FLAG,
            "sensitivity": {
                "type": "number",
                "minimum": SENSITIVITY[0],
                "maximum": SENSITIVITY[1],
            },
            "frontend": {
                "type": "string",
                "maxLength": 40,
                "pattern": "^[a-z]+(:[a-z]+)?$",
                "examples": list(FRONTENDS),
            },
        },
    },
    "Event": _all(
        id=_TEXT,
        number={"type": "integer", "minimum": 1},
        camera=_TEXT,
        kind=_one_of(get_args(EventKind)),
        state=_one_of(get_args(EventState)),
        zone=_TEXT,
        label=_TEXT,
        score=_or_null(_NUMBER),
        start_utc=_MOMENT,
        end_utc=_or_null(_MOMENT),
        last_utc=_MOMENT,
        why=_TEXT,
        has_recording=_FLAG,
        recording_start_utc=_or_null(_MOMENT),
        has_snapshot=_FLAG,
        is_locked=_FLAG,
        box={"type": ["array", "null"]},
        segments={"type": "array"},
    ),
    "Events": _all(
        events={"type": "array", "items": named("Event")},
        next_before=_or_null({"type": "integer", "minimum": 1}),
    ),
    "EventChange": {
        "type": "object",
        "required": ["is_locked"],
        "additionalProperties": False,
        "properties": {"is_locked": _FLAG},
    },
    "Why": _all(camera=_TEXT, at_utc=_MOMENT, sentence=_TEXT, verdicts={"type": "array"}),
    "Session": _all(
        role={"type": ["string", "null"], "enum": ["viewer", "admin", None]}, needs_token=_FLAG
    ),
    "Login": {
        "type": "object",
        "required": ["token"],
        "properties": {"token": {"type": "string"}},
    },
    "Health": _all(
        status=_one_of(("ok", "degraded", "down")),
        cameras={"type": "object", "additionalProperties": _COUNT},
    ),
    "Problem": _all(type=_TEXT, title=_TEXT, status={"type": "integer"}, detail=_TEXT),
}
"""What is there may become more: who reads it leaves out what it does not know."""
