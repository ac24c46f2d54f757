"""A comparison trains what it says, ends in time, and goes on where it was stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("torch")

from motionapp.core.errors import DataSetError, SettingsError
from motionapp.core.representation import Representation
from motionapp.files.kept import KeptFiles
from motionapp.recognition.dataset import DataSet, read_data_set
from motionapp.training.comparison import compare as course
from motionapp.training.comparison import first_steps, full, grounds, stages
from motionapp.training.comparison.candidate import Candidate
from motionapp.training.comparison.compare import Wanted, compare
from motionapp.training.comparison.deadline import OutOfTime
from motionapp.training.comparison.finding import Finding, GroupScore
from motionapp.training.comparison.outcome import Outcome
from motionapp.training.comparison.results import Kept
from motionapp.training.comparison.searched import GATHERED
from motionapp.training.comparison.steps import Probed, Screened
from motionapp.training.comparison.timing import CallTimes
from motionapp.training.export import Forms
from motionapp.training.kept import KeptWindows
from motionapp.training.progress import Silent
from motionapp.training.protocols import parse_protocol
from motionapp.training.recipe import Recipe
from motionapp.training.search.order import SearchOrder
from motionapp.training.search.space import DROPOUT, LAG, OPTIMISER, RATE, STEPS, WIDTH, Space
from motionapp.training.search.trial import Made as Trial
from motionapp.training.train import Order

pytestmark = [pytest.mark.train, pytest.mark.timeout(240)]

SHAPE = Representation("absdiff", side_px=32, going=True)
SMALL = Recipe(
    architecture="lenet5", width=2, dense=8, batch=8, epochs=1, fewest_steps=12, tempos=()
)


def candidate(architecture: str, frontend: str = "absdiff", **how: Any) -> Candidate:
    return Candidate(
        replace(SHAPE, frontend=frontend), replace(SMALL, architecture=architecture, **how)
    )


def wanting(data: Path, folder: Path, *candidates: Candidate, **how: Any) -> Wanted:
    return Wanted(
        read_data_set(data, extensions=(".mp4",)), candidates,
        parse_protocol("kfold:3", ("kfold",)), folder, **how,
    )  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> KeptWindows:
    """Windows are cut once for all tests of this file."""
    folder = tmp_path_factory.mktemp("kept")
    return KeptWindows(KeptFiles(folder, most_bytes=10**9, on_trouble=lambda _: None))


class Heard(Silent):
    """Remembers the sentences, and how far stages went."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.stages: list[tuple[str, int, int]] = []

    def say(self, line: str) -> None:
        self.said.append(line)

    def advance(self, stage: str, done: int, total: int, said: str = "") -> None:
        self.stages.append((stage, done, total))


# -- the whole road, on recordings -----------------------------------------------------------


@pytest.fixture(scope="module")
def done(
    recordings: Path, kept: KeptWindows, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Outcome]:
    """Two small networks, trained in full."""
    folder = tmp_path_factory.mktemp("compared")
    both = (candidate("lenet5"), candidate("alexnet"))
    return folder, compare(wanting(recordings, folder, *both), Silent(), kept=kept)


def test_everything_that_the_choice_hangs_on_is_measured(done: tuple[Path, Outcome]) -> None:
    _, outcome = done

    assert [one.state for one in outcome.compared] == ["full", "full"]
    for one in outcome.compared:
        found, live = one.finding, outcome.live(one)
        assert found is not None
        assert live is not None
        assert [score.group for score in found.groups] == ["ann", "bob", "cyn"]
        assert all(score.clips == 2 for score in found.groups)
        assert sum(score.windows for score in found.groups) == found.windows > 0
        assert found.steps == 12
        assert found.networks == 3
        assert 0 < found.network_s <= found.wall_s
        assert found.int8_bytes > 1000
        assert one.parameters is not None
        assert found.float32_bytes > 4 * one.parameters
        assert one.multiply_adds
        assert all(ms > 0 for ms in one.clip_ms or (0.0,))
        assert one.picture_ms is not None
        assert one.picture_ms > 0
        assert live.cost_ms > live.clip_ms
    assert outcome.recommendation is not None
    assert outcome.facts.recordings == 6
    assert outcome.facts.seconds == pytest.approx(6 * 34 / 25, abs=0.3)


