"""What is written to a card, by the hour and the day."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from motionapp.edge.camera.budget import DAY_S, HOUR_S, SLOT_S, WriteBudget


@given(st.lists(st.tuples(st.floats(0, 40_000), st.integers(1, 10**6)), max_size=60))
def test_it_is_what_a_list_of_all_writes_would_give_to_the_minute(
    written: list[tuple[float, int]],
) -> None:
    now_s = 0.0
    budget = WriteBudget(lambda: now_s)
    everything: list[tuple[float, int]] = []
    for waited_s, count in written:
        now_s += waited_s
        budget.add(count)
        everything.append((now_s, count))

        for found, span_s in ((budget.hour_bytes, HOUR_S), (budget.day_bytes, DAY_S)):
            surely = sum(n for at_s, n in everything if at_s > now_s - span_s + SLOT_S)
            at_most = sum(n for at_s, n in everything if at_s > now_s - span_s - SLOT_S)
            assert surely <= found <= at_most
    assert budget.total_bytes == sum(count for _, count in everything)


def test_a_day_takes_no_more_memory_than_its_minutes() -> None:
    now_s = 0.0
    budget = WriteBudget(lambda: now_s)
    for second in range(0, 3 * 86_400, 20):
        now_s = float(second)
        budget.add(1)

    assert len(budget._slots) <= 1440
