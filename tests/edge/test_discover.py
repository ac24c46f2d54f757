"""Cameras are found on loopback, with a responder of our own; whatever else answers is harmless."""

from __future__ import annotations

import logging
import socket
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.errors import MissingExtraError, SourceError
from motionapp.edge.discover import MOST_FOUND, MOST_LETTERS, Found, discover, found_in
from motionapp.settings.edge import read_edge

wsdiscovery = pytest.importorskip("wsdiscovery", reason="WSDiscovery is not installed")

Answering = Callable[[bytes], list[bytes]]


def answer(*scopes: str, services: tuple[str, ...] = (), relates: str = "urn:uuid:1") -> bytes:
    """As a camera would write it, by the package's own types."""
    from wsdiscovery import QName, Scope, actions, message
    from wsdiscovery.service import Service

    kind = QName("http://www.onvif.org/ver10/network/wsdl", "NetworkVideoTransmitter", "dn")
    service = Service([kind], [Scope(each) for each in scopes], list(services), "urn:uuid:2", 0)
    envelope = actions.constructProbeMatch([service], relates)
    return bytes(message.createSOAPMessage(envelope).encode())


FRONT_DOOR = answer(
    "onvif://www.onvif.org/type/video_encoder",
    "onvif://www.onvif.org/name/Front%20Door",
    "onvif://www.onvif.org/hardware/IPC-HFW1431S",
    "onvif://www.onvif.org/location/country/china",
    services=("http://127.0.0.1/onvif/device_service",),
)


@contextmanager
def responder(answers: Answering) -> Iterator[tuple[str, int]]:
    """Answers each question it hears with some datagrams."""
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            question, sender = own.recvfrom(65535)
            if question == b"end":
                return
            for each in answers(question):
                own.sendto(each, sender)

    thread = threading.Thread(target=serve, name="responder")
    thread.start()
    try:
        yield own.getsockname()
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ender:
            ender.sendto(b"end", own.getsockname())
        thread.join()
        own.close()


def ask(group: tuple[str, int], timeout_s: float = 0.3) -> list[Found]:
    return discover(timeout_s, from_addresses=["127.0.0.1"], group=group)


def test_a_camera_that_answers_is_found_with_what_it_says_of_itself() -> None:
    questions: list[bytes] = []

    def answers(question: bytes) -> list[bytes]:
        questions.append(question)
        return [FRONT_DOOR]

    with responder(answers) as group:
        found = ask(group)

    assert found == [
        Found(
            name="front-door",
            address="127.0.0.1",
            label="Front Door",
            model="IPC-HFW1431S",
            location="country/china",
            service="http://127.0.0.1/onvif/device_service",
        )
    ]
    assert any(b"NetworkVideoTransmitter" in question for question in questions)
    assert any(b"Device" in question for question in questions)


def test_it_is_asked_again_because_datagrams_are_lost() -> None:
    heard: list[bytes] = []

    def answers(question: bytes) -> list[bytes]:
        heard.append(question)
        return [FRONT_DOOR] if len(heard) > 2 else []

    with responder(answers) as group:
        assert [each.name for each in ask(group)] == ["front-door"]


def test_a_flood_of_answers_does_not_make_it_longer_or_more() -> None:
    with responder(lambda question: [FRONT_DOOR] * 500) as group:
        assert len(ask(group)) == 1


def test_nobody_there_gives_nobody() -> None:
    with responder(lambda question: []) as group:
        assert ask(group) == []


def test_without_a_network_it_says_so() -> None:
    with pytest.raises(SourceError, match="no network can be asked"):
        discover(0.1, from_addresses=[], group=("127.0.0.1", 9))
    with pytest.raises(SourceError, match="no network can be asked"):
        discover(0.1, from_addresses=["192.0.2.77"], group=("127.0.0.1", 9))


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wsdiscovery", None)

    with pytest.raises(MissingExtraError, match=r"motionapp\[discover\]"):
        discover(0.1)


def test_the_block_is_a_configuration_once_it_is_completed(tmp_path: Path) -> None:
    blocks = [each.block for each in found_in([(FRONT_DOOR, "10.0.0.5"), (FRONT_DOOR, "10.0.0.6")])]
    path = tmp_path / "edge.toml"
    path.write_text('[store]\ndir = "kept"\n\n' + "\n".join(blocks))

    settings = read_edge(path, environment={"CAMERA_PASSWORD": "s3cret"})

    assert [camera.name for camera in settings.camera] == ["front-door", "front-door-2"]
    urls = [camera.url.get_secret_value() for camera in settings.camera]
    assert urls[0] == "rtsp://USER:s3cret@10.0.0.5:554/PATH"


def test_cameras_are_in_the_order_of_their_addresses_and_counted_once() -> None:
    senders = ["10.0.0.20", "10.0.0.9", "10.0.0.20"]
    found = found_in((FRONT_DOOR, sender) for sender in senders)

    assert [each.address for each in found] == ["10.0.0.9", "10.0.0.20"]


