"""A network of others' is checked, fitted, and answers as it did where it was made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.errors import ModelError
from motionapp.ort import onnxruntime
from motionapp.recognition import onnx as recognition_onnx
from motionapp.recognition.onnx import OnnxRecogniser, softmax

onnx = pytest.importorskip("onnx")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from motionapp.training.foreign import IMAGENET_MEAN, IMAGENET_STD, Said, imported  # noqa: E402
from tests.training.networks import (  # noqa: E402
    in_eight_bits,
    model_of,
    of_colours,
    of_colours_last,
    of_steps,
)

SAID = Said("mine", ("red", "green", "blue"), "rgb")
BARE = replace(SAID, mean=(0.0,), std=(1.0,))
MOTION = Said("mine", ("walk", "run"), "motion")


def make(model: Any, said: Said = SAID) -> OnnxRecogniser:
    return imported(model.SerializeToString(), said, source="foreign.onnx")[1]


def clips(channels: int = 3, side: int = 16, *, count: int = 2) -> NDArray[np.float32]:
    return np.random.default_rng(7).random((count, channels, side, side), np.float32)


def answers_of(model: Any, fed: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the network itself says, wherever it was made."""
    session = onnxruntime().InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    found: NDArray[np.float32] = session.run(None, {"x": fed})[0]
    return found


def as_imagenet(fed: NDArray[np.float32]) -> NDArray[np.float32]:
    mean, std = (np.array(x, np.float32)[:, None, None] for x in (IMAGENET_MEAN, IMAGENET_STD))
    return (fed - mean) / std


def test_a_network_of_pytorch_answers_as_there() -> None:
    model, fed = of_colours(), clips()

    recogniser = make(model)

    assert recogniser.logits(fed) == pytest.approx(answers_of(model, as_imagenet(fed)), abs=1e-4)
    contract = recogniser.contract
    assert contract.labels == SAID.labels
    assert (contract.has_reject, contract.architecture) == (False, "imported")
    assert (contract.representation.frontend, contract.representation.steps) == ("rgb", 1)
    assert contract.recipe["imported"]["layout"] == "nchw"
    assert contract.metrics["precision"] == "float32"


def test_a_network_of_keras_gives_the_probabilities_that_it_gave_there() -> None:
    """Height and width before colours, from -1 to 1, and a softmax at its end."""
    model, fed = of_colours_last(), clips()
    said = replace(SAID, mean=(0.5,), std=(0.5,))

    recogniser = make(model, said)

    there = answers_of(model, 2 * fed.transpose(0, 2, 3, 1) - 1)
    assert softmax(recogniser.logits(fed)) == pytest.approx(there, abs=1e-5)
    assert recogniser.contract.recipe["imported"]["layout"] == "nhwc"
    assert recogniser.contract.recipe["imported"]["gives"] == "softmax"


def test_a_probability_of_nothing_is_a_number_still() -> None:
    model = of_colours(end="Softmax")
    kernel = numpy_helper.from_array(1e4 * np.eye(3, dtype=np.float32), "weights")
    model.graph.initializer[0].CopyFrom(kernel)
    (fed,) = clips(count=1)
    fed[1:] = 0

    shares = softmax(make(model, BARE).logits(fed[None]))

    assert shares[0].tolist() == pytest.approx([1, 0, 0])


def test_colours_may_be_wanted_the_other_way_round_and_up_to_255() -> None:
    model, fed = of_colours(), clips()
    mean = (103.9, 116.8, 123.7)
    said = replace(SAID, colours="bgr", scale=255.0, mean=mean, std=(1.0,))

    recogniser = make(model, said)

    there = answers_of(model, 255 * fed[:, ::-1] - np.array(mean, np.float32)[:, None, None])
    assert recogniser.logits(fed) == pytest.approx(there, rel=1e-4)


