"""Addresses as they may be shown and written: what may be a password in them is left out.

However they are spelt: who forgets a slash has typed a password all the same.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

HIDDEN = "..."
"""Stands for what is not shown."""

_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]+):(?=[/\\])", re.IGNORECASE)
_PARAMETER = re.compile(
    r"((?:pass(?:word|wd|wort)?|pwd|psw|token|secret|auth|key)=).*", re.IGNORECASE | re.DOTALL
)
"""Some cameras want user and password within the path."""
_AT_SPELT_OTHERWISE = re.compile("\uff20|%40")
"""A wide letter, or escaped: what stands before it is no less a password."""
_QUERY = re.compile(r"\?.*=", re.DOTALL)


def without_password(address: str) -> str:
    """An address without user, password and query.

    All that stands before the last ``@`` is left out, because passwords may hold any character.
    """
    scheme, _, rest = _with_plain_signs(address).partition(":")
    return f"{scheme.strip().lower()}://{_bare(rest)}"


def shown(spec: str) -> str:
    """What a person has named: a path as it is, an address without what may be secret in it."""
    plain = _with_plain_signs(spec)
    if plain != spec and (_SCHEME.match(plain) or ":" in plain.partition("@")[0]):
        return shown(plain)
    if scheme := _SCHEME.match(spec):
        return f"{scheme[1].lower()}://{_bare(spec[scheme.end() :])}"
    if "@" in spec:
        return f"{HIDDEN}@{_bare(spec)}"
    if _QUERY.search(spec) or _PARAMETER.search(spec):
        return _without_parameters(spec)
    return spec


def without_passwords(sentence: str, words: Iterable[str]) -> str:
    """A sentence about a command line, in which no address among its words is told whole.

    Parameters
    ----------
    sentence : str
    words : iterable of str
        The command line; a file that is there is no address.
    """
    for word in sorted(words, key=len, reverse=True):
        if shown(word) == word or os.path.lexists(word):
            continue
        # In quotes some letters are escaped, and a path has other slashes than its address.
        for spelling in {word, repr(word)[1:-1], os.path.normpath(word)}:
            sentence = sentence.replace(spelling, shown(word))
    return sentence


def _with_plain_signs(text: str) -> str:
    return _AT_SPELT_OTHERWISE.sub("@", text).replace("\uff1a", ":")


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


def is_stream(spec: object) -> bool:
    """Whether it names a stream, whose packets can be had; no camera of this machine, no file."""
    kind, _, rest = str(spec).partition(":")
    is_named = kind.lower() in ("synthetic", "camera")
    is_scheme = re.fullmatch(r"[a-z][a-z0-9+.-]+", kind, re.IGNORECASE)
    return bool(is_scheme) and not is_named and rest.startswith("//")
