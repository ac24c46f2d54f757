"""Questions and their answers; what is wrong with a question is said in a sentence."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("duckdb", reason='no answers: pip install "motionapp[find]"')

from motionapp.catalogue import search
from motionapp.catalogue.form import NoCatalogue, make_catalogue
from motionapp.catalogue.question import Question, Range, names_in, range_of
from motionapp.catalogue.search import NothingFound, ask
from motionapp.core.errors import SettingsError
from tests.catalogue.conftest import NOON, Add, adding_to, event, recorded, vector


@pytest.fixture(scope="module")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cameras, three recordings, one of them without a clock."""
    catalogue = make_catalogue(tmp_path_factory.mktemp("filled") / "catalogue")
    add = adding_to(catalogue)
    wave = event(0, 1)["segments"][0] | {"label": "wave1", "start_s": 11.0, "end_s": 12.0}
    add(
        event(0, 2, score=0.6),
        event(10, 15, segments=[*event(10, 15)["segments"], wave]),
        event(100, 101, "run", zone="gate", box=[0, 0, 500, 100]),
    )
    add(event(5, 8, "run"), of=recorded("b.mp4", "yard"), start_utc=NOON + timedelta(hours=1))
    add(event(7, 9, "bend"), of=recorded("c.mp4", "yard"), start_utc=None)
    return catalogue


@pytest.fixture
def filled(filled_once: Path, tmp_path: Path) -> Path:
    """A copy of it, to do with as one likes."""
    return Path(shutil.copytree(filled_once, tmp_path / "filled"))


def starts(folder: Path, **asked: object) -> list[float]:
    return [hit.start_s for hit in ask(folder, Question(**asked)).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [0, 10, 100, 5, 7]),
        ({"labels": ("run",)}, [100, 5]),
        ({"labels": ("wave1",)}, [10]),
        ({"labels": ("bend", "run"), "cameras": ("yard",)}, [5, 7]),
        ({"zones": ("gate",)}, [100]),
        ({"recording": "b.mp4"}, [5]),
        ({"size": Range(low=0.4)}, [100]),
        ({"duration_s": Range(2.5, 3.5)}, [5]),
        ({"score": Range(high=0.6)}, [0]),
        ({"from_": 8.0, "to": 11.0}, [10, 7]),
        ({"from_": NOON + timedelta(seconds=15)}, [100, 5]),
        ({"from_": NOON, "to": NOON + timedelta(seconds=11)}, [0, 10]),
        ({"limit": 2}, [0, 10]),
    ],
)
def test_what_is_asked_for_is_found_in_the_order_of_time(
    filled: Path, asked: dict[str, object], found: list[float]
) -> None:
    assert starts(filled, **asked) == found


def test_how_many_there_are_is_said_also_where_few_are_wanted(filled: Path) -> None:
    assert ask(filled, Question(limit=2)).total == 5
    assert ask(filled, Question(limit=9)).total == 5


def test_a_hit_knows_all_that_its_row_holds(filled: Path) -> None:
    (hit,) = ask(filled, Question(recording="b.mp4")).hits

    assert (hit.camera, hit.zone, hit.label, hit.labels, hit.score) == (
        *("yard", "all", "run", ["run"]),
        0.9,
    )
    assert hit.start_utc == datetime(2026, 5, 1, 13, 0, 5, tzinfo=UTC)
    assert hit.at_utc(0.0) == datetime(2026, 5, 1, 13, tzinfo=UTC)
    assert (hit.width, hit.height, hit.box, hit.rate_hz) == (1000, 100, (100, 50, 200, 150), 25.0)


