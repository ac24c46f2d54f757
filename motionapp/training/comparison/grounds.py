"""What the candidates of each front-end are trained on: gathered once, at hand one at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from motionapp.core.representation import Representation
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
        self._at_hand: dict[Representation, Ground] = {}
        self._load_s: dict[str, float] = {}

    def of(self, frontend: str, progress: Progress, shape: Representation | None = None) -> Ground:
        """The ground of a front-end, gathered or read.

        Parameters
        ----------
        frontend : str
        progress : Progress
        shape : Representation, optional
            Where another clip length or lag was found than was asked for.

        Raises
        ------
        DataSetError
            Nothing moves behind it in a label's recordings, or too few can be read.
        """
        shape = self._orders[frontend].representation if shape is None else shape
        if shape not in self._at_hand:
            if self._kept is not None:
                self._at_hand.clear()  # before the next is read: two may be more than there is room
            began_s = self._clock()
            ground = self._read(replace(self._orders[frontend], representation=shape), progress)
            self._at_hand[shape] = ground
            took_s = self._clock() - began_s
            self._load_s[frontend] = min(took_s, _bytes_of(ground) / LOAD_BYTES_PER_S)
        return self._at_hand[shape]

    def load_s(self, frontend: str) -> float:
        """Seconds until a ground that was gathered is at hand again; 0 where it is."""
        is_at_hand = self._orders[frontend].representation in self._at_hand
        return 0.0 if is_at_hand else self._load_s.get(frontend, 0.0)

    def loads_s(self, frontend: str) -> float:
        """The same where it will not be at hand any more."""
        return self._load_s.get(frontend, 0.0)

    def forget(self) -> None:
        """Let go of all that is at hand."""
        self._at_hand.clear()

    def _read(self, order: Order, progress: Progress) -> Ground:
        material = material_of(order, self._readings, progress, self._kept)
        folds = held_out(material.data, order.protocol, seed=order.recipe.seed)
        return Ground(material, folds, material.task_of(order.recipe, folds[0]))


def _bytes_of(ground: Ground) -> int:
    material = ground.material
    drawn = None if material.rendered is None else material.rendered.windows
    parts = filter(None, (material.windows, material.paced, drawn))
    return sum(int(part.maps.nbytes) for part in parts)
