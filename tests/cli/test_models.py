"""`motionapp models`: what there is, what it says of itself, whether it works, and what is new."""

from __future__ import annotations

import hashlib
import json
from itertools import takewhile
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from motionapp.analysis import Analysis
from motionapp.assembly import load_models
from motionapp.cli import main
from motionapp.cli.models import ACTIONS
from motionapp.cli.of_models.listing import accuracy_of
from motionapp.core.contract import METADATA_KEY, ModelContract
from motionapp.core.representation import Representation
from motionapp.recognition.catalogue import files_of, shipped_models
from motionapp.recognition.onnx import read_contract
from motionapp.settings import load_settings
from motionapp.sources.synthetic import SyntheticSource

onnx = pytest.importorskip("onnx")

from tests.training.networks import (  # noqa: E402
    in_eight_bits,
    of_colours,
    of_colours_last,
    of_steps,
)

CONTRACT = ModelContract(
    name="small",
    version="1",
    labels=("across", "down"),
    representation=Representation("absdiff", side_px=16, slowest_hz=5.0),
    architecture="vgg16",
    metrics={"window_accuracy": 0.875, "precision": "float32"},
    recipe={"training": {"seed": 7}, "data": [{"name": "mine.csv"}]},
)
COLOURS = ("red", "green", "blue")
needs_models = pytest.mark.skipif(not shipped_models(), reason="no model is shipped here")


@pytest.fixture
def saved(tmp_path: Path) -> Any:
    """Writes a network and gives its path."""

    def save(model: Any, name: str = "foreign.onnx") -> Path:
        path = tmp_path / name
        onnx.save(model, path)
        return path

    return save


