"""What an answer hangs on within a network: Grad-CAM of networks of which that is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from motionapp.core.clip import MotionClip
from motionapp.core.geometry import Box
from motionapp.training.architectures import Shape, build
from motionapp.training.explaining.inside import (
    Convolution,
    answers_to,
    look_inside,
    usual_layer,
)

pytestmark = pytest.mark.train

FAMILIES = ("in place", "locomotion", "in place")


def network_of(name: str, **more: Any) -> Any:
    shape = Shape(channels=2, side_px=32, outputs=3, width=4, dense=8, dropout=0.0, **more)
    generator = torch.Generator().manual_seed(2)
    return build(name, shape, generator, initialiser="he-normal").eval()


def clip_of(maps: Any) -> MotionClip:
    return MotionClip(1, 0.0, 1.0, Box(0, 0, 32, 32), np.asarray(maps, np.float32))


def some_clip() -> MotionClip:
    return clip_of(np.random.default_rng(4).random((2, 32, 32)))


@pytest.mark.parametrize("name", ["vgg16", "resnet18", "mobilenet_v2", "lenet5", "alexnet"])
def test_every_convolution_is_looked_at_once_in_order(name: str) -> None:
    network = network_of(name)
    wanted = [own for own, one in network.named_modules() if isinstance(one, torch.nn.Conv2d)]

    found = look_inside(network, some_clip(), 1)

    assert [one.name for one in found] == wanted
    assert [one.number for one in found] == list(range(1, len(wanted) + 1))
    assert all(one.maps.shape == one.slopes.shape for one in found)


def test_of_a_rectified_layer_what_the_next_is_given_is_shown() -> None:
    found = look_inside(network_of("vgg16"), some_clip(), 0)

    assert all(one.maps.min() >= 0 for one in found)
    assert found[0].maps.max() > 0


def test_of_a_block_that_adds_the_sum_belongs_to_its_last_convolution() -> None:
    network = network_of("resnet18")
    sums: list[Any] = []
    network.layer1[0].register_forward_hook(lambda module, given, out: sums.append(out))

    found = {one.name: one for one in look_inside(network, some_clip(), 0)}

    assert found["layer1.0.conv2"].maps == pytest.approx(sums[0].detach().numpy()[0])


def test_looking_changes_no_answer() -> None:
    network, clip = network_of("resnet18", families=FAMILIES), some_clip()
    before = answers_to(network, [clip])

    look_inside(network, clip, 2)

    assert (answers_to(network, [clip]) == before).all()


def test_slopes_are_how_much_the_bare_answer_grows() -> None:
    """Of a plain head the bare answer is the answer: the head's bias moves it, and nothing else."""
    network, clip = network_of("lenet5"), some_clip()
    last = look_inside(network, clip, 1)[-1]
    step = 1e-2 * np.sign(last.slopes)

    def nudged(module: Any, given: Any, out: Any) -> Any:
        return out + torch.from_numpy(step)[None]

    rectifier = network.features[list(network.features).index(network.features[-1]) - 1]
    before = answers_to(network, [clip])[0, 1]
    hook = rectifier.register_forward_hook(nudged)
    after = answers_to(network, [clip])[0, 1]
    hook.remove()

    assert after - before == pytest.approx(float((step * last.slopes).sum()), rel=0.05)


def layer_of(maps: Any, slopes: Any) -> Convolution:
    return Convolution(1, "one", np.asarray(maps, np.float32), np.asarray(slopes, np.float32))


def test_a_cell_counts_by_what_is_there_and_how_much_the_answer_grows_with_it() -> None:
    maps, slopes = [[[2, 1], [0, 3]]], [[[1, 4], [9, -2]]]

    held = layer_of(maps, slopes).grad_cam()

    assert held.tolist() == [[0.5, 1.0], [0.0, 0.0]]


def test_by_means_each_channel_has_one_slope() -> None:
    maps, slopes = [[[2, 1], [0, 3]], [[1, 1], [1, 1]]], [[[1, 4], [9, -2]], [[-3, -3], [-3, -3]]]

    held = layer_of(maps, slopes).grad_cam(by_means=True)

    assert held == pytest.approx(np.array([[3, 0], [0, 6]]) / 6)


def test_below_an_average_over_all_cells_both_are_the_same() -> None:
    network = network_of("resnet18")

    last = look_inside(network, some_clip(), 0)[-1]

    assert last.grad_cam() == pytest.approx(last.grad_cam(by_means=True), abs=1e-5)


def test_where_nothing_holds_it_up_nothing_is_coloured() -> None:
    held = layer_of([[[1, 2], [3, 4]]], [[[-1, -1], [-1, -1]]]).grad_cam()

    assert not held.any()


def test_the_usual_layer_is_the_last_with_cells_enough() -> None:
    sides = (32, 16, 8, 8, 4)
    layers = [
        Convolution(number, "", np.zeros((1, side, side), np.float32), np.zeros((1, side, side)))
        for number, side in enumerate(sides, 1)
    ]

    assert usual_layer(layers).number == 4
    assert usual_layer(layers[4:]).number == 5


def test_the_strongest_maps_come_first_and_silent_ones_not_at_all() -> None:
    maps = [[[0.0]], [[1.0]], [[3.0]], [[2.0]]]

    assert layer_of(maps, maps).strongest(3) == [2, 3, 1]
    assert layer_of(maps[:2], maps[:2]).strongest(3) == [1]


def test_torch_is_not_needed_to_find_and_cover() -> None:
    """What explains networks of others must not ask for the extra."""
    import motionapp.training.explaining as package

    for name in ("explained", "finding", "occlusion", "alike", "recorded", "drawing", "write"):
        text = (Path(package.__file__).parent / f"{name}.py").read_text(encoding="utf-8")
        assert "\nimport torch" not in text
        assert "\nfrom motionapp.training.rebuilt" not in text
