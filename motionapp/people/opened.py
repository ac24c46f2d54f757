"""The networks that follow people, opened once a process: they hold no state."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from motionapp.people.networks import Lightning, MultiPose, PersonNetwork
from motionapp.people.own.opening import open_own
from motionapp.people.points import PointNetwork
from motionapp.resources import models_dir


class PoseNetworks(NamedTuple):
    """What finds people, and what looks at each of them."""

    people: PersonNetwork
    points: PointNetwork
    digest: str = ""
    """SHA-256 of the user's file, as hex; empty for the shipped ones."""


@lru_cache(maxsize=2)
def open_networks(model: str = "") -> PoseNetworks:
    """The shipped networks, or a user's own.

    A file that is replaced counts from the next start on: thresholds change while it runs, and
    must not fail for want of a file that was there.

    Parameters
    ----------
    model : str
        Path of the user's ONNX file; empty for the shipped ones.

    Raises
    ------
    ModelError
        A file is missing, cannot be read, or is another network.
    """
    # One thread each, so that results are the same on machines with more cores.
    folder = models_dir()
    if not model:
        return PoseNetworks(MultiPose(folder), Lightning(folder))
    people, points = open_own(Path(model))
    digest = hashlib.sha256(Path(model).read_bytes()).hexdigest()
    return PoseNetworks(people if people is not None else MultiPose(folder), points, digest)