def test_the_same_command_takes_what_is_finished(
    done: tuple[Path, Outcome], recordings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is gathered and nothing trained; times are taken anew."""
    folder, before = done
    monkeypatch.setattr(stages, "trained", None)
    monkeypatch.setattr(grounds, "material_of", None)

    again = compare(
        wanting(recordings, folder, candidate("lenet5"), candidate("alexnet")), Silent()
    )

    assert [one.finding for one in again.compared] == [one.finding for one in before.compared]


def test_another_recipe_takes_nothing_of_it(
    done: tuple[Path, Outcome], recordings: Path, kept: KeptWindows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    trained: list[str] = []

    def noted(_: object, one: Candidate, *rest: object) -> Kept:
        trained.append(one.key)
        return made(80)

    monkeypatch.setattr(stages, "trained", noted)
    monkeypatch.setattr(course, "time_networks", timed)
    longer = candidate("lenet5", fewest_steps=13)

    compare(wanting(recordings, done[0], longer, candidate("alexnet")), Silent(), kept=kept)

    assert trained == ["absdiff-lenet5"]


def test_who_interrupts_a_comparison_keeps_what_is_finished(
    recordings: Path, kept: KeptWindows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Networks are trained; to write and to time them takes seconds, and says nothing here."""
    monkeypatch.setattr(full, "forms_of", lambda *_, **__: Forms(b"f", b"i", 1.0, 1.0))
    monkeypatch.setattr(course, "time_networks", timed)

    class Interrupting(Silent):
        """As Ctrl-C is, in the second training."""

        trainings = 0

        def say(self, line: str) -> None:
            self.trainings += line.startswith("training ") and line.endswith(" in full")

        def advance(self, stage: str, done: int, total: int, said: str = "") -> None:
            if self.trainings == 2 and stage.startswith("training"):
                raise KeyboardInterrupt

    both = (candidate("lenet5"), candidate("alexnet"))
    with pytest.raises(KeyboardInterrupt):
        compare(wanting(recordings, tmp_path, *both), Interrupting(), kept=kept)

    heard = Heard()
    outcome = compare(wanting(recordings, tmp_path, *both), heard, kept=kept)

    assert [line for line in heard.said if line.endswith("in full")] == [
        "training alexnet behind absdiff in full"
    ]
    assert [one.state for one in outcome.compared] == ["full", "full"]
    assert outcome.facts.earlier == 1
    assert list(tmp_path.rglob("*.training")) == []


def test_within_a_limit_all_are_screened_for_a_few_steps_on_one_fold(
    recordings: Path, kept: KeptWindows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full training that would take days: nobody has one, and that is told. The clock stands, so
    that a busy machine is given no less time. To time calls takes seconds, and says nothing here.
    """
    monkeypatch.setattr(course, "time_networks", timed)
    both = (candidate("lenet5", fewest_steps=10**7), candidate("alexnet", fewest_steps=10**7))
    wanted = wanting(recordings, tmp_path, *both, minutes=60.0)

    heard = Heard()
    outcome = compare(wanted, heard, kept=kept, clock=Clock())

    assert [one.state for one in outcome.compared] == ["screened", "screened"]
    first = [told for told in heard.stages if told[0] == "first steps behind absdiff"]
    assert [done for _, done, _ in first] == [1, 2]
    for one in outcome.compared:
        assert one.finding is not None
        assert one.finding.steps == outcome.facts.screening_steps >= 40
        assert len(one.finding.groups) == 1
        assert "training it in full takes about" in one.reason
    assert outcome.recommendation is None


def test_what_cannot_be_built_or_read_is_listed_with_the_reason(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_large = candidate("vgg16", width=512)

    outcome = compare(wanting(recordings, tmp_path, too_large), Silent())

    assert outcome.compared[0].state == "left out"
    assert "choose a smaller --width" in outcome.compared[0].reason


# -- the course, with a hand-turned clock ----------------------------------------------------


class Clock:
    """Seconds as the test says."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def made(right: int, *, is_full: bool = True, steps: int = 1000) -> Kept:
    groups = tuple(GroupScore(name, 100, right, 10, right // 10) for name in ("ann", "bob"))
    finding = Finding(
        is_full=is_full, steps=steps, networks=3, network_s=1.0, wall_s=2.0, peak_bytes=None,
        windows=200, float32_bytes=10, int8_bytes=5, int8_agreement=1.0, precision="int8",
        groups=groups,
    )  # fmt: skip
    return Kept(finding, b"f", b"i")


def timed(contents: dict[str, bytes], *_: object) -> dict[str, CallTimes]:
    return {name: CallTimes(1.0, 0.6) for name in contents}


class Made:
    """Candidates that take a known time and come to a known accuracy."""

    step_s = 0.1
    gather_s = 30.0
    full_slower = 1.0
    rights: dict[str, int]

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.rights = {}
        self.trained: list[str] = []
        self.screened: list[str] = []
        self.searched: list[str] = []
        self.widths: list[int] = []
        self.moves_nothing: set[str] = set()

    def material_of(self, order: Any, readings: Any, progress: Any, kept: Any) -> Any:
        frontend = order.representation.frontend
        for done in range(1, 7):
            self.clock.now_s += self.gather_s / 6
            progress.advance("recordings", done, 6)
        if frontend in self.moves_nothing:
            raise DataSetError("nothing moves in walk")
        windows = SimpleNamespace(maps=SimpleNamespace(nbytes=10**6))
        return SimpleNamespace(
            data=order.data, windows=Sized(windows), paced=None, rendered=None, labels=("a",),
            task_of=lambda *_: SimpleNamespace(windows=[0] * 64),
        )  # fmt: skip

    def probe(self, task: object, one: Candidate, tell: Any) -> Probed:
        self.clock.now_s += self.step_s
        return Probed(self.step_s, None)  # type: ignore[arg-type]

    def write(self, *_: object) -> tuple[bytes, bytes]:
        self.clock.now_s += 2.0
        return b"f", b"i"

    def screen(self, material: object, task: object, held: object, one: Candidate,
               steps: int, tell: Any) -> Screened:  # fmt: skip
        for _ in range(steps):
            self.clock.now_s += self.step_s / stages.usable_cores()
            tell()
        self.screened.append(one.key)
        named = SimpleNamespace(named=lambda *_: self.rights[one.key])
        return Screened(named, steps, steps * self.step_s, None)  # type: ignore[arg-type]

    def train(self, material: object, one: Candidate, folds: Any, progress: Any,
              folder: Path, steps: int) -> Kept:  # fmt: skip
        for done in range(steps):
            self.clock.now_s += 2 * self.step_s * self.full_slower  # three folds on two cores
            progress.advance("training", done, steps)
        self.trained.append(one.key)
        self.widths.append(one.recipe.width)
        return made(self.rights[one.key], steps=steps)

    def search(self, order: Order, wanted: Any, progress: Any, left_s: Any) -> Any:
        """Each trial is better than the last, and takes as long as three networks in one of two
        processes."""
        from motionapp.training.search.search import found_of

        space = Space(order.recipe, order.representation, wanted.fixed)
        trials: list[Trial] = []
        took_s = 3 * 1000 * self.step_s * self.full_slower
        while len(trials) < wanted.trials and left_s(trials) > took_s / 2:
            self.clock.now_s += took_s / 2
            number = len(trials)
            chosen = {**space.usual(), WIDTH: 2 + number % 3, DROPOUT: number / 100}
            right = 0.5 + 0.01 * number
            trials.append(Trial(number, chosen, (right,) * 3, took_s=took_s))
        if len(trials) < wanted.trials:
            self.clock.now_s += max(0.0, min(left_s(trials), took_s / 2))
        self.searched.append(order.name)
        return found_of(order, space, trials)


class Sized(SimpleNamespace):
    """Windows without maps."""

    def __init__(self, windows: SimpleNamespace) -> None:
        super().__init__(**vars(windows))

    def __len__(self) -> int:
        return 200


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> Made:
    """The stages with candidates that only turn the clock."""
    made_up = Made(Clock())
    monkeypatch.setattr(grounds, "material_of", made_up.material_of)
    monkeypatch.setattr(stages, "probed", made_up.probe)
    monkeypatch.setattr(first_steps, "written", made_up.write)
    monkeypatch.setattr(stages, "screened", made_up.screen)
    monkeypatch.setattr(stages, "trained", made_up.train)
    monkeypatch.setattr(stages, "usable_cores", lambda: 2)
    monkeypatch.setattr(
        stages, "group_scores", lambda right, _: made(right, is_full=False).finding.groups
    )
    # One after the other: the clock is turned by hand.
    monkeypatch.setattr(
        stages, "side_by_side",
        lambda jobs, workers, tell: {key: job(tell) for key, job in jobs.items()},
    )  # fmt: skip
    monkeypatch.setattr(course, "time_networks", timed)
    monkeypatch.setattr(course, "time_frontends", lambda *_: {"absdiff": 0.3, "flow": 4.0})
    return made_up


SIX = tuple(
    candidate(architecture, frontend, fewest_steps=1000)
    for frontend in ("absdiff", "flow")
    for architecture in ("lenet5", "alexnet", "vgg16")
)


def run(
    made_up: Made, recordings: Path, folder: Path, minutes: float, kept: KeptWindows | None
) -> Outcome:
    wanted = wanting(recordings, folder, *SIX, minutes=minutes)
    return compare(wanted, Silent(), kept=kept, clock=made_up.clock)


def rights(made_up: Made, *values: int) -> None:
    made_up.rights = {one.key: right for one, right in zip(SIX, values, strict=True)}


def test_the_best_third_is_trained_in_full_and_the_page_can_tell_who_was_not(
    made_up: Made, recordings: Path, tmp_path: Path, kept: KeptWindows
) -> None:
    """A training takes 200 s; with 20 minutes there is time for three of six."""
    rights(made_up, 70, 80, 90, 60, 85, 50)

    outcome = run(made_up, recordings, tmp_path, 20, kept)

    assert sorted(made_up.screened) == sorted(one.key for one in SIX)
    assert made_up.trained[:2] == ["absdiff-vgg16", "flow-alexnet"]
    assert 2 <= len(made_up.trained) < 6
    assert made_up.clock.now_s <= 20 * 60
    screened = [one for one in outcome.compared if one.state == "screened"]
    assert len(screened) == 6 - len(made_up.trained)
    assert all("were left" in one.reason for one in screened)
    assert outcome.recommendation is not None
    assert outcome.recommendation.desktop.option.name == "vgg16 behind absdiff"


def test_with_time_for_all_nobody_is_screened(
    made_up: Made, recordings: Path, tmp_path: Path, kept: KeptWindows
) -> None:
    rights(made_up, 70, 80, 90, 60, 85, 50)

    outcome = run(made_up, recordings, tmp_path, 60, kept)

    assert made_up.screened == []
    assert {one.state for one in outcome.compared} == {"full"}
    assert outcome.facts.screening_steps == 0


def test_a_front_end_that_the_best_have_not_is_trained_too_while_there_is_time(
    made_up: Made, recordings: Path, tmp_path: Path, kept: KeptWindows
) -> None:
    rights(made_up, 70, 80, 90, 60, 65, 50)

    run(made_up, recordings, tmp_path, 20, kept)

    assert made_up.trained[:3] == ["absdiff-vgg16", "absdiff-alexnet", "flow-alexnet"]


@pytest.mark.parametrize("slower", [1.0, 1.5, 4.0])
@pytest.mark.parametrize("minutes", [1, 3, 7, 15])
def test_it_ends_in_time_however_slow_the_machine_turns_out_to_be(
    made_up: Made, recordings: Path, tmp_path: Path, kept: KeptWindows, minutes: int,
    slower: float,
) -> None:  # fmt: skip
    """What remains at the end is kept for timing and page; one step or file may go beyond."""
    rights(made_up, 70, 80, 90, 60, 85, 50)
    made_up.full_slower = slower

    outcome = run(made_up, recordings, tmp_path, minutes, kept)

    assert made_up.clock.now_s <= 60 * minutes
    assert all(one.state == "full" or one.reason for one in outcome.compared)


def test_a_front_end_that_cannot_be_gathered_in_time_is_told_and_the_other_is_compared(
    made_up: Made, recordings: Path, tmp_path: Path, kept: KeptWindows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    rights(made_up, 70, 80, 90, 60, 85, 50)
    usual = made_up.material_of

    def slow_for_flow(order: Any, *rest: Any) -> Any:
        made_up.gather_s = 5000.0 if order.representation.frontend == "flow" else 30.0
        return usual(order, *rest)

    monkeypatch.setattr(grounds, "material_of", slow_for_flow)

    outcome = run(made_up, recordings, tmp_path, 40, kept)

    for one in outcome.compared:
        if one.candidate.frontend == "flow":
            assert one.state == "left out"
            assert "the time for gathering behind flow was over at recordings" in one.reason
    assert {one.candidate.frontend for one in outcome.in_full} == {"absdiff"}


def test_a_front_end_behind_which_nothing_moves_is_told_and_the_other_is_compared(
    made_up: Made, recordings: Path, tmp_path: Path, kept: KeptWindows
) -> None:
    rights(made_up, 70, 80, 90, 60, 85, 50)
    made_up.moves_nothing = {"flow"}

    outcome = run(made_up, recordings, tmp_path, 40, kept)

    assert [one.reason for one in outcome.left_out] == ["nothing moves in walk"] * 3
    assert len(outcome.in_full) == 3


def test_a_second_run_screens_nobody_again_and_trains_the_next(
    made_up: Made, recordings: Path, tmp_path: Path, kept: KeptWindows
) -> None:
    rights(made_up, 70, 80, 90, 60, 85, 50)
    run(made_up, recordings, tmp_path, 20, kept)
    before, made_up.screened = list(made_up.trained), []

    run(made_up, recordings, tmp_path, 20, kept)

    assert made_up.screened == []
    assert len(made_up.trained) == len(set(made_up.trained)) > len(before)


# -- searching before ------------------------------------------------------------------------


@pytest.fixture
def searching(made_up: Made, monkeypatch: pytest.MonkeyPatch) -> Made:
    """As `made_up`, with searches that turn the clock."""
    pytest.importorskip("optuna")
    from motionapp.training.comparison import searching as doing

    monkeypatch.setattr(doing, "search", made_up.search)
    rights(made_up, 70, 80, 90, 60, 85, 50)
    return made_up


def searched_for(
    made_up: Made, recordings: Path, folder: Path, kept: KeptWindows, trials: int,
    minutes: float | None = None, candidates: tuple[Candidate, ...] = SIX,
) -> Outcome:  # fmt: skip
    search = SearchOrder(trials, 2, folder / "search.db")
    search = search if minutes is None else search.without(GATHERED)
    wanted = wanting(recordings, folder, *candidates, minutes=minutes, search=search)
    return compare(wanted, Silent(), kept=kept, clock=made_up.clock)


def test_without_a_limit_every_candidate_is_searched_and_trained_with_what_was_found(
    searching: Made, recordings: Path, tmp_path: Path, kept: KeptWindows
) -> None:
    outcome = searched_for(searching, recordings, tmp_path, kept, 5)

    assert searching.searched == searching.trained == [one.key for one in SIX]
    assert searching.widths == [3] * 6
    for one in outcome.compared:
        assert one.searched is not None
        assert one.searched.trials == 5
        assert one.candidate.recipe.dropout == 0.04
        assert one.candidate.recipe.width == 3
    assert outcome.facts.searched_for == (OPTIMISER, RATE, WIDTH, DROPOUT, STEPS, LAG)
    alone = wanting(recordings, tmp_path / "alone", SIX[0])
    narrow = compare(alone, Silent(), kept=kept, clock=searching.clock).compared[0]
    assert (outcome.compared[0].parameters or 0) > (narrow.parameters or 0) > 0


def test_the_same_command_searches_nobody_again_and_one_without_a_search_takes_nothing_of_it(
    searching: Made, recordings: Path, tmp_path: Path, kept: KeptWindows
) -> None:
    first = searched_for(searching, recordings, tmp_path, kept, 5)
    searching.searched, searching.trained = [], []

    again = searched_for(searching, recordings, tmp_path, kept, 5)
    assert (searching.searched, searching.trained) == ([], [])
    assert [one.searched for one in again.compared] == [one.searched for one in first.compared]
    assert [one.parameters for one in again.compared] == [o.parameters for o in first.compared]

    searched_for(searching, recordings, tmp_path, kept, 6, candidates=SIX[:1])
    assert searching.searched == [SIX[0].key]
    compare(wanting(recordings, tmp_path, SIX[1]), Silent(), kept=kept, clock=searching.clock)
    assert searching.trained == [SIX[0].key, SIX[1].key]


@pytest.mark.parametrize("slower", [1.0, 2.0])
@pytest.mark.parametrize("minutes", [5, 20, 60, 240])
def test_within_a_limit_the_best_third_share_the_time_and_it_ends_in_time(
    searching: Made, recordings: Path, tmp_path: Path, kept: KeptWindows, minutes: int,
    slower: float,
) -> None:  # fmt: skip
    searching.full_slower = slower

    outcome = searched_for(searching, recordings, tmp_path, kept, 12, minutes)

    assert searching.clock.now_s <= 60 * minutes
    assert all(one.state == "full" or one.reason for one in outcome.compared)
    assert outcome.facts.searched_for == (OPTIMISER, RATE, WIDTH, DROPOUT)
    assert set(searching.searched) <= set(searching.trained)
    if minutes == 60:
        assert searching.searched[:2] == ["absdiff-vgg16", "flow-alexnet"]
        counts = [one.searched.trials for one in outcome.in_full if one.searched is not None]
        assert all(3 <= count < 12 for count in counts[:2])
        assert searching.trained[:2] == searching.searched[:2]
    if minutes == 240 and slower == 1.0:
        assert len(searching.trained) == 6
    if minutes == 5:
        assert searching.searched == []


def test_of_what_was_found_only_that_is_trained_for_which_there_is_time(
    searching: Made, recordings: Path, tmp_path: Path, kept: KeptWindows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The best trials are of networks that would take hours."""
    from motionapp.training.comparison import searching as doing

    def slow_to_train(*asked: Any) -> Any:
        found = searching.search(*asked)
        slow = tuple(replace(one, took_s=1e5) if one.number > 1 else one for one in found.made)
        return replace(found, made=slow, best=slow[-1])

    monkeypatch.setattr(doing, "search", slow_to_train)

    outcome = searched_for(searching, recordings, tmp_path, kept, 12, 60)

    first = outcome.in_full[0]
    assert first.searched is not None
    assert first.searched.parameters[DROPOUT] == 0.01
    assert first.searched.trials > 2
    assert searching.clock.now_s <= 60 * 60


@pytest.mark.timeout(400)
def test_a_search_that_was_stopped_goes_on_with_the_trials_that_were_made(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On recordings, with all that is real; rate and dropout are free."""
    pytest.importorskip("optuna")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    search = SearchOrder(3, 1, tmp_path / "s.db", frozenset({OPTIMISER, WIDTH, STEPS, LAG}))
    wanted = wanting(recordings, tmp_path / "out", candidate("lenet5"), search=search)

    class Interrupting(Heard):
        """As Ctrl-C is, after the second trial."""

        def advance(self, stage: str, done: int, total: int, said: str = "") -> None:
            if stage == "searching" and done == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare(wanted, Interrupting())
    heard = Heard()
    outcome = compare(wanted, heard)

    assert any(line.startswith("2 of 3 trials came from ") for line in heard.said)
    found = outcome.compared[0].searched
    assert found is not None
    assert found.trials == 3
    assert set(found.parameters) == {RATE, DROPOUT}
    assert found.unseen_accuracy is not None
    assert 0 <= found.asked_accuracy <= found.found_accuracy
    assert outcome.compared[0].candidate.recipe.dropout == found.parameters[DROPOUT]


def test_a_file_that_is_no_study_is_refused_before_anything_is_gathered(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("optuna")
    monkeypatch.setattr(grounds, "material_of", None)
    path = tmp_path / "s.db"
    path.write_bytes(b"no database, and long enough to be taken for one" * 40)
    wanted = wanting(recordings, tmp_path, candidate("lenet5"), search=SearchOrder(3, 1, path))

    with pytest.raises(SettingsError, match=r"s\.db cannot be used"):
        compare(wanted, Silent())


def test_a_deadline_ends_at_the_next_step() -> None:
    from motionapp.training.comparison.deadline import Deadline

    clock = Clock()
    deadline = Deadline(Silent(), 10.0, clock)
    deadline.advance("recordings", 1, 9)
    clock.now_s = 10.5

    with pytest.raises(OutOfTime):
        deadline.advance("recordings", 2, 9)

    assert (deadline.stage, deadline.done, deadline.total) == ("recordings", 2, 9)


def test_candidates_are_compared_on_the_same_folds(recordings: Path, tmp_path: Path) -> None:
    both = (candidate("lenet5"), candidate("alexnet", seed=2))

    with pytest.raises(DataSetError, match="one seed"):
        compare(wanting(recordings, tmp_path, *both), Silent())


def test_a_data_set_that_cannot_be_split_is_refused_before_anything(tmp_path: Path) -> None:
    data = DataSet(Path("set"), ())
    wanted = Wanted(data, (candidate("lenet5"),), parse_protocol("kfold:3", ("kfold",)), tmp_path)

    with pytest.raises(DataSetError):
        compare(wanted, Silent())