def test_a_camera_without_a_name_is_called_by_its_address() -> None:
    (found,) = found_in([(answer("onvif://www.onvif.org/name/%E6%91%84"), "10.0.0.5")])

    assert found.name == "camera-10-0-0-5"
    assert found.label == "摄"


def test_printers_are_no_cameras() -> None:
    printer = answer().replace(b"NetworkVideoTransmitter", b"PrintDeviceType")

    assert found_in([(printer, "10.0.0.5")]) == []


def test_no_more_than_some_are_found() -> None:
    every = ((FRONT_DOOR, f"10.0.{k // 256}.{k % 256}") for k in range(2 * MOST_FOUND))

    found = found_in(every)

    assert len(found) == MOST_FOUND
    assert len({each.name for each in found}) == MOST_FOUND


HOSTILE = {
    "lines of its own": "onvif://www.onvif.org/name/x%22%0A%0Durl%20%3D%20%22rtsp://evil%22",
    "letters that move the cursor": "onvif://www.onvif.org/name/%1B%5B2J%1B%5D0;owned%07%08%C2%9B",
    "right to left": "onvif://www.onvif.org/hardware/%E2%80%AEgpj.exe",
    "broken escapes": "onvif://www.onvif.org/name/%ZZ%FF%FE%",
    "without an end": "onvif://www.onvif.org/name/" + "A" * 50_000,
    "a variable": "onvif://www.onvif.org/name/${HOME}",
}


@pytest.mark.parametrize("scope", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_a_camera_says_cannot_get_into_the_configuration(scope: str) -> None:
    (found,) = found_in([(answer(scope), "10.0.0.5")])

    camera = tomllib.loads(found.block)["camera"]
    assert len(camera) == 1
    assert set(camera[0]) == {"name", "url"}
    assert camera[0]["url"] == "rtsp://USER:${CAMERA_PASSWORD}@10.0.0.5:554/PATH"
    assert all(c.isprintable() or c == "\n" for c in found.block)
    assert len(found.label) <= MOST_LETTERS


@pytest.mark.parametrize(
    ("service", "shown"),
    [
        ("http://admin:s3cret@10.0.0.5/onvif", "http://10.0.0.5/onvif"),
        ("file:///etc/passwd", ""),
        ("javascript:alert(1)", ""),
        ("http://[::1", ""),
        ("{ip.__class__}", ""),
        ("http://", ""),
    ],
)
def test_only_addresses_of_services_are_shown_and_no_password(service: str, shown: str) -> None:
    (found,) = found_in([(answer(services=(service,)), "10.0.0.5")])

    assert found.service == shown


def entities(depth: int) -> bytes:
    """The bomb of entities that hold ten of the one before."""
    lines = [b'<!DOCTYPE a [<!ENTITY e0 "aaaaaaaaaa">']
    lines += [b'<!ENTITY e%d "%s">' % (k, b"&e%d;" % (k - 1) * 10) for k in range(1, depth)]
    return b"".join(lines) + b"]><a>&e%d;</a>" % (depth - 1)


STRANGE = {
    "nothing": b"",
    "no XML": b"\xff\xfe\x00hello",
    "another encoding": FRONT_DOOR.decode().encode("utf-16"),
    "no envelope": b"<a/>",
    "cut off": FRONT_DOOR[: len(FRONT_DOOR) // 2],
    "no address": FRONT_DOOR.replace(b"Address>", b"Nothing>"),
    "no version": FRONT_DOOR.replace(b"MetadataVersion", b"MetadataVersions"),
    "empty action": FRONT_DOOR.replace(b"/discovery/ProbeMatches<", b"/discovery/<"),
    "a bomb of entities": entities(9),
    "deep": b"<a>" * 20_000 + b"</a>" * 20_000,
    "a fault": FRONT_DOOR.replace(b"s:Body", b"s:Fault"),
}


@pytest.mark.parametrize("data", STRANGE.values(), ids=STRANGE.keys())
def test_what_is_no_answer_is_nobody_and_nothing_is_logged(
    data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert found_in([(data, "10.0.0.5"), (FRONT_DOOR, "10.0.0.6")])[0].address == "10.0.0.6"

    assert caplog.text == ""


@given(st.integers(0, len(FRONT_DOOR) - 1), st.binary(max_size=6), st.integers(0, 40))
def test_answers_that_are_changed_anywhere_are_harmless(at: int, put: bytes, cut: int) -> None:
    changed = FRONT_DOOR[:at] + put + FRONT_DOOR[at + cut :]

    for found in found_in([(changed, "10.0.0.5")]):
        assert set(tomllib.loads(found.block)["camera"][0]) == {"name", "url"}
