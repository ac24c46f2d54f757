"""A training may begin with what another has learnt: of ours, of torchvision's, of ImageNet."""

from __future__ import annotations

import functools
import hashlib
import io
import zipfile
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch
from torch import nn

from motionapp.cli import main
from motionapp.core.errors import MissingExtraError, ModelError, SettingsError
from motionapp.core.representation import Representation
from motionapp.recognition.catalogue import ARCHITECTURES, shipped_models
from motionapp.recognition.onnx import read_contract
from motionapp.training import beginnings
from motionapp.training.architectures import ClipNetwork, Shape, build
from motionapp.training.beginnings import beginning_of, layout_of
from motionapp.training.export import batches, quantised, to_onnx
from motionapp.training.fit import answers_of, fit
from motionapp.training.fitting import Fitting
from motionapp.training.layers import layers_of_onnx, layers_of_state
from motionapp.training.recipe import Recipe
from motionapp.training.task import Task
from motionapp.training.transfer import Beginning, adapted, begin_with, convolutions_of
from motionapp.training.windows import Windows

pytestmark = [pytest.mark.train, pytest.mark.timeout(120)]

SIDE, CHANNELS = 32, 4
SHAPE = Representation("absdiff", side_px=SIDE, steps=CHANNELS, going=True)
NETWORK = Shape(CHANNELS, SIDE, outputs=5, width=8, dense=16, dropout=0.0, going=True)


def task() -> Task:
    drawing = np.random.default_rng(1)
    maps = drawing.integers(0, 256, (40, SIDE, SIDE, CHANNELS)).astype(np.uint8)
    goings = drawing.uniform(0.2, 1.5, (40, 3)).astype(np.float32)
    windows = Windows(maps, np.arange(40), goings)
    return Task(windows, np.arange(40) % 3, 3, SHAPE)


def trained(name: str, shape: Shape = NETWORK) -> ClipNetwork:
    """A network whose normalisations have seen something."""
    network = build(name, shape, torch.Generator().manual_seed(7))
    drawing = torch.Generator().manual_seed(8)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2, generator=drawing)
            module.running_var.uniform_(0.5, 2, generator=drawing)
            with torch.no_grad():
                module.weight.uniform_(0.5, 1.5, generator=drawing)
                module.bias.normal_(0, 0.2, generator=drawing)
    return network.eval()


@functools.cache
def exported(name: str) -> bytes:
    """It, as ONNX; to write it takes seconds."""
    return to_onnx(trained(name), replace(task(), outputs=5))


def fresh(name: str, **change: Any) -> ClipNetwork:
    shape = replace(NETWORK, outputs=3, **change)
    return build(name, shape, torch.Generator().manual_seed(1))


def embedded(network: ClipNetwork) -> np.ndarray[Any, Any]:
    windows = task().windows
    with torch.inference_mode():
        going = torch.from_numpy(np.zeros((40, 4), np.float32))
        return np.asarray(network.eval().embed(torch.from_numpy(windows.numbers()), going))


@pytest.mark.parametrize("name", ["vgg16", "alexnet", "lenet5"])
def test_all_below_the_head_of_a_model_of_ours_does_what_it_did(name: str) -> None:
    """In the file, normalisations are worked into weights; begun with, they stand apart again."""
    source, network = trained(name), fresh(name)
    layers = layers_of_onnx(exported(name), planes=1)
    begin_with(network, Beginning("it", layers, "sha"), task())

    np.testing.assert_allclose(embedded(network), embedded(source), atol=2e-4)


def test_a_residual_network_of_ours_does_what_it_did() -> None:
    source, network = trained("resnet18"), fresh("resnet18")
    layers = layers_of_onnx(exported("resnet18"), planes=1)
    begin_with(network, Beginning("it", layers, "sha"), task())

    np.testing.assert_allclose(
        embedded(network)[:, :-16], embedded(source)[:, :-16], atol=1e-3, rtol=1e-2
    )