def coloured(path: Path, rgb: tuple[int, int, int]) -> Path:
    """Two seconds and a half of a block of one colour that crosses a grey picture from second 1."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height = 192, 144
        stream.pix_fmt = "yuv420p"
        for index in range(62):
            shown = np.full((144, 192, 3), 70, np.uint8)
            shown[::8] = 80
            x = 4 * max(0, index - 25)
            shown[50:90, x : x + 30] = rgb
            frame = av.VideoFrame.from_ndarray(shown, format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def names_in(folder: Path) -> set[str]:
    documents = [json.loads(path.read_text()) for path in folder.glob("*/events.json")]
    assert documents
    return {
        segment["label"]
        for document in documents
        for event in document["events"]
        for segment in event["segments"]
    }


# -- list and info --------------------------------------------------------------------------


@needs_models
def test_every_model_that_ships_is_listed_with_its_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "models.json"

    assert main(["models", "list", "--json", str(out)]) == 0

    title, *lines = capsys.readouterr().out.splitlines()
    assert title.split()[:3] == ["name", "front-end", "architecture"]
    shipped = [(model.name, model.frontend) for model in shipped_models()]
    assert [tuple(line.split()[:2]) for line in lines] == shipped
    document = json.loads(out.read_text())
    assert document["schema"] == 1
    for told, model in zip(document["models"], shipped_models(), strict=True):
        contract = read_contract(model.path)
        assert told["labels"] == list(contract.labels)
        assert told["size_bytes"] == model.path.stat().st_size
        assert told["precision"] == contract.metrics["precision"]
        assert told["accuracy"] == contract.metrics.get("window_accuracy")


def test_accuracy_is_of_what_was_held_out() -> None:
    assert accuracy_of({"window_accuracy": 0.9, "clip_accuracy": 1.0}) == 0.9
    assert accuracy_of({"clip_accuracy": 1.0}) == 1.0
    assert accuracy_of({"agreement_with_pytorch": 0.99}) is None


def test_a_model_says_of_itself_what_it_sees(
    write_model: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = write_model(contract=CONTRACT), tmp_path / "info.json"

    assert main(["models", "info", str(path), "--json", str(out)]) == 0

    said = capsys.readouterr().out
    assert "one person: differences of grey pictures; 6 maps, 0.08 s apart" in said
    assert "labels:            2: across, down" in said
    assert "operators:         Flatten, Gemm, GlobalAveragePool, Relu (opset 20)" in said
    assert "pictures a second: 5 at least" in said
    assert "window accuracy: 0.875" in said
    assert "training, seed: 7" in said
    assert "data 1, name: mine.csv" in said
    (told,) = json.loads(out.read_text())["models"]
    assert told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert told["sha256"] in said
    assert told["contract"]["labels"] == ["across", "down"]


@needs_models
def test_a_name_stands_for_all_of_its_siblings() -> None:
    shipped = [model.path for model in shipped_models() if model.name == "actions"]

    assert list(files_of("actions")) == shipped
    assert files_of("actions-flow-vgg16") == tuple(
        path for path in shipped if path.stem == "actions-flow-vgg16"
    )


def test_a_model_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "info", "gone.onnx"]) == 2
    assert "gone.onnx is not there" in capsys.readouterr().err


# -- verify ---------------------------------------------------------------------------------


@needs_models
def test_what_ships_can_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "verify"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(shipped_models())
    for line in lines:
        assert line.startswith("ok  ")
        assert line.endswith("its file is as its card says")


def test_what_cannot_be_used_is_told_beside_what_can(
    write_model: Any, saved: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write_model("good.onnx", contract=CONTRACT)
    cut = write_model("cut.onnx", contract=CONTRACT)
    cut.write_bytes(cut.read_bytes()[:100])

    code = main(["models", "verify", str(good), str(cut), str(saved(of_colours())), "gone.onnx"])

    assert code == 2
    assert capsys.readouterr().out.splitlines() == [
        "no  gone.onnx: the model gone.onnx is not there",
        "ok  good.onnx: can be used behind absdiff, names 2 movements, and no card tells its "
        "SHA-256",
        "no  cut.onnx: it is not an ONNX file, or was cut short",
        "no  foreign.onnx: it has no contract: it was not made by motionapp train, so what it "
        "looks at and what its outputs mean is not known (motionapp models import writes one)",
    ]


def test_a_file_is_held_against_its_card(
    write_model: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_model(contract=CONTRACT)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    card = path.with_suffix(".md")

    card.write_text(f"# small\n\n| front-end | absdiff |\n| SHA-256 | {digest} |\n")
    assert main(["models", "verify", str(path)]) == 0
    assert "as its card says" in capsys.readouterr().out

    card.write_text(f"| SHA-256 | {'0' * 64} |\n")
    assert main(["models", "verify", str(path)]) == 2
    said = capsys.readouterr().out
    assert f"its SHA-256 is {digest[:12]}…, but its card model.md says 000000000000…" in said


def test_maps_that_no_front_end_makes_are_told(
    write_model: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_model(
        contract=ModelContract(
            "old", "1", ("a", "b"), Representation("absdiff", side_px=16, version=7), "vgg16"
        )
    )

    assert main(["models", "verify", str(path)]) == 2
    assert "trained on version 7 of the maps of absdiff" in capsys.readouterr().out


# -- import ---------------------------------------------------------------------------------


def bring(path: Path, out: Path, *more: str, labels: str = ",".join(COLOURS)) -> int:
    options = ["--labels", labels, "--input", "rgb", "--out", str(out), *more]
    return main(["models", "import", str(path), *options])


@pytest.mark.parametrize("way", ["keras", "pytorch"])
def test_a_network_of_others_names_what_moves_by_its_colour(
    way: str, saved: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the file to the names, on the whole road behind frame differences."""
    path = saved(of_colours() if way == "pytorch" else of_colours_last())
    out = tmp_path / "mine.onnx"
    coloured(tmp_path / "red.mp4", (230, 20, 20))
    coloured(tmp_path / "blue.mp4", (20, 20, 230))

    assert bring(path, out, "--threshold", "0", "--scale", "255", "--mean", "0", "--std", "9") == 0
    said = capsys.readouterr()
    assert said.out.strip() == str(out)
    assert "mine: 3 labels; sees one person: pictures in colour" in said.err
    assert main(["models", "verify", str(out)]) == 0
    assert "behind any front-end" in capsys.readouterr().out
    for colour in ("red", "blue"):
        found = tmp_path / f"of-{colour}"
        line = ["batch", str(tmp_path / f"{colour}.mp4"), "--out", str(found)]
        assert main([*line, "--classifier", str(out), "--people", "off"]) == 0
        assert colour in names_in(found)
        assert names_in(found) <= {colour, "unknown"}


