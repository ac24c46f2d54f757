"""Addresses as they may be shown and written: what may be a password in them is left out.

However they are spelt: who forgets a slash has typed a password all the same.
"""

from __future__ import annotations

import re

HIDDEN = "..."
"""Stands for what is not shown."""

_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]+):(?=[/\\])", re.IGNORECASE)
_PARAMETER = re.compile(
    r"((?:pass(?:word|wd|wort)?|pwd|token|secret|auth|key)=).*", re.IGNORECASE | re.DOTALL
)
"""Some cameras want user and password within the path."""
_QUERY = re.compile(r"\?.*=", re.DOTALL)


def without_password(address: str) -> str:
    """An address without user, password and query.

    All that stands before the last ``@`` is left out, because passwords may hold any character.
    """
    scheme, _, rest = address.partition(":")
    return f"{scheme.strip().lower()}://{_bare(rest)}"


def shown(spec: str) -> str:
    """What a person has named: a path as it is, an address without what may be secret in it."""
    if scheme := _SCHEME.match(spec):
        return f"{scheme[1].lower()}://{_bare(spec[scheme.end() :])}"
    if "@" in spec:
        return f"{HIDDEN}@{_bare(spec)}"
    if _QUERY.search(spec) or _PARAMETER.search(spec):
        return _without_parameters(spec)
    return spec


def _bare(rest: str) -> str:
    """Host and path."""
    rest = rest.lstrip("/\\")
    head, at, tail = rest.rpartition("@")
    authority = re.split(r"[/\\]", rest, maxsplit=1)[0]
    is_host = "@" not in authority and re.fullmatch(r"[^:]*(:\d*)?", authority)
    if at and is_host and re.search(r"[/\\].*[?#]", head, re.DOTALL):
        return HIDDEN  # a password with a question mark, or a query with an at sign: who knows?
    bare = _without_parameters(tail)
    # A port of letters is the beginning of a password that a shell has cut off at its &.
    no_port = re.match(r"[^/\\:\[\]]*:(?!\d*(?:[/\\]|$))", bare)
    return f"{no_port[0]}{HIDDEN}" if no_port else bare


def _without_parameters(text: str) -> str:
    return _PARAMETER.sub(rf"\1{HIDDEN}", re.split(r"[?#&]", text, maxsplit=1)[0])
