"""Networks have the sizes that their papers and torchvision tell, and torchvision's names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

from motionapp.cli import main
from motionapp.recognition.catalogue import ARCHITECTURES
from motionapp.training.architectures import Shape, build, empty, paper_shape
from motionapp.training.architectures.counting import cost_of

pytestmark = pytest.mark.train

PUBLISHED = {
    "alexnet": (61_100_840, 0.71),
    "vgg11": (132_863_336, 7.61),
    "vgg16": (138_357_544, 15.47),
    "vgg19": (143_667_240, 19.63),
    "resnet18": (11_689_512, 1.81),
    "resnet50": (25_557_032, 4.09),
    "mobilenet_v2": (3_504_872, 0.30),
}
"""Parameters, and multiply-adds in thousands of millions, as torchvision's pages tell them."""


@pytest.mark.parametrize("name", PUBLISHED)
def test_at_its_paper_s_size_a_network_costs_what_is_published(name: str) -> None:
    cost = cost_of(name, paper_shape(name))

    parameters, thousand_millions = PUBLISHED[name]
    assert cost.parameters == parameters
    assert round(cost.multiply_adds / 1e9, 2) == thousand_millions


def test_lenet_costs_what_is_published_for_ten_digits() -> None:
    """61,706 where every map of the second convolution sees all six of the first."""
    cost = cost_of("lenet5", Shape(1, 32, 10, 6, 120, 0.0, batch_norm=False))

    assert cost.parameters == 61_706


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_layers_add_up_to_the_whole(name: str) -> None:
    cost = cost_of(name, Shape(12, 64, 11, 8, 32, 0.3, going=True))

    assert sum(layer.parameters for layer in cost.layers) == cost.parameters
    assert sum(layer.multiply_adds for layer in cost.layers) == cost.multiply_adds
    assert cost.layers[-1].output == (11,)


ENTRIES = {"alexnet": 16, "vgg11": 22, "vgg16": 32, "vgg19": 38, "resnet18": 122, "resnet50": 320,
           "mobilenet_v2": 314}  # fmt: skip
"""How many there are in torchvision's state files."""

NAMED = {
    "alexnet": ("features.0.weight", "features.3.bias", "features.10.weight", "classifier.1.weight",
                "classifier.4.bias", "classifier.6.weight"),
    "vgg11": ("features.0.weight", "features.18.bias", "classifier.0.weight", "classifier.6.bias"),
    "vgg16": ("features.0.weight", "features.28.weight", "classifier.0.weight",
              "classifier.3.bias", "classifier.6.weight"),
    "vgg19": ("features.34.weight", "classifier.6.weight"),
    "resnet18": ("conv1.weight", "bn1.running_mean", "layer1.0.conv1.weight",
                 "layer2.0.downsample.0.weight", "layer2.0.downsample.1.bias",
                 "layer4.1.bn2.num_batches_tracked", "fc.weight"),
    "resnet50": ("layer1.0.downsample.0.weight", "layer3.5.conv3.weight", "layer4.2.bn3.bias",
                 "fc.bias"),
    "mobilenet_v2": ("features.0.0.weight", "features.0.1.running_var", "features.18.0.weight",
                     "features.1.conv.0.0.weight", "features.1.conv.1.weight",
                     "features.1.conv.2.bias", "features.17.conv.2.weight", "classifier.1.bias"),
}  # fmt: skip


@pytest.mark.parametrize("name", ENTRIES)
def test_layers_are_named_as_torchvision_names_them(name: str) -> None:
    state = empty(name, paper_shape(name)).state_dict()

    assert len(state) == ENTRIES[name]
    assert set(NAMED[name]) <= set(state)


def test_a_normalised_vgg_has_the_names_of_torchvision_s() -> None:
    state = empty("vgg16", Shape(3, 32, 5, 4, 8, 0.0)).state_dict()

    assert {"features.0.weight", "features.1.running_mean", "features.40.weight"} <= set(state)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_any_number_of_channels_labels_and_any_width_is_built(name: str) -> None:
    shape = Shape(channels=5, side_px=40, outputs=7, width=3, dense=9, dropout=0.1, going=True)
    network = build(name, shape, torch.Generator().manual_seed(1)).eval()

    assert network(torch.zeros(2, 5, 40, 40), torch.zeros(2, 4)).shape == (2, 7)


def test_a_network_is_told_layer_by_layer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "vgg16.json"

    assert main(["architectures", "vgg16", "--full", "--json", str(out)]) == 0

    told = json.loads(out.read_text())
    assert (told["name"], told["parameters"]) == ("vgg16", 138_357_544)
    assert told["layers"][0] == {
        "name": "features.0", "kind": "convolution 3x3", "output": [64, 224, 224],
        "parameters": 1792, "multiply_adds": 86_704_128,
    }  # fmt: skip
    printed = capsys.readouterr().out
    assert "64 x 224 x 224" in printed
    assert "138,357,544" in printed


def test_all_networks_are_listed_for_the_clips_of_a_front_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["architectures", "--frontend", "flow"]) == 0

    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows[1:]] == list(ARCHITECTURES)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--full", "--width", "8"), "--full is the paper's size"),
        (("--width", "0"), "--width is 0: 1 to 1024"),
        (("--labels", "2000"), "--labels is 2000: 1 to 1000"),
        (("--frontend", "radar"), "radar"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["architectures", "vgg16", *options]) == 2

    assert said in capsys.readouterr().err
