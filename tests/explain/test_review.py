"""A set of events that a person has judged: settings find them again, or do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.core.errors import SettingsError
from motionapp.explain.review import (
    Outcome,
    Reviewed,
    check_review,
    read_review,
    write_review,
)
from motionapp.explain.stretch import NotWanted
from motionapp.settings import AnalysisSettings
from motionapp.settings.tree import EventSettings

SETTINGS = AnalysisSettings().model_copy(
    update={
        "people": "off",
        "recognition": AnalysisSettings().recognition.model_copy(update={"classifier": "none"}),
    }
)
WALK = Reviewed("synthetic:walk", "all@1000", 1.0, 6.0, "confirmed")
STILL = Reviewed("synthetic:still", "all@2000", 2.0, 3.0, "rejected")


def test_what_is_right_is_found_again_and_what_is_wrong_is_not() -> None:
    told: list[tuple[int, int]] = []

    outcome = check_review(
        (WALK, STILL), SETTINGS, advance=lambda done, total: told.append((done, total))
    )

    assert outcome.agrees
    assert [one.is_found for one in outcome.checked] == [True, False]
    assert outcome.sentence() == "1 of 1 right ones is found, 0 of 1 wrong ones are still raised"
    assert told[-1] == (2, 2)


def test_settings_that_see_nothing_lose_what_is_right() -> None:
    blind = SETTINGS.model_copy(update={"events": EventSettings(persist_s=30.0)})

    outcome = check_review((WALK,), blind)

    assert not outcome.agrees
    assert outcome.counts("confirmed") == (0, 1)


def test_a_wrong_one_that_is_raised_again_is_told() -> None:
    wrong = Reviewed("synthetic:walk", "all@1000", 1.0, 6.0, "rejected")

    assert check_review((wrong,), SETTINGS).counts("rejected") == (1, 1)


def test_an_event_of_another_zone_is_another() -> None:
    elsewhere = Reviewed("synthetic:walk", "door@1000", 1.0, 6.0, "confirmed", zone="door")

    assert not check_review((elsewhere,), SETTINGS).agrees


def test_a_recording_that_is_gone_is_told_and_the_others_are_checked(tmp_path: Path) -> None:
    gone = Reviewed(str(tmp_path / "gone.mp4"), "all@0", 0.0, 1.0, "confirmed")

    outcome = check_review((gone, WALK), SETTINGS)

    ((source, why),) = outcome.unreadable
    assert source == gone.source
    assert "gone.mp4" in why
    assert [one.entry for one in outcome.checked] == [WALK]


def test_a_check_that_nobody_wants_ends() -> None:
    with pytest.raises(NotWanted):
        check_review((WALK,), SETTINGS, is_wanted=lambda: False)


def test_a_set_is_read_as_it_was_written_from_where_it_lies(tmp_path: Path) -> None:
    beside = Reviewed("a/b.mp4", "all@0", 0.0, 1.0, "rejected", zone="door", label="cat")
    write_review(tmp_path / "set.json", (WALK, beside))

    first, second = read_review(tmp_path / "set.json")

    assert first == WALK
    assert second.source == str(tmp_path / "a/b.mp4")
    assert (second.zone, second.label, second.verdict) == ("door", "cat", "rejected")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "JSON"),
        ('{"entries": []}', "schema"),
        ('{"schema": 2, "entries": []}', "schema"),
        ('{"schema": 1, "entries": [{"source": "a"}]}', "entries.0.id"),
        (
            '{"schema": 1, "entries": [{"source": "a", "id": "b", "start_s": -1, "end_s": 1, '
            '"verdict": "confirmed"}]}',
            "entries.0.start_s",
        ),
        (
            '{"schema": 1, "entries": [{"source": "a", "id": "b", "start_s": 0, "end_s": 1, '
            '"verdict": "maybe"}]}',
            "entries.0.verdict",
        ),
    ],
)
def test_what_is_no_set_is_refused_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "set.json"
    path.write_text(text)

    with pytest.raises(SettingsError, match=r"set\.json.*") as refused:
        read_review(path)

    assert said in str(refused.value)


def test_nothing_to_check_is_said() -> None:
    assert Outcome(()).sentence() == "nothing could be checked"
