"""The outline of a model file is read from untrusted bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.contract import METADATA_KEY, ModelContract
from motionapp.core.errors import ModelError
from motionapp.core.representation import Representation
from motionapp.recognition import outline as outline_module
from motionapp.recognition.outline import FLOAT32, Declared, Outline, read_outline

CONTRACT = ModelContract("small", "1", ("walk", "wave1"), Representation("absdiff"), "vgg16")


def test_operators_and_metadata_are_read(write_model: Any) -> None:
    outline = read_outline(write_model(contract=CONTRACT).read_bytes())

    assert outline.operators == {"GlobalAveragePool", "Flatten", "Relu", "Gemm"}
    assert ModelContract.from_json(outline.metadata[METADATA_KEY]) == CONTRACT
    assert not outline.has_functions
    assert not outline.has_external_data


@pytest.mark.parametrize(
    ("kind", "is_raw"),
    [
        ("float16", True),
        ("float32", True),
        ("float32", False),
        ("float64", True),
        ("float64", False),
        ("int8", True),
        ("int8", False),
    ],
)
def test_weights_that_are_no_numbers_are_seen(write_model: Any, kind: str, is_raw: bool) -> None:
    onnx = pytest.importorskip("onnx")
    model = onnx.load(write_model(contract=CONTRACT))
    worst = -128 if kind == "int8" else np.nan
    for last in (1, worst, np.inf, -np.inf) if kind != "int8" else (1, worst):
        numbers = np.array([0, 0.5, last]).astype(kind)
        tensor = onnx.numpy_helper.from_array(numbers, "more")
        if not is_raw:
            types = onnx.helper.np_dtype_to_tensor_dtype(numbers.dtype)
            tensor = onnx.helper.make_tensor("more", types, [3], numbers.tolist())
        del model.graph.initializer[1:]
        model.graph.initializer.append(tensor)

        outline = read_outline(model.SerializeToString())

        assert outline.has_no_numbers == (not np.isfinite(last))


def test_half_a_number_is_none(write_model: Any) -> None:
    onnx = pytest.importorskip("onnx")
    model = onnx.load(write_model(contract=CONTRACT))
    model.graph.initializer[0].raw_data += b"x"

    with pytest.raises(ModelError, match="not an ONNX file, or was cut short"):
        read_outline(model.SerializeToString())


def test_functions_of_a_models_own_are_seen(write_model: Any) -> None:
    onnx = pytest.importorskip("onnx")
    model = onnx.load(write_model(contract=CONTRACT))
    node = onnx.helper.make_node("Relu", ["x"], ["y"])
    model.functions.append(
        onnx.helper.make_function("own", "Twice", ["x"], ["y"], [node], model.opset_import)
    )

    assert read_outline(model.SerializeToString()).has_functions


def test_more_operators_than_any_network_has_are_refused(
    write_model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = write_model(contract=CONTRACT).read_bytes()
    monkeypatch.setattr(outline_module, "MOST_NODES", 3)

    with pytest.raises(ModelError, match="more than 3 operators"):
        read_outline(content)


def test_more_parts_than_any_network_has_are_refused(
    write_model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes two bytes in the file, and a hundred once it is read."""
    monkeypatch.setattr(outline_module, "MOST_PARTS", 100)

    with pytest.raises(ModelError, match="more than 100 parts"):
        read_outline(write_model(contract=CONTRACT).read_bytes() + b"\x08\x01" * 100)


def test_what_goes_in_and_comes_out_is_read(write_model: Any) -> None:
    outline = read_outline(write_model(contract=CONTRACT).read_bytes())

    assert outline.inputs == (Declared("clips", FLOAT32, ("n", 6, 64, 64)),)
    assert outline.outputs == (Declared("answers", FLOAT32, ("n", 2)),)
    assert (outline.opset, outline.most_values) == (20, 6 * 64 * 64)


def test_weights_that_are_listed_as_inputs_need_not_be_fed(write_model: Any) -> None:
    """As the first versions of the format wanted it."""
    onnx = pytest.importorskip("onnx")
    model = onnx.load(write_model(contract=CONTRACT))
    listed = onnx.helper.make_tensor_value_info("weights", 1, [6, 2])
    model.graph.input.append(listed)

    assert [one.name for one in read_outline(model.SerializeToString()).inputs] == ["clips"]


def test_sides_that_are_left_open_have_no_number(write_model: Any) -> None:
    onnx = pytest.importorskip("onnx")
    model = onnx.load(write_model(contract=CONTRACT))
    model.graph.input[0].type.tensor_type.shape.dim[0].Clear()
    model.graph.input[0].type.tensor_type.shape.dim[2].dim_value = 0
    model.graph.output[0].type.tensor_type.ClearField("shape")

    outline = read_outline(model.SerializeToString())

    assert outline.inputs[0].dims == (None, 6, None, 64)
    assert outline.outputs[0].dims is None


@given(
    st.lists(st.integers(0, 9), max_size=3), st.sampled_from(["float32", "int64", "int8", "bool"])
)
def test_tensors_as_the_library_writes_them_are_as_large_as_they_say(
    sides: list[int], kind: str
) -> None:
    onnx = pytest.importorskip("onnx")
    array = np.ones(sides, kind)
    plain = onnx.helper.make_tensor(
        "plain", onnx.helper.np_dtype_to_tensor_dtype(array.dtype), sides, array.ravel().tolist()
    )
    for tensor in (onnx.numpy_helper.from_array(array, "raw"), plain):
        graph = onnx.helper.make_graph([], "only", [], [], [tensor])
        outline = read_outline(onnx.helper.make_model(graph).SerializeToString())

        assert not outline.has_false_sizes
        assert outline.most_values == max(1, array.size)


@given(st.binary(max_size=400))
def test_any_bytes_give_an_outline_or_a_model_error(content: bytes) -> None:
    try:
        outline = read_outline(content)
    except ModelError:
        return  # the one error that a caller has to expect

    assert isinstance(outline, Outline)
