"""Whether a network of 8 bits says the same on every processor.

Processors with VNNI add products of unsigned activations and signed weights in 32 bits. Without it
two neighbouring products are added in 16 bits first, and what does not fit is cut off (saturates):
two of 255 × 64 fit, two of 255 × 65 do not. Weights that keep within 7 bits say the same
everywhere.

References
----------
ONNX Runtime, "Quantize ONNX models", on `reduce_range`; Intel, instruction VPMADDUBSW.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from motionapp.recognition.outline import INT8, Node, read_nodes, read_tensors

LARGEST_SAFE: Final = 64
"""2 × 255 × 64 = 32,640 fits into 16 bits with their sign (32,767); 2 × 255 × 65 does not."""

_LAYERS: Final = {"Conv": 1, "ConvTranspose": 1, "Gemm": 1, "MatMul": 1}
"""Operators that multiply, and which of their inputs are the weights."""
_WHOLE: Final = {"QLinearConv": 3, "QLinearMatMul": 3, "ConvInteger": 1, "MatMulInteger": 1}
"""Those that take 8 bits as they are."""
_RESHAPES: Final = frozenset(("Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze"))


@dataclass(frozen=True, slots=True)
class Saturation:
    """Which layers of a network may say something else without VNNI."""

    layers: int
    """Those that multiply 8-bit activations by 8-bit weights."""
    beyond: int
    """Of these, those whose weights use all 8 bits."""
    largest: int
    """The largest weight of all of them, without its sign; at most 128."""

    @property
    def sentence(self) -> str:
        """What that means and what to do; empty where all is well."""
        if not self.beyond:
            return ""
        return (
            f"{self.beyond} of {self.layers} layers of 8 bits have weights up to {self.largest}, "
            f"beyond {LARGEST_SAFE}: on processors without VNNI their sums overflow, and answers "
            "differ from those elsewhere; quantise again with 7-bit weights (reduce_range), or use "
            "the network in 32 bits"
        )


def saturation_of(content: bytes) -> Saturation:
    """Which layers may saturate, of an ONNX file whose outline has been read.

    Parameters
    ----------
    content : bytes
        The whole file.

    Returns
    -------
    Saturation
        Of no layers where the network is none of 8 bits. A layer whose weights alone have 8 bits
        computes with fractions, and does not count; nor does one with unsigned weights.
    """
    largest = {
        tensor.name: int(np.abs(tensor.int8s().astype(np.int16)).max(initial=0))
        for tensor in read_tensors(content)
        if tensor.type == INT8
    }
    found = _weights_of_layers(read_nodes(content), largest)
    return Saturation(
        layers=len(found),
        beyond=sum(one > LARGEST_SAFE for one in found),
        largest=max(found, default=0),
    )


def _weights_of_layers(nodes: Iterable[Node], largest: dict[str, int]) -> list[int]:
    """The largest weight of each layer that multiplies 8 bits by 8 bits; nodes come in the order in
    which they run, as the format demands."""
    weights, activations = dict[str, int](), set[str]()
    found = []
    for node in nodes:
        first = node.inputs[0] if node.inputs else ""
        if node.operator == "DequantizeLinear":
            if first in largest:
                weights |= dict.fromkeys(node.outputs, largest[first])
            else:
                activations.update(node.outputs)
        elif node.operator in _RESHAPES:
            if first in weights:
                weights |= dict.fromkeys(node.outputs, weights[first])
            elif first in activations:
                activations.update(node.outputs)
        elif node.operator in _LAYERS:
            place = _LAYERS[node.operator]
            given = node.inputs[place] if place < len(node.inputs) else ""
            if first in activations and given in weights:
                found.append(weights[given])
        elif node.operator in _WHOLE:
            place = _WHOLE[node.operator]
            given = node.inputs[place] if place < len(node.inputs) else ""
            if given in largest:
                found.append(largest[given])
    return found
