"""`motionapp why`: questions about a recording, asked on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import motionapp
from motionapp.cli.main import main
from motionapp.core.errors import SettingsError
from motionapp.explain.stretch import Stretch

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
Recording = Callable[..., Path]


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["why", *arguments, "--classifier", "none"])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, _ = asked(capsys, *arguments, "--json")
    assert code == 0
    answer: dict[str, Any] = json.loads(out)
    validator = jsonschema.Draft202012Validator(
        json.loads((SCHEMAS / "why.schema.json").read_text("utf-8")),
        registry=_registry(),
    )
    validator.validate(answer)
    return answer


def _registry() -> Any:
    from referencing import Registry, Resource

    events = json.loads((SCHEMAS / "events.schema.json").read_text("utf-8"))
    return Registry().with_resource(events["$id"], Resource.from_contents(events))


def test_an_event_is_told_by_the_name_that_a_batch_gives_it(
    recording: Recording, capsys: pytest.CaptureFixture[str]
) -> None:
    path = recording()
    (event,) = motionapp.analyse(path, classifier="none")

    answer = as_json(capsys, str(path), "--at", "1.5")

    assert answer["event"]["id"] == event.event_id
    assert answer["stopped_by"] is None
    assert answer["remedy"] is None
    assert [gate["gate"] for gate in answer["gates"]] == [
        "noise", "light", "area", "zone", "travel", "persistence", "label",
    ]  # fmt: skip


def test_an_event_that_began_long_before_has_its_own_name(
    recording: Recording, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stretch that is read first begins in the middle of it."""
    monkeypatch.setattr("motionapp.explain.stretch.LEAD_IN_S", 0.2)
    monkeypatch.setattr("motionapp.explain.stretch.BEFORE_S", 0.1)
    path = recording()
    (event,) = motionapp.analyse(path, classifier="none")

    assert as_json(capsys, str(path), "--at", "1.9")["event"]["id"] == event.event_id