def test_a_grey_network_sees_grey() -> None:
    nodes = [
        helper.make_node("GlobalAveragePool", ["x"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("Gemm", ["flat", "weights"], ["y"]),
    ]
    weights = {"weights": np.array([[1.0, 10.0]], np.float32)}
    model = model_of(nodes, weights, ["n", 1, 48, 48], ["n", 2])
    fed = clips(3, 48)

    recogniser = make(model, replace(SAID, labels=("low", "high"), colours="grey"))

    grey = np.tensordot(fed.mean((2, 3)), np.array([0.299, 0.587, 0.114]), 1)
    assert recogniser.logits(fed)[:, 0] == pytest.approx(grey, abs=1e-5)
    assert recogniser.contract.representation.channels == 3


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_recurrent_networks_over_motion_maps_are_welcome(kind: str) -> None:
    model, fed = of_steps(kind), clips(6)

    recogniser = make(model, MOTION)

    assert recogniser.logits(fed) == pytest.approx(answers_of(model, fed), abs=1e-5)
    representation = recogniser.contract.representation
    assert (representation.frontend, representation.steps) == ("absdiff", 6)
    assert not representation.going


@pytest.mark.parametrize(
    ("layout", "dims", "order"),
    [
        ("ntchw", (4, 2, 16, 16), (0, 1, 2, 3, 4)),
        ("nthwc", (4, 16, 16, 2), (0, 1, 3, 4, 2)),
        ("ncthw", (2, 4, 16, 16), (0, 2, 1, 3, 4)),
    ],
)
def test_steps_may_have_an_axis_of_their_own(
    layout: Any, dims: tuple[int, ...], order: tuple[int, ...]
) -> None:
    weights = {"weights": np.random.default_rng(3).normal(size=(2048, 2)).astype(np.float32)}
    nodes = [
        helper.make_node("Flatten", ["x"], ["flat"]),
        helper.make_node("Gemm", ["flat", "weights"], ["y"]),
    ]
    model, fed = model_of(nodes, weights, ["n", *dims], ["n", 2]), clips(8)

    recogniser = make(model, replace(MOTION, frontend="flow", layout=layout))

    there = answers_of(model, fed.reshape(2, 4, 2, 16, 16).transpose(order))
    assert recogniser.logits(fed) == pytest.approx(there, abs=1e-3)
    assert recogniser.contract.representation.mirror == "flip-negate-x"


def test_a_network_for_one_clip_at_a_time_is_asked_so() -> None:
    from motionapp.core.clip import MotionClip
    from motionapp.core.geometry import Box

    recogniser = make(of_colours(count=1), BARE)
    shown = [MotionClip(k, 0.0, 0.1, Box(0, 0, 9, 9), maps) for k, maps in enumerate(clips())]

    predictions = recogniser.classify(shown)

    assert recogniser.clips_at_once == 1
    assert [one.subject_id for one in predictions] == [0, 1]


def test_any_size_may_be_chosen() -> None:
    recogniser = make(of_colours(side="s"), replace(SAID, side_px=96))

    assert recogniser.contract.representation.side_px == 96


def test_the_same_network_becomes_the_same_file() -> None:
    content = of_colours_last().SerializeToString()

    assert (
        imported(content, SAID, source="a.onnx")[0] == imported(content, SAID, source="a.onnx")[0]
    )


def test_a_model_is_not_imported_twice() -> None:
    made, _ = imported(of_colours().SerializeToString(), SAID, source="a.onnx")

    with pytest.raises(ModelError, match="it has a contract already"):
        imported(made, SAID, source="b.onnx")


def test_eight_bits_stay_and_are_told() -> None:
    assert make(in_eight_bits(60), BARE).contract.metrics["precision"] == "int8"


def test_it_is_measured_on_a_data_set_like_any_other(recordings: Path, tmp_path: Path) -> None:
    """Blocks of grey that move across and down are all one to what sees colours."""
    from motionapp.recognition.dataset import read_data_set
    from motionapp.training.evaluate import evaluate
    from motionapp.training.progress import Silent
    from motionapp.training.protocols import parse_protocol

    path = tmp_path / "mine.onnx"
    said = replace(BARE, labels=("across", "down", "round"), threshold=0.0)
    path.write_bytes(imported(of_colours().SerializeToString(), said, source="a.onnx")[0])
    data = read_data_set(str(recordings / "labels.csv"), extensions=(".mp4",))

    figures = evaluate(path, data, parse_protocol("all", ("all",)), Silent())

    assert len(figures["clips"]) == len(data.samples)
    assert figures["window_accuracy"] is not None


# -- what is refused, and before what -------------------------------------------------------


@pytest.fixture
def no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a network fails the test."""

    def opened(*_: object, **__: object) -> object:
        pytest.fail("the network was loaded")

    monkeypatch.setattr(recognition_onnx, "_session", opened)
    monkeypatch.setattr(onnxruntime(), "InferenceSession", opened)


def with_node(operator: str, *, domain: str = "", **attributes: object) -> Any:
    model = of_colours()
    node = helper.make_node(operator, ["flat"], ["other"], domain=domain, **attributes)
    model.graph.node.insert(2, node)
    model.graph.node[3].input[0] = "other"
    return model


def branch() -> Any:
    inner = helper.make_graph(
        [helper.make_node("Relu", ["flat"], ["out"])],
        "inner",
        [],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, None)],
    )
    return with_node("If", then_branch=inner, else_branch=inner)


def hidden_branch() -> Any:
    """A network within an operator that is allowed and has no use for it."""
    inner = helper.make_graph([], "inner", [], [])
    return with_node("Relu", body=inner)


def with_function() -> Any:
    model = of_colours()
    node = helper.make_node("Relu", ["x"], ["y"])
    model.functions.append(
        helper.make_function("own", "Twice", ["x"], ["y"], [node], model.opset_import)
    )
    return model


def outside(*, in_constant: bool = False) -> Any:
    """Weights that would be read from wherever the file says."""
    tensor = TensorProto(name="weights", data_type=1, dims=[3, 3], data_location=1)
    tensor.external_data.add(key="location", value="/etc/passwd")
    if in_constant:
        return with_node("Constant", value=tensor)
    model = of_colours()
    model.graph.initializer[0].CopyFrom(tensor)
    return model


def lying() -> Any:
    """Four bytes that are said to be a million times a million numbers."""
    model = of_colours()
    tensor = TensorProto(name="weights", data_type=1, dims=[10**6, 10**6], raw_data=b"1234")
    model.graph.initializer[0].CopyFrom(tensor)
    return model


def negative() -> Any:
    model = of_colours()
    model.graph.initializer[0].dims[0] = -3
    return model


def vast_between() -> Any:
    model = of_colours()
    model.graph.value_info.append(
        helper.make_tensor_value_info("flat", TensorProto.FLOAT, [1, 10**6, 10**6])
    )
    return model


def spread() -> Any:
    """Two numbers in the file ask for a hundred gigabytes."""
    model = with_node("Expand")
    model.graph.node[2].input.append("sides")
    sides = np.array([160_000, 160_000, 3], np.int64)
    model.graph.initializer.append(numpy_helper.from_array(sides, "sides"))
    return model


def padded() -> Any:
    model = of_colours()
    pads = np.array([0, 0, 100_000, 100_000, 0, 0, 100_000, 100_000], np.int64)
    model.graph.initializer.append(numpy_helper.from_array(pads, "pads"))
    model.graph.node.insert(0, helper.make_node("Pad", ["x", "pads"], ["padded"]))
    model.graph.node[1].input[0] = "padded"
    return model


def grown(operator: str) -> Any:
    """How large a tensor is, is known once the network runs: sizes are raised to a power."""
    model = with_node(operator)
    node = model.graph.node[2]
    del node.input[:]
    node.input.extend(["sides"] if operator == "ConstantOfShape" else ["one", "sides"])
    weights = {
        "roots": np.array([1000, 1000, 3]), "power": np.array(4), "one": np.ones(1, np.float32),
    }  # fmt: skip
    model.graph.initializer.extend(
        numpy_helper.from_array(value, name) for name, value in weights.items()
    )
    model.graph.node.insert(0, helper.make_node("Pow", ["roots", "power"], ["sides"]))
    return model


def many_axes() -> Any:
    """Their product alone would take minutes."""
    model = of_colours()
    model.graph.initializer.append(TensorProto(name="more", data_type=1, dims=[127] * 1_000_000))
    return model


def many_axes_declared() -> Any:
    model = of_colours()
    sides = [2**62] * 100_000
    model.graph.value_info.append(helper.make_tensor_value_info("flat", 1, sides))
    return model


def infinite() -> Any:
    model = of_colours()
    weights = np.full((3, 3), np.inf, np.float32)
    model.graph.initializer[0].CopyFrom(numpy_helper.from_array(weights, "weights"))
    return model


def sparse() -> Any:
    model = of_colours()
    values = numpy_helper.from_array(np.ones(1, np.float32), "more")
    places = numpy_helper.from_array(np.zeros(1, np.int64), "places")
    model.graph.sparse_initializer.append(helper.make_sparse_tensor(values, places, [10]))
    return model


def two_inputs() -> Any:
    model = of_colours()
    model.graph.input.append(helper.make_tensor_value_info("more", TensorProto.FLOAT, [1]))
    return model


def of_doubles() -> Any:
    model = of_colours()
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.DOUBLE
    return model


def of_opset(number: int) -> Any:
    model = of_colours()
    model.opset_import[0].version = number
    return model


@pytest.mark.usefixtures("no_session")
@pytest.mark.parametrize(
    ("model", "says"),
    [
        (branch(), "operators beyond the allowed: If"),
        (with_node("Loop"), "operators beyond the allowed: Loop"),
        (with_node("Scan"), "operators beyond the allowed: Scan"),
        (with_node("Gelu", domain="com.microsoft"), r"com\.microsoft/Gelu"),
        (with_node("Conv", domain="ai.onnx.ml"), r"ai\.onnx\.ml/Conv"),
        (hidden_branch(), "networks within its network"),
        (with_function(), "functions of its own"),
        (outside(), "weights stand in another file"),
        (outside(in_constant=True), "weights stand in another file"),
        (lying(), "larger than what the file holds"),
        (negative(), "larger than what the file holds"),
        (vast_between(), "declares a tensor of 1,000,000,000,000 numbers"),
        (spread(), "between its layers it makes a tensor of 76,800,000,000 numbers"),
        (padded(), "between its layers it makes a tensor of"),
        (grown("Expand"), "how large other is, which Expand makes, cannot be worked out"),
        (grown("ConstantOfShape"), "how large other is, which ConstantOfShape makes, cannot"),
        (many_axes(), "a tensor of more than 16 axes"),
        (many_axes_declared(), "a tensor of more than 16 axes"),
        (infinite(), "infinite or not a number"),
        (sparse(), "sparse weights"),
        (two_inputs(), "takes x, more and gives y: one input and one output"),
        (of_doubles(), "not of 32-bit numbers"),
        (of_opset(9), "opset 9 of ONNX: export it in one from"),
        (of_opset(99), "opset 99 of ONNX: export it in one from"),
        (of_colours(side=1024), "squares of 8 to 512"),
        (of_colours(end="Sigmoid"), "each a probability by itself"),
    ],
)  # fmt: skip
def test_what_may_not_run_is_refused_before_it_is_loaded(model: Any, says: str) -> None:
    with pytest.raises(
        ModelError, match=rf"^foreign\.onnx cannot be imported: .*{says}"
    ) as refused:
        make(model)

    assert "\n" not in str(refused.value)


@pytest.mark.usefixtures("no_session")
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_network_that_was_cut_is_refused_before_it_is_loaded(share: float) -> None:
    content = of_colours_last().SerializeToString()

    with pytest.raises(ModelError, match=r"foreign\.onnx cannot be imported: it"):
        imported(content[: int(share * len(content))], SAID, source="foreign.onnx")


@pytest.mark.usefixtures("no_session")
def test_as_many_labels_as_answers_are_needed_before_it_is_loaded() -> None:
    with pytest.raises(ModelError, match="it gives 3 answers, but there are 2 labels"):
        make(of_colours(), replace(SAID, labels=("a", "b")))


@pytest.mark.usefixtures("no_session")
def test_answers_whose_number_is_not_declared_are_counted_before_it_is_loaded() -> None:
    model = of_colours()
    model.graph.output[0].type.tensor_type.ClearField("shape")

    with pytest.raises(ModelError, match="it gives 3 answers, but there are 2 labels"):
        make(model, replace(SAID, labels=("a", "b")))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"mean": (1.0, 2.0)}, "--mean has 2 numbers: 1 is needed, or one for each of 3 planes"),
        ({"std": (0.0,)}, "--std holds what is not above 0"),
        ({"layout": "nhwc"}, "cannot be read as nhwc"),
        ({"side_px": 32}, "cannot be read"),
    ],
)
def test_what_is_said_must_fit(changes: Any, says: str) -> None:
    with pytest.raises(ModelError, match=says):
        make(of_colours(), replace(SAID, **changes))


def test_probabilities_are_not_taken_for_bare_answers() -> None:
    """The softmax is written out, so the last operator does not tell."""
    model = of_colours()
    model.graph.node[-1].output[0] = "bare"
    model.graph.node.extend(
        [
            helper.make_node("Exp", ["bare"], ["powers"]),
            helper.make_node("ReduceSum", ["powers", "last"], ["sums"]),
            helper.make_node("Div", ["powers", "sums"], ["y"]),
        ]
    )
    model.graph.initializer.append(numpy_helper.from_array(np.array([1], np.int64), "last"))

    with pytest.raises(ModelError, match="look like probabilities: say --softmax, or --logits"):
        make(model, BARE)
    said = make(model, replace(BARE, gives="softmax"))

    fed = clips()
    assert softmax(said.logits(fed)) == pytest.approx(answers_of(model, fed), abs=1e-5)


def test_bare_answers_are_not_taken_for_probabilities() -> None:
    with pytest.raises(ModelError, match="do not sum to 1, so they are no probabilities"):
        make(of_colours(), replace(BARE, gives="softmax"))


def test_a_network_that_cannot_take_two_clips_says_so() -> None:
    model = of_colours()
    model.graph.node[1].op_type = "Reshape"
    model.graph.node[1].input.append("one")
    one = numpy_helper.from_array(np.array([1, -1], np.int64), "one")
    model.graph.initializer.append(one)
    model.graph.node[2].CopyFrom(helper.make_node("Gemm", ["flat", "weights"], ["y"]))

    with pytest.raises(ModelError, match="two clips at once, as it says: export it with a batch"):
        make(model)


def test_nothing_of_the_machine_that_wrote_it_goes_along() -> None:
    model = of_colours()
    model.graph.doc_string = model.graph.node[0].doc_string = "/home/somebody/secret.py"
    helper.set_model_props(model, {"path": "/home/somebody/secret.py"})

    made, _ = imported(model.SerializeToString(), SAID, source=str(Path("/tmp/x/foreign.onnx")))

    assert b"secret" not in made
    assert b"/tmp/x" not in made
