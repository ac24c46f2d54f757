"""The application: who may ask for what, and what every answer says."""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.resources import files
from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from motionapp.edge.seams import Service
from motionapp.edge.web.access import Access
from motionapp.edge.web.api import too_large
from motionapp.edge.web.asking import read_query
from motionapp.edge.web.headers import READING, STRICT, Hosts, check_origin
from motionapp.edge.web.limits import Buckets, Limits, Streams, client_of, too_often
from motionapp.edge.web.openapi import description
from motionapp.edge.web.problems import Problem, no_such_camera, no_such_event, no_such_page
from motionapp.edge.web.routes import OPERATIONS, Operation
from motionapp.edge.web.sessions import Sessions
from motionapp.edge.web.site import Caller, Site, unknown
from motionapp.settings.edge import WebSettings

_log = logging.getLogger(__name__)
_MEDIA_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
MOST_HEADER_BYTES = 16 * 1024
"""Of a request; browsers send some hundred."""
_MOST_QUERY_BYTES = 2048
_MOST_QUERY_FIELDS = 32


def make_site(service: Service, access: Access, limits: Limits) -> Site:
    """What the answers of one server share."""
    return Site(
        service=service,
        access=access,
        limits=limits,
        sessions=Sessions(),
        requests=Buckets(limits.requests_burst, limits.requests_hz),
        failures=Buckets(limits.failures_burst, limits.failures_hz),
        streams=Streams(limits.streams, limits.streams_each),
        description=description(OPERATIONS),
    )


def make_app(site: Site, settings: WebSettings) -> ASGIApp:
    """The application over a site.

    Parameters
    ----------
    site : Site
    settings : WebSettings
    """
    by_path: dict[str, dict[str, Operation]] = defaultdict(dict)
    for operation in OPERATIONS:
        by_path[operation.path][operation.method] = operation
    routes = [Route(path, _Endpoint(site, methods)) for path, methods in by_path.items()]
    for path, page in page_files().items():
        routes.append(Route(path, page))
    return _Guard(site, Hosts(settings), Router(routes, redirect_slashes=False, default=_nothing))


def page_files() -> Mapping[str, ASGIApp]:
    """The page's files by their paths. They are read once: no request leads to a disk."""
    found: dict[str, ASGIApp] = {}
    for file in files("motionapp.edge.web").joinpath("page").iterdir():
        media_type = _MEDIA_TYPES.get(file.name[file.name.rfind(".") :])
        if media_type is not None:
            path = "/" if file.name == "index.html" else f"/page/{file.name}"
            found[path] = _PageFile(file.read_bytes(), media_type)
    return found


class _Guard:
    """Before and after all: limits, hosts, origins; strict headers on every answer."""

    def __init__(self, site: Site, hosts: Hosts, app: ASGIApp) -> None:
        self._site, self._hosts, self._app = site, hosts, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http":
            return
        has_begun = False

        async def strict(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                headers = MutableHeaders(scope=message)
                for name, text in STRICT.items():
                    headers.setdefault(name, text)
                status = message["status"]
                self._site.answered[status] = self._site.answered.get(status, 0) + 1
            await send(message)

        try:
            self._check(scope)
            await self._app(scope, receive, strict)
        except Problem as problem:
            if not has_begun:
                await problem.response()(scope, receive, strict)
        except Exception as error:  # noqa: BLE001 - a request ends here, the service does not
            _log.error("a request has failed within the program: %s", type(error).__name__)
            _log.debug("internal error", exc_info=True)
            if not has_begun:
                failed = Problem(500, "This is an error of the program itself; its log has more.")
                await failed.response()(scope, receive, strict)

    def _check(self, scope: Scope) -> None:
        client = client_of((scope.get("client") or ("", 0))[0])
        scope.setdefault("state", {})["client"] = client
        if wait_s := self._site.requests.take(client):
            raise too_often(wait_s)
        headers = _headers(scope)
        self._hosts.check(headers.get("host"))
        check_origin(scope["method"], scope["path"], headers)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:19]) > self._site.limits.body_bytes:
            raise too_large()
        if "content-length" in headers and "transfer-encoding" in headers:
            # Two who read this might not agree where it ends, and take the rest for a request.
            closing = {"Connection": "close"}
            raise Problem(400, "The request says in two ways how long it is.", closing)


class _Endpoint:
    """One path with what may be done there."""

    def __init__(self, site: Site, methods: Mapping[str, Operation]) -> None:
        self._site = site
        self._methods = dict(methods)
        if "GET" in methods:
            self._methods["HEAD"] = methods["GET"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        operation = self._methods.get(scope["method"])
        if operation is None:
            raise _not_done(self._methods)
        request = Request(scope, receive)
        caller: Caller | None = None
        if operation.role is not None:  # else a wrong token is no reason to refuse
            caller = await self._site.caller(request, scope["state"]["client"])
            if caller is None:
                raise unknown("Log in on the page, or show a token of web.token_file.")
            if operation.role == "admin" and caller.role != "admin":
                raise Problem(403, "A viewer may not change this; log in as an admin.")
        asked = {**_query(operation, scope), **_path(operation, scope)}
        response = await operation.handler(self._site, request, caller, asked)
        await response(scope, receive, send)


class _PageFile:
    """A file of the page; it is as public as the program."""

    def __init__(self, data: bytes, media_type: str) -> None:
        self._data, self._media_type = data, media_type
        self._tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["method"] not in READING:
            raise _not_done(READING)
        headers = {"ETag": self._tag, "Cache-Control": "no-cache"}
        if Request(scope).headers.get("if-none-match") == self._tag:
            await Response(status_code=304, headers=headers)(scope, receive, send)
            return
        await Response(self._data, 200, headers, self._media_type)(scope, receive, send)


def _headers(scope: Scope) -> dict[str, str]:
    """The headers of a request; raises a `Problem` where it has more than anybody needs."""
    pairs: list[tuple[bytes, bytes]] = scope["headers"]
    closing = {"Connection": "close"}
    if len(scope.get("raw_path", b"")) > MOST_HEADER_BYTES // 2:
        raise Problem(414, "The address is longer than any here.", closing)
    if sum(len(name) + len(text) for name, text in pairs) > MOST_HEADER_BYTES:
        raise Problem(431, "The request has larger headers than anybody needs.", closing)
    return {name.decode("latin-1"): text.decode("latin-1") for name, text in pairs}


def _query(operation: Operation, scope: Scope) -> dict[str, object]:
    text: bytes = scope["query_string"]
    try:
        if len(text) > _MOST_QUERY_BYTES:
            raise ValueError
        given = parse_qsl(
            text.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(text),
            errors="strict",
            max_num_fields=_MOST_QUERY_FIELDS,
        )
    except ValueError:
        raise Problem(400, "What stands behind the ? of the address cannot be read.") from None
    return read_query(operation.parameters, given)


def _path(operation: Operation, scope: Scope) -> dict[str, object]:
    """What stands in the path, read; what does not fit is not there."""
    found: dict[str, object] = {}
    for one in operation.parameters:
        if one.where == "path":
            try:
                found[one.name] = one.read(scope["path_params"][one.name])
            except ValueError:
                raise (no_such_camera() if one.name == "name" else no_such_event()) from None
    return found


def _not_done(methods: Iterable[str]) -> Problem:
    allowed = ", ".join(sorted(methods))
    return Problem(405, f"That is not done here; {allowed} are.", {"Allow": allowed})


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    raise no_such_page()
