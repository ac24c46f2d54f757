"""What happens within a network of ours on the way to an answer: maps of each convolution, and by
which of their cells the answer is held up (Grad-CAM).

References
----------
Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra, "Grad-CAM: visual explanations from deep
networks via gradient-based localization", ICCV 2017. Draelos, Carin, "Use HiResCAM instead of
Grad-CAM for faithful explanations of convolutional neural networks", arXiv:2011.08891, 2020.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from motionapp.core.clip import MotionClip
from motionapp.recognition.going import numbers_of
from motionapp.training.architectures import ClipNetwork, FamilyHead
from motionapp.training.transfer import convolutions_of

Numbers = NDArray[np.float32]

FEWEST_CELLS: Final = 8
"""Along a side of the maps that Grad-CAM is drawn of unless somebody chooses others. The papers'
networks have 7 to 14. Of 4, one cell is a quarter of what was seen: with a cell to spare, half of
the square would count as the arm of who waves (`benchmarks/explaining.py`)."""
_RECTIFIERS: Final = (nn.ReLU, nn.ReLU6, nn.Tanh)


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """What a convolution made of one clip."""

    number: int
    """From 1, in the order in which they are run."""
    name: str
    """As the layer is called in the network."""
    maps: Numbers
    """Shape (channels, h, w): what the next layer is given, rectified where the network does."""
    slopes: Numbers
    """How much the answer grows with each of them, same shape."""

    @property
    def side(self) -> int:
        """Cells along the shorter side of its maps."""
        return int(min(self.maps.shape[1:]))

    def grad_cam(self, *, by_means: bool = False) -> Numbers:
        """By which cells the answer is held up.

        Parameters
        ----------
        by_means : bool
            As first published: a channel's slope is its mean over all cells.

        Returns
        -------
        ndarray of float32, shape (h, w)
            0 to 1; 0 everywhere where nothing holds it up.

        Notes
        -----
        By itself each cell counts with its own slope (HiResCAM). Below an average over all cells
        the two are the same. Networks that read their last maps cell by cell, as VGG does, may be
        held up by a channel here and pulled down by it there, of which a mean tells nothing. The
        highest point lies on the waving arm in 80 % of rendered clips by means and in 95 % by
        cells, the centre of the highest tenth in 92 and in 100 % (`benchmarks/explaining.py`).
        """
        slopes = self.slopes.mean((1, 2), keepdims=True) if by_means else self.slopes
        held = np.maximum((slopes * self.maps).sum(0), 0)
        most = float(held.max())
        return np.asarray(held / most if most > 0 else held, np.float32)

    def strongest(self, count: int) -> list[int]:
        """The channels that answer most strongly, the strongest first."""
        strength = np.abs(self.maps).mean((1, 2))
        order = np.argsort(-strength, kind="stable")
        return [int(channel) for channel in order[:count] if strength[channel] > 0]


def look_inside(network: ClipNetwork, clip: MotionClip, output: int) -> tuple[Convolution, ...]:
    """What each convolution makes of a clip, and how one of the answers hangs on it.

    Parameters
    ----------
    network : ClipNetwork
        In evaluation mode.
    clip : MotionClip
    output : int
        The answer that is asked about; of a network that decides between families, the sum of the
        label's and its family's bare answers.
    """
    network.requires_grad_(False)
    watch = _Watch(network)
    maps = torch.from_numpy(np.array(clip.maps[None])).requires_grad_()
    with watch:
        features = network.embed(maps, torch.from_numpy(numbers_of([clip.going])))
    answer = bare_answer(network, features, output)
    slopes = torch.autograd.grad(answer, watch.maps)
    names = _names(network)
    return tuple(
        Convolution(number, names[module], own.detach().numpy()[0], slope.numpy()[0])
        for number, (module, own, slope) in enumerate(
            zip(watch.modules, watch.maps, slopes, strict=True), 1
        )
    )


def answers_to(network: ClipNetwork, clips: Sequence[MotionClip]) -> Numbers:
    """A network's answers to some clips, shape (clips, outputs)."""
    maps = torch.from_numpy(np.stack([clip.maps for clip in clips]))
    going = torch.from_numpy(numbers_of([clip.going for clip in clips]))
    with torch.no_grad():
        answers: Numbers = network(maps, going).numpy()
    return answers


def bare_answer(network: ClipNetwork, features: torch.Tensor, output: int) -> torch.Tensor:
    """What speaks for an output, before it is weighed against the others."""
    head = network.head
    if isinstance(head, FamilyHead):
        return head.label(features)[0, output] + head.family(features)[0, head.family_of(output)]
    answer: torch.Tensor = head(features)[0, output]
    return answer


def usual_layer(convolutions: Sequence[Convolution]) -> Convolution:
    """The last one whose maps have at least `FEWEST_CELLS` cells along a side; else the one with
    most."""
    fine = [one for one in convolutions if one.side >= FEWEST_CELLS]
    return fine[-1] if fine else max(convolutions, key=lambda one: one.side)


class _Watch:
    """Notes what convolutions give while a network runs.

    A convolution's maps are those that its normalisation, or what rectifies it, passes on: of a
    block that adds what it was given, the sum belongs to the convolution that was run last.
    """

    def __init__(self, network: ClipNetwork) -> None:
        self._network = network
        self.modules: list[nn.Module] = []
        self.maps: list[torch.Tensor] = []
        self._hooks: list[Any] = []

    def __enter__(self) -> None:
        for module in self._network.modules():
            if isinstance(module, _RECTIFIERS) and hasattr(module, "inplace"):
                module.inplace = False  # it would write over what is to be looked at
        for convolution, norm in convolutions_of(self._network):
            self._hooks.append(convolution.register_forward_hook(self._began))
            if norm is not None:
                self._hooks.append(norm.register_forward_hook(self._went_on))
        for module in self._network.modules():
            if isinstance(module, _RECTIFIERS):
                self._hooks.append(module.register_forward_hook(self._went_on))

    def __exit__(self, *error: object) -> None:
        for hook in self._hooks:
            hook.remove()

    def _began(self, module: nn.Module, given: Any, maps: torch.Tensor) -> None:
        self.modules.append(module)
        self.maps.append(maps)

    def _went_on(self, module: nn.Module, given: Any, maps: torch.Tensor) -> None:
        if self.maps and maps.shape == self.maps[-1].shape:  # and not a dense layer's row
            self.maps[-1] = maps


def _names(network: nn.Module) -> dict[nn.Module, str]:
    return {module: name for name, module in network.named_modules()}
