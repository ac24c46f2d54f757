"""What all networks have in common: maps, how the body goes, and the head that decides.

References
----------
Ioffe, Szegedy, "Batch normalization", ICML 2015.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from motionapp.recognition.going import NUMBERS
from motionapp.training.architectures.shape import Shape

GOING_WIDTH = 16
"""What a few numbers are spread over, before they stand beside the maps' hundreds."""


class SeededDropout(nn.Module):
    """Dropout that draws from a generator of its own: two folds may train side by side."""

    def __init__(self, share: float, generator: torch.Generator) -> None:
        super().__init__()
        self._share = share
        self._generator = generator

    def forward(self, numbers: torch.Tensor) -> torch.Tensor:
        """Drop a share of `numbers` while training; change nothing afterwards."""
        if not self.training or self._share == 0:
            return numbers
        drawn = torch.rand(numbers.shape, generator=self._generator)
        return numbers * (drawn >= self._share).to(numbers.dtype) / (1 - self._share)


class FamilyHead(nn.Module):
    """Decides between families, and between the labels of each: two heads, one answer.

    A label's answer is the logarithm of its probability: that of its family, times its own within
    the family. Trained by it, each of the two learns what is its own to decide.

    Parameters
    ----------
    inputs : int
        Features of a clip.
    families : sequence of str
        Of each output.

    References
    ----------
    Redmon, Farhadi, "YOLO9000: better, faster, stronger", CVPR 2017, section 4.
    """

    def __init__(self, inputs: int, families: Sequence[str]) -> None:
        super().__init__()
        names = list(dict.fromkeys(families))
        self._members = [
            torch.tensor([n for n, own in enumerate(families) if own == name]) for name in names
        ]
        self._order = torch.argsort(torch.cat(self._members))
        self._families = [names.index(own) for own in families]
        self.label = nn.Linear(inputs, len(families))
        self.family = nn.Linear(inputs, len(names))

    def family_of(self, output: int) -> int:
        """Which of the families an output is of."""
        return self._families[output]

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Logarithms of probabilities, shape (clips, outputs)."""
        labels, families = self.label(features), self.family(features).log_softmax(1)
        parts = [
            labels.index_select(1, members).log_softmax(1) + families[:, number : number + 1]
            for number, members in enumerate(self._members)
        ]
        return torch.cat(parts, dim=1).index_select(1, self._order)


class ClipNetwork(nn.Module):
    """A network over a clip's maps and how the body goes.

    A layout names its layers as torchvision does, the head included, so that a state file of
    torchvision's fits; it says how maps become a row of numbers (`row`), what the layers between
    row and head are (`between`), and which layer the head is (`head`).

    Parameters
    ----------
    shape : Shape
    generator : torch.Generator
        Where dropout is drawn from.
    """

    def __init__(self, shape: Shape, generator: torch.Generator) -> None:
        super().__init__()
        self.outputs = shape.outputs
        self.drop = SeededDropout(shape.dropout, generator)

    def row(self, maps: torch.Tensor) -> torch.Tensor:
        """What the convolutions make of maps, shape (clips, n)."""
        raise NotImplementedError

    def between(self, row: torch.Tensor) -> torch.Tensor:
        """What the head is given of a row; the row itself where no layer stands between."""
        return row

    @property
    def head(self) -> nn.Module:
        """The layer that decides."""
        raise NotImplementedError

    def embed(self, maps: torch.Tensor, going: torch.Tensor | None = None) -> torch.Tensor:
        """The features that the head decides by, shape (clips, n)."""
        row = self.drop(self.row(maps))
        if self.going is not None:
            row = torch.cat([row, self.going(going)], dim=1)
        return self.between(row)

    def forward(self, maps: torch.Tensor, going: torch.Tensor | None = None) -> torch.Tensor:
        """Bare answers, shape (clips, outputs)."""
        answers: torch.Tensor = self.head(self.embed(maps, going))
        return answers


class DenseNetwork(ClipNetwork):
    """A network of two parts, as the older ones are: `features`, convolutions that keep where
    things are, and `classifier`, dense layers whose last is the head. A layout makes both."""

    def row(self, maps: torch.Tensor) -> torch.Tensor:
        """What the convolutions make of maps, shape (clips, n)."""
        return torch.flatten(self.features(maps), 1)

    def between(self, row: torch.Tensor) -> torch.Tensor:
        """The dense layers below the head."""
        dense: torch.Tensor = self.classifier[:-1](row)
        return dense

    @property
    def head(self) -> nn.Module:
        """The last dense layer."""
        head: nn.Module = self.classifier[-1]
        return head


def going_of(shape: Shape) -> tuple[nn.Sequential | None, int]:
    """What spreads how a body goes, and how many numbers it adds to a row."""
    if not shape.going:
        return None, 0
    spread = nn.Sequential(
        nn.Linear(NUMBERS, GOING_WIDTH), nn.ReLU(), nn.Linear(GOING_WIDTH, GOING_WIDTH), nn.ReLU()
    )
    return spread, GOING_WIDTH


def head_of(inputs: int, shape: Shape) -> nn.Module:
    """The layer that decides by so many features."""
    return (
        FamilyHead(inputs, shape.families) if shape.families else nn.Linear(inputs, shape.outputs)
    )


def convolution(
    channels: int, outputs: int, kernel: int, shape: Shape, *, stride: int = 1, padding: int
) -> list[nn.Module]:
    """A convolution, its normalisation where there is one, and its rectifier."""
    normed = shape.batch_norm  # which has a bias of its own
    layers: list[nn.Module] = [
        nn.Conv2d(channels, outputs, kernel, stride, padding, bias=not normed)
    ]
    return [*layers, *([nn.BatchNorm2d(outputs)] if normed else []), nn.ReLU(inplace=True)]
