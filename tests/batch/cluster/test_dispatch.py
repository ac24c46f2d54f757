"""Which files go out together, and who is to blame when a worker is lost."""

from __future__ import annotations

import random
from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from motionapp.batch.cluster.dispatch import MOST_FILES, MOST_LOSSES, TASK_S, Bundle, Dispatch


class Files:
    """What is to be done, as the agenda of a batch has it."""

    def __init__(self, sizes: dict[int, int | None]) -> None:
        self.sizes = sizes
        self.waiting = deque(sizes)
        self.moot: set[int] = set()

    def next(self) -> int | None:
        return self.waiting.popleft() if self.waiting else None

    def is_moot(self, number: int) -> bool:
        return number in self.moot


def dispatch_of(sizes: dict[int, int | None]) -> Dispatch:
    files = Files(sizes)
    return Dispatch(files, sizes.__getitem__, sum(size or 0 for size in sizes.values()))


def equal(files: int, size_bytes: int = 1000) -> Dispatch:
    return dispatch_of(dict.fromkeys(range(files), size_bytes))


def bundle_of(dispatch: Dispatch, workers: int = 1) -> Bundle:
    bundle = dispatch.next_bundle(workers)
    assert bundle is not None
    return bundle


def do(dispatch: Dispatch, bundle: Bundle, elapsed_s: float = 1.0) -> None:
    dispatch.began(bundle.number)
    for index in bundle.files:
        dispatch.started(bundle.number, index)
        dispatch.finished(bundle.number, index, elapsed_s)
    dispatch.ended(bundle.number)


def with_pace(files: int, *, elapsed_s: float = 1.0) -> Dispatch:
    """Of files of 1000 bytes, after the first has shown how long they take."""
    dispatch = equal(files)
    do(dispatch, bundle_of(dispatch), elapsed_s)
    return dispatch


def test_as_long_as_nobody_knows_how_long_they_take_files_go_out_one_by_one() -> None:
    dispatch = equal(100)

    assert [bundle_of(dispatch).files for _ in range(3)] == [(0,), (1,), (2,)]


def test_a_task_takes_about_its_time() -> None:
    dispatch = with_pace(10_000, elapsed_s=1.0)

    assert len(bundle_of(dispatch, workers=4).files) == TASK_S


def test_a_large_file_goes_by_itself() -> None:
    dispatch = dispatch_of({0: 1000, 1: 100_000, 2: 1000, 3: 1000})
    do(dispatch, bundle_of(dispatch))

    assert bundle_of(dispatch).files == (1,)


def test_files_without_a_size_are_as_long_as_others_were() -> None:
    dispatch = equal(1000, 0)
    do(dispatch, bundle_of(dispatch), elapsed_s=2.0)

    assert len(bundle_of(dispatch).files) == TASK_S / 2


def test_tasks_become_short_towards_the_end_so_that_all_workers_end_together() -> None:
    dispatch = with_pace(17, elapsed_s=1.0)

    assert len(bundle_of(dispatch, workers=4).files) == 2


def test_a_message_stays_short_however_fast_files_are() -> None:
    dispatch = with_pace(100_000, elapsed_s=0.001)

    assert len(bundle_of(dispatch, workers=1).files) == MOST_FILES


def test_the_file_that_was_under_way_goes_by_itself_and_the_others_together() -> None:
    dispatch = with_pace(21, elapsed_s=1.0)
    bundle = bundle_of(dispatch)
    first, suspect, *others = bundle.files
    dispatch.began(bundle.number)
    dispatch.started(bundle.number, first)
    dispatch.finished(bundle.number, first, 1.0)
    dispatch.started(bundle.number, suspect)

    assert dispatch.lost(bundle.number, is_blamed=True) == ()

    assert bundle_of(dispatch).files == (suspect,)
    assert list(bundle_of(dispatch).files)[: len(others)] == others


def test_a_file_that_takes_its_worker_with_it_each_time_is_given_up() -> None:
    dispatch = dispatch_of({7: 1000, 8: 1000})
    given_up = []
    for _ in range(MOST_LOSSES):
        bundle = bundle_of(dispatch)
        assert bundle.files == (7,)
        dispatch.started(bundle.number, 7)
        given_up.append(dispatch.lost(bundle.number, is_blamed=True))

    assert given_up == [()] * (MOST_LOSSES - 1) + [(7,)]
    assert bundle_of(dispatch).files == (8,)


def test_bundles_that_waited_beside_a_deadly_file_are_not_blamed() -> None:
    """Dask marks all that is queued at a dead worker (distributed #5234)."""
    dispatch = equal(4)
    for _ in range(2 * MOST_LOSSES):
        waiting = bundle_of(dispatch)
        assert dispatch.lost(waiting.number, is_blamed=True) == ()

    assert {bundle_of(dispatch).files for _ in range(4)} == {(0,), (1,), (2,), (3,)}


def test_a_scheduler_that_goes_is_no_files_fault() -> None:
    dispatch = dispatch_of({0: 1000})
    for _ in range(2 * MOST_LOSSES):
        bundle = bundle_of(dispatch)
        dispatch.started(bundle.number, 0)
        assert dispatch.lost(bundle.number, is_blamed=False) == ()