def test_events_without_a_clock_are_said_to_be_left_out(filled: Path) -> None:
    answer = ask(filled, Question(from_=NOON))

    assert len(answer.hits) == 4
    assert answer.notes[0].startswith("1 event left out: nobody knows when")
    assert ask(filled, Question(from_=NOON, labels=("run",))).notes == ()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"labels": ("wlk",)}, r"--label wlk: no event has this label; there are run \(2\), walk"),
        ({"cameras": ("dor",)}, r"--camera dor: .* there are door \(3\), yard \(2\)"),
        ({"zones": ("x",)}, r"--zone x: .* there are all \(4\), gate \(1\)"),
        ({"similar": "zz"}, "no event of the catalogue has this key"),
    ],
)
def test_a_name_that_nobody_has_is_told_with_those_that_there_are(
    filled: Path, asked: dict[str, object], said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        starts(filled, **asked)


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["run,walk"], ("run", "walk")),
        (["run", " walk , run"], ("run", "walk")),
        (["Hof, hinten"], ("Hof, hinten",)),
        (["run,Hof, hinten,walk"], ("run", "Hof, hinten", "walk")),
        (["Hof,nowhere"], ("Hof", "nowhere")),
        ([",run,,"], ("run",)),
    ],
)
def test_names_that_have_commas_are_found_among_several(
    texts: list[str], found: tuple[str, ...]
) -> None:
    assert names_in(texts, {"run", "walk", "Hof, hinten"}) == found


def test_a_camera_whose_folder_has_a_comma_can_be_asked_for(catalogue: Path, add: Add) -> None:
    add(event(1, 2), of=recorded(camera="Hof, hinten"))
    add(event(3, 4))

    assert starts(catalogue, cameras=("Hof, hinten",)) == [1]
    assert starts(catalogue, cameras=("Hof, hinten,door",)) == [1, 3]


def test_where_nothing_is_found_is_said_what_would_widen_it(filled: Path) -> None:
    asked = Question(labels=("run",), cameras=("door",), duration_s=Range(low=2.0))

    with pytest.raises(NothingFound) as caught:
        ask(filled, asked)

    assert caught.value.exit_code == 6
    assert str(caught.value) == (
        f"nothing is found among 5 events of {filled}; without --label run there are 2; "
        "without --camera door there is 1; without --duration 2.. there is 1"
    )


def test_an_empty_catalogue_says_how_it_is_filled(catalogue: Path, add: Add) -> None:
    with pytest.raises(NothingFound, match=r"is empty: motionapp batch"):
        ask(catalogue, Question())
    add()
    with pytest.raises(NothingFound, match="has no events"):
        ask(catalogue, Question())


def table_with(filled: Path, start_s: float) -> Path:
    """The file in which an event stands."""
    read = pytest.importorskip("pyarrow.parquet").ParquetFile
    found = [
        p for p in filled.rglob("*.parquet") if start_s in read(p).read()["start_s"].to_pylist()
    ]
    return found[0]


def test_a_damaged_table_is_named_and_the_others_answer(filled: Path) -> None:
    damaged = table_with(filled, 5)
    damaged.write_bytes(damaged.read_bytes()[:-100])

    answer = ask(filled, Question())

    assert [hit.start_s for hit in answer.hits] == [0, 10, 100, 7]
    (problem,) = answer.problems
    assert str(damaged) in problem
    assert "analyse its recordings again" in problem
    with pytest.raises(NothingFound, match="its events are left out"):
        ask(filled, Question(duration_s=Range(low=1000)))


