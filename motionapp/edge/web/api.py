"""What the API answers: each function one operation of `motionapp.edge.web.routes`."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from motionapp.edge.records import EventKind, EventRecord, camera_document, event_document, utc_text
from motionapp.edge.seams import CHANGEABLE, EventQuery
from motionapp.edge.web.metrics import MEDIA_TYPE, metrics_text
from motionapp.edge.web.problems import Problem, no_such_camera, no_such_event
from motionapp.edge.web.sending import FileAnswer, LiveAnswer
from motionapp.edge.web.site import COOKIE, Caller, Site

FRONTENDS = ("absdiff", "flow", "pose", "background")
"""That the page offers; others, with presets, may be set by the API."""
SENSITIVITY = (0.1, 10.0)
"""Of `settings.frontends`, which is not imported here for four figures."""
_MOST_FRONTEND_LETTERS = 40
_SESSION_S = 30 * 86400
_SESSION_PATH = "/api/"
"""Browsers give cookies to all ports of a machine: what else it serves need not have this one."""
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")

Asked = Mapping[str, Any]
"""What stands in the address, read."""


async def cameras(site: Site, request: Request, caller: Caller, asked: Asked) -> Response:
    """All of them, and what may be chosen for them."""
    told = [camera_document(camera) for camera in site.service.cameras()]
    choices = {"frontends": FRONTENDS, "sensitivity": SENSITIVITY}
    return _json({"cameras": told, "choices": choices})


async def camera(site: Site, request: Request, caller: Caller, asked: Asked) -> Response:
    """One by its name."""
    for status in site.service.cameras():
        if status.name == asked["name"]:
            return _json(camera_document(status))
    raise no_such_camera()


async def change_camera(site: Site, request: Request, caller: Caller, asked: Asked) -> Response:
    """Change some of it."""
    changes = await _body(site, request)
    unknown = next((key for key in changes if key not in CHANGEABLE), None)
    if unknown is not None or not changes:
        raise Problem(422, f"Some of {', '.join(CHANGEABLE)} may be changed, and nothing else.")
    if not isinstance(changes.get("is_enabled", True), bool):
        raise Problem(422, "is_enabled is true or false.")
    low, high = SENSITIVITY
    sensitivity = changes.get("sensitivity", 1.0)
    is_number = isinstance(sensitivity, int | float) and not isinstance(sensitivity, bool)
    if not is_number or not low <= sensitivity <= high:
        raise Problem(422, f"sensitivity is a number, {low} to {high}.")
    frontend = changes.get("frontend", FRONTENDS[0])
    if not isinstance(frontend, str) or not re.fullmatch("[a-z]+(:[a-z]+)?", frontend[:100]):
        raise Problem(422, f"frontend is one of: {', '.join(FRONTENDS)}.")
    if len(frontend) > _MOST_FRONTEND_LETTERS:
        raise Problem(422, f"frontend is one of: {', '.join(FRONTENDS)}.")
    who = f"web {caller.by} {caller.client}"
    status = await site.answer_of(site.service.change(asked["name"], changes, who=who))
    return _json(camera_document(status))


async def snapshot(site: Site, request: Request, caller: Caller, asked: Asked) -> Response:
    """The newest picture."""
    picture = await site.answer_of(site.service.snapshot(asked["name"]))
    if picture is None:
        raise Problem(409, "This camera has given no picture yet, or gives none now.")
    return Response(picture, media_type="image/jpeg")


async def live(site: Site, request: Request, caller: Caller, asked: Asked) -> Response:
    """Pictures as they come."""
    _known_camera(site, asked["name"])
    site.streams.check(caller.client)
    return LiveAnswer(
        site.service.pictures(asked["name"]),
        held=site.streams.one(caller.client),
        is_wanted=caller.is_still_let_in,
    )


async def heat(site: Site, request: Request, caller: Caller, asked: Asked) -> Response:
    """Where it has moved."""
    _known_camera(site, asked["name"])
    picture = await site.answer_of(site.service.heat(asked["name"]))
    if picture is None:
        raise Problem(409, "Nothing has moved there yet, or the camera gives no picture now.")
    return Response(picture, media_type="image/png")


async def events(site: Site, request: Request, caller: Caller, asked: Asked) -> Response:
    """Those that are asked for, the newest first."""
    return await _events(site, asked, asked.get("kind"))


async def outages(site: Site, request: Request, caller: Caller, asked: Asked) -> Response:
    """The same of outages."""
    return await _events(site, asked, "outage")


async def event(site: Site, request: Request, caller: Caller, asked: Asked) -> Response:
    """One by its number."""
    return _json(event_document(await _event(site, asked["number"])))


async def change_event(site: Site, request: Request, caller: Caller, asked: Asked) -> Response:
    """Keep it, however old it is, or no longer."""
    changes = await _body(site, request)
    if list(changes) != ["is_locked"] or not isinstance(changes["is_locked"], bool):
        raise Problem(422, "is_locked may be changed, to true or false, and nothing else.")
    found = await site.answer_of(site.service.lock(asked["number"], is_locked=changes["is_locked"]))
    if found is None:
        raise no_such_event()
    return _json(event_document(found))


async def recording(site: Site, request: Request, caller: Caller, asked: Asked) -> Response:
    """Its recording."""
    found = await _event(site, asked["number"])
    return _file(site, found, found.recording, "video/mp4", "mp4")


async def event_snapshot(site: Site, request: Request, caller: Caller, asked: Asked) -> Response:
    """Its picture."""
    found = await _event(site, asked["number"])
    return _file(site, found, found.snapshot, "image/jpeg", "jpg")


async def why(site: Site, request: Request, caller: Caller, asked: Asked) -> Response:
    """Why there was no event at an instant."""
    answer = await site.answer_of(site.service.why(asked["camera"], asked["at"]))
    return _json({"camera": asked["camera"], "at_utc": utc_text(asked["at"]), **answer})


async def session(site: Site, request: Request, caller: None, asked: Asked) -> Response:
    """Who one is, and whether one may log in."""
    found = await site.caller(request, _client(request))
    role = None if found is None else found.role
    return _json({"role": role, "needs_token": not site.access.is_open})


async def log_in(site: Site, request: Request, caller: None, asked: Asked) -> Response:
    """Show a token once; a cookie stands for it from then on."""
    shown = (await _body(site, request)).get("token")
    if site.access.is_open:
        raise Problem(409, "No token is needed here.")
    if not isinstance(shown, str):
        raise Problem(422, "token is missing.")
    token = await site.token_of(shown.strip(), _client(request))
    site.sessions.end(request.cookies.get(COOKIE, ""))
    response = _json({"role": token.role, "needs_token": True})
    response.set_cookie(
        COOKIE,
        site.sessions.begin(token),
        max_age=_SESSION_S,
        path=_SESSION_PATH,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response


async def log_out(site: Site, request: Request, caller: None, asked: Asked) -> Response:
    """End one's session."""
    site.sessions.end(request.cookies.get(COOKIE, ""))
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, path=_SESSION_PATH, httponly=True, samesite="strict")
    return response


