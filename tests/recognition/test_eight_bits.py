"""Weights beyond 7 bits say something else on processors without VNNI."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from motionapp.recognition.catalogue import shipped_models
from motionapp.recognition.eight_bits import LARGEST_SAFE, Saturation, saturation_of

onnx = pytest.importorskip("onnx")

from tests.training.networks import in_eight_bits, of_colours  # noqa: E402


def found_in(model: Any) -> Saturation:
    return saturation_of(model.SerializeToString())


def test_the_bound_is_where_two_products_leave_16_bits() -> None:
    assert 2 * 255 * LARGEST_SAFE <= np.iinfo(np.int16).max < 2 * 255 * (LARGEST_SAFE + 1)


def test_weights_of_seven_bits_are_well() -> None:
    assert found_in(in_eight_bits(64)) == Saturation(layers=1, beyond=0, largest=64)
    assert found_in(in_eight_bits(-64)).sentence == ""


@pytest.mark.parametrize("largest", [65, 127, -128])
def test_weights_of_eight_bits_are_told(largest: int) -> None:
    found = found_in(in_eight_bits(largest))

    assert found == Saturation(layers=1, beyond=1, largest=abs(largest))
    assert found.sentence.startswith(f"1 of 1 layers of 8 bits have weights up to {abs(largest)}")
    assert "reduce_range" in found.sentence


def test_weights_that_are_written_as_numbers_are_read_as_well() -> None:
    model = in_eight_bits(127)
    (kernel,) = (one for one in model.graph.initializer if one.name == "kernel")
    kernel.CopyFrom(onnx.helper.make_tensor("kernel", kernel.data_type, [3, 3, 1, 1], [-100] * 9))

    assert found_in(model).largest == 100


def test_unsigned_weights_do_not_saturate() -> None:
    model = in_eight_bits(127)
    for one in model.graph.initializer:
        if one.name in ("kernel", "kernel_zero"):
            array = onnx.numpy_helper.to_array(one).astype(np.uint8)
            one.CopyFrom(onnx.numpy_helper.from_array(array, one.name))

    assert found_in(model).layers == 0


def test_where_only_the_weights_have_eight_bits_fractions_are_multiplied() -> None:
    model = in_eight_bits(127)
    (convolution,) = (node for node in model.graph.node if node.op_type == "Conv")
    convolution.input[0] = "x"

    assert found_in(model).layers == 0


def test_turned_weights_are_followed() -> None:
    model = in_eight_bits(127)
    places = [k for k, node in enumerate(model.graph.node) if node.op_type == "Conv"]
    model.graph.node[places[0]].input[1] = "turned"
    turn = onnx.helper.make_node("Transpose", ["w"], ["turned"], perm=[1, 0, 2, 3])
    model.graph.node.insert(places[0], turn)

    assert found_in(model).beyond == 1


def test_a_network_of_32_bits_has_none() -> None:
    assert found_in(of_colours()) == Saturation(0, 0, 0)


def test_what_ships_says_the_same_everywhere() -> None:
    found = [saturation_of(model.path.read_bytes()) for model in shipped_models()]

    assert [one.beyond for one in found] == [0] * len(found)
    assert any(one.layers for one in found) == bool(found)
