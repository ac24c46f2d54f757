"""What stands out among packets: ranks within kinds, taken together over windows."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from motionapp.scan.quiet import BIN_S, KINDS, kinds_of, normal_scores, unrest_of
from motionapp.sources.packet_index import PacketIndex

RATE_HZ = 10
GROUP = 20


def index_of(sizes: NDArray[np.int64], *, is_key: NDArray[np.bool_] | None = None) -> PacketIndex:
    """A recording without pictures that go back."""
    count = len(sizes)
    return PacketIndex(
        codec="h264",
        can_seek=True,
        pts_s=np.arange(count) / RATE_HZ,
        sizes=sizes.astype(np.int32),
        is_key=np.arange(count) % GROUP == 0 if is_key is None else is_key,
        is_sound=True,
    )


def noise(seconds: int, seed: int = 0) -> NDArray[np.int64]:
    """Sizes as they are where nothing moves: key pictures are ten times as large."""
    rng = np.random.default_rng(seed)
    sizes = rng.lognormal(6.0, 0.15, seconds * RATE_HZ)
    sizes[::GROUP] *= 10
    return sizes.astype(np.int64)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 3)), min_size=1, max_size=60),
    st.integers(1, 1000),
)
def test_a_score_tells_the_rank_within_the_group_alone(
    given_values: list[tuple[int, int]], scale: int
) -> None:
    values = np.array([value for value, _ in given_values], np.int32)
    groups = np.array([group for _, group in given_values], np.int64)

    scores = normal_scores(values, groups)

    for group in set(groups.tolist()):
        own, said = values[groups == group], scores[groups == group]
        assert abs(said.mean()) < 0.2
        for one, its in zip(own, said, strict=True):
            assert (said[own == one] == its).all()
            assert (said[own > one] > its).all()
    np.testing.assert_array_equal(normal_scores(values * scale, groups), scores)


def test_pictures_that_are_shown_earlier_are_kinds_of_their_own() -> None:
    order = PacketIndex(
        codec="h264",
        can_seek=True,
        pts_s=np.array([0.0, 0.4, 0.2, 0.1, 0.3, 0.6, 0.5]),
        sizes=np.ones(7, np.int32),
        is_key=np.array([True] + [False] * 6),
        is_sound=True,
    )

    key, forward, middle, one, other, later, single = kinds_of(order)

    assert key == 0
    assert forward != middle != one
    assert one // 1 in range(KINDS)
    assert {int(forward), int(middle), int(one)}.isdisjoint({0})
    assert later != single
    assert other != later


def test_many_pictures_that_are_a_little_larger_stand_out() -> None:
    """A tenth more: within the noise of each, but it lasts for three seconds."""
    sizes = noise(600)
    sizes[3000:3030] = sizes[3000:3030] * 1.15

    unrest = unrest_of(index_of(sizes))

    strongest = unrest.values.max(axis=0)
    at_s = strongest.argmax() * BIN_S
    assert 300.0 <= at_s <= 303.0
    assert strongest.max() > 3.0


def test_one_large_picture_is_no_motion() -> None:
    sizes = noise(600)
    sizes[3007] *= 50

    unrest = unrest_of(index_of(sizes))

    assert unrest.values[:, int(300.5 / BIN_S) : int(301 / BIN_S)].max() < 3.0


def test_the_bit_rate_of_the_next_hour_is_no_motion() -> None:
    sizes = np.concatenate([noise(1200), noise(1200, seed=1) * 3])

    unrest = unrest_of(index_of(sizes))

    assert unrest.blocks == 4
    second = unrest.block_of(2)
    assert (unrest.values[:, second] > 4.0).mean() < 0.001


@given(st.integers(1, 40), st.integers(0, 2**31 - 1))
def test_every_length_has_its_bins_and_blocks(count: int, seed: int) -> None:
    sizes = np.random.default_rng(seed).integers(1, 1000, count)

    unrest = unrest_of(index_of(sizes))

    bins = [
        n for block in range(unrest.blocks) for n in range(*unrest.block_of(block).indices(999))
    ]
    assert bins == list(range(unrest.values.shape[1]))
    assert np.isfinite(unrest.values).all()


def test_where_every_picture_is_a_key_picture_sizes_tell_as_well() -> None:
    sizes = np.random.default_rng(2).normal(30_000, 200, 6000).astype(np.int64)
    sizes[3000:3030] += 200

    unrest = unrest_of(index_of(sizes, is_key=np.ones(6000, np.bool_)))

    assert 300.0 <= unrest.values.max(axis=0).argmax() * BIN_S <= 303.0