def test_the_same_model_works_behind_poses(saved: Any, tmp_path: Path) -> None:
    """Who is found there is a rendered person; their limbs are not what the network sees."""
    out = tmp_path / "mine.onnx"
    assert bring(saved(of_colours()), out, "--threshold", "0") == 0
    changes = {"analysis.frontend": "pose", "analysis.recognition.classifier": str(out)}
    values = load_settings(environment={}, changes=changes).analysis
    analysis = Analysis(values, load_models(values))

    source = SyntheticSource.named("wave2")
    frames = takewhile(lambda frame: frame.pts_s < 4.0, source.frames())
    moments = [analysis.step(frame) for frame in frames]

    said = [one for moment in moments for one in moment.predictions if one.label in COLOURS]
    assert said
    assert all(len(one.probabilities) == len(COLOURS) for one in said)


def test_motion_maps_may_go_through_a_recurrent_network(
    saved: Any, tmp_path: Path, recording: Any
) -> None:
    out = tmp_path / "steps.onnx"
    line = ["models", "import", str(saved(of_steps("GRU"))), "--labels", "a,b", "--input", "motion"]

    assert main([*line, "--out", str(out), "--threshold", "0"]) == 0

    found = tmp_path / "found"
    run = ["batch", str(recording()), "--out", str(found), "--classifier", str(out)]
    assert main([*run, "--people", "off"]) == 0
    assert names_in(found) & {"a", "b"}


def test_labels_may_stand_in_a_file_one_a_line(saved: Any, tmp_path: Path) -> None:
    labels = tmp_path / "labels.txt"
    labels.write_bytes("\ufeffsitting down\r\nwaving, left\r\nrün\r\n\r\n".encode())
    out = tmp_path / "mine.onnx"

    assert bring(saved(of_colours()), out, "--name", "office", labels=str(labels)) == 0

    contract = read_contract(out)
    assert contract.labels == ("sitting down", "waving, left", "rün")
    assert contract.name == "office"


@pytest.mark.parametrize(
    "content", ['["across", "down", "round"]', '{"0": "across", "2": "round", "1": "down"}']
)
def test_labels_may_stand_in_a_file_of_json(saved: Any, tmp_path: Path, content: str) -> None:
    labels = tmp_path / "labels.json"
    labels.write_text(content)
    out = tmp_path / "mine.onnx"

    assert bring(saved(of_colours()), out, labels=str(labels)) == 0

    assert read_contract(out).labels == ("across", "down", "round")


def test_the_last_answer_may_decline(saved: Any, tmp_path: Path) -> None:
    out = tmp_path / "mine.onnx"

    assert bring(saved(of_colours()), out, labels="across,down,unknown") == 0

    contract = read_contract(out)
    assert (contract.labels, contract.has_reject) == (("across", "down"), True)


