"""All that may be asked for: the one table that answers, rights and description come from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from motionapp.edge.web import api, asking
from motionapp.edge.web.access import Role
from motionapp.edge.web.asking import Parameter
from motionapp.edge.web.metrics import MEDIA_TYPE as METRICS_TYPE
from motionapp.edge.web.schemas import Schema, named

Handler = Callable[..., Awaitable[Response]]
"""Takes the site, the request, the caller (None where everybody may ask) and what stands in the
address, read."""

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes if all is well."""

    media_type: str | None
    schema: Schema | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that may be asked for."""

    method: str
    path: str
    name: str
    text: str
    """What it gives."""
    handler: Handler
    role: Role | None
    """Who may ask; None: everybody."""
    answers: Mapping[int, Answer]
    parameters: tuple[Parameter, ...] = ()
    body: Schema | None = None
    problems: tuple[int, ...] = ()
    """That may come beside those that may always come."""


def _told(name: str) -> dict[int, Answer]:
    return {200: Answer(JSON, named(name))}


def _sent(media_type: str, *, schema: Schema | None = None) -> dict[int, Answer]:
    return {200: Answer(media_type, schema)}


_CAMERA = (asking.CAMERA_PATH,)
_EVENT = (asking.NUMBER_PATH,)
_FILE_OF_EVENT = (asking.NUMBER_PATH, asking.RANGE)
_CHANGE = (413, 415, 422)
_BYTES: Mapping[str, Any] = {"type": "string", "format": "binary"}
_FILE: Mapping[int, Answer] = {304: Answer(None)}

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET",
        "/api/v1/cameras",
        "cameras",
        "All cameras, and what may be chosen for them.",
        api.cameras,
        "viewer",
        _told("Cameras"),
    ),
    Operation(
        "GET",
        "/api/v1/cameras/{name}",
        "camera",
        "A camera.",
        api.camera,
        "viewer",
        _told("Camera"),
        _CAMERA,
    ),
    Operation(
        "PATCH",
        "/api/v1/cameras/{name}",
        "change_camera",
        "Change some of a camera.",
        api.change_camera,
        "admin",
        _told("Camera"),
        _CAMERA,
        named("CameraChange"),
        (*_CHANGE, 503),
    ),
    Operation(
        "GET",
        "/api/v1/cameras/{name}/snapshot.jpg",
        "snapshot",
        "Its newest picture.",
        api.snapshot,
        "viewer",
        _sent("image/jpeg", schema=_BYTES),
        _CAMERA,
        None,
        (409, 503),
    ),
    Operation(
        "GET",
        "/api/v1/cameras/{name}/live.mjpg",
        "live",
        "Its pictures as they come.",
        api.live,
        "viewer",
        _sent("multipart/x-mixed-replace", schema=_BYTES),
        _CAMERA,
    ),
    Operation(
        "GET",
        "/api/v1/cameras/{name}/heat.png",
        "heat",
        "Where it has moved.",
        api.heat,
        "viewer",
        _sent("image/png", schema=_BYTES),
        _CAMERA,
        None,
        (409, 503),
    ),
    Operation(
        "GET",
        "/api/v1/events",
        "events",
        "Events, the newest first.",
        api.events,
        "viewer",
        _told("Events"),
        asking.EVENT_FILTERS,
        None,
        (503,),
    ),
    Operation(
        "GET",
        "/api/v1/events/{number}",
        "event",
        "An event.",
        api.event,
        "viewer",
        _told("Event"),
        _EVENT,
        None,
        (503,),
    ),
    Operation(
        "PATCH",
        "/api/v1/events/{number}",
        "change_event",
        "Keep an event, or no longer.",
        api.change_event,
        "admin",
        _told("Event"),
        _EVENT,
        named("EventChange"),
        (*_CHANGE, 503),
    ),
    Operation(
        "GET",
        "/api/v1/events/{number}/recording.mp4",
        "recording",
        "Its recording, or a stretch of its bytes.",
        api.recording,
        "viewer",
        {**_sent("video/mp4", schema=_BYTES), 206: Answer("video/mp4", _BYTES), **_FILE},
        _FILE_OF_EVENT,
        None,
        (416, 503),
    ),
    Operation(
        "GET",
        "/api/v1/events/{number}/snapshot.jpg",
        "event_snapshot",
        "Its picture.",
        api.event_snapshot,
        "viewer",
        {**_sent("image/jpeg", schema=_BYTES), 206: Answer("image/jpeg", _BYTES), **_FILE},
        _FILE_OF_EVENT,
        None,
        (416, 503),
    ),
    Operation(
        "GET",
        "/api/v1/outages",
        "outages",
        "When a camera was not seen, the newest first.",
        api.outages,
        "viewer",
        _told("Events"),
        tuple(
            one
            for one in asking.EVENT_FILTERS
            if one.name in ("camera", "since", "until", "before", "most")
        ),
        None,
        (503,),
    ),
    Operation(
        "GET",
        "/api/v1/why",
        "why",
        "Why there was no event at an instant of the last minutes.",
        api.why,
        "viewer",
        _told("Why"),
        (asking.WHICH_CAMERA, asking.AT),
        None,
        (404, 422, 503),
    ),
    Operation(
        "GET",
        "/api/v1/session",
        "session",
        "Who one is.",
        api.session,
        None,
        _told("Session"),
        problems=(401,),
    ),
    Operation(
        "POST",
        "/api/v1/session",
        "log_in",
        "Log in with a token, for a cookie.",
        api.log_in,
        None,
        _told("Session"),
        (),
        named("Login"),
        (401, 409, *_CHANGE),
    ),
    Operation(
        "DELETE",
        "/api/v1/session",
        "log_out",
        "Log out.",
        api.log_out,
        None,
        {204: Answer(None)},
    ),
    Operation(
        "GET",
        "/api/v1/openapi.json",
        "description",
        "This description.",
        api.description,
        None,
        _sent(JSON, schema={"type": "object"}),
    ),
    Operation(
        "GET",
        "/metrics",
        "metrics",
        "Figures for Prometheus.",
        api.metrics,
        "viewer",
        _sent(METRICS_TYPE, schema={"type": "string"}),
    ),
    Operation(
        "GET",
        "/healthz",
        "health",
        "Whether it watches: 503 where it should, and no camera gives pictures.",
        api.health,
        None,
        {**_told("Health"), 503: Answer(JSON, named("Health"))},
    ),
)
