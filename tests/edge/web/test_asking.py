"""What may stand in an address, and what is told of the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.edge.web import asking
from motionapp.edge.web.asking import moment_of, read_query
from motionapp.edge.web.problems import Problem


@given(
    moment=st.datetimes(datetime(1971, 1, 1), datetime(2900, 1, 1)),
    minutes=st.integers(-14 * 60, 14 * 60),
)
def test_a_moment_of_any_zone_is_the_same_in_utc(moment: datetime, minutes: int) -> None:
    there = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert moment_of(there.isoformat()) == there.astimezone(UTC)


@pytest.mark.parametrize(
    "text",
    [
        "", "now", "2026-11-30", "2026-11-30T07:00:00", "2026-11-31T07:00:00Z",
        "2026-11-30T07:00:60Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
        "1969-01-01T00:00:00Z", "2026-11-30T07:00:00Z\n", "2026-11-30T07:00:00 01:00",
        "２026-11-30T07:00:00Z", "2026-11-30T07:00:00+99:00",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no moment"):
        moment_of(text)


@pytest.mark.parametrize(
    ("given_", "sentence"),
    [
        ([("camara", "door")], "asks for something unknown"),
        ([("camera", "door"), ("camera", "yard")], "camera stands twice"),
        ([("camera", "../etc")], "camera does not fit"),
        ([("camera", "door\n")], "camera does not fit"),
        ([("kind", "all")], "kind is one of: motion, outage"),
        ([("most", "0")], "most is a whole number, 1 to 1000"),
        ([("most", "1001")], "most is a whole number"),
        ([("most", "1e2")], "most is a whole number"),
        ([("before", "9" * 5000)], "before is a whole number"),
        ([("before", "٣")], "before is a whole number"),
        ([("since", "2026-11-30T07:00:00 01:00")], "a + is written %2B"),
        ([("label", "<script>")], "label does not fit"),
    ],
)
def test_what_does_not_fit_is_told_and_not_repeated(
    given_: list[tuple[str, str]], sentence: str
) -> None:
    with pytest.raises(Problem) as caught:
        read_query(asking.EVENT_FILTERS, given_)

    assert caught.value.status == 400
    assert sentence in caught.value.sentence
    assert "<" not in caught.value.sentence
    assert ".." not in caught.value.sentence


def test_what_is_needed_is_asked_for() -> None:
    with pytest.raises(Problem, match="at is missing"):
        read_query((asking.WHICH_CAMERA, asking.AT), [("camera", "door")])