async def description(site: Site, request: Request, caller: None, asked: Asked) -> Response:
    """The API, described."""
    return JSONResponse(site.description)


async def metrics(site: Site, request: Request, caller: Caller, asked: Asked) -> Response:
    """Figures for Prometheus."""
    text = metrics_text(
        site.service.cameras(),
        site.service.figures(),
        streams=len(site.streams),
        answered=site.answered,
    )
    return Response(text, media_type=MEDIA_TYPE)


async def health(site: Site, request: Request, caller: None, asked: Asked) -> Response:
    """Whether it watches: for whoever starts it again if not, who needs no names.

    One camera that is lost is no reason to start all again: it is looked for already.
    """
    states = Counter(camera.state for camera in site.service.cameras())
    wanted = sum(states.values()) - states["disabled"]
    watched = states["live"] + states["starting"]
    is_up = wanted == 0 or watched > 0
    status = "down" if not is_up else "ok" if watched == wanted else "degraded"
    return _json({"status": status, "cameras": dict(states)}, 200 if is_up else 503)


async def _events(site: Site, asked: Asked, kind: str | None) -> Response:
    most = asked.get("most", 100)
    query = EventQuery(
        camera=asked.get("camera"),
        kind=cast("EventKind | None", kind),
        label=asked.get("label"),
        zone=asked.get("zone"),
        since_utc=asked.get("since"),
        until_utc=asked.get("until"),
        before_number=asked.get("before"),
        most=most,
    )
    found = await site.answer_of(site.service.events(query))
    following = found[-1].number if len(found) == most else None
    return _json({"events": [event_document(one) for one in found], "next_before": following})


async def _event(site: Site, number: int) -> EventRecord:
    found = await site.answer_of(site.service.event(number))
    if found is None:
        raise no_such_event()
    return found


def _file(
    site: Site, event: EventRecord, path: str | None, media_type: str, ending: str
) -> Response:
    """A file of an event; where it lies is for the service alone to say."""
    found = None if path is None else site.service.file_of(path)
    if found is None:
        raise Problem(404, "This event has no such file, or it is gone.")
    name = _NOT_IN_A_NAME.sub("_", event.event_id)
    return FileAnswer(found, media_type, f"{name}.{ending}")


def _known_camera(site: Site, name: str) -> None:
    if all(status.name != name for status in site.service.cameras()):
        raise no_such_camera()


def _client(request: Request) -> str:
    return cast(str, request.state.client)


def _json(document: Mapping[str, Any], status: int = 200) -> Response:
    return JSONResponse(_plain(document), status)


def _plain(value: Any) -> Any:
    """The same as JSON has it, which knows no infinity."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


async def _body(site: Site, request: Request) -> dict[str, Any]:
    """The JSON object that came with a request.

    Raises
    ------
    Problem
        It is none, of another kind, or too large.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Problem(415, "A change is sent as application/json.")
    data = bytearray()
    try:
        async for chunk in request.stream():
            data += chunk
            if len(data) > site.limits.body_bytes:
                raise too_large()
    except ClientDisconnect:
        raise Problem(400, "The request has ended too early.") from None
    try:
        found = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Problem(400, "What was sent is no JSON.") from None
    if not isinstance(found, dict):
        raise Problem(422, "A JSON object is meant.")
    return found


def too_large() -> Problem:
    """More was sent than anything needs; the rest is not listened to."""
    return Problem(
        413, "So much need not be sent: a change has a few letters.", {"Connection": "close"}
    )
