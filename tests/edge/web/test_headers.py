"""Under which names it is asked for, and what a stranger's page may make a browser ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.edge.web.headers import STRICT, Hosts, check_origin
from motionapp.edge.web.problems import Problem
from motionapp.settings.edge import WebSettings


def status_of(check: object, *given: object, **named: object) -> int:
    try:
        check(*given, **named)  # type: ignore[operator]
    except Problem as problem:
        return problem.status
    return 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8480", 200),
        ("LOCALHOST", 200),
        ("localhost.:8480", 200),
        ("[::1]:8480", 200),
        ("192.168.1.5", 421),
        ("attacker.example", 421),
        ("localhost.attacker.example", 421),
        ("127.0.0.1.attacker.example:8480", 421),
        ("127.0.0.1@attacker.example", 400),
        ("localhost:99999999", 400),
        ("", 400),
        (None, 400),
        ("localhost\x00", 400),
        ("a" * 300, 400),
    ],
)
def test_on_the_loopback_only_its_own_names_are_known(host: str | None, status: int) -> None:
    assert status_of(Hosts(WebSettings()).check, host) == status


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("192.168.1.5:8480", 200),
        ("[fd00::7]", 200),
        ("Cam.Example.org", 200),
        ("127.0.0.1", 200),
        ("attacker.example", 421),
    ],
)
def test_for_all_addresses_any_address_will_do_but_names_must_be_known(
    host: str, status: int
) -> None:
    settings = WebSettings(bind="0.0.0.0", token_file=Path("t"), names=("cam.example.org",))
    assert status_of(Hosts(settings).check, host) == status


def test_at_one_address_others_are_not_known() -> None:
    hosts = Hosts(WebSettings(bind="192.168.1.5", token_file=Path("t")))
    assert status_of(hosts.check, "192.168.1.5") == 200
    assert status_of(hosts.check, "192.168.1.6") == 421
    assert status_of(hosts.check, "localhost") == 421


HERE = {"host": "cam.local:8480"}
SAME = {"sec-fetch-site": "same-origin"}
CROSS = {"sec-fetch-site": "cross-site"}
LINK = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
FRAME = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/api/v1/cameras", {}, 200),
        ("GET", "/api/v1/cameras", SAME, 200),
        ("GET", "/", {"sec-fetch-site": "none"}, 200),
        ("GET", "/", CROSS | LINK, 200),
        ("GET", "/", CROSS | FRAME, 403),
        ("GET", "/api/v1/cameras", CROSS | LINK, 403),
        ("GET", "/api/v1/cameras/door/live.mjpg", CROSS, 403),
        ("GET", "/api/v1/cameras", {"sec-fetch-site": "same-site"}, 403),
        ("GET", "/api/v1/cameras", {"sec-fetch-site": "whatever"}, 403),
        ("PATCH", "/x", {}, 200),
        ("PATCH", "/x", SAME | {"origin": "http://cam.local:8480"}, 200),
        ("PATCH", "/x", {"origin": "https://cam.local:8480"}, 200),
        ("PATCH", "/x", {"origin": "http://cam.local"}, 403),
        ("PATCH", "/x", {"origin": "http://cam.local:8480.evil.example"}, 403),
        ("PATCH", "/x", {"origin": "null"}, 403),
        ("PATCH", "/x", {"origin": ""}, 403),
        ("PATCH", "/x", SAME | {"origin": "http://evil.example"}, 403),
        ("POST", "/", CROSS | LINK, 403),
        ("DELETE", "/x", CROSS, 403),
    ],
)
def test_a_strangers_page_changes_nothing_and_shows_nothing(
    method: str, path: str, headers: dict[str, str], status: int
) -> None:
    assert status_of(check_origin, method, path, HERE | headers) == status


def test_where_a_cookie_says_who_asks_something_must_say_from_where() -> None:
    assert status_of(check_origin, "PATCH", "/x", HERE, by_cookie=True) == 403
    assert status_of(check_origin, "PATCH", "/x", HERE | SAME, by_cookie=True) == 200
    origin = {"origin": "http://cam.local:8480"}
    assert status_of(check_origin, "PATCH", "/x", HERE | origin, by_cookie=True) == 200


def test_no_script_and_no_style_may_stand_in_the_page_and_nothing_comes_from_elsewhere() -> None:
    policy = STRICT["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["frame-ancestors"] == "'none'"
    assert set(rules.values()) == {"'none'", "'self'"}
