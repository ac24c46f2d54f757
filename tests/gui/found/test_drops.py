"""Numbers and rates of dropped pictures by stage."""

from __future__ import annotations

import pytest

from motionapp.gui.found.drops import RATE_OVER_S, STAGES, Drops


def rates(drops: Drops) -> dict[str, float]:
    """Those above zero."""
    told = zip(STAGES, drops.rates_hz, strict=True)
    return {stage: pytest.approx(rate_hz) for stage, rate_hz in told if rate_hz}


def test_a_rate_is_that_of_the_last_two_seconds() -> None:
    drops = Drops()

    for n in range(11):
        drops.note(0.4 * n, {"analysis": 4 * n, "view": min(n, 5)})
    assert rates(drops) == {"analysis": 10.0}

    drops.note(4.4, {"analysis": 41, "view": 5, "recorder": 6})
    assert rates(drops) == {"analysis": 17 / RATE_OVER_S, "recorder": 6 / RATE_OVER_S}
    assert dict(zip(STAGES, drops.numbers, strict=True))["recorder"] == 6


def test_another_opening_begins_at_nothing() -> None:
    drops = Drops()
    for now_s, number in ((0.0, 50), (1.0, 60), (2.0, 3), (3.0, 5)):
        drops.note(now_s, {"analysis": number})

    assert rates(drops) == {"analysis": 2.0}


def test_before_two_looks_there_is_no_rate() -> None:
    drops = Drops()
    assert not rates(drops)

    drops.note(0.0, {"capture": 9})
    assert not rates(drops)
