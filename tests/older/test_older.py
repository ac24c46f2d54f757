"""What earlier versions wrote is read; what later ones write is refused by name.

The files beside this one were written by versions from before 0.1.0.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from motionapp.batch.journal import NewerJournal, read_journal, read_owners
from motionapp.batch.run import run_batch
from motionapp.batch.truth import read_truth
from motionapp.core.contract import ModelContract
from motionapp.core.errors import DataSetError, ModelError, SettingsError
from motionapp.core.version import __version__
from motionapp.explain.review import read_review
from motionapp.settings import Settings, load_settings
from motionapp.settings.zones import read_zones
from motionapp.sinks.report.reading import write_batch_report
from motionapp.sinks.stored import NotReadable, read_stored

HERE = Path(__file__).parent
SETTINGS = HERE / "settings-2026-11-21.toml"
NAMES_THIS = rf"motionapp {__version__}"


def journal_line(**changes: object) -> str:
    """As it was written before there were notes."""
    record = {
        "input": "door.mp4", "status": "ok", "error": None, "out_dir": "door", "width": 640,
        "height": 480, "duration_s": 2.5, "frames": 50, "events": 1, "elapsed_s": 0.25,
    }  # fmt: skip
    line = {"schema": 1, "finished": "door", "of": "/in/door.mp4", "stamp": "s", "work": "w"}
    return json.dumps({**line, "record": record, **changes}) + "\n"


def test_settings_of_before_are_read(tmp_path: Path) -> None:
    text = SETTINGS.read_text(encoding="utf-8")
    assert "floor_levels = 9.0" in text
    file = tmp_path / "my.toml"
    changed = text.replace("floor_levels = 9.0", "floor_levels = 11.0")
    file.write_text(changed.replace('"medium"', '"best"'), encoding="utf-8")

    read = load_settings(file)

    assert read.analysis.absdiff.floor_levels == 11
    assert read.analysis.flow.preset == "best"
    # What there was not yet has its default.
    assert read.analysis.people == Settings().analysis.people


def test_a_setting_that_has_another_name_now_is_refused_with_it() -> None:
    with pytest.raises(SettingsError, match=r"2026-11-21\.toml.*medium is now called fast"):
        load_settings(SETTINGS)


def test_a_setting_of_a_later_version_is_refused_with_file_key_and_version(tmp_path: Path) -> None:
    file = tmp_path / "later.toml"
    file.write_text("[analysis.events]\npatience_s = 3\n", encoding="utf-8")

    with pytest.raises(
        SettingsError,
        match=rf"later\.toml: unknown key analysis\.events\.patience_s .*{NAMES_THIS}",
    ):
        load_settings(file)


def test_zones_of_before_are_read(tmp_path: Path) -> None:
    """Neither kind nor unit nor sensitivity had to be told."""
    file = tmp_path / "zones.toml"
    file.write_text(
        '[[zone]]\nname = "front door"\npolygon = [[0.1, 0.4], [0.3, 0.4], [0.3, 0.9]]\n',
        encoding="utf-8",
    )

    (zone,) = read_zones(file)

    assert (zone.name, zone.kind, zone.unit, zone.sensitivity) == (
        "front door",
        "include",
        "share",
        1,
    )


def test_a_zone_of_a_later_version_is_refused_with_file_and_key(tmp_path: Path) -> None:
    file = tmp_path / "zones.toml"
    zone = 'name = "a"\npolygon = [[0.1, 0.4], [0.3, 0.4], [0.3, 0.9]]\n'
    file.write_text(f'[[zone]]\n{zone}shade = "dark"\n', encoding="utf-8")
    with pytest.raises(
        SettingsError, match=rf"zones\.toml: unknown key zone\.0\.shade .*{NAMES_THIS}"
    ):
        read_zones(file)

    file.write_text(f'[[zone]]\n{zone}kind = "tripwire"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"zones\.toml: zone\.0\.kind.*tripwire"):
        read_zones(file)


def test_a_journal_of_before_is_read(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text(journal_line(), encoding="ascii")

    assert read_journal(path)["door"].record.frames == 50
    assert read_owners(path) == {"door": "/in/door.mp4"}


def test_a_batch_writes_nothing_into_a_folder_of_a_later_version(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text(journal_line(schema=2), encoding="ascii")
    for read in (read_journal, read_owners):
        with pytest.raises(
            NewerJournal, match=rf"journal\.jsonl has schema 2, {NAMES_THIS}.*--out"
        ):
            read(path)

    with open(tmp_path / "said.txt", "w") as said, pytest.raises(NewerJournal):
        run_batch(["synthetic:demo"], tmp_path, Settings(), messages=said)

    assert path.read_text(encoding="ascii") == journal_line(schema=2)
    assert not (tmp_path / "summary.json").exists()


def test_a_contract_of_the_first_models_is_read() -> None:
    document = json.loads((HERE / "contract-1.json").read_text(encoding="utf-8"))
    assert document["schema"] == 1

    contract = ModelContract.from_json(json.dumps(document))

    assert contract.labels == tuple(document["labels"])
    assert contract.representation.scope == "moving"
    assert contract.prior == "equal"


def test_a_contract_of_a_later_version_is_refused() -> None:
    document = json.loads((HERE / "contract-1.json").read_text(encoding="utf-8"))

    with pytest.raises(ModelError, match=r"schema 3, .*up to 2"):
        ModelContract.from_json(json.dumps({**document, "schema": 3}))


def test_a_set_of_reviewed_events_of_before_is_read(tmp_path: Path) -> None:
    """Neither zone nor label had to be told."""
    file = tmp_path / "set.json"
    entry = {"source": "a.mp4", "id": "all@0", "start_s": 0, "end_s": 1, "verdict": "confirmed"}
    file.write_text(json.dumps({"schema": 1, "entries": [entry]}), encoding="utf-8")

    (read,) = read_review(file)

    assert (read.zone, read.label) == ("all", None)


def test_a_set_of_reviewed_events_of_a_later_version_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "set.json"
    file.write_text('{"schema": 2, "entries": [], "people": []}', encoding="utf-8")

    with pytest.raises(SettingsError, match=rf"set\.json has schema 2, {NAMES_THIS}.*newer"):
        read_review(file)


def test_events_of_before_are_read(tmp_path: Path) -> None:
    """They told neither their settings, nor what each of several networks said."""
    segment = {
        "label": "walk", "score": 0.9, "start_s": 1.0, "end_s": 2.0, "group": 1,
        "track_ids": [1, 2], "box": [1, 2, 3, 4], "trail": [[1.0, 2.5, 3.5]],
    }  # fmt: skip
    event = {
        "id": "all@1000", "zone": "all", "start_s": 1.0, "end_s": 2.0, "start_utc": None,
        "label": "walk", "score": 0.9, "peak_s": 1.5, "box": [1, 2, 3, 4], "segments": [segment],
        "clip": None, "clip_start_s": None, "thumbnail": None, "ended_by": "motion",
    }  # fmt: skip
    file = tmp_path / "events.json"
    file.write_text(json.dumps({"schema": 1, "source": "a.mp4", "events": [event]}))

    stored = read_stored(file)

    assert [one.event_id for one in stored.events] == ["all@1000"]
    assert stored.events[0].segments[0].track_ids == (1, 2)


def test_events_of_a_later_version_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    file.write_text('{"schema": 2, "source": "a.mp4", "found": []}', encoding="utf-8")

    with pytest.raises(NotReadable, match=r"events\.json is of another version .*schema 2"):
        read_stored(file)


def test_events_of_a_later_version_are_named_in_the_report_of_a_batch(tmp_path: Path) -> None:
    record = json.loads(journal_line())["record"]
    (tmp_path / "door").mkdir()
    (tmp_path / "door" / "events.json").write_text('{"schema": 2, "events": []}', encoding="utf-8")

    page = write_batch_report(tmp_path, [{**record, "note": None}]).read_text(encoding="utf-8")

    assert "events.json cannot be read: it has schema 2" in page


def test_the_truth_of_a_clip_of_a_later_version_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "truth.json"
    file.write_text('{"schema": 2, "events": []}', encoding="utf-8")

    with pytest.raises(DataSetError, match=r"truth\.json .*schema 2"):
        read_truth(file)
