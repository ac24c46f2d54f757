"""Networks of others', as Keras and PyTorch write them, made small for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

Ends = Sequence[int | str | None]


def model_of(
    nodes: Sequence[Any],
    weights: dict[str, Any],
    taken: Ends,
    given: Ends,
    *,
    opset: int = 17,
    kind: int = TensorProto.FLOAT,
) -> Any:
    """A network that takes `x` and gives `y`."""
    graph = helper.make_graph(
        list(nodes),
        "foreign",
        [helper.make_tensor_value_info("x", kind, taken)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, given)],
        [numpy_helper.from_array(np.asarray(one), name) for name, one in weights.items()],
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8, producer_name="test"
    )


def of_colours(*, count: int | str = "n", side: int | str = 16, end: str = "") -> Any:
    """As PyTorch writes them: NCHW, logits. Answer k is a multiple of the mean of plane k."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["x"], ["means"]),
        helper.make_node("Flatten", ["means"], ["flat"]),
        helper.make_node("Gemm", ["flat", "weights"], ["bare" if end else "y"]),
    ]
    nodes += [helper.make_node(end, ["bare"], ["y"])] if end else []
    weights = {"weights": 3 * np.eye(3, dtype=np.float32)}
    return model_of(nodes, weights, [count, 3, side, side], [count, 3])


def of_colours_last(*, side: int = 16, labels: int = 3) -> Any:
    """As Keras writes them: NHWC, the axes turned inside, a dense layer, a softmax at the end."""
    nodes = [
        helper.make_node("Transpose", ["x"], ["turned"], perm=[0, 3, 1, 2]),
        helper.make_node("ReduceMean", ["turned"], ["flat"], axes=[2, 3], keepdims=0),
        helper.make_node("MatMul", ["flat", "kernel"], ["product"]),
        helper.make_node("Add", ["product", "bias"], ["bare"]),
        helper.make_node("Softmax", ["bare"], ["y"], axis=-1),
    ]
    weights = {
        "kernel": 3 * np.eye(3, labels, dtype=np.float32),
        "bias": np.linspace(0, 0.3, labels, dtype=np.float32),
    }
    return model_of(nodes, weights, ["n", side, side, 3], ["n", labels])


def of_steps(kind: str, *, steps: int = 6, side: int = 16) -> Any:
    """A recurrent network over the means of a clip's maps: (n, steps, side, side) -> 2 logits."""
    hidden, gates = 4, {"LSTM": 4, "GRU": 3}[kind]
    rng = np.random.default_rng(1)
    nodes = [
        helper.make_node("ReduceMean", ["x"], ["means"], axes=[2, 3], keepdims=0),
        helper.make_node("Transpose", ["means"], ["by_step"], perm=[1, 0]),
        helper.make_node("Unsqueeze", ["by_step", "last"], ["sequence"]),
        helper.make_node(
            kind, ["sequence", "w", "r"], ["", "hidden"], name="recurrent", hidden_size=hidden
        ),
        helper.make_node("Squeeze", ["hidden", "first"], ["state"]),
        helper.make_node("Gemm", ["state", "head"], ["y"]),
    ]
    weights = {
        "last": np.array([2], np.int64),
        "first": np.array([0], np.int64),
        "w": rng.normal(size=(1, gates * hidden, 1)).astype(np.float32),
        "r": rng.normal(size=(1, gates * hidden, hidden)).astype(np.float32),
        "head": rng.normal(size=(hidden, 2)).astype(np.float32),
    }
    return model_of(nodes, weights, ["n", steps, side, side], ["n", 2])


def in_eight_bits(largest: int) -> Any:
    """A convolution of 8 bits between quantised activations, whose largest weight is `largest`."""
    weights = {
        "scale": np.float32(0.01),
        "zero": np.uint8(0),
        "kernel": np.full((3, 3, 1, 1), largest, np.int8),
        "kernel_zero": np.int8(0),
    }
    nodes = [
        helper.make_node("QuantizeLinear", ["x", "scale", "zero"], ["x8"]),
        helper.make_node("DequantizeLinear", ["x8", "scale", "zero"], ["xd"]),
        helper.make_node("DequantizeLinear", ["kernel", "scale", "kernel_zero"], ["w"]),
        helper.make_node("Conv", ["xd", "w"], ["c"]),
        helper.make_node("QuantizeLinear", ["c", "scale", "zero"], ["c8"]),
        helper.make_node("DequantizeLinear", ["c8", "scale", "zero"], ["cd"]),
        helper.make_node("GlobalAveragePool", ["cd"], ["means"]),
        helper.make_node("Flatten", ["means"], ["y"]),
    ]
    return model_of(nodes, weights, ["n", 3, 16, 16], ["n", 3])
