"""Everybody in one picture, with their points: the whole is searched, and its parts.

For single pictures, where no motion says where to look. A pure function of the pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.person import Person
from motionapp.people.multipose import PersonRules, distinct, persons_of
from motionapp.people.networks import PersonNetwork
from motionapp.people.points import PointNetwork, look_closer
from motionapp.people.view import cut, view_of


@dataclass(frozen=True, slots=True)
class PictureRules:
    """How a picture is searched; chosen on `../shared/data/pose`."""

    length_px: float = 256.0
    """Of the whole and of each part: so long is their longer side to the network."""
    part: float = 0.6
    """The four parts' width and height over the picture's; neighbours overlap."""
    persons: PersonRules = PersonRules()
    same_oks: float = 0.8
    """Two whose points, looked at closer, are more alike are one person after all."""


class PictureSearch:
    """Finds everybody in a picture. Holds no state between calls.

    Parameters
    ----------
    people : PersonNetwork
        Finds people; asked five times a picture.
    points : PointNetwork
        Looks at each of them closer.
    rules : PictureRules
    """

    def __init__(
        self, people: PersonNetwork, points: PointNetwork, rules: PictureRules | None = None
    ) -> None:
        self._people = people
        self._points = points
        self._rules = rules if rules is not None else PictureRules()

    def persons(self, bgr: NDArray[np.uint8]) -> tuple[Person, ...]:
        """Everybody, surest first.

        Parameters
        ----------
        bgr : ndarray of uint8, shape (h, w, 3)

        Returns
        -------
        tuple of Person
            Empty where nobody is.
        """
        rules = self._rules
        size = (bgr.shape[1], bgr.shape[0])
        found: list[Person] = []
        for part in parts_of(size, rules.part):
            view = view_of(part, rules.length_px)
            found += persons_of(self._people.persons(cut(bgr, view)), view.box, size, rules.persons)
        once = distinct(found, rules.persons)
        closer = [look_closer(self._points, bgr, person) for person in once]
        return distinct(closer, replace(rules.persons, same_oks=rules.same_oks))


def parts_of(size: tuple[int, int], share: float) -> Iterator[Box]:
    """The whole picture, and its four overlapping parts.

    Parameters
    ----------
    size : tuple of int
        Width and height.
    share : float
        Width and height of a part over the picture's.
    """
    width, height = size
    yield Box(0, 0, width, height)
    wide, tall = max(1, round(width * share)), max(1, round(height * share))
    for x in (0, width - wide):
        for y in (0, height - tall):
            yield Box(x, y, x + wide, y + tall)
