"""A search comes to the same with any number of processes, and wherever it was stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("optuna")

from motionapp.core.errors import SettingsError
from motionapp.core.representation import Representation
from motionapp.recognition.dataset import read_data_set
from motionapp.training.progress import Silent
from motionapp.training.protocols import parse_protocol
from motionapp.training.recipe import Recipe
from motionapp.training.search import search as course
from motionapp.training.search.order import SearchOrder
from motionapp.training.search.running import Runner
from motionapp.training.search.sampling import importance, proposed
from motionapp.training.search.search import Found, NothingFound, found_lines, search
from motionapp.training.search.space import DROPOUT, LAG, OPTIMISER, RATE, STEPS, WIDTH, Space
from motionapp.training.search.study import Study
from motionapp.training.search.trial import Asked, Made
from motionapp.training.train import Order
from tests.training.search.made_up import Killed, MadeUp

pytestmark = [pytest.mark.train, pytest.mark.timeout(240)]

SHAPE = Representation("absdiff", side_px=32, going=True)
SMALL = Recipe(
    architecture="lenet5", width=2, dense=8, batch=8, epochs=1, fewest_steps=6, tempos=()
)
TRIALS = 17


@pytest.fixture(scope="module")
def order(recordings: Path) -> Order:
    data = read_data_set(recordings, extensions=(".mp4",))
    return Order(data, SHAPE, SMALL, parse_protocol("kfold:3", ("kfold",)), "m", "train")


@pytest.fixture(scope="module")
def whole(order: Order, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """A search that nothing stopped, of trials that cost nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(course, "Runner", MadeUp)
        return found(order, tmp_path_factory.mktemp("whole"))


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> type[MadeUp]:
    monkeypatch.setattr(course, "Runner", MadeUp)
    return MadeUp


def found(order: Order, folder: Path, *, jobs: int = 1, trials: int = TRIALS, **how: Any) -> Found:
    return search(order, SearchOrder(trials, jobs, folder / "s.db", **how), Silent())


@pytest.mark.usefixtures("made_up")
def test_two_processes_come_to_the_same_trials_as_one(
    order: Order, whole: Found, tmp_path: Path
) -> None:
    two = found(order, tmp_path, jobs=2)

    assert two.made == whole.made
    assert two.best == whole.best
    assert two.order == whole.order
    assert any(trial.is_pruned for trial in whole.made)


