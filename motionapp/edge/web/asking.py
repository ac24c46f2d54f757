"""What may be asked for in an address, and how it is read: one table for code and description."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from motionapp.edge.records import EventKind
from motionapp.edge.web.problems import Problem
from motionapp.settings.edge import NAME

MOST_NUMBER = 2**63 - 1
"""The largest that the store counts to."""
_NUMBER = re.compile(r"[0-9]{1,19}", re.ASCII)
_MOMENT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})"
_LABEL = r"^[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}$"
_FIRST_YEAR, _LAST_YEAR = 1970, 2999


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that may stand in an address, or beside it in a header."""

    name: str
    where: Literal["path", "query", "header"]
    text: str
    """What it is."""
    schema: Mapping[str, Any]
    read: Callable[[str], Any]
    """Raises `ValueError` for what does not fit."""
    is_needed: bool = False


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= MOST_NUMBER:
        raise ValueError
    return int(text)


def _most(text: str) -> int:
    if not 1 <= _number(text) <= 1000:
        raise ValueError
    return int(text)


def moment_of(text: str) -> datetime:
    """A moment with its time zone, in UTC.

    Raises
    ------
    ValueError
        It is none, has no zone, or lies beyond all reason.
    """
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        moment = None
    is_written_so = re.fullmatch(_MOMENT, text, re.ASCII) is not None
    if moment is None or not is_written_so or not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError("no moment")
    return moment


def _matching(pattern: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        # `fullmatch`, because $ would let a line end pass.
        if not re.fullmatch(pattern.strip("^$"), text, re.ASCII):
            raise ValueError
        return text

    return read


def _kind(text: str) -> str:
    if text not in get_args(EventKind):
        raise ValueError
    return text


_NAME_SCHEMA = {"type": "string", "pattern": NAME}
_LABEL_SCHEMA = {"type": "string", "pattern": _LABEL}
_NUMBER_SCHEMA = {"type": "integer", "minimum": 1, "maximum": MOST_NUMBER}
_MOMENT_SCHEMA = {
    "type": "string",
    "pattern": f"^{_MOMENT}$",
    "example": "2026-11-30T07:00:00Z",
}

CAMERA_PATH = Parameter("name", "path", "Of the camera.", _NAME_SCHEMA, _matching(NAME), True)
NUMBER_PATH = Parameter("number", "path", "Of the event.", _NUMBER_SCHEMA, _number, True)
CAMERA = Parameter("camera", "query", "Of this camera.", _NAME_SCHEMA, _matching(NAME))
WHICH_CAMERA = Parameter("camera", "query", "Of this camera.", _NAME_SCHEMA, _matching(NAME), True)
KIND = Parameter(
    "kind", "query", "Of this kind.", {"type": "string", "enum": list(get_args(EventKind))}, _kind
)
LABEL = Parameter("label", "query", "With this label.", _LABEL_SCHEMA, _matching(_LABEL))
ZONE = Parameter("zone", "query", "In this zone.", _LABEL_SCHEMA, _matching(_LABEL))
SINCE = Parameter("since", "query", "Not begun before this.", _MOMENT_SCHEMA, moment_of)
UNTIL = Parameter("until", "query", "Begun before this.", _MOMENT_SCHEMA, moment_of)
AT = Parameter("at", "query", "The instant.", _MOMENT_SCHEMA, moment_of, True)
BEFORE = Parameter(
    "before",
    "query",
    "With a lower number: `next_before` of the page before.",
    _NUMBER_SCHEMA,
    _number,
)
MOST = Parameter(
    "most",
    "query",
    "So many at most; 100 if unset.",
    {"type": "integer", "minimum": 1, "maximum": 1000},
    _most,
)
RANGE = Parameter(
    "Range",
    "header",
    "Which bytes, one stretch of them; what is no such thing is left out.",
    {"type": "string", "example": "bytes=0-65535"},
    str,
)
EVENT_FILTERS = (CAMERA, KIND, LABEL, ZONE, SINCE, UNTIL, BEFORE, MOST)


def read_query(parameters: Iterable[Parameter], given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What an address asks for, read.

    Parameters
    ----------
    parameters : iterable of Parameter
    given : iterable of (str, str)
        Names and values, as they came.

    Raises
    ------
    Problem
        One is unknown, stands there twice, is missing or does not fit.
    """
    known = {one.name: one for one in parameters if one.where == "query"}
    asked: dict[str, Any] = {}
    for name, text in given:
        if name not in known:
            allowed = ", ".join(known) or "nothing"
            raise Problem(400, f"The address asks for something unknown; it may have: {allowed}.")
        if name in asked:
            raise Problem(400, f"{name} stands twice in the address.")
        try:
            asked[name] = known[name].read(text)
        except ValueError:
            raise Problem(400, _does_not_fit(known[name])) from None
    missing = next((name for name, one in known.items() if one.is_needed and name not in asked), "")
    if missing:
        raise Problem(400, f"{missing} is missing in the address.")
    return asked


def _does_not_fit(parameter: Parameter) -> str:
    schema = parameter.schema
    if "enum" in schema:
        return f"{parameter.name} is one of: {', '.join(schema['enum'])}."
    if schema["type"] == "integer":
        return f"{parameter.name} is a whole number, {schema['minimum']} to {schema['maximum']}."
    if "example" in schema:
        return (
            f"{parameter.name} is a moment with its time zone, {schema['example']} say; a + is "
            "written %2B."
        )
    return f"{parameter.name} does not fit: letters, digits, - and _ are meant."