def test_the_gate_that_stopped_it_is_told_with_a_change_that_was_checked(
    recording: Recording, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path, settings = recording(), tmp_path / "settings.toml"
    settings.write_text("[analysis.events]\npersist_s = 2.0\n", encoding="utf-8")

    answer = as_json(capsys, str(path), "--at", "1.5", "--settings", str(settings))

    assert (answer["event"], answer["stopped_by"]) == (None, "persistence")
    ((key, value),) = answer["remedy"]["changes"].items()
    settings.write_text(f"[analysis.events]\npersist_s = {value}\n", encoding="utf-8")
    assert key == "analysis.events.persist_s"
    assert len(motionapp.analyse(path, classifier="none", settings=settings)) == 1


def test_a_person_reads_a_table_and_a_sentence(
    recording: Recording, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("[analysis.absdiff]\nmin_area = 0.5\n", encoding="utf-8")

    code, out, _ = asked(capsys, str(recording()), "--at", "1.5", "--settings", str(settings))

    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "door.mp4 at 1.50 s (all): no event"
    assert [line.split()[0] for line in lines[2:6]] == ["gate", "noise", "light", "area"]
    assert lines[5].endswith("stopped it")
    assert "and 50 % is the least." in out
    assert "There would be an event (checked) with:" in out
    assert "(now 0.5)" in out


def test_one_zone_is_asked_about_by_its_name(
    recording: Recording, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    zones = tmp_path / "zones.toml"
    zones.write_text(
        '[[zone]]\nname = "floor"\npolygon = [[0, 0.3], [1, 0.3], [1, 1], [0, 1]]\n'
        '[[zone]]\nname = "shelf"\npolygon = [[0, 0], [1, 0], [1, 0.1], [0, 0.1]]\n',
        encoding="utf-8",
    )
    path = str(recording())

    floor = as_json(capsys, path, "--at", "1.5", "--zones", str(zones), "--zone", "floor")
    shelf = as_json(capsys, path, "--at", "1.5", "--zones", str(zones), "--zone", "shelf")

    assert (floor["zone"], floor["event"]["zone"]) == ("floor", "floor")
    assert (shelf["zone"], shelf["event"], shelf["stopped_by"]) == ("shelf", None, "zone")
    assert shelf["remedy"]["changes"] == {"analysis.zones": []}


def test_the_instant_may_be_given_as_a_clock_shows_it(
    recording: Recording, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(recording())

    assert as_json(capsys, path, "--at", "0:01.5") == as_json(capsys, path, "--at", "1.5")


@pytest.mark.parametrize("time", ["-1", "nan", "0:99", "noon"])
def test_an_instant_that_is_none_is_told(capsys: pytest.CaptureFixture[str], time: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["why", "door.mp4", "--at", time])

    assert ended.value.code == 2
    assert f"{time!r} is no time" in capsys.readouterr().err


def test_no_stretch_lies_before_a_recording(recording: Recording) -> None:
    with pytest.raises(SettingsError, match="begins at 0"):
        Stretch(str(recording()), -1.0)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["{door}", "--at", "99"], 2, "door.mp4 ends at 4.00 s"),
        (["{door}", "--at", "1", "--zone", "hall"], 2, "there is no such zone"),
        (["{door}", "--at", "1", "--roi", "9000,9,9,9"], 2, "zone roi lies outside of the picture"),
        (["nowhere.mp4", "--at", "1"], 4, "there is no file nowhere.mp4"),
        (["synthetic:nothing", "--at", "1"], 4, "no synthetic scene"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(
    recording: Recording,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    sentence: str,
) -> None:
    door = str(recording())

    given, out, err = asked(capsys, *(a.replace("{door}", door) for a in arguments))

    assert (given, out) == (code, "")
    assert sentence in err


def test_a_stretch_that_is_too_long_to_keep_is_read_anew(
    recording: Recording, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(recording())
    kept = as_json(capsys, path, "--at", "0.5")
    monkeypatch.setattr("motionapp.explain.stretch.MOST_KEPT_BYTES", 1000)

    assert as_json(capsys, path, "--at", "0.5") == kept


def test_no_remedy_uncovers_what_is_private_and_a_line_has_no_events(
    recording: Recording, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    zones = tmp_path / "zones.toml"
    zones.write_text(
        '[[zone]]\nname = "shelf"\npolygon = [[0, 0], [1, 0], [1, 0.1], [0, 0.1]]\n'
        '[[zone]]\nname = "corner"\nkind = "privacy"\n'
        "polygon = [[0, 0], [0.05, 0], [0.05, 0.05], [0, 0.05]]\n"
        '[[zone]]\nname = "gate"\nkind = "line"\npolygon = [[0.5, 0], [0.5, 1]]\n',
        encoding="utf-8",
    )
    path = str(recording())

    answer = as_json(capsys, path, "--at", "1.5", "--zones", str(zones))
    code = main(["why", path, "--at", "1.5", "--zones", str(zones), "--zone", "gate"])

    assert answer["stopped_by"] == "zone"
    assert "covered for privacy (corner)" in answer["gates"][-1]["sentence"]
    kept = answer["remedy"]["changes"]["analysis.zones"]
    assert [zone["name"] for zone in kept] == ["corner", "gate"]
    assert code == 2
    assert "a line has crossings and no events" in capsys.readouterr().err


def test_who_went_over_a_line_is_told_near_the_instant(
    recording: Recording, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    zones = tmp_path / "zones.toml"
    zones.write_text(
        '[[zone]]\nname = "gate"\nkind = "line"\npolygon = [[0.5, 0], [0.5, 1]]\n', "utf-8"
    )
    path = str(recording())

    (crossing,) = as_json(capsys, path, "--at", "1.5", "--zones", str(zones))["crossings"]
    main(["why", path, "--at", "1.5", "--zones", str(zones), "--classifier", "none"])

    assert (crossing["zone"], crossing["direction"]) == ("gate", "left")
    assert f"near: over gate to the left at {crossing['t_s']:.2f} s" in capsys.readouterr().out
