"""The API over a real server: what it tells, and who may change what."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest

from motionapp.edge.web.headers import STRICT
from motionapp.edge.web.limits import Limits
from motionapp.edge.web.openapi import description, problems_of
from motionapp.edge.web.routes import OPERATIONS, Operation
from motionapp.edge.web.site import COOKIE
from tests.edge.web.fake import DAY, SECRET, FakeService
from tests.edge.web.fixtures import Tokens
from tests.edge.web.running import Running, settings_for

FILLED = {
    "{name}": "door",
    "{number}": "3",
}
ASKED = {"why": "?camera=door&at=2026-11-30T07:00:00Z"}
QUICK = [one for one in OPERATIONS if one.name != "live"]


def path_of(operation: Operation) -> str:
    path = operation.path
    for name, value in FILLED.items():
        path = path.replace(name, value)
    return path + ASKED.get(operation.name, "")


@pytest.mark.parametrize("operation", QUICK, ids=lambda one: one.name)
def test_each_operation_answers_as_it_is_described(opened: Running, operation: Operation) -> None:
    bodies: dict[str, Any] = {
        "change_camera": {"sensitivity": 1.5},
        "change_event": {"is_locked": True},
        "log_in": {"token": "x"},
    }

    answer = opened.ask(path_of(operation), operation.method, body=bodies.get(operation.name))

    if operation.name == "log_in":
        assert answer.status == 409, "nothing to log in for, where all is open"
        return
    told = operation.answers[answer.status]
    if told.media_type is None:
        assert answer.body == b""
        return
    assert answer.headers["content-type"].split(";")[0] == told.media_type.split(";")[0]
    if told.media_type == "application/json":
        described = description(OPERATIONS)
        jsonschema.validate(
            answer.json(),
            {**told.schema, "components": described["components"]},  # type: ignore[dict-item]
        )


def test_the_description_is_served_and_has_every_operation(opened: Running) -> None:
    told = opened.ask("/api/v1/openapi.json").json()

    assert {
        (method.upper(), path) for path, methods in told["paths"].items() for method in methods
    } == {(one.method, one.path) for one in OPERATIONS}
    for operation in OPERATIONS:
        described = told["paths"][operation.path][operation.method.lower()]
        in_path = re.findall(r"{(\w+)}", operation.path)
        assert [one["name"] for one in described.get("parameters", []) if one["in"] == "path"] == (
            in_path
        )
        wanted = {*map(str, operation.answers), *map(str, problems_of(operation))}
        assert set(described["responses"]) == wanted
    for schema in told["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("operation", QUICK, ids=lambda one: one.name)
def test_rights_are_asked_for_where_the_description_says_so(
    guarded: Running, tokens: Tokens, operation: Operation
) -> None:
    def status(token: str) -> int:
        body = {} if operation.method in ("PATCH", "POST") else None
        return guarded.ask(path_of(operation), operation.method, body=body, token=token).status

    if operation.role is None:
        assert status("") not in (401, 403)
        return
    assert status("") == status("no token of ours") == 401
    assert (status(tokens.viewer) == 403) == (operation.role == "admin")
    assert status(tokens.admin) not in (401, 403)
    assert not guarded.service.changes
    assert not guarded.service.locks


@pytest.mark.parametrize("path", ["/", "/page/page.js", "/nothing", "/api/v1/cameras", "/healthz"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "TRACE", "OPTIONS"])
def test_every_answer_is_strict(guarded: Running, path: str, method: str) -> None:
    answer = guarded.ask(path, method)

    assert answer.status in (200, 401, 404, 405)
    for name, text in STRICT.items():
        if name != "Cache-Control":
            assert answer.headers[name.lower()] == text
    assert "server" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers
    if answer.status == 405:
        assert "GET" in answer.headers["allow"]


def test_events_are_filtered_and_read_page_by_page(opened: Running) -> None:
    def numbers(asked: str) -> tuple[list[int], int | None]:
        told = opened.ask(f"/api/v1/events?{asked}").json()
        return [one["number"] for one in told["events"]], told["next_before"]

    assert numbers("camera=door&kind=outage") == ([60, 30], None)
    assert numbers("most=3") == ([60, 59, 58], 58)
    assert numbers("most=3&before=58") == ([57, 56, 55], 55)
    assert numbers("label=walk&zone=gate&most=2")[0] == []
    assert numbers("label=wave1&zone=gate")[0] == [52, 32, 12]
    hour = numbers("since=2026-11-30T12:00:00Z&until=2026-11-30T14:00:00%2B01:00")[0]
    assert hour == [
        one.number
        for one in sorted(opened.service.kept.values(), key=lambda one: -one.number)
        if 12 <= (one.start_utc - DAY).total_seconds() / 3600 < 13
    ]
    outages = opened.ask("/api/v1/outages?camera=yard").json()["events"]
    assert {one["kind"] for one in outages} == {"outage"}


def test_an_admin_changes_what_may_be_changed(guarded: Running, tokens: Tokens) -> None:
    answer = guarded.ask(
        "/api/v1/cameras/door", "PATCH", body={"is_enabled": False, "sensitivity": 2},
        token=tokens.admin,
    )  # fmt: skip

    assert answer.json()["state"] == "disabled"
    who = "web token 127.0.0.1"
    assert guarded.service.changes == [("door", {"is_enabled": False, "sensitivity": 2}, who)]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ([], 422),
        ({"url": "rtsp://elsewhere"}, 422),
        ({"is_enabled": 1}, 422),
        ({"sensitivity": True}, 422),
        ({"sensitivity": 0}, 422),
        ({"sensitivity": 10**400}, 422),
        (b'{"sensitivity": NaN}', 422),
        (b'{"sensitivity": 1e999}', 422),
        (b'{"sensitivity": ' + b"9" * 5000 + b"}", 400),
        ({"frontend": "flow; rm"}, 422),
        ({"frontend": "nothing"}, 422),
        ({"frontend": "a" * 60}, 422),
        (b"{", 400),
        (b"[" * 9000, 400),
        (b'{"is_enabled": "\xff"}', 400),
    ],
)
def test_what_may_not_be_changed_is_refused(
    guarded: Running, tokens: Tokens, body: object, status: int
) -> None:
    answer = guarded.ask(
        "/api/v1/cameras/door", "PATCH", body=body, token=tokens.admin,
        headers={"Content-Type": "application/json"},
    )  # fmt: skip

    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert not guarded.service.changes


def test_a_form_of_a_strangers_page_is_no_change(guarded: Running, tokens: Tokens) -> None:
    for media_type in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = guarded.ask(
            "/api/v1/events/3", "PATCH", body=b'{"is_locked": true}', token=tokens.admin,
            headers={"Content-Type": media_type},
        )  # fmt: skip
        assert answer.status == 415
    assert not guarded.service.locks


def test_a_camera_without_a_picture_is_no_error_of_ours(opened: Running) -> None:
    assert opened.ask("/api/v1/cameras/garage/snapshot.jpg").status == 409
    assert opened.ask("/api/v1/cameras/garage/heat.png").status == 409
    assert opened.ask("/api/v1/cameras/nobody/snapshot.jpg").status == 404


def test_a_hanging_camera_and_an_error_within_keep_nothing_and_nobody(
    service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    with Running(service, settings_for(), Limits(answer_s=0.5)) as running:
        service.never_answers = True
        assert running.ask("/api/v1/cameras/door/snapshot.jpg").status == 503
        service.never_answers, service.breaks = False, True
        answer = running.ask("/api/v1/events")
        service.breaks = False
        assert running.ask("/api/v1/events").status == 200

    assert answer.status == 500
    assert SECRET not in answer.body.decode()
    assert SECRET not in "".join(record.getMessage() for record in caplog.records)


def test_whether_it_watches_is_told_without_names(opened: Running) -> None:
    answer = opened.ask("/healthz")
    assert (answer.status, answer.json()["status"]) == (200, "degraded")
    assert not any(name.encode() in answer.body for name in opened.service.statuses)

    for name in ("door", "yard"):
        opened.service.statuses[name] = opened.service.statuses["garage"]
    answer = opened.ask("/healthz")
    assert (answer.status, answer.json()["status"]) == (503, "down")

    for name in ("door", "yard", "garage"):
        opened.service.statuses[name] = opened.service.statuses["cellar"]
    assert opened.ask("/healthz").json() == {"status": "ok", "cameras": {"disabled": 4}}


def log_in(running: Running, token: str, cookie: str = "") -> tuple[int, str]:
    answer = running.ask(
        "/api/v1/session",
        "POST",
        body={"token": token},
        headers={"Cookie": cookie, "Sec-Fetch-Site": "same-origin"},
    )
    return answer.status, answer.headers.get("set-cookie", "")


def test_who_may_do_without_a_token_may_show_a_wrong_one(guarded: Running) -> None:
    for path in ("/healthz", "/api/v1/openapi.json", "/"):
        assert guarded.ask(path, token="a token of yesterday").status == 200
    assert guarded.ask("/api/v1/session", token="a token of yesterday").status == 401


def test_a_session_begins_with_a_token_and_ends_with_its_cookie(
    guarded: Running, tokens: Tokens
) -> None:
    assert guarded.ask("/api/v1/session").json() == {"role": None, "needs_token": True}
    status, cookie = log_in(guarded, tokens.viewer)
    assert status == 200
    flags = {one.strip().lower() for one in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/api/"} <= flags
    key = {"Cookie": cookie.split(";")[0]}

    assert guarded.ask("/api/v1/cameras", headers=key).status == 200
    assert guarded.ask("/api/v1/session", headers=key).json()["role"] == "viewer"
    ended = guarded.ask(
        "/api/v1/session", "DELETE", headers=key | {"Sec-Fetch-Site": "same-origin"}
    )
    assert ended.status == 204
    assert "max-age=0" in ended.headers["set-cookie"].lower()

    assert guarded.ask("/api/v1/cameras", headers=key).status == 401, "the cookie is shown again"


def test_who_logs_in_again_has_another_session_and_the_old_one_ends(
    guarded: Running, tokens: Tokens
) -> None:
    first = log_in(guarded, tokens.viewer)[1].split(";")[0]
    second = log_in(guarded, tokens.admin, first)[1].split(";")[0]

    assert first != second
    assert guarded.ask("/api/v1/cameras", headers={"Cookie": first}).status == 401
    assert guarded.ask("/api/v1/cameras", headers={"Cookie": second}).status == 200


def test_a_change_by_cookie_must_come_from_the_page_itself(
    guarded: Running, tokens: Tokens
) -> None:
    cookie = {"Cookie": log_in(guarded, tokens.admin)[1].split(";")[0]}
    here = f"http://127.0.0.1:{guarded.port}"

    def status(**headers: str) -> int:
        given = cookie | {name.replace("_", "-"): text for name, text in headers.items()}
        return guarded.ask(
            "/api/v1/events/3", "PATCH", body={"is_locked": True}, headers=given
        ).status

    assert status() == 403
    assert status(Origin="http://evil.example") == 403
    assert status(Origin=here, Sec_Fetch_Site="cross-site") == 403
    assert not guarded.service.locks
    assert status(Origin=here) == 200
    assert guarded.service.locks == [(3, True)]


def test_a_made_up_cookie_is_nobody(guarded: Running) -> None:
    for value in ("", "x", "a" * 3000, "\xff", '"', "../../x"):
        headers = {"Cookie": f"{COOKIE}={value}"}
        assert guarded.ask("/api/v1/cameras", headers=headers).status == 401


def test_sessions_and_tokens_end_when_the_file_has_them_no_longer(
    guarded: Running, tokens: Tokens, tmp_path: object
) -> None:
    cookie = {"Cookie": log_in(guarded, tokens.viewer)[1].split(";")[0]}
    assert guarded.ask("/api/v1/cameras", token=tokens.viewer).status == 200
    before = tokens.path.read_text()
    try:
        tokens.path.write_text(before.replace("viewer", "# viewer"))
        guarded.loop.call_soon_threadsafe(guarded.server.renew)
        assert guarded.ask("/api/v1/cameras", headers=cookie).status == 401
        assert guarded.ask("/api/v1/cameras", token=tokens.viewer).status == 401
        assert guarded.ask("/api/v1/cameras", token=tokens.admin).status == 200
    finally:
        tokens.path.write_text(before)


def test_an_answer_knows_no_infinity(opened: Running) -> None:
    told = opened.ask("/api/v1/why?camera=door&at=2026-11-30T07:00:00Z").json()
    assert told["verdicts"][1]["needed"] is None