def test_a_model_in_8_bits_does_nearly_what_it_did() -> None:
    source, network = trained("vgg16"), fresh("vgg16")
    small = quantised(exported("vgg16"), batches(task().windows, told=True))
    begin_with(network, Beginning("it", layers_of_onnx(small, planes=1), "sha"), task())

    was, now = embedded(source), embedded(network)
    assert np.corrcoef(was.ravel(), now.ravel())[0, 1] > 0.99


def state_file(network: nn.Module) -> bytes:
    content = io.BytesIO()
    torch.save(OrderedDict(network.state_dict()), content)
    return content.getvalue()


@pytest.mark.parametrize("batch_norm", [False, True])
def test_a_torchvision_vgg16_loads_with_its_first_layer_adapted(batch_norm: bool) -> None:
    """Of its keys and three colours; its dense layers see other cells than ours, and stay out."""
    whole = Shape(3, 64, outputs=10, width=8, dense=16, dropout=0, batch_norm=batch_norm)
    source = trained("vgg16", whole)
    layers = layers_of_state(state_file(source))
    network = fresh("vgg16")

    said = begin_with(network, Beginning("vgg16.pth", layers, "sha"), task())

    assert said == "13 convolutions and 0 dense layers of vgg16.pth"
    first = source.features[0].weight.detach().mean(1, keepdim=True) * 3 / CHANNELS
    assert torch.allclose(network.features[0].weight, first.expand(-1, CHANNELS, -1, -1))
    own, given = convolutions_of(network), convolutions_of(source)
    for (convolution, _), (other, _) in list(zip(own, given, strict=True))[1:]:
        assert torch.equal(convolution.weight, other.weight)


def test_a_state_file_keeps_its_scales_and_learns_what_to_expect() -> None:
    """What pictures of motion look like, ImageNet does not know."""
    source, network = trained("resnet18"), fresh("resnet18")
    begin_with(network, Beginning("it", layers_of_state(state_file(source)), "sha"), task())

    assert torch.equal(network.bn1.weight, source.bn1.weight)
    assert not torch.allclose(network.bn1.running_mean, source.bn1.running_mean, atol=1e-3)


def test_a_picture_alike_in_all_channels_gives_what_it_gave() -> None:
    weight = np.random.default_rng(1).normal(size=(6, 3, 3, 3)).astype(np.float32)

    for channels in (1, 2, 3, 12, 24):
        wide = adapted(weight, channels, planes=1)
        assert wide.shape == (6, channels, 3, 3)
        np.testing.assert_allclose(wide.sum(1), weight.sum(1), rtol=1e-4, atol=1e-5)


def test_what_is_horizontal_stays_apart_from_what_is_vertical() -> None:
    weight = np.zeros((1, 4, 1, 1), np.float32)
    weight[0, :, 0, 0] = (1, 10, 3, 30)  # two maps of flow: x, y, x, y

    wide = adapted(weight, 6, planes=2)

    np.testing.assert_allclose(wide[0, :, 0, 0] * 6 / 4, (2, 20, 2, 20, 2, 20))


