"""A model is measured as it is, by the road it runs on, without torch."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from motionapp.cli import main
from motionapp.core.contract import ModelContract
from motionapp.core.representation import Representation
from motionapp.recognition.dataset import read_data_set
from motionapp.sources.extensions import VIDEO_EXTENSIONS
from motionapp.training.recipe import Recipe

CONTRACT = ModelContract(
    name="small",
    version="1",
    labels=("across", "down"),
    representation=Representation("absdiff", side_px=16),
    architecture="vgg16",
)


def test_all_measures_the_model_as_it_is(
    write_model: Any, recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = write_model(contract=CONTRACT)
    out = tmp_path / "figures" / "all.json"

    code = main(["evaluate", str(model), str(recordings), "--json", str(out)])

    figures = json.loads(out.read_text())
    assert code == 0
    assert set(figures) == {
        "schema", "clip_accuracy", "window_accuracy", "after_rejection", "labels", "confusion",
        "clips", "nameless", "unreadable", "how", "balanced_accuracy", "macro_f1",
        "window_balanced_accuracy", "window_macro_f1", "per_label", "calibration", "seconds_seen",
        "groups", "group_spread", "interval", "folds", "fold_spread", "learning_curve", "history",
        "worst",
    }  # fmt: skip
    assert figures["labels"] == ["across", "down"]
    assert len(figures["clips"]) == 6
    assert sum(map(sum, figures["confusion"])) == 6
    assert {clip["group"] for clip in figures["clips"]} == {"ann", "bob", "cyn"}
    assert "of 6 recordings named rightly" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("sha256", "is_told"), [("own", True), ("f" * 64, False), (7, False), (None, False)]
)
def test_a_model_that_is_asked_what_it_was_taught_is_told_to_be_right_by_heart(
    sha256: object,
    is_told: bool,
    write_model: Any,
    recordings: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its figures came with what to expect of other people, with 95 % certainty."""
    own = read_data_set(recordings, extensions=VIDEO_EXTENSIONS).digest()
    known = {"name": "set", "sha256": own if sha256 == "own" else sha256}
    recipe = {} if sha256 is None else {"data": ["of no use", known]}
    model = write_model(contract=replace(CONTRACT, recipe=recipe))

    assert main(["evaluate", str(model), str(recordings)]) == 0

    assert ("trained on these very recordings" in capsys.readouterr().err) == is_told


