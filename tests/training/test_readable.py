"""What cannot be read of a data set costs itself, is told by name, and is counted."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from motionapp.cli import main
from motionapp.core.contract import ModelContract
from motionapp.core.errors import DataSetError, SourceError
from motionapp.core.representation import Representation
from motionapp.core.seams import Damage, Source
from motionapp.files.kept import KeptFiles
from motionapp.recognition.dataset import DataSet, read_data_set
from motionapp.recognition.onnx import read_contract
from motionapp.training import gather as gathering
from motionapp.training import workers
from motionapp.training.gather import gather, gather_for
from motionapp.training.kept import KeptWindows
from motionapp.training.opening import open_all
from motionapp.training.progress import Silent
from motionapp.training.readable import Readings
from motionapp.training.recipe import Recipe
from tests.training.conftest import LABELS, PEOPLE, write_recording

SHAPE = Representation("absdiff", side_px=16)
CONTRACT = ModelContract(
    name="small", version="1", labels=LABELS, representation=SHAPE, architecture="vgg16"
)


class Heard(Silent):
    """Remembers the sentences."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, line: str) -> None:
        """Remember it."""
        self.said.append(line)


@pytest.fixture
def folder(recordings: Path, tmp_path: Path) -> Path:
    """The small data set, with two recordings more that cannot be opened."""
    rows = ["path,label,group", "gone.mp4,down,dan", "text.mp4,across,dan"]
    rows += [
        f"{recordings}/{label}/{name}.mp4,{label},{name}" for name in PEOPLE for label in LABELS
    ]
    (tmp_path / "gone.mp4").write_bytes(b"")
    (tmp_path / "text.mp4").write_text("no pictures\n" * 99)
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n")
    return tmp_path


def of(folder: Path) -> DataSet:
    return read_data_set(folder, extensions={".mp4"})