def test_what_is_no_state_file_is_refused_and_not_run(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> Any:
            return (Path.touch, (tmp_path / "run",))

    content = io.BytesIO()
    torch.save({"features.0.weight": Evil()}, content)

    for written in (content.getvalue(), b"", b"PK\x03\x04", state_file(trained("lenet5"))[:2000]):
        with pytest.raises(ModelError, match=r"no state file|no state|no convolutions"):
            layers_of_state(written)
    assert not (tmp_path / "run").exists()


def odd(**changed: torch.Tensor | None) -> bytes:
    """A state file of one layer whose parts are not as they should be."""
    parts: dict[str, torch.Tensor | None] = {"weight": torch.ones(8, 3, 3, 3)}
    content = io.BytesIO()
    torch.save({f"0.{name}": value for name, value in (parts | changed).items()}, content)
    return content.getvalue()


def packed(content: bytes) -> bytes:
    """The same archive with its members packed."""
    small = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as plain,
        zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in plain.namelist():
            archive.writestr(name, plain.read(name))
    return small.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (odd(weight=torch.full((8, 3, 3, 3), torch.nan)), "infinite or not a number"),
        (odd(weight=torch.ones(8, 3, 3, 3, device="meta")), "of a kind that cannot be taken over"),
        (odd(weight=torch.ones(8, 3, 3, 3).to_sparse()), "of a kind that cannot be taken over"),
        (odd(weight=torch.ones(8, 3, 3, 3, dtype=torch.complex64)), "of a kind that cannot"),
        (odd(weight=torch.ones(1).half().expand(8, 3, 10**5, 10**5)), "larger than what the file"),
        (odd(bias=torch.ones(5)), r"0\.bias has the sides \[5\], and 0\.weight 8 outputs"),
        (packed(odd(weight=torch.zeros(64, 64, 3, 3))), "packed, as torch writes none"),
        (odd(weight=torch.ones(())), "holds no convolutions"),
    ],
)
def test_weights_that_cannot_be_taken_over_are_refused(content: bytes, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        layers_of_state(content)


def test_an_imported_model_is_not_begun_with(tmp_path: Path) -> None:
    from motionapp.training.foreign import Said, imported
    from tests.training.networks import of_colours

    path = tmp_path / "mine.onnx"
    said = Said("mine", ("red", "green", "blue"), "rgb")
    path.write_bytes(imported(of_colours().SerializeToString(), said, source="a.onnx")[0])

    with pytest.raises(ModelError, match=r"mine\.onnx was imported"):
        beginning_of(str(path), "absdiff")


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("vgg11", {}, "has 13 convolutions, and the network that is to begin with them 8"),
        ("vgg16", {"width": 4}, r"its convolution 1 is 8 of 4 channels, 3x3.*--width 8"),
    ],
)
def test_what_does_not_fit_is_refused(name: str, change: dict[str, int], said: str) -> None:
    layers = layers_of_state(state_file(trained("vgg16")))

    with pytest.raises(SettingsError, match=said):
        begin_with(fresh(name, **change), Beginning("it", layers, "sha"), task())


FROZEN = Recipe(
    architecture="vgg16", width=8, dense=16, batch=8, epochs=1, fewest_steps=8, frozen=3, thaw=0.5
)


def test_frozen_convolutions_learn_nothing_until_they_thaw() -> None:
    beginning = Beginning("it", layers_of_state(state_file(trained("vgg16"))), "sha")
    fitting = Fitting(task(), FROZEN, beginning)
    network = fitting._network

    def kept() -> list[bytes]:
        pairs = convolutions_of(network)[:4]
        return [
            b"".join(
                one.detach().numpy().tobytes()
                for one in (pair[0].weight, pair[1].weight, pair[1].running_mean)  # type: ignore[union-attr]
            )
            for pair in pairs
        ]

    before = kept()
    for _ in range(4):
        fitting.step()
    halfway = kept()
    for _ in range(4):
        fitting.step()

    assert halfway[:3] == before[:3]
    assert halfway[3] != before[3]
    assert all(now != then for now, then in zip(kept()[:3], before[:3], strict=True))


def test_frozen_to_the_end_they_are_as_they_were() -> None:
    beginning = Beginning("it", layers_of_state(state_file(trained("vgg16"))), "sha")
    fitted = fit(task(), replace(FROZEN, thaw=1.0), beginning=beginning)

    first, _ = convolutions_of(fitted.network)[1]
    assert torch.equal(first.weight, trained("vgg16").features[3].weight)
    assert answers_of(fitted.network, task().windows).shape == (40, 3)


def test_every_shipped_vgg16_can_be_begun_with() -> None:
    for shipped in shipped_models():
        contract = read_contract(shipped.path)
        if contract.architecture != "vgg16":
            continue
        beginning, found = beginning_of(shipped.name, shipped.frontend)
        assert found == contract
        assert beginning.sha256 == hashlib.sha256(shipped.path.read_bytes()).hexdigest()
        assert len(beginning.layers.convolutions) == 13
        assert len(beginning.layers.dense) == 2
        assert len(beginning.layers.going) == 2
        assert len(beginning.layers.head) in (1, 2)  # some decide between all labels at once


