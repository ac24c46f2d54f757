"""A user's ONNX file becomes the networks that follow people, or one sentence why it cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final  # onnxruntime has no type stubs

import numpy as np
from numpy.typing import NDArray

from motionapp.core.errors import ModelError
from motionapp.ort import network_errors, opened_network
from motionapp.people.networks import PersonNetwork
from motionapp.people.own.finder import OwnFinder
from motionapp.people.own.rtmo import RTMO
from motionapp.people.own.rtmpose import RtmPose
from motionapp.people.own.yolo import YOLO
from motionapp.people.points import PointNetwork

MOST_BYTES: Final = 512 * 2**20
"""The largest YOLO-pose has 230 MB as 32-bit floats."""

KINDS: Final = (
    "YOLO-pose (one output 1 x 56 x n or 1 x n x 57), RTMO (1 x n x 5 and 1 x n x 17 x 3) or "
    "RTMPose (two outputs n x 17 x bins)"
)

SIDE_PX: Final = 192
"""Of the square that a network without a size of its own is shown of one person."""

FREE_PX: Final = (192, 256)
"""What a network without a size of its own is tried with: what most RTMPose take, and another
form than that square. Who takes pictures of any size must take both."""

SIDES_PX: Final = range(32, 4097)
"""Of smaller pictures nobody can be made out, larger ones are seconds of work each."""


class FoundPoints:
    """The points of the one person in a picture, by a network that finds everybody.

    Parameters
    ----------
    people : PersonNetwork
    size : tuple of int
        Width and height of what it is shown.
    """

    def __init__(self, people: PersonNetwork, size: tuple[int, int]) -> None:
        self._people = people
        self.size = size

    def points(self, square: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Those of who is surest and nearest to the middle; none is visible where nobody is."""
        rows = self._people.persons(square)
        if not len(rows):
            return np.zeros((17, 3), np.float32)
        away = np.abs(rows[:, 51:55].reshape(-1, 2, 2).mean(axis=1) - 0.5).max(axis=1)
        best = int(np.argmax(rows[:, 55] - away))
        points: NDArray[np.float32] = rows[best, :51].reshape(17, 3).copy()
        return points


def open_own(path: Path) -> tuple[PersonNetwork | None, PointNetwork]:
    """The networks that a file holds.

    Parameters
    ----------
    path : Path

    Returns
    -------
    people : PersonNetwork or None
        None where it has to be shown where somebody is.
    points : PointNetwork

    Raises
    ------
    ModelError
        The file is missing, too large, damaged, or none of the kinds that are known.
    """
    _check_file(path)
    session = opened_network(path, kind="pose network", threads=1)
    size = _size_of(path, session)
    wrong: tuple[type[Exception], ...] = (*network_errors(), ValueError, IndexError, TypeError)
    try:
        return _tried(path, session, size)
    except ModelError:
        raise
    except wrong as error:
        said = " ".join(str(error).split())
        raise ModelError(f"the pose network {path} cannot be run: {said}") from error


def _tried(
    path: Path, session: Any, size: tuple[int, int] | None
) -> tuple[PersonNetwork | None, PointNetwork]:
    """The networks, after answers about black pictures: what a file says of itself may be less."""
    width, height = size or FREE_PX
    picture = {session.get_inputs()[0].name: np.zeros((1, 3, height, width), np.float32)}
    answers = sorted((np.asarray(a).shape for a in session.run(None, picture)), key=len)
    if [len(shape) for shape in answers] == [3, 3] and all(s[1] == 17 for s in answers):
        pose = RtmPose(session, (width, height))
        pose.points(np.zeros((height, width, 3), np.uint8))
        return None, pose
    if len(answers) == 1 and len(answers[0]) == 3 and (answers[0][1] == 56 or answers[0][2] == 57):
        kind = YOLO
    elif [shape[2:] for shape in answers] == [(5,), (17, 3)] and answers[0][1] == answers[1][1]:
        kind = RTMO
    else:
        raise _unknown(path, answers)
    people = OwnFinder(session, size, kind)
    people.persons(np.zeros((SIDE_PX, SIDE_PX, 3), np.uint8))
    return people, FoundPoints(people, size or (SIDE_PX, SIDE_PX))


def _check_file(path: Path) -> None:
    try:
        size_bytes = path.stat().st_size
    except OSError as error:
        raise ModelError(f"the pose network {path} cannot be read: {error.strerror}") from error
    if not path.is_file():
        raise ModelError(f"the pose network {path} is no file")
    if size_bytes > MOST_BYTES:
        raise ModelError(
            f"the pose network {path} has {size_bytes / 2**20:.0f} MB: at most "
            f"{MOST_BYTES // 2**20} MB are read"
        )


def _size_of(path: Path, session: Any) -> tuple[int, int] | None:
    """Width and height of what it takes; None where it takes any."""
    inputs = session.get_inputs()
    shape = tuple(inputs[0].shape) if len(inputs) == 1 else ()
    is_usable = (
        len(shape) == 4
        and inputs[0].type == "tensor(float)"
        and (shape[1] == 3 or not isinstance(shape[1], int))
        and (shape[0] == 1 or not isinstance(shape[0], int))
    )
    sides = [side for side in shape[2:] if isinstance(side, int)]
    if not is_usable or any(side not in SIDES_PX for side in sides):
        said = ", ".join(f"{one.type} {one.shape}" for one in inputs)
        raise ModelError(
            f"the pose network {path} takes {said}: one picture 1 x 3 x height x width of 32-bit "
            f"floats is needed, {SIDES_PX[0]} to {SIDES_PX[-1]} pixels a side"
        )
    # Of which one side is free, it takes a square.
    return (sides[-1], sides[0]) if sides else None


def _unknown(path: Path, shapes: list[tuple[int, ...]]) -> ModelError:
    said = " and ".join(" x ".join(str(n) for n in shape) for shape in shapes)
    return ModelError(f"the pose network {path} answers {said}, which is none of {KINDS}")
