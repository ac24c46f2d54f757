"""Which part of a file is asked for (RFC 9110, section 14): one stretch of bytes, or all of it."""

from __future__ import annotations

import re

_RANGE = re.compile(r"\s*bytes\s*=\s*(?P<first>\d{0,19})\s*-\s*(?P<last>\d{0,19})\s*", re.ASCII)


class Unsatisfiable(Exception):
    """The stretch lies behind the end of the file."""


def part_of(asked: str | None, size: int) -> tuple[int, int] | None:
    """The stretch that is asked for, half-open; None for the whole file.

    Parameters
    ----------
    asked : str, optional
        The Range header. What is no range, or several, is as if it had not been said, as the
        specification allows: several would let a small request make much work.
    size : int
        Of the file in bytes.

    Raises
    ------
    Unsatisfiable
        Nothing of it is in the file.
    """
    found = _RANGE.fullmatch(asked or "")
    if found is None or found["first"] == found["last"] == "":
        return None
    if found["first"] == "":
        length = min(int(found["last"]), size)
        if length == 0:
            raise Unsatisfiable
        return size - length, size
    first = int(found["first"])
    last = int(found["last"]) if found["last"] else size - 1
    if found["last"] and last < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, min(last + 1, size)