def lose_the_end(path: Path) -> None:
    """As a recorder leaves a file that lost its power: the header promises more."""
    content = path.read_bytes()
    assert content.index(b"moov") < 1000, "its index must stand before its pictures"
    path.write_bytes(content[: len(content) * 2 // 3])


def test_what_cannot_be_opened_is_told_by_name_and_left_out(folder: Path) -> None:
    heard = Heard()

    left = open_all(of(folder), heard).left()

    assert [sample.fold_group for sample in left.samples] == [
        "ann",
        "ann",
        "bob",
        "bob",
        "cyn",
        "cyn",
    ]
    assert [line.partition(":")[2].split()[0] for line in heard.said] == ["gone.mp4", "text.mp4"]
    assert all(line.startswith("warning: ") for line in heard.said)
    assert not any(str(folder) in line for line in heard.said)


def test_a_label_that_loses_all_its_recordings_is_named(folder: Path) -> None:
    data = of(folder)
    data = replace(
        data, samples=tuple(s for s in data.samples if s.label != "down") + data.samples[:1]
    )

    with pytest.raises(DataSetError, match=r"no recording of down in .* gone\.mp4 is left out: "):
        open_all(data, Silent())


def test_what_is_unknown_is_a_label_here(folder: Path) -> None:
    data = of(folder)
    data = replace(data, samples=(replace(data.samples[0], label="unknown"), *data.samples[1:]))

    with pytest.raises(DataSetError, match=r"no recording of unknown in"):
        open_all(data, Silent())


def test_the_digest_is_of_what_is_left(folder: Path) -> None:
    left = open_all(of(folder), Silent()).left()

    assert left.digest() == replace(left, samples=of(folder).samples[2:]).digest()
    assert left.digest() != of(folder).digest()


class Breaks:
    """Stands in for a source that fails after some pictures."""

    def __init__(self, source: Source, frames: int) -> None:
        self._source, self._frames = source, frames
        self.info = source.info

    def frames(self) -> Iterator[Any]:
        for number, frame in enumerate(self._source.frames()):
            if number == self._frames:
                raise SourceError(f"{self.info.name} is on a disk that is gone")
            yield frame

    def close(self) -> None:
        self._source.close()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """By the name of a recording: how often it can be read to its end before it breaks."""
    after: dict[str, int] = {}
    usual = gathering.open_source

    def opened(path: Path, **how: Any) -> Any:
        key = f"{path.parent.name}/{path.name}"
        if key not in after:
            return usual(path, **how)
        after[key] -= 1
        return usual(path, **how) if after[key] >= 0 else Breaks(usual(path, **how), 30)

    monkeypatch.setattr(gathering, "open_source", opened)
    monkeypatch.setattr(workers, "usable_cores", lambda: 1)
    return after


@pytest.mark.parametrize("times", [0, 1])
def test_what_fails_in_the_middle_costs_its_own_recording_at_every_tempo(
    recordings: Path, broken: dict[str, int], times: int
) -> None:
    data, heard = of(recordings), Heard()
    broken["down/ann.mp4"] = times
    recipe = Recipe(tempos=(0.7,))
    readings = Readings(data, heard)

    found = gather_for(recipe, data, SHAPE, heard, readings=readings)
    broken.clear()
    others = gather_for(recipe, found.data, SHAPE, Silent())

    assert [sample.name for sample in data.samples if sample not in found.data.samples] == [
        "down/ann.mp4"
    ]
    assert heard.said == ["warning: down/ann.mp4 is left out: ann.mp4 is on a disk that is gone"]
    assert [one.sample.name for one in readings.unreadable] == ["down/ann.mp4"]
    assert found.paced is not None
    assert others.paced is not None
    for one, other in ((found.windows, others.windows), (found.paced, others.paced)):
        np.testing.assert_array_equal(one.maps, other.maps)
        np.testing.assert_array_equal(one.samples, other.samples)
        np.testing.assert_array_equal(one.goings, other.goings)


def test_what_fails_in_another_process_costs_its_own_recording(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "usable_cores", lambda: 2)
    monkeypatch.setattr(workers, "WORTH_S", -1.0)
    heard = Heard()
    data = of(folder)
    data = replace(data, samples=(data.samples[2], *data.samples[:2], data.samples[3]))

    windows = gather(data, SHAPE, heard)

    assert set(windows.samples.tolist()) == {0, 3}
    assert len(heard.said) == 2


def test_what_failed_is_not_kept(recordings: Path, tmp_path: Path, broken: dict[str, int]) -> None:
    kept = KeptWindows(KeptFiles(tmp_path / "kept", most_bytes=10**9))
    broken["down/ann.mp4"] = 0

    gather(of(recordings), SHAPE, Silent(), kept=kept)
    broken.clear()
    again = gather(of(recordings), SHAPE, Silent(), kept=kept)

    assert kept.found == {"recordings": (5, 12)}
    assert len(set(again.samples.tolist())) == 6


def test_what_is_lost_of_a_damaged_recording_is_told_once_also_of_what_was_kept(
    tmp_path: Path,
) -> None:
    for label in LABELS:
        write_recording(
            tmp_path / "set" / label / "ann.mp4", label, 0, frames=100, index_first=True
        )
    lose_the_end(tmp_path / "set" / "down" / "ann.mp4")
    kept = KeptWindows(KeptFiles(tmp_path / "kept", most_bytes=10**9))
    said = []
    for _ in range(2):
        heard = Heard()
        found = gather_for(Recipe(), of(tmp_path / "set"), SHAPE, heard, kept=kept)
        said.append(heard.said)

    assert len(found.data.samples) == 2
    assert len(set(found.windows.samples.tolist())) == 2
    assert len(said[0]) == 1
    assert said[0][0].startswith("warning: down/ann.mp4 could be read in part only: ")
    assert " s are lost (" in said[0][0]
    assert said[0] == said[1]


def test_a_repeated_stamp_is_no_damage(recordings: Path) -> None:
    heard = Heard()
    data = of(recordings)

    Readings(data, heard).lose(data.samples[0], Damage(dropped_stamps=3))

    assert heard.said == []


def test_a_model_as_it_is_is_measured_on_what_can_be_read(
    write_model: Any, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, broken: dict[str, int],
) -> None:  # fmt: skip
    broken["across/bob.mp4"] = 0
    out = tmp_path / "figures.json"

    code = main(["evaluate", str(write_model(contract=CONTRACT)), str(folder), "--json", str(out)])

    figures, said = json.loads(out.read_text()), capsys.readouterr()
    assert code == 0
    assert len(figures["clips"]) == 5
    assert [(one["path"], one["label"], one["group"]) for one in figures["unreadable"][:2]] == [
        ("gone.mp4", "down", "dan"), ("text.mp4", "across", "dan"),
    ]  # fmt: skip
    assert len(figures["unreadable"]) == 3
    assert figures["unreadable"][2]["group"] == "bob"
    assert "of 5 recordings named rightly" in said.out
    assert "3 recordings could not be read" in said.out
    assert "warning: gone.mp4 is left out: " in said.err


@pytest.mark.train
@pytest.mark.timeout(240)
@pytest.mark.usefixtures("quick_export")
def test_a_training_goes_on_with_what_can_be_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch")
    from motionapp.cli import train as verb
    from motionapp.training import folds

    chosen = verb.recipe_of

    def small(arguments: argparse.Namespace, **how: Any) -> Recipe:
        recipe = chosen(arguments, **how)
        return replace(recipe, batch=8, fewest_steps=4, tempos=(), rates_hz=())

    monkeypatch.setattr(verb, "recipe_of", small)
    monkeypatch.setattr(folds, "usable_cores", lambda: 1)
    out, figures_file = tmp_path / "model.onnx", tmp_path / "figures.json"

    code = main(
        ["train", str(folder), "--out", str(out), "--json", str(figures_file), "--arch", "alexnet",
         "--width", "2", "--clutter", "0", "--epochs", "1", "--side-px", "32", "--protocol", "logo",
         "--no-cache"]
    )  # fmt: skip

    figures, (data,) = json.loads(figures_file.read_text()), read_contract(out).recipe["data"]
    assert code == 0
    assert len(figures["clips"]) == 6
    assert [one["path"] for one in figures["unreadable"]] == ["gone.mp4", "text.mp4"]
    assert (data["recordings"], data["groups"], data["unreadable"]) == (6, 3, 2)
    assert data["sha256"] == open_all(of(folder), Silent()).left().digest()
    assert "3 groups, without 2 that cannot be read" in out.with_suffix(".md").read_text()
    assert str(folder).encode() not in out.read_bytes()
