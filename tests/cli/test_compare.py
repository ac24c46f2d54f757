"""`motionapp compare`: what is refused before hours of work begin, and what it writes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from motionapp.cli import compare as verb
from motionapp.cli import main


@pytest.mark.train
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--arch", "vgg16,vgg17"), "--arch vgg17 is not known: choose from vgg16, alexnet"),
        (("--frontend", "absdif"), "--frontend absdif is not known: choose from absdiff, flow"),
        (("--frontend", ","), "--frontend names nothing"),
        (("--minutes", "0"), "--minutes is 0: above 0"),
        (("--minutes", "nan"), "--minutes is nan: above 0"),
        (("--protocol", "none"), "--protocol none is not known: choose from logo, kfold:K"),
        (("--momentum", "0.5"), "--momentum is of the optimisers"),
        (("--search", "0"), "--search is 0: 1 to 10000"),
        (("--search", "3", "--search-jobs", "0"), "--search-jobs is 0: 1 to 256"),
        (("--search-jobs", "2"), "--search-jobs is about a search: say --search N, too"),
        (("--study", "a.db"), "--study is about a search"),
        (("--search", "3", "--no-cache"), "leave out --no-cache"),
        (("--search", "3", "--weight-decay", "0.1"), "--search chooses the optimiser"),
        (
            (
                "--search",
                "3",
                "--minutes",
                "5",
                "--optimiser",
                "adam",
                "--learning-rate",
                "0.01",
                "--width",
                "4",
                "--dropout",
                "0.1",
            ),
            "with --minutes clip length and lag stay",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(
    options: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "nowhere.csv", "--out", str(tmp_path / "out"), *options]) == 2

    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.train
def test_a_folder_in_the_place_of_the_page_is_found_before_the_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out" / "compare.html").mkdir(parents=True)
    for label in ("nod", "point"):
        (tmp_path / "data" / label).mkdir(parents=True)
        (tmp_path / "data" / label / "a.mp4").touch()

    assert main(["compare", str(tmp_path / "data"), "--out", str(tmp_path / "out")]) == 5

    assert "compare.html cannot be written" in capsys.readouterr().err


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    verb.add_arguments(parser)
    return parser.parse_args(["data.csv", "--out", "choice", *words])


def test_every_layout_stands_behind_every_front_end_with_its_own_width() -> None:
    found = verb._candidates(
        options("--arch", "lenet5, vgg16,lenet5", "--frontend", "absdiff,flow", "--epochs", "3")
    )

    assert [one.key for one in found] == [
        "absdiff-lenet5", "absdiff-vgg16", "flow-lenet5", "flow-vgg16",
    ]  # fmt: skip
    assert [one.recipe.width for one in found] == [6, 8, 6, 8]
    assert {one.recipe.epochs for one in found} == {3}
    assert found[2].representation.planes == 2


def test_a_search_leaves_alone_what_was_chosen_and_within_a_limit_what_is_gathered() -> None:
    pytest.importorskip("optuna")
    words = ("--search", "7", "--search-jobs", "3", "--dropout", "0.2")

    free = verb._search(options(*words))
    limited = verb._search(options(*words, "--minutes", "9", "--study", "my.db"))

    assert free is not None
    assert limited is not None
    assert verb._search(options()) is None
    assert (free.trials, free.jobs, free.study) == (7, 3, Path("choice/search.db"))
    assert limited.study == Path("my.db")
    assert free.searched_for == (
        "optimiser",
        "learning_rate_factor",
        "width",
        "clip_steps",
        "lag_s",
    )
    assert limited.searched_for == ("optimiser", "learning_rate_factor", "width")
    assert "--search 7" in verb._command(options(*words))


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        (("--optimiser", "adamw"), "optimiser"),
        (("--optimiser", "adamw", "--weight-decay", "0.1"), "optimiser"),
        (("--learning-rate", "0.003"), "learning_rate_factor"),
        (("--dropout", "0.3"), "dropout"),
        (("--clip-s", "0.96"), "clip_steps"),
        (("--lag-s", "0.08"), "lag_s"),
    ],
)
def test_a_search_leaves_alone_the_usual_where_somebody_chose_it(
    words: tuple[str, ...], chosen: str
) -> None:
    """`--optimiser adamw` was searched for all the same, since nobody need say it."""
    pytest.importorskip("optuna")
    everything, told = options("--search", "7"), options("--search", "7", *words)

    free, bound = verb._search(everything), verb._search(told)

    assert free is not None
    assert bound is not None
    assert set(free.searched_for) - set(bound.searched_for) == {chosen}
    assert " ".join(words[:2]) in verb._command(told)


def test_the_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["compare", "--help"])

    said = capsys.readouterr().out
    assert "examples:\n  motionapp compare labels.csv" in said


@pytest.mark.train
def test_who_interrupts_it_hears_that_nothing_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from motionapp.training.comparison import compare as course

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(course, "compare", interrupted)
    data = tmp_path / "data"
    for label in ("nod", "point"):
        (data / label).mkdir(parents=True)
        (data / label / "a.mp4").touch()

    assert main(["compare", str(data), "--out", str(tmp_path / "out"), "--no-cache"]) == 130

    assert "the same command goes on" in capsys.readouterr().err


@pytest.mark.train
@pytest.mark.timeout(240)
def test_page_table_and_figures_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a comparison that has been done."""
    from motionapp.training.comparison import compare as course
    from motionapp.training.comparison.outcome import Facts, Outcome

    facts = Facts("data", 6, 3, ("a", "b"), 8.0, 0, 25.0, 0.16, "kfold:3", None, 9.0, 2)
    monkeypatch.setattr(course, "compare", lambda *_, **__: Outcome(facts, ()))
    data = tmp_path / "data"
    for label in ("nod", "point"):
        (data / label).mkdir(parents=True)
        (data / label / "a.mp4").touch()
    out, figures = tmp_path / "out", tmp_path / "all.json"

    code = main(["compare", str(data), "--out", str(out), "--json", str(figures), "--no-cache"])

    assert code == 0
    assert "0 candidates on" in (out / "compare.html").read_text(encoding="utf-8")
    assert json.loads(figures.read_text(encoding="utf-8"))["candidates"] == []
    assert capsys.readouterr().out.splitlines()[-1] == str(out / "compare.html")
