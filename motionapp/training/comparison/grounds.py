"""What the candidates of each front-end are trained on: gathered once, at hand one at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from motionapp.training.kept import KeptWindows
from motionapp.training.material import Material
from motionapp.training.progress import Progress
from motionapp.training.protocols import held_out
from motionapp.training.readable import Readings
from motionapp.training.task import Task
from motionapp.training.train import Order, material_of

LOAD_BYTES_PER_S: Final = 60e6
"""Of maps that were kept: a quarter of what reading `weizmann_masks` was measured at
(`training.kept`)."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What the candidates of a front-end are trained on."""

    material: Material
    folds: tuple[frozenset[str], ...]
    """The groups that each holds out."""
    task: Task
    """What the first fold's network learns."""


class Grounds:
    """The grounds of all front-ends; the one that was asked for last stays at hand.

    Parameters
    ----------
    orders : mapping of str to Order
        What is wanted behind each front-end.
    readings : Readings
        Of the data set.
    kept : KeptWindows or None
        Where windows come from once they are gathered; without it, all grounds stay at hand.
    clock : callable
        Seconds that only grow.
    """

    def __init__(
        self,
        orders: Mapping[str, Order],
        readings: Readings,
        kept: KeptWindows | None,
        clock: Callable[[], float],
    ) -> None:
        self._orders, self._readings, self._kept, self._clock = orders, readings, kept, clock
        self._at_hand: dict[str, Ground] = {}
        self._load_s: dict[str, float] = {}

    def of(self, frontend: str, progress: Progress) -> Ground:
        """The ground of a front-end, gathered or read.

        Raises
        ------
        DataSetError
            Nothing moves behind it in a label's recordings, or too few can be read.
        """
        if frontend not in self._at_hand:
            if self._kept is not None:
                self._at_hand.clear()  # before the next is read: two may be more than there is room
            began_s = self._clock()
            ground = self._read(frontend, progress)
            self._at_hand[frontend] = ground
            took_s = self._clock() - began_s
            self._load_s[frontend] = min(took_s, _bytes_of(ground) / LOAD_BYTES_PER_S)
        return self._at_hand[frontend]

    def load_s(self, frontend: str) -> float:
        """Seconds until a ground that was gathered is at hand again; 0 where it is."""
        return 0.0 if frontend in self._at_hand else self._load_s.get(frontend, 0.0)

    def forget(self) -> None:
        """Let go of all that is at hand."""
        self._at_hand.clear()

    def _read(self, frontend: str, progress: Progress) -> Ground:
        order = self._orders[frontend]
        material = material_of(order, self._readings, progress, self._kept)
        folds = held_out(material.data, order.protocol, seed=order.recipe.seed)
        return Ground(material, folds, material.task_of(order.recipe, folds[0]))


def _bytes_of(ground: Ground) -> int:
    material = ground.material
    drawn = None if material.rendered is None else material.rendered.windows
    parts = filter(None, (material.windows, material.paced, drawn))
    return sum(int(part.maps.nbytes) for part in parts)
