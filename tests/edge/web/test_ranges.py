"""Which bytes are sent, against a simple model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.edge.web.ranges import Unsatisfiable, part_of

POSITION = st.none() | st.integers(0, 30) | st.integers(0, 10**18)


@given(first=POSITION, last=POSITION, size=st.integers(0, 20))
def test_what_is_sent_is_what_the_specification_counts(
    first: int | None, last: int | None, size: int
) -> None:
    asked = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    every = range(size)
    is_whole = False
    if first is None and last is None:
        is_whole, wanted = True, []
    elif first is None:
        wanted = [at for at in every if at >= size - last]  # type: ignore[operator]
    elif last is not None and last < first:
        is_whole, wanted = True, []
    else:
        wanted = [at for at in every if first <= at and (last is None or at <= last)]

    try:
        part = part_of(asked, size)
    except Unsatisfiable:
        assert not is_whole
        assert not wanted
        return
    assert (part is None) == is_whole
    if part is not None:
        assert list(range(*part)) == wanted


@pytest.mark.parametrize(
    "asked",
    [
        None, "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=0-1,4-5", "lines=0-5",
        "bytes=--5", "bytes=0x1-2", "bytes=1-\r\nX: y", "bytes=٣-٤", "bytes=" + "9" * 20 + "-",
        "bytes=0-0," * 1000,
    ],
)  # fmt: skip
def test_what_is_no_single_range_asks_for_the_whole_file(asked: str | None) -> None:
    assert part_of(asked, 100) is None
