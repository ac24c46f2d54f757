"""Who the bodies in a picture are: one look at each.

A pure function of the pixels: no memory, no clock. When to ask is for the caller to know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.people.multipose import Person, PersonRules, distinct, persons_of
from motionapp.people.networks import PersonNetwork
from motionapp.people.view import ViewRules, cut, view_round


@dataclass(frozen=True, slots=True)
class SearchRules:
    """How a body is looked at."""

    view: ViewRules = ViewRules()
    persons: PersonRules = PersonRules()


class PersonSearch:
    """Finds the persons at bodies. Holds no state between calls.

    Parameters
    ----------
    network : PersonNetwork
    rules : SearchRules
    """

    def __init__(self, network: PersonNetwork, rules: SearchRules | None = None) -> None:
        self._network = network
        self._rules = rules if rules is not None else SearchRules()

    def search(
        self, bgr: NDArray[np.uint8], boxes: Sequence[Box]
    ) -> tuple[tuple[Person, ...], ...]:
        """The persons at each body.

        Parameters
        ----------
        bgr : ndarray of uint8, shape (h, w, 3)
        boxes : sequence of Box
            Bodies in full-frame display pixels; one network call each.

        Returns
        -------
        tuple of tuple of Person
            As long as `boxes`. A person stands in one of them at most: where neighbouring
            views show the same person, at the body that holds most of it. Surest first; empty
            where nobody is.
        """
        looks = [self._look(bgr, box) for box in boxes]
        everybody = distinct((p for look in looks for p in look), self._rules.persons)
        owners = [_owner(person, boxes) for person in everybody]
        return tuple(
            tuple(p for p, owner in zip(everybody, owners, strict=True) if owner == index)
            for index in range(len(boxes))
        )

    def _look(self, bgr: NDArray[np.uint8], box: Box) -> list[Person]:
        """The persons at one body, as its view shows them."""
        size = (bgr.shape[1], bgr.shape[0])
        visible = box.clipped(size)
        if not visible.area:
            return []
        view = view_round(visible, self._rules.view)
        rows = self._network.persons(cut(bgr, view))
        persons = persons_of(rows, view.box, size, self._rules.persons)
        return [person for person in persons if lies_at(person.box, visible)]


def lies_at(person: Box, body: Box) -> bool:
    """Whether a person is (part of) what moves at a body.

    The middle of the person is in the body's box, or half of the smaller of the two boxes is in
    the larger: a hand that moves is a body inside a person, a group is a person inside a body.
    """
    x, y = person.centre
    if body.x0 <= x < body.x1 and body.y0 <= y < body.y1:
        return True
    return 2 * person.intersection(body) >= min(person.area, body.area) > 0


def _owner(person: Person, boxes: Sequence[Box]) -> int:
    """The body that a person belongs to: where most of it lies, then the most alike."""
    at = [index for index, box in enumerate(boxes) if lies_at(person.box, box)]
    return max(at, key=lambda i: (person.box.intersection(boxes[i]), person.box.iou(boxes[i]), -i))