@pytest.mark.parametrize("name", sorted(set(ARCHITECTURES)))
def test_a_state_file_says_by_its_convolutions_which_layout_it_is(name: str) -> None:
    source = build(name, replace(NETWORK, width=16), torch.Generator().manual_seed(1))
    beginning = Beginning("it", layers_of_state(state_file(source)), "sha")

    assert layout_of(beginning, None) == {"architecture": name, "width": 16}


def test_imagenet_s_weights_have_a_package_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beginnings, "PACKAGE", "no-such-package")

    with pytest.raises(MissingExtraError, match=r"motionapp\[imagenet\]"):
        beginning_of("imagenet", "absdiff")


def test_another_file_in_the_package_s_place_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Installed:
        def locate_file(self, name: str) -> Path:
            return tmp_path / "weights.pt"

    (tmp_path / "weights.pt").write_bytes(b"others")
    monkeypatch.setattr(beginnings.metadata, "distribution", lambda name: Installed())

    with pytest.raises(ModelError, match="is not the file"):
        beginning_of("imagenet", "absdiff")


CLASHES = [
    (("--momentum", "0.5"), "--momentum is of the optimisers momentum and nesterov"),
    (("--optimiser", "sgd", "--weight-decay", "0.1"), "--weight-decay is adamw's own"),
    (("--arch", "resnet18", "--norm", "none"), "resnet18 is made of normalised layers"),
    (("--freeze", "3"), "--freeze keeps weights as they were, and there are none: say --from"),
    (("--from", "actions", "--thaw", "0.5"), "--thaw lets learn what --freeze keeps"),
    (("--held-share", "0.5"), "--held-share says how much --patience holds out"),
    (("--dropout", "1"), "--dropout is 1: 0 to 0.95"),
    (("--learning-rate", "0"), "--learning-rate is 0: 1e-09 to 10"),
    (("--learning-rate", "nan"), "--learning-rate is nan"),
    (("--l1", "-1"), "--l1 is -1: 0 to 1"),
    (("--rates", "many"), "--rates many: numbers with commas"),
    (("--rates", "30,20,10"), "--rates 30,20,10: at most 2"),
    (("--rates", "3"), "--rates is 3: 5 to 60"),
    (("--augment", "3"), "--augment is 3: 0 to 2"),
    (("--batch", "1"), "--batch is 1: at least 2"),
    (("--from", "nothing"), "safety, imagenet, a file of torch's (.pth), or the path"),
    (("--from", "gone.pth"), "gone.pth cannot be read"),
    (("--from", "none"), "leave it out"),
    (("--from", "actions", "--arch", "resnet18"), "13 convolutions"),
    (("--from", "actions", "--width", "9"), "(--width 8)"),
    (("--from", "actions-alexnet"), "its convolution 1"),
    (("--from", "actions", "--freeze", "14"), "--freeze is 14, and vgg16 has 13 convolutions"),
]


@pytest.mark.parametrize(("options", "said"), CLASHES)
def test_options_that_clash_are_refused_with_a_sentence(
    options: tuple[str, ...], said: str, recordings: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    code = main(["train", str(recordings), "--out", str(tmp_path / "m.onnx"),
                 "--protocol", "none", "--no-cache", "--clutter", "0", *options])  # fmt: skip

    said_there = capsys.readouterr().err
    assert "recordings: " not in said_there  # before work begins
    assert code == 2
    assert said in said_there
    assert "Traceback" not in said_there
    assert not (tmp_path / "m.onnx").exists()


def test_what_was_taken_over_is_told() -> None:
    """How many layers fit is the first thing to know where transfer is of no use."""
    beginning = Beginning("it", layers_of_state(state_file(trained("vgg16"))), "sha")

    assert Fitting(task(), FROZEN, beginning).begun == "13 convolutions and 4 dense layers of it"
    assert Fitting(task(), FROZEN).begun == ""
