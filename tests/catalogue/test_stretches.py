"""Which seconds are shown: room around each hit, and nothing twice."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from motionapp.catalogue.cuts import names_of
from motionapp.catalogue.hit import Hit
from motionapp.catalogue.stretches import stretches_of


def hit(start_s: float, end_s: float, key: str = "a", start_ms: int | None = None) -> Hit:
    """A hit in a recording of that key."""
    given = dict.fromkeys(field.name for field in fields(Hit))
    given |= {
        "event": f"{key}{start_s}", "recording_key": key, "recording_path": f"/{key}.mp4",
        "zone": "all", "start_s": start_s, "end_s": end_s, "start_ms": start_ms,
    }  # fmt: skip
    return Hit(**given)  # type: ignore[arg-type]


def test_hits_whose_padding_meets_are_one_stretch() -> None:
    stretches = stretches_of([hit(20, 21), hit(1, 3), hit(6, 7)], before_s=2, after_s=2)

    assert [(one.from_s, one.to_s, len(one.hits)) for one in stretches] == [
        (0.0, 9.0, 2),
        (18.0, 23.0, 1),
    ]


def test_a_long_event_that_covers_a_short_one_keeps_its_end() -> None:
    (one,) = stretches_of([hit(1, 30), hit(2, 3)], before_s=1, after_s=1)

    assert (one.from_s, one.to_s) == (0.0, 31.0)


def test_clips_of_two_recordings_of_one_name_have_names_of_their_own() -> None:
    one, two = (
        replace(hit(5, 6, key), camera="door", recording="x/a.mp4") for key in ("a" * 16, "b" * 16)
    )

    names = names_of(
        stretches_of([one, two, replace(one, start_s=20, end_s=21)], before_s=1, after_s=1)
    )

    assert sorted(names.values()) == [
        "door-a@19000.mp4",
        "door-a@4000-aaaaaa.mp4",
        "door-a@4000-bbbbbb.mp4",
    ]


def test_recordings_come_in_the_order_of_the_clock_and_those_without_at_the_end() -> None:
    hits = [hit(5, 6, "c"), hit(5, 6, "b", 9_000), hit(0, 1, "a", 10_000)]

    stretches = stretches_of(hits, before_s=2, after_s=0)

    assert [one.first.recording_key for one in stretches] == ["b", "a", "c"]


@given(
    spans=st.lists(st.tuples(st.integers(0, 100), st.integers(1, 20)), min_size=1, max_size=12),
    before_s=st.integers(0, 5),
    after_s=st.integers(0, 5),
)
def test_every_hit_is_shown_whole_and_no_second_twice(
    spans: list[tuple[int, int]], before_s: int, after_s: int
) -> None:
    hits = [hit(start, start + length) for start, length in spans]

    stretches = stretches_of(hits, before_s=before_s, after_s=after_s)

    assert sum(len(one.hits) for one in stretches) == len(hits)
    for one in stretches:
        for each in one.hits:
            assert one.from_s <= max(0, each.start_s - before_s)
            assert each.end_s + after_s <= one.to_s
    ends = [one.to_s for one in stretches[:-1]]
    assert all(end < one.from_s for end, one in zip(ends, stretches[1:], strict=True))
