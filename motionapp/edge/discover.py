"""Cameras in this network, found by WS-Discovery as ONVIF has it, each with its configuration.

Messages are written and read by the package WSDiscovery (extra `discover`). The sockets are our
own: its threads need port 3702, which another service may hold, and do not outlive every answer.
What answers is strange to us: it is bounded, cleaned, and nothing of it reaches the configuration
but letters and digits. Asked is by IPv4 only.

References
----------
Web Services Dynamic Discovery (April 2005), 5.2 and 5.3; ONVIF Core Specification, 7.3.
"""

from __future__ import annotations

import importlib
import re
import selectors
import socket
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from motionapp.core.addresses import without_password
from motionapp.core.errors import MissingExtraError, SourceError

GROUP: Final = ("239.255.255.250", 3702)
"""Where every camera listens, by the specification."""
CAMERA: Final = "NetworkVideoTransmitter"
KINDS: Final = (
    ("http://www.onvif.org/ver10/network/wsdl", CAMERA, "dn"),
    ("http://www.onvif.org/ver10/device/wsdl", "Device", "tds"),
)
"""What ONVIF calls a camera; newer ones answer to the second only."""
SCOPE: Final = "onvif://www.onvif.org/"
ASKED_AGAIN: Final = 0.3
"""Share of the time after which is asked once more: datagrams are lost."""
MOST_BYTES: Final = 65535
MOST_ANSWERS: Final = 4096
MOST_FOUND: Final = 256
MOST_LETTERS: Final = 80
"""Of what a camera says of itself."""
NAME_LETTERS: Final = 40


@dataclass(frozen=True, slots=True)
class Found:
    """One camera that has answered."""

    name: str
    """As the configuration wants it: small letters, digits, - and _; its own among those found."""
    address: str
    """IPv4 address that answered."""
    label: str = ""
    """What it calls itself, cleaned."""
    model: str = ""
    """What ONVIF calls its hardware, cleaned."""
    location: str = ""
    service: str = ""
    """Where it would answer to ONVIF, without a password; empty if it does not say."""

    @property
    def block(self) -> str:
        """Lines for the configuration, to be completed by hand."""
        title = ", ".join(part for part in (self.label, self.model, self.location) if part)
        return (
            f"# {title or 'A camera'}, at {self.address}\n"
            "[[camera]]\n"
            f'name = "{self.name}"\n'
            "# USER and PATH are the camera's own: its page or manual names them under RTSP or\n"
            "# ONVIF. Its small stream (sub, second, low) goes here, the big one into main_url.\n"
            "# Letters such as @ / : # in the password are written as %40 %2F %3A %23.\n"
            f'url = "rtsp://USER:${{CAMERA_PASSWORD}}@{self.address}:554/PATH"\n'
        )


def discover(
    timeout_s: float,
    *,
    from_addresses: Sequence[str] | None = None,
    group: tuple[str, int] = GROUP,
) -> list[Found]:
    """Ask for cameras and wait for answers.

    Parameters
    ----------
    timeout_s : float
        For so long is waited, however many answer; above 0.
    from_addresses : sequence of str, optional
        IPv4 addresses of this machine from whose networks is asked; all but loopback if None.
    group : tuple of str and int, optional
        Who is asked.

    Returns
    -------
    list of Found
        By address; empty if nobody has answered.

    Raises
    ------
    MissingExtraError
        WSDiscovery is not installed.
    SourceError
        There is no network to ask in.
    """
    probes = _probes()
    origins = _own_addresses() if from_addresses is None else from_addresses
    with ExitStack() as stack:
        sockets = [s for s in map(_socket, origins) if s is not None]
        for each in sockets:
            stack.enter_context(each)
        # All of them are asked, whoever of them can be.
        if not [s for s in sockets if _ask(s, probes, group)]:
            raise SourceError(
                "cameras cannot be looked for: no network can be asked; see that this machine "
                "has an IPv4 address"
            )
        return found_in(_answers(sockets, probes, group, timeout_s))


def found_in(answers: Iterable[tuple[bytes, str]]) -> list[Found]:
    """The cameras among answers.

    Parameters
    ----------
    answers : iterable of tuple of bytes and str
        Datagrams, and the IPv4 addresses that they come from.
    """
    found: dict[str, Found] = {}
    for data, address in answers:
        for scopes, services in _matches(data, address):
            if len(found) < MOST_FOUND and address not in found:
                found[address] = _found(address, scopes, services)
    return _with_own_names(sorted(found.values(), key=_by_address))


def _found(address: str, scopes: Sequence[str], services: Sequence[str]) -> Found:
    said = _said(scopes)
    label = said.get("name", "")
    name = _name_of(label) or f"camera-{address.replace('.', '-')}"
    where = next((s for s in map(_service, services) if s), "")
    return Found(name, address, label, said.get("hardware", ""), said.get("location", ""), where)


def _said(scopes: Sequence[str]) -> Mapping[str, str]:
    """What a camera says of itself: name, hardware, location."""
    said: dict[str, str] = {}
    for scope in scopes:
        key, _, value = scope[len(SCOPE) :].partition("/")
        if scope.startswith(SCOPE) and value:
            said.setdefault(key.lower(), _clean(unquote(value, errors="replace")))
    return said


