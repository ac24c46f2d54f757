"""The order of a network's axes follows from its sides, or is asked for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from motionapp.core.errors import ModelError
from motionapp.training.layout import LAYOUTS, Layout, Taken, taken_by


@pytest.mark.parametrize(
    ("dims", "planes", "found"),
    [
        (("n", 3, 224, 224), 3, Taken("nchw", 1, 224, False)),
        (("n", 224, 224, 3), 3, Taken("nhwc", 1, 224, False)),
        ((1, 6, 64, 64), 1, Taken("nchw", 6, 64, True)),
        ((None, 64, 64, 12), 2, Taken("nhwc", 6, 64, False)),
        ((1, 8, 3, 96, 96), 3, Taken("ntchw", 8, 96, True)),
        ((None, 8, 96, 96, 3), 3, Taken("nthwc", 8, 96, False)),
        (("n", 3, 8, 96, 96), 3, Taken("ncthw", 8, 96, False)),
        (("n", 48, 48, 1), 1, Taken("nhwc", 1, 48, False)),
    ],
)
def test_sides_tell_the_order(dims: Any, planes: int, found: Taken) -> None:
    assert taken_by(dims, planes=planes) == found


def read_or_asked(dims: Any, planes: int) -> Taken | str:
    try:
        return taken_by(dims, planes=planes)
    except ModelError as error:
        return str(error)


@given(
    layout=st.sampled_from(LAYOUTS),
    planes=st.integers(1, 3),
    steps=st.integers(1, 64),
    side=st.integers(8, 512),
    single=st.booleans(),
)
def test_what_is_said_and_what_is_told_agree(
    layout: Layout, planes: int, steps: int, side: int, single: bool
) -> None:
    """Whatever a network takes, its sides give it back, or a question."""
    sizes = {"n": 1 if single else "n", "t": steps, "h": side, "w": side, "c": planes}
    if "t" not in layout:
        sizes["c"] = planes * steps
        assume(planes * steps != side or layout == "nchw")
    dims: Any = [sizes[letter] for letter in layout]
    wanted = Taken(layout, steps, side, single)

    assert taken_by(dims, planes=planes, layout=layout) == wanted
    told = read_or_asked(dims, planes)
    assert told == wanted or (layout in str(told) and "--layout" in str(told))


def test_any_size_is_asked_for() -> None:
    dims = ("n", 3, "h", "w")

    with pytest.raises(ModelError, match=r"3 x \? x \? cannot be read.*--side-px"):
        taken_by(dims, planes=3)
    assert taken_by(dims, planes=3, side_px=96) == Taken("nchw", 1, 96, False)


@pytest.mark.parametrize(
    ("dims", "planes", "says"),
    [
        (None, 3, "nothing of its shape"),
        (("n", 10), 3, "declares 2 axes"),
        (("n", 16, 16, 16), 1, "may be nchw or nhwc: say which with --layout"),
        (("n", 3, 128, 64), 3, "squares of 8 to 512"),
        ((8, 3, 64, 64), 3, "one clip at a time, or any number"),
        (("n", 5, 64, 64), 2, "with 2 planes"),
        (("n", 3, 4096, 4096), 3, "squares of 8 to 512"),
        (("n", 400, 64, 64), 1, "1 to 64 steps"),
    ],
)
def test_what_cannot_be_read_is_refused(dims: Any, planes: int, says: str) -> None:
    with pytest.raises(ModelError) as refused:
        taken_by(dims, planes=planes)

    assert says in str(refused.value)
