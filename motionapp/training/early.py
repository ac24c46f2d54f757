"""When to end a training: whole groups that it does not learn from tell when it gets no better.

References
----------
Prechelt, "Early stopping: but when?", in Neural Networks: Tricks of the Trade, 1998.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from motionapp.recognition.going import numbers_of
from motionapp.training.architectures import ClipNetwork
from motionapp.training.task import Held

LOOKED_AT: Final = 1000
"""At most so many held windows are looked at each time, evenly chosen: less than ten steps' work,
and a share of them is known to 3 in 100."""


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """The best network so far."""

    loss: float
    weights: Mapping[str, NDArray[Any]]
    """All that its state file would hold."""


class Watch:
    """Looks at held-out windows now and then, and remembers the best network.

    Parameters
    ----------
    held : Held
    patience : int
        So many looks in a row may be no better than the best one; at least 1.
    """

    def __init__(self, held: Held, patience: int) -> None:
        count = len(held.windows)
        rows = np.linspace(0, count - 1, min(count, LOOKED_AT)).round().astype(np.int64)
        windows = held.windows.of(rows)
        self._maps = torch.from_numpy(windows.numbers())
        self._going = torch.from_numpy(numbers_of(windows.goings))
        self._right = torch.from_numpy(held.answers[rows])
        self._patience = patience
        self._waited = 0
        self.best: Best | None = None

    @property
    def is_enough(self) -> bool:
        """Whether the best one is some looks behind."""
        return self._waited >= self._patience

    def look(self, network: ClipNetwork) -> tuple[float, float]:
        """Mean loss, and share of right answers, on what is held out."""
        network.eval()
        with torch.inference_mode():
            answers = torch.cat(
                [
                    network(maps, going)
                    for maps, going in zip(
                        self._maps.split(256), self._going.split(256), strict=True
                    )
                ]
            )
            loss = float(functional.cross_entropy(answers, self._right))
            accuracy = float((answers.argmax(1) == self._right).double().mean())
        self._waited += 1
        if self.best is None or loss < self.best.loss:
            state = network.state_dict()
            self.best = Best(loss, {name: one.numpy().copy() for name, one in state.items()})
            self._waited = 0
        return loss, accuracy

    def document(self) -> dict[str, Any]:
        """Where it stands, as JSON has it, without weights."""
        return {"waited": self._waited, "best": None if self.best is None else self.best.loss}

    def take_up(self, document: Mapping[str, Any], weights: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `document` was told to."""
        self._waited = int(document["waited"])
        best = document["best"]
        self.best = None if best is None else Best(float(best), weights)
