"""The page and the table tell what was measured, what was not, and why."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from motionapp.core.representation import Representation
from motionapp.training.comparison.candidate import Candidate
from motionapp.training.comparison.finding import Finding, GroupScore
from motionapp.training.comparison.outcome import Compared, Facts, Outcome, Speeds
from motionapp.training.comparison.page import compare_page, rows_of, train_command
from motionapp.training.comparison.searched import Searched
from motionapp.training.comparison.table import table_lines
from motionapp.training.recipe import Recipe

SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "compare.schema.json"

FACTS = Facts(
    data="<b>clips</b>", recordings=93, groups=3, labels=("walk", "wave"), seconds=250.0,
    unreadable=0, rate_hz=25.0, cadence_s=0.16, protocol="kfold:3", minutes=60.0, took_s=3400.0,
    cores=2, screening_steps=120, command="motionapp compare clips --out choice",
)  # fmt: skip


def finding(*rights: int, is_full: bool = True, precision: str = "int8") -> Finding:
    groups = tuple(
        GroupScore(f"group-{n}", 100, right, 10, right // 10) for n, right in enumerate(rights)
    )
    return Finding(
        is_full=is_full, steps=1200 if is_full else 120, networks=3, network_s=90.0, wall_s=190.0,
        peak_bytes=2 * 10**9, windows=4257, float32_bytes=400_000, int8_bytes=120_000,
        int8_agreement=0.995 if is_full else None, precision=precision, groups=groups,
    )  # fmt: skip


def compared(
    frontend: str, architecture: str, found: Finding | None, *, ms: float = 1.0, reason: str = ""
) -> Compared:
    candidate = Candidate(Representation(frontend), Recipe(architecture=architecture))
    if found is None:
        return Compared(candidate, reason=reason)
    speeds = Speeds((2 * ms, 1.2 * ms), (ms, 0.7 * ms))
    picture_ms = {"absdiff": 0.3, "flow": 4.0}[frontend]
    return Compared(candidate, 150_000, 12_300_000, found, speeds, picture_ms, reason)


OUTCOME = Outcome(
    FACTS,
    (
        compared("absdiff", "vgg16", finding(95, 90, 97), ms=1.5),
        compared("absdiff", "lenet5", finding(94, 91, 95), ms=0.3),
        compared("flow", "vgg16", finding(88, 80, 90), ms=2.0),
        compared("flow", "resnet50", finding(60, is_full=False), ms=9.0,
                 reason="training it in full takes about 25 min, and 3 min were left"),
        compared("pose", "vgg16", None, reason="nothing moves for 0.96 s in <walk>"),
    ),
)  # fmt: skip


SEARCHED = Searched(
    wanted=20, trials=20, given_up=6, core_s=1800.0,
    parameters={"optimiser": "nadam", "learning_rate_factor": 2.0, "width": 11, "dropout": 0.25,
                "clip_steps": 18, "lag_s": 0.16},
    asked_accuracy=0.92, found_accuracy=0.95, unseen_accuracy=0.93,
    importance={"width": 0.7, "dropout": 0.3},
)  # fmt: skip


def searched(one: Compared, what: Searched = SEARCHED) -> Compared:
    return replace(one, candidate=what.chosen(one.candidate), searched=what)


OF_A_SEARCH = Outcome(
    replace(FACTS, trials=20, searched_for=("optimiser", "width")),
    (searched(OUTCOME.compared[0]), *OUTCOME.compared[1:]),
)
"""The first was searched for; for the second and third there was no time."""


def test_the_table_lists_every_candidate_by_how_it_fares() -> None:
    lines = table_lines(OUTCOME)

    listed = [re.split(r"\s{2,}", line.strip()) for line in lines[1:6]]
    assert [cells[1:3] for cells in listed] == [
        ["absdiff", "vgg16"], ["absdiff", "lenet5"], ["flow", "vgg16"], ["flow", "resnet50"],
        ["pose", "vgg16"],
    ]  # fmt: skip
    assert listed[0][3:6] == ["94.0 ± 3.6", "90-97", "90.0 ± 0.0"]
    assert listed[3][-1] == "screened"
    assert listed[4][-1] == "left out"
    assert any(line.startswith("edge: lenet5 behind absdiff: ") for line in lines)
    assert "vgg16 behind pose: nothing moves for 0.96 s in <walk>" in lines


def test_the_head_says_what_earlier_runs_did_and_how_many_windows_there_are_at_most() -> None:
    """A search may choose a clip length for each candidate; the time is that of the last run."""
    others = finding(90, 91, 92)
    found = (
        compared("absdiff", "vgg16", replace(others, windows=479)),
        compared("absdiff", "lenet5", replace(others, windows=382)),
        compared("flow", "vgg16", replace(others, windows=400)),
    )

    page = compare_page(Outcome(replace(FACTS, earlier=2), found), data="labels.csv", options=[])

    head = re.sub(r"<[^>]+>", "", page[: page.index("</dl>")])
    assert "382 to 479 absdiff, 400 flow" in head
    assert "on 2 cores, and before it the time of 2 that were trained by earlier runs." in head
    assert "earlier runs" not in compare_page(OUTCOME, data="labels.csv", options=[])


def test_the_page_needs_nothing_and_what_stands_in_it_cannot_act() -> None:
    page = compare_page(OUTCOME, data="labels.csv", options=["--epochs", "4"])

    assert "default-src &#39;none&#39;" in page
    assert "http" not in re.sub(r"http-equiv", "", page)
    assert "<b>clips</b>" not in page
    assert "&lt;b&gt;clips&lt;/b&gt;" in page
    assert "&lt;walk&gt;" in page


def test_the_page_tells_who_was_screened_only_and_what_that_means() -> None:
    page = compare_page(OUTCOME, data="labels.csv")

    assert "3 trained in full, 1 screened only, 1 left out" in page
    assert "Screened means: trained for 120 steps on one fold" in page
    assert "training it in full takes about 25 min" in page


def test_the_page_recommends_with_the_line_that_trains_it() -> None:
    page = compare_page(OUTCOME, data="labels.csv", options=["--epochs", "4"])

    assert (
        "motionapp train labels.csv --frontend absdiff --arch lenet5 --out absdiff-lenet5.onnx "
        "--epochs 4"
    ) in page


def test_drawings_are_sound_and_have_a_point_for_each_candidate() -> None:
    page = compare_page(OUTCOME, data="labels.csv")

    drawings = re.findall(r'<svg viewBox="0 0 460 300".*?</svg>', page, re.DOTALL)
    assert len(drawings) == 2
    points = [len(ElementTree.fromstring(drawing).findall(".//g/circle")) for drawing in drawings]
    assert points == [3, 1]


def test_without_a_full_training_nothing_is_recommended() -> None:
    outcome = replace(OUTCOME, compared=OUTCOME.compared[3:])

    assert outcome.recommendation is None
    page = compare_page(outcome, data="labels.csv")
    assert "nothing is recommended" in page
    assert "the picture above" not in page  # there is none
    assert any("nothing is recommended" in line for line in table_lines(outcome))


def test_the_same_outcome_gives_the_same_page() -> None:
    assert compare_page(OUTCOME, data="a") == compare_page(OUTCOME, data="a")


def test_a_candidate_of_32_bits_is_timed_and_weighed_as_such() -> None:
    one = compared("absdiff", "vgg16", finding(90, 90, precision="float32"), ms=1.0)

    assert one.clip_ms == (2.0, 1.2)
    assert one.finding is not None
    assert one.finding.file_bytes == 400_000


def test_the_figures_are_as_the_schema_says() -> None:
    document = json.loads(json.dumps(OUTCOME.document()))

    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert document["recommendation"]["edge"]["candidate"] == "lenet5 behind absdiff"
    assert document["candidates"][0]["window_accuracy"]["mean"] == pytest.approx(0.94)


def test_a_finding_is_read_as_it_was_written() -> None:
    one = finding(90, 80)

    assert Finding.from_document(json.loads(json.dumps(one.document()))) == one


def test_rows_are_numbered_where_an_accuracy_is_known() -> None:
    assert [row.number for row in rows_of(OUTCOME)] == [1, 2, 3, 4, 0]


def test_names_with_blanks_are_quoted_in_the_line_that_trains() -> None:
    assert "'my clips.csv'" in train_command(OUTCOME.compared[0], "my clips.csv", [])


def test_a_searched_candidate_is_ranked_by_what_is_left_without_its_own_choice() -> None:
    """94.0 %, less two points, is less than the 93.3 % of one that was not searched."""
    assert [one.candidate.architecture for one in OUTCOME.in_full][:2] == ["vgg16", "lenet5"]

    first, second = OF_A_SEARCH.in_full[:2]

    assert (first.candidate.architecture, second.candidate.architecture) == ("lenet5", "vgg16")
    assert second.accuracy == pytest.approx(0.92)
    assert {option.accuracy for option in OF_A_SEARCH.options} >= {second.accuracy}


def test_the_page_says_plainly_that_what_was_found_was_chosen_on_the_same_groups() -> None:
    page = compare_page(OF_A_SEARCH, data="labels.csv")

    assert "chosen on the same groups that its accuracy is of" in page
    assert "too good" not in compare_page(OUTCOME, data="labels.csv")
    row = re.search(r'<table id="searches".*?</table>', page, re.DOTALL)
    assert row is not None
    for said in ("optimiser nadam", "width 11", "clip length 1.44 s", "92.0", "95.0", "93.0",
                 "width 70 %, dropout 30 %", "20; 6 given up"):  # fmt: skip
        assert said in row.group()
    assert "no time to search: lenet5 behind absdiff, vgg16 behind flow." in page


def test_the_table_tells_what_was_found_too() -> None:
    lines = "\n".join(table_lines(OF_A_SEARCH))

    assert "vgg16 behind absdiff: optimiser nadam, learning rate 0.004, width 11" in lines
    assert "93.0 % chosen by other folds; trials: 20; 6 given up" in lines
    assert "lenet5 behind absdiff: trained as it was asked for" in lines
    assert "what mattered: width 70 %" in lines


def test_of_a_search_that_was_cut_and_of_a_single_fold_that_is_told() -> None:
    cut = replace(SEARCHED, trials=7, unseen_accuracy=None, importance={})
    outcome = replace(OF_A_SEARCH, compared=(searched(OUTCOME.compared[0], cut),))

    page = compare_page(outcome, data="labels.csv")

    assert "7 of 20, then the time was over" in page
    assert "With a single fold nobody can tell" in page
    assert "too few trials to tell" in page
    assert outcome.in_full[0].accuracy == pytest.approx(0.94)


def test_the_line_that_trains_a_searched_candidate_has_what_was_found() -> None:
    line = train_command(OF_A_SEARCH.compared[0], "labels.csv", [])

    assert line.endswith(
        "--optimiser nadam --learning-rate 0.004 --width 11 --dropout 0.25 --clip-s 1.44 "
        "--lag-s 0.16"
    )


def test_the_figures_of_a_search_are_as_the_schema_says() -> None:
    document = json.loads(json.dumps(OF_A_SEARCH.document()))

    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert document["candidates"][0]["search"]["optimism"] == pytest.approx(0.02)
    assert document["candidates"][0]["width"] == 11
    assert document["candidates"][1]["search"] is None
    assert "the same folds" in document["note"]


def test_what_was_found_is_read_as_it_was_written() -> None:
    assert Searched.from_document(json.loads(json.dumps(SEARCHED.document()))) == SEARCHED