@pytest.mark.parametrize(("until", "jobs"), [(0, 1), (3, 1), (10, 2), (12, 1), (16, 1)])
def test_a_search_that_was_stopped_goes_on_and_comes_to_the_same(
    order: Order, whole: Found, tmp_path: Path, made_up: type[MadeUp], until: int, jobs: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(course, "Runner", lambda *where: made_up(*where, until=until))

    with pytest.raises(KeyboardInterrupt):
        found(order, tmp_path)
    monkeypatch.setattr(course, "Runner", made_up)
    again = found(order, tmp_path, jobs=jobs)

    assert again.made == whole.made
    assert again.best == whole.best


@pytest.mark.usefixtures("made_up")
def test_a_search_that_is_prolonged_goes_on_as_if_it_had_been_that_long(
    order: Order, whole: Found, tmp_path: Path
) -> None:
    found(order, tmp_path, trials=7)
    short = found(order, tmp_path, trials=12)
    prolonged = found(order, tmp_path)

    assert prolonged.made == whole.made
    assert prolonged.made[:12] == short.made


def test_made_trials_are_not_made_again(
    order: Order, tmp_path: Path, made_up: type[MadeUp], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = found(order, tmp_path)
    monkeypatch.setattr(course, "Runner", lambda *where: made_up(*where, until=0))

    assert found(order, tmp_path).made == first.made
    with pytest.raises(KeyboardInterrupt):
        found(order, tmp_path, anew=True)


@pytest.mark.usefixtures("made_up")
def test_another_recipe_has_trials_of_its_own_in_the_same_file(
    order: Order, tmp_path: Path
) -> None:
    first = found(order, tmp_path)
    other = found(replace(order, recipe=replace(SMALL, seed=2)), tmp_path)

    assert other.made != first.made
    assert found(order, tmp_path).made == first.made


@pytest.mark.usefixtures("made_up")
def test_the_best_is_better_than_what_was_asked_for_and_what_mattered_is_told(
    order: Order, tmp_path: Path
) -> None:
    done = found(order, tmp_path, trials=40)

    assert done.best.value > done.made[0].value
    assert done.order.recipe.optimiser == done.best.parameters[OPTIMISER]
    assert sum(done.matters.values()) == pytest.approx(1.0)
    assert {RATE, DROPOUT} & set(list(done.matters)[:2])
    said = found_lines(done)
    assert said[0].startswith("40 trials, ")
    assert said[-2].startswith("the best was chosen by what it is measured on: ")
    assert said[-1].startswith("what mattered (PED-ANOVA): ")
    document = done.document()
    assert done.unseen is not None
    assert document["unseen_accuracy"] == done.unseen <= done.best.value
    assert document["best"] == done.best.number
    assert len(document["trials"]) == 40


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.usefixtures("made_up")
def test_where_the_time_is_over_the_best_so_far_is_found_and_more_time_finds_the_rest(
    order: Order, tmp_path: Path, jobs: int
) -> None:
    left = iter([1000.0] * 16)

    def left_s(_: Sequence[Made]) -> float:
        return next(left, 0.0)

    short = search(order, SearchOrder(10_000, jobs, tmp_path / "s.db"), Silent(), left_s)

    assert 0 < len(short.made) <= 16
    assert short.best in short.made
    more = found(order, tmp_path, trials=len(short.made) + 1)
    assert more.made[: len(short.made)] == short.made


def test_without_time_for_a_trial_that_is_told_in_a_sentence(
    order: Order, tmp_path: Path, made_up: type[MadeUp]
) -> None:
    with pytest.raises(NothingFound, match="there was no time for one"):
        search(order, SearchOrder(3, 1, tmp_path / "s.db"), Silent(), lambda _: 0.0)


def test_a_trial_ends_at_its_next_step_where_the_time_is_over(
    order: Order, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """On recordings; the clock says after three steps that there is no time left."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    left = iter([3.0, 2.0, 1.0])
    space = Space(SMALL, SHAPE)
    runner = Runner(order, space, lambda: next(left, 0.0))

    with pytest.raises(TimeoutError):
        runner(Asked(0, space.usual()))
    assert list(left) == []


def test_a_process_that_is_killed_is_told_in_a_sentence(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course, "Runner", Killed)

    with pytest.raises(SettingsError, match="a process that makes trials was ended"):
        found(order, tmp_path, jobs=2)


def test_a_file_that_is_no_study_is_refused_in_a_sentence(order: Order, tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.write_bytes(b"no database, and long enough to be taken for one" * 40)

    with pytest.raises(SettingsError, match=r"the study .*s\.db cannot be used"):
        found(order, tmp_path)


def test_a_trial_is_read_as_it_was_kept(tmp_path: Path) -> None:
    space = Space(SMALL, SHAPE)
    chosen = proposed(space, [], 3, seed=1)
    trials = [
        Made(0, space.usual(), (0.1 + 0.2, 1 / 3, 0.7)),
        Made(1, chosen, (0.25,), is_pruned=True),
        Made(2, chosen, (0.0,), trouble="at step 3 the weights grew beyond all numbers"),
    ]
    study = Study(tmp_path / "s.db", "one", space)
    for one in trials:
        study.add(one)
    study.close()

    again = Study(tmp_path / "s.db", "one", space)
    assert again.made() == trials
    again.close()


def test_proposals_depend_on_the_number_and_on_what_came_before(tmp_path: Path) -> None:
    space = Space(SMALL, SHAPE)
    earlier = [Made(n, proposed(space, [], n, 1), (0.5 + 0.01 * n,)) for n in range(10)]

    assert proposed(space, earlier, 10, 1) == proposed(space, earlier, 10, 1)
    assert proposed(space, earlier, 10, 1) != proposed(space, earlier, 11, 1)
    assert proposed(space, earlier, 10, 1) != proposed(space, earlier, 10, 2)
    assert importance(space, earlier[:2]) == {}


def test_real_trials_are_trained_fold_by_fold_and_the_same_twice(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On recordings, with a network of a few weights; only the dropout and the rate are free."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    fixed = frozenset({OPTIMISER, WIDTH, STEPS, LAG})

    one = found(order, tmp_path / "one", trials=3, fixed=fixed)
    again = found(order, tmp_path / "again", trials=3, fixed=fixed)

    assert one.made == again.made
    assert all(len(trial.folds) == 3 for trial in one.made)
    assert all(0 <= share <= 1 for trial in one.made for share in trial.folds)
    assert len({trial.parameters[RATE] for trial in one.made}) == 3
    assert one.order.representation == SHAPE


def test_a_recipe_that_comes_to_no_numbers_counts_as_nothing_right(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from motionapp.training.search import running

    def beyond(*_: object) -> None:
        raise SettingsError("the weights grew beyond all numbers")

    monkeypatch.setattr(running, "_right", beyond)
    monkeypatch.setattr(running, "held_out", lambda *_, **__: ({"ann"},))
    monkeypatch.setattr(running.Runner, "material", lambda *_: _Data())

    with pytest.raises(SettingsError, match=r"no trial of the search came to a network"):
        found(order, tmp_path, trials=2)


class _Data:
    """A material of which only the data are asked for."""

    data = None
