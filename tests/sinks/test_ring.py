"""The newest packets: what is held, and what is given for a time, against a list that keeps all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.packet import SOUND, VIDEO, Packet, StreamForm
from motionapp.sinks.ring import PacketRing
from tests.servers.coded import NOON

FORM = StreamForm("h264", b"head")


def packet(at_s: float, size: int, *, stream: int = VIDEO, is_key: bool = False) -> Packet:
    return Packet(
        bytes(size), stream, is_key or stream == SOUND, None, None, 0, Fraction(1, 1000), at_s,
        at_s, NOON + timedelta(seconds=at_s), round(at_s * 1e9), 1, (FORM, FORM),
    )  # fmt: skip


@dataclass
class Model:
    """Keeps everything since the last break, and cuts it for each question."""

    most_s: float
    most_bytes: int

    def __post_init__(self) -> None:
        self.held: list[Packet] = []

    def add(self, new: Packet) -> None:
        if self.held and not new.follows(self.held[0]):
            self.held = []
        self.held.append(new)
        self.held = self.held[self.begin(new.at_s - self.most_s) :] if self.keys() else []
        while sum(len(each.data) for each in self.held) > self.most_bytes:
            later = self.keys()[1:]
            self.held = self.held[later[0] :] if later else []

    def keys(self) -> list[int]:
        return [n for n, each in enumerate(self.held) if each.stream == VIDEO and each.is_key]

    def begin(self, at_s: float) -> int:
        keys = self.keys()
        return max((n for n in keys if self.held[n].at_s <= at_s), default=keys[0] if keys else 0)


steps = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.04, 0.04, 0.04, 1.0]),
        st.integers(1, 60),
        st.sampled_from(["key", "picture", "picture", "picture", "sound", "reopened"]),
    ),
    max_size=80,
)


@given(steps, st.floats(0, 3), st.integers(20, 400), st.floats(-1, 20))
def test_it_holds_what_a_list_of_everything_would_give(
    steps: list[tuple[float, int, str]], most_s: float, most_bytes: int, asked_s: float
) -> None:
    ring, model = PacketRing(most_s=most_s, most_bytes=most_bytes), Model(most_s, most_bytes)
    at_s, opening = 0.0, 1
    for step_s, size, kind in steps:
        at_s += step_s
        opening += kind == "reopened"
        new = packet(at_s, size, stream=SOUND if kind == "sound" else VIDEO, is_key=kind == "key")
        new = replace(new, opening=opening)
        ring.add(new)
        model.add(new)

        assert ring.since(-1.0) == model.held
        assert ring.since(asked_s) == model.held[model.begin(asked_s) :]
        assert ring.held_bytes == sum(len(each.data) for each in model.held) <= most_bytes
        assert not model.held or (model.held[0].is_key and model.held[0].stream == VIDEO)


def test_it_gives_at_least_the_seconds_that_it_was_made_for() -> None:
    ring = PacketRing(most_s=5.0, most_bytes=10**6)
    for number in range(1000):
        ring.add(packet(number / 25, 10, is_key=number % 50 == 0))

    assert 5.0 <= ring.held_s <= 5.0 + 2.0


def test_without_a_key_frame_for_long_the_bound_holds_and_the_next_one_begins_anew() -> None:
    ring = PacketRing(most_s=5.0, most_bytes=1000)
    ring.add(packet(0.0, 100, is_key=True))
    for number in range(1, 1000):
        ring.add(packet(number / 25, 10))
        assert ring.held_bytes <= 1000

    assert ring.since(0.0) == []
    ring.add(key := packet(40.0, 100, is_key=True))
    assert ring.since(0.0) == [key]