def test_a_worker_that_closes_in_order_puts_no_blame_on_a_file() -> None:
    dispatch = equal(1)
    for _ in range(2 * MOST_LOSSES):
        bundle = bundle_of(dispatch)
        dispatch.started(bundle.number, 0)
        dispatch.stopped(bundle.number)
        assert not dispatch.has_begun(bundle.number)
        assert dispatch.lost(bundle.number, is_blamed=True) == ()


def test_where_nobody_knows_which_file_it_was_each_goes_by_itself() -> None:
    dispatch = with_pace(41, elapsed_s=1.0)
    bundle = bundle_of(dispatch)
    dispatch.began(bundle.number)
    dispatch.lost(bundle.number, is_blamed=True)

    for index in bundle.files:
        assert bundle_of(dispatch).files == (index,)


def test_workers_that_die_before_they_begin_do_not_go_on_for_ever() -> None:
    dispatch = dispatch_of({0: 1000})
    given_up: tuple[int, ...] = ()
    for _ in range(1000):
        bundle = dispatch.next_bundle(1)
        if bundle is None:
            break
        given_up += dispatch.lost(bundle.number, is_blamed=True)

    assert given_up == (0,)
    assert dispatch.next_bundle(1) is None


def test_a_part_of_a_recording_goes_by_itself_and_says_nothing_of_others() -> None:
    dispatch = dispatch_of({0: 1000, 1: None, 2: 1000, 3: 1000, 4: 1000, 5: 1000})
    do(dispatch, bundle_of(dispatch), elapsed_s=1.0)
    part = bundle_of(dispatch)
    do(dispatch, part, elapsed_s=1000.0)

    assert part.files == (1,)
    assert bundle_of(dispatch).files == (2, 3)


def test_what_nobody_needs_any_more_is_not_handed_out_and_can_be_taken_back() -> None:
    files = Files({0: None, 1: None, 2: None})
    dispatch = Dispatch(files, files.sizes.__getitem__, 0)
    first, second = bundle_of(dispatch), bundle_of(dispatch)
    dispatch.began(first.number)
    files.moot |= {0, 1, 2}

    assert dispatch.moot == {second.number}
    assert dispatch.next_bundle(1) is None
    assert not dispatch.finished(first.number, 0, None)


def test_what_comes_back_can_be_withdrawn() -> None:
    dispatch = equal(3)
    dispatch.ended(bundle_of(dispatch).number)

    assert dispatch.withdraw() == (0, 1)  # that one has been looked at
    assert bundle_of(dispatch).files == (2,)


def test_what_a_bundle_brings_back_no_record_of_waits_again() -> None:
    dispatch = dispatch_of({0: 1000})
    bundle = bundle_of(dispatch)
    dispatch.ended(bundle.number)

    assert bundle_of(dispatch).files == (0,)


def test_a_record_that_comes_twice_counts_once() -> None:
    """A worker that was taken for lost may still tell."""
    dispatch = dispatch_of({0: 1000, 1: 1000})
    bundle = bundle_of(dispatch)
    dispatch.started(bundle.number, 0)
    dispatch.lost(bundle.number, is_blamed=True)

    assert dispatch.finished(bundle.number, 0, 1.0)
    assert not dispatch.finished(bundle.number, 0, 1.0)
    assert bundle_of(dispatch).files == (1,)


@given(
    sizes=st.lists(st.integers(0, 10**6), min_size=1, max_size=60),
    deadly=st.sets(st.integers(0, 59), max_size=4),
    workers=st.integers(1, 5),
    seed=st.integers(0, 2**32),
)
def test_whatever_happens_every_file_ends_once_and_only_deadly_ones_are_given_up(
    sizes: list[int], deadly: set[int], workers: int, seed: int
) -> None:
    """Workers that die of deadly files, with bundles queued behind; schedulers that go."""
    rolls = random.Random(seed)
    dispatch = dispatch_of(dict(enumerate(sizes)))
    done: list[int] = []
    given_up: list[int] = []
    out: list[Bundle] = []
    for _ in range(10_000):
        while len(out) < 2 * workers and (bundle := dispatch.next_bundle(workers)) is not None:
            out.append(bundle)
        if not out:
            break
        if rolls.random() < 0.02:
            for each in out:
                dispatch.lost(each.number, is_blamed=False)
            out.clear()
            continue
        bundle = out.pop(rolls.randrange(len(out)))
        dispatch.began(bundle.number)
        died = False
        for index in bundle.files:
            dispatch.started(bundle.number, index)
            if died := index in deadly:
                break
            if dispatch.finished(bundle.number, index, rolls.random()):
                done.append(index)
        if not died:
            dispatch.ended(bundle.number)
            continue
        given_up += dispatch.lost(bundle.number, is_blamed=True)
        if out:  # what was queued at the same worker
            given_up += dispatch.lost(out.pop().number, is_blamed=True)

    assert sorted(done + given_up) == list(range(len(sizes)))
    assert set(given_up) == deadly & set(range(len(sizes)))
