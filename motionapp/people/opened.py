"""The networks that follow people, opened once a process: they hold no state."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from motionapp.people.networks import Lightning, MultiPose, PersonNetwork
from motionapp.people.points import PointNetwork
from motionapp.resources import models_dir


class PoseNetworks(NamedTuple):
    """What finds people, and what looks at each of them."""

    people: PersonNetwork
    points: PointNetwork


@lru_cache(maxsize=2)
def open_networks(model: str = "") -> PoseNetworks:
    """The shipped networks, or a user's own.

    Raises
    ------
    ModelError
        A file is missing, cannot be read, or is another network.
    """
    # One thread each, so that results are the same on machines with more cores.
    return PoseNetworks(MultiPose(models_dir()), Lightning(models_dir()))