def test_a_report_shows_the_worst_windows_as_the_network_saw_them(
    write_model: Any, recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = write_model(contract=CONTRACT)

    code = main(["evaluate", str(model), str(recordings), "--report", str(tmp_path / "report")])

    assert code == 0
    figures = json.loads((tmp_path / "report" / "figures.json").read_text())
    html = (tmp_path / "report" / "report.html").read_text()
    assert figures["how"]["protocol"] == "all"
    assert [group["group"] for group in figures["groups"]] == ["ann", "bob", "cyn"]
    assert figures["folds"] == []
    worst = figures["worst"]
    assert worst
    assert all(one["label"] != one["predicted"] for one in worst)
    assert all(one["end_s"] - one["start_s"] < 1.5 for one in worst)
    assert html.count('class="shot"') == len(worst)
    assert html.count('<img src="data:image/jpeg') == len(worst)
    tiles = len(worst) * CONTRACT.representation.steps
    assert html.count('<img src="data:image/png') == tiles
    assert "over 3 groups: " in capsys.readouterr().out


def test_a_report_does_not_take_the_place_of_other_files(
    write_model: Any, recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Found before the work, which takes hours."""
    model, folder = write_model(contract=CONTRACT), tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")

    code = main(["evaluate", str(model), str(recordings), "--report", str(folder)])

    assert code == 5
    assert "notes.txt, which is no part of a report" in capsys.readouterr().err
    assert (folder / "notes.txt").read_text() == "mine"


def test_recordings_of_nothing_that_has_a_name_are_measured_alone(
    write_model: Any, recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = write_model(contract=replace(CONTRACT, threshold=0.0))
    listed, out = tmp_path / "labels.csv", tmp_path / "out.json"
    listed.write_text(f"path,label,group\n{recordings}/down/ann.mp4,unknown,ann\n")

    code = main(["evaluate", str(model), str(listed), "--json", str(out)])

    figures = json.loads(out.read_text())
    assert code == 0
    assert figures["after_rejection"]["false_names"] == 1.0
    assert (figures["clips"], figures["nameless"][0]["group"]) == ([], "ann")
    assert "all: false names for 100.0% of the" in capsys.readouterr().out


def test_below_the_frame_rate_that_a_model_holds_for_nothing_is_named(
    write_model: Any, recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shape = replace(CONTRACT.representation, slowest_hz=7.5)
    model = write_model(contract=replace(CONTRACT, representation=shape))

    def named_at(rate: str) -> int:
        out = tmp_path / f"{rate}.json"
        assert (
            main(["evaluate", str(model), str(recordings), "--rate", rate, "--json", str(out)]) == 0
        )
        return sum(clip["predicted"] is not None for clip in json.loads(out.read_text())["clips"])

    assert named_at("7.5") == 6
    assert "names nothing" not in capsys.readouterr().err
    assert named_at("5") == 0
    assert "fewer than 7.4 pictures a second the model names nothing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"version": 7}, "version 7 of the maps of absdiff, this version of motionapp makes"),
        ({"planes": 2, "steps": 3}, "trained on maps of 2 planes, and absdiff makes 1"),
        ({"frontend": "radar"}, "there is no front-end 'radar'"),
    ],
)
def test_a_model_of_other_maps_is_refused_as_on_the_road(
    write_model: Any,
    recordings: Path,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, Any],
    says: str,
) -> None:
    """It was measured on maps that it has never seen, or ended in an error of ONNX Runtime."""
    shape = replace(CONTRACT.representation, **change)
    model = write_model(contract=replace(CONTRACT, representation=shape))

    assert main(["evaluate", str(model), str(recordings)]) == 2
    assert says in capsys.readouterr().err


def test_a_rate_is_for_models_as_they_are(
    write_model: Any, recordings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = write_model(contract=CONTRACT)

    code = main(["evaluate", str(model), str(recordings), "--rate", "5", "--protocol", "logo"])

    assert code == 2
    assert "--rate is 5" in capsys.readouterr().err


def test_measuring_twice_gives_the_same_figures(
    write_model: Any, recordings: Path, tmp_path: Path
) -> None:
    model = write_model(contract=CONTRACT)

    written = []
    for name in ("one.json", "two.json"):
        main(["evaluate", str(model), str(recordings), "--json", str(tmp_path / name)])
        written.append((tmp_path / name).read_bytes())

    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"labels": ("across", "hop")}, "has the label down, which the model"),
        ({"normalisation": "other"}, "normalised by 'other'"),
    ],
)
def test_a_model_that_does_not_fit_the_data_is_refused(
    write_model: Any,
    recordings: Path,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, Any],
    says: str,
) -> None:
    model = write_model(contract=replace(CONTRACT, **change))

    assert main(["evaluate", str(model), str(recordings)]) == 2
    assert says in capsys.readouterr().err


def test_nothing_is_written_where_the_measuring_failed(
    write_model: Any, recordings: Path, tmp_path: Path
) -> None:
    model = write_model(contract=replace(CONTRACT, labels=("across", "hop")))

    main(["evaluate", str(model), str(recordings), "--json", str(tmp_path / "out.json")])

    assert not list(tmp_path.glob("*.json"))
    assert not list(tmp_path.glob(".*"))


def test_an_unknown_model_is_refused_by_name(
    recordings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "nobody", str(recordings)]) == 2
    assert "there is no model 'nobody'" in capsys.readouterr().err


def test_a_model_without_a_recipe_cannot_be_trained_again(
    write_model: Any, recordings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch")
    model = write_model(contract=CONTRACT)

    assert main(["evaluate", str(model), str(recordings), "--protocol", "logo"]) == 2
    assert "it can only be measured with --protocol all" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"crops": 1, "backgrounds": "ab" * 32}, "before pictures that are not at hand"),
        ({"architecture": "resnet"}, "no usable architecture"),
    ],
)
def test_a_recipe_that_cannot_be_repeated_is_refused_before_anything_is_opened(
    write_model: Any,
    recordings: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, Any],
    says: str,
) -> None:
    """It was, after all recordings were gathered."""
    pytest.importorskip("torch")
    from motionapp.training import evaluate

    recipe = {"training": Recipe().document() | change}
    model = write_model(contract=replace(CONTRACT, recipe=recipe))
    monkeypatch.delattr(evaluate, "open_all")

    assert main(["evaluate", str(model), str(recordings), "--protocol", "logo"]) == 2
    assert says in capsys.readouterr().err


WITHOUT_TORCH = """
import sys
sys.modules["torch"] = sys.modules["onnx"] = sys.modules["onnxscript"] = None
from motionapp.cli import main
sys.exit(main(sys.argv[1:]))
"""


def run_without_torch(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


def test_measuring_as_it_is_needs_no_torch(write_model: Any, recordings: Path) -> None:
    done = run_without_torch("evaluate", write_model(contract=CONTRACT), recordings)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("verb", ["evaluate", "train"])
def test_without_torch_training_names_what_to_install(
    write_model: Any, recordings: Path, tmp_path: Path, verb: str
) -> None:
    done = (
        run_without_torch(
            "evaluate", write_model(contract=CONTRACT), recordings, "--protocol", "logo"
        )
        if verb == "evaluate"
        else run_without_torch("train", recordings, "--out", tmp_path / "new" / "model.onnx")
    )

    assert done.returncode == 2
    assert 'pip install "motionapp[train]"' in done.stderr
    assert not (tmp_path / "new").exists()