def _clean(text: str) -> str:
    """One line that is safe to print, of letters that can be seen."""
    seen = "".join(c if c.isprintable() else " " for c in text[: 4 * MOST_LETTERS])
    return " ".join(seen.split())[:MOST_LETTERS]


def _name_of(label: str) -> str:
    """A label as a name of the configuration; empty if nothing of it is left."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:NAME_LETTERS]


def _service(text: str) -> str:
    """An address as it may be shown; empty if it is none that ONVIF uses."""
    try:
        parts = urlsplit(text)
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return _clean(without_password(text)) if is_one else ""


def _with_own_names(found: Sequence[Found]) -> list[Found]:
    """No two with one name: many cameras are all called by their model."""
    taken: set[str] = set()
    named = []
    for each in found:
        name, number = each.name, 1
        while name in taken:
            number += 1
            name = f"{each.name[: NAME_LETTERS - 4]}-{number}"
        taken.add(name)
        named.append(Found(name, each.address, each.label, each.model, each.location, each.service))
    return named


def _by_address(found: Found) -> tuple[int, ...]:
    return tuple(int(part) for part in found.address.split("."))


# ------------------------------------------------------------------- messages


def _wsdiscovery() -> Any:
    """The package, silent: it would log what strangers have sent, whole."""
    try:
        # By name: it has no types, and mypy is to say the same with and without it.
        package = importlib.import_module("wsdiscovery")
        actions = importlib.import_module("wsdiscovery.actions")
        message = importlib.import_module("wsdiscovery.message")
    except ImportError:
        raise MissingExtraError("finding cameras", "discover") from None
    message.logger.disabled = True
    return package.QName, actions, message


def _probes() -> list[bytes]:
    """The questions."""
    QName, actions, message = _wsdiscovery()
    return [
        message.createSOAPMessage(actions.constructProbe([QName(*kind)], None)).encode()
        for kind in KINDS
    ]


def _matches(data: bytes, address: str) -> list[tuple[list[str], list[str]]]:
    """Scopes and services of the cameras in one datagram; empty for whatever is no answer."""
    # SOAP knows no document types. In other encodings than UTF-8 they could not be seen.
    if b"\0" in data or b"<!D" in data.upper() or not _is_utf8(data):
        return []
    _, _, message = _wsdiscovery()
    try:
        envelope = message.parseSOAPMessage(data, address)
        matches = envelope.getProbeResolveMatches() if envelope is not None else []
        read = [
            (
                [str(scope.getValue()) for scope in match.getScopes()],
                [str(each) for each in match.getXAddrs()],
                [str(kind.getLocalname()) for kind in match.getTypes()],
            )
            for match in matches[:MOST_FOUND]
        ]
    except (AttributeError, LookupError, RuntimeError, TypeError, ValueError):
        return []  # it takes for granted what an answer must have
    return [
        (scopes, services)
        for scopes, services, types in read
        if CAMERA in types or any(scope.startswith(SCOPE) for scope in scopes)
    ]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


# -------------------------------------------------------------------- sockets


def _own_addresses() -> list[str]:
    """IPv4 addresses of this machine, without loopback."""
    ifaddr = importlib.import_module("ifaddr")  # comes with WSDiscovery
    every = [str(ip.ip) for one in ifaddr.get_adapters() for ip in one.ips if ip.is_IPv4]
    return [address for address in every if not address.startswith("127.")]


def _socket(origin: str) -> socket.socket | None:
    """Asks from one address; None if it is gone."""
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        own.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(origin))
        own.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
        own.bind((origin, 0))
        own.setblocking(False)
    except OSError:
        own.close()
        return None
    return own


def _ask(own: socket.socket, probes: Sequence[bytes], group: tuple[str, int]) -> bool:
    """Whether they could be sent."""
    try:
        for probe in probes:
            own.sendto(probe, group)
    except OSError:
        return False
    return True


def _answers(
    sockets: Sequence[socket.socket],
    probes: Sequence[bytes],
    group: tuple[str, int],
    timeout_s: float,
) -> Iterator[tuple[bytes, str]]:
    """Datagrams and who sent them, until the time is over or there are too many."""
    begin_s = time.monotonic()
    again_s, count = begin_s + ASKED_AGAIN * timeout_s, 0
    with selectors.DefaultSelector() as selector:
        for each in sockets:
            selector.register(each, selectors.EVENT_READ)
        while (left_s := begin_s + timeout_s - time.monotonic()) > 0 and count < MOST_ANSWERS:
            if time.monotonic() >= again_s:
                again_s = begin_s + timeout_s
                for each in sockets:
                    _ask(each, probes, group)
            wait_s = min(left_s, max(0.0, again_s - time.monotonic()))
            for key, _ in selector.select(wait_s):
                count += 1
                assert isinstance(key.fileobj, socket.socket)
                try:
                    data, sender = key.fileobj.recvfrom(MOST_BYTES)
                except OSError:
                    continue  # somebody told that nobody is there
                yield data, str(sender[0])