def test_a_table_of_another_form_is_named_and_the_others_answer(filled: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    other = table_with(filled, 5)
    parquet.write_table(parquet.ParquetFile(other).read().drop_columns(["rate_hz"]), other)

    answer = ask(filled, Question())

    assert [hit.start_s for hit in answer.hits] == [0, 10, 100, 7]
    assert "has other columns" in answer.problems[0]


def test_where_no_table_can_be_read_there_is_no_answer(filled: Path) -> None:
    for path in filled.rglob("*.parquet"):
        path.write_bytes(b"PAR1 not any more PAR1")

    with pytest.raises(NoCatalogue, match=r"nothing of the catalogue .* can be read"):
        ask(filled, Question())


def test_what_is_packed_while_it_is_read_is_read_again(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from motionapp.catalogue.packing import pack

    real, calls = search.files_of, []

    def files_and_then_somebody_packs(folder: Path) -> object:
        found = real(folder)
        if not calls:
            pack(folder)
        calls.append(folder)
        return found

    monkeypatch.setattr(search, "files_of", files_and_then_somebody_packs)

    assert ask(filled, Question()).total == 5
    assert len(calls) == 2


# -- what is alike ------------------------------------------------------------------------------


@pytest.fixture
def alike(catalogue: Path, add: Add) -> dict[str, str]:
    """Keys by name: the first two nearly the same, the third across, one of another model."""
    rows = add(
        event(1, 2), event(3, 4), event(5, 6), event(7, 8),
        features=(vector(1, 0, 0), vector(1, 0.1, 0), vector(0, 1, 0), None),
    )  # fmt: skip
    other = replace(recorded("o.mp4"), model="mine-vgg16", model_digest="o" * 64)
    rows += add(event(9, 10), of=other, features=(vector(1, 0, 0),))
    bare = replace(recorded("n.mp4"), model="old-vgg16", model_digest="n" * 64)
    rows += add(event(11, 12), of=bare)
    rows += add(event(13, 14), of=replace(recorded("q.mp4"), model=None, model_digest=None))
    names = ("first", "near", "far", "unseen", "other", "bare", "unnamed")
    return {name: row["event"] for name, row in zip(names, rows, strict=True)}


def test_the_most_alike_come_first_with_their_distance(
    catalogue: Path, alike: dict[str, str]
) -> None:
    answer = ask(catalogue, Question(similar=alike["first"], limit=10))

    assert [hit.event for hit in answer.hits] == [alike["near"], alike["far"]]
    distances = [hit.distance for hit in answer.hits]
    assert distances == pytest.approx([1 - 1 / 1.01**0.5, 1.0], abs=1e-3)
    assert answer.notes == ("2 events of other models left out: only those of one can be compared",)


def test_the_beginning_of_a_key_is_enough(catalogue: Path, alike: dict[str, str]) -> None:
    assert ask(catalogue, Question(similar=alike["first"][:8].upper(), limit=1)).total == 2


def test_a_beginning_that_several_have_is_too_short(catalogue: Path, add: Add) -> None:
    rows = add(*(event(number, number + 1) for number in range(17)))
    digits = [row["event"][0] for row in rows]  # of sixteen, so that two are the same
    (twice, *_) = [digit for digit in digits if digits.count(digit) > 1]

    with pytest.raises(SettingsError, match=r"several events begin so .*: give more of the key"):
        ask(catalogue, Question(similar=twice))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bare", "the model old-vgg16 gives no features"),
        ("unseen", "the model actions-vgg16 has seen nothing of this event"),
        ("unnamed", "no network looked at this event"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(
    catalogue: Path, alike: dict[str, str], name: str, said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        ask(catalogue, Question(similar=alike[name]))


def test_conditions_hold_for_what_is_alike_too(catalogue: Path, alike: dict[str, str]) -> None:
    answer = ask(catalogue, Question(similar=alike["first"], from_=4.5))

    assert [hit.event for hit in answer.hits] == [alike["far"]]


# -- ranges -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2..10", Range(2, 10)),
        ("2..", Range(2, None)),
        ("..10", Range(None, 10)),
        ("0.8", Range(0.8, None)),
        ("5%..20%", Range(0.05, 0.2)),
    ],
)
def test_ranges_are_read(text: str, found: Range) -> None:
    assert range_of(text) == found


@pytest.mark.parametrize("text", ["", "..", "x", "2-10", "10..2", "1e3", "-1..2", "2..3..4"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        range_of(text)


@given(st.text(max_size=12))
def test_any_text_is_a_range_or_refused_in_a_sentence(text: str) -> None:
    try:
        found = range_of(text)
    except SettingsError:
        return
    assert found.low is not None or found.high is not None