def test_weights_of_all_eight_bits_are_told_at_once(
    saved: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine.onnx"

    assert bring(saved(in_eight_bits(127)), out) == 0
    assert "mind that 1 of 1 layers of 8 bits have weights up to 127" in capsys.readouterr().err
    assert main(["models", "verify", str(out)]) == 0
    assert "reduce_range" in capsys.readouterr().out
    assert main(["models", "info", str(out)]) == 0
    assert "saturation:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--labels", "a,b,a"], "--labels has the label a twice"),
        (["--labels", "a,,b"], "--labels has an empty label"),
        (["--labels", "a,b"], "it gives 3 answers, but there are 2 labels"),
        (["--labels", "a"], "--labels has 1 label: 2 to 1000 are needed"),
        (["--labels", "."], "the labels . are a folder"),
        (["--labels", "gone.txt"], "the labels gone.txt are not there"),
        (["--labels", "a,b,c\x07"], "letters that can be printed"),
        (["--labels", "unknown,a,b"], "--labels has the label unknown before others"),
        (["--std", "1e-300"], "--mean and --std make numbers beyond all"),
        (["--out", "mine.txt"], "--out mine.txt: the name of a model ends in .onnx"),
        (["--frontend", "flow"], "--frontend is for --input motion"),
        (["--layout", "whcn"], "--layout is whcn: one of nchw"),
        (["--mean", "a,b"], "--mean is a,b: numbers with commas between"),
        (["--std", "inf"], "--std is inf: finite numbers are needed"),
        (["--scale", "nan"], "--scale is nan: above 0"),
        (["--threshold", "1.5"], "--threshold is 1.5: 0 to 1"),
        (["--grid-s", "0"], "--grid-s is 0: above 0"),
    ],
)
def test_what_means_nothing_is_refused_in_one_sentence_and_nothing_is_written(
    saved: Any,
    tmp_path: Path,
    options: list[str],
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "mine.onnx"

    assert bring(saved(of_colours()), out, *options) == 2

    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1
    assert not out.exists()


def test_a_label_file_that_is_no_list_is_refused(
    saved: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = tmp_path / "labels.txt"
    for content, says in (
        (b"a\nb\nb\n", "has the label b twice"),
        (b"a\n\nb\n", "has an empty label"),
        (b"\xff\xfe\x00", "is no text in UTF-8"),
        (b'["a", "b"', "is no JSON that can be read"),
        (b'["a", 2, "c"]', "holds no list of labels"),
        (b'{"1": "a", "2": "b", "3": "c"}', "holds no list of labels"),
        (b"x" * 2_000_000, "too large for a list of labels"),
    ):
        labels.write_bytes(content)
        assert bring(saved(of_colours()), tmp_path / "mine.onnx", labels=str(labels)) == 2
        assert says in capsys.readouterr().err


def test_the_network_itself_is_not_written_over(
    saved: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(of_colours())
    before = path.read_bytes()

    assert bring(path, path) == 2
    assert "is the network itself" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_a_missing_or_hostile_file_is_told_in_one_sentence(
    saved: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = of_colours(end="Loop")

    assert bring(tmp_path / "gone.onnx", tmp_path / "mine.onnx") == 2
    assert "gone.onnx cannot be read: No such file" in capsys.readouterr().err
    assert bring(saved(hostile), tmp_path / "mine.onnx") == 2
    said = capsys.readouterr().err
    assert "cannot be imported: it uses operators beyond the allowed: Loop" in said
    assert said.count("\n") == 1


def test_without_the_onnx_library_the_line_that_installs_it_is_said(
    saved: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from motionapp.training import extra

    path = saved(of_colours())
    monkeypatch.setattr(extra, "find_spec", lambda name: None)

    assert bring(path, tmp_path / "mine.onnx") == 2
    assert 'pip install "motionapp[train]"' in capsys.readouterr().err


def test_a_contract_that_was_written_elsewhere_does_not_count(saved: Any, tmp_path: Path) -> None:
    """What stands in a foreign file under other keys goes; ours is the only one."""
    model = of_colours()
    onnx.helper.set_model_props(model, {"labels": "x,y,z"})
    out = tmp_path / "mine.onnx"

    assert bring(saved(model), out) == 0

    assert [one.key for one in onnx.load(out).metadata_props] == [METADATA_KEY]


# -- the verb -------------------------------------------------------------------------------


def test_without_an_action_the_usage_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["models"])

    assert stopped.value.code == 2
    assert "ACTION" in capsys.readouterr().err


@pytest.mark.parametrize("action", list(ACTIONS))
def test_every_action_has_help_with_examples(
    action: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["models", action, "--help"])

    assert f"motionapp models {action}" in capsys.readouterr().out.partition("example")[2]
