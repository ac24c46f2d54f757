"""Who the bodies in a picture are: a look at each, or two.

A pure function of the pixels: no memory, no clock. When to ask is for the caller to know.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.person import Person
from motionapp.people.multipose import PersonRules, distinct, persons_of
from motionapp.people.networks import PersonNetwork
from motionapp.people.view import ViewRules, cut, view_round


@dataclass(frozen=True, slots=True)
class SearchRules:
    """How a body is looked at; measured by `benchmarks/person_search.py`."""

    view: ViewRules = ViewRules()
    """What moves, and may be a person, a part of one, or several."""
    known: ViewRules = ViewRules(margin=0.25, length_px=90.0)
    """Of whom the box is known. It finds as many as a square of 2.2 lengths at 192 pixels (97 and
    98 % in the street recordings) for a third of the time, 8.3 ms against 25.3."""
    wide: ViewRules = ViewRules(margin=1.5, length_px=45.0)
    """The second look where nobody was found: a hand or a foot may have moved alone. In boxes of
    an arm or a foot the first look finds nobody, the second 76 % of the people."""
    is_wide: bool = True
    """Whether there is a second look."""
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
        self,
        bgr: NDArray[np.uint8],
        boxes: Sequence[Box],
        *,
        known: Container[int] = (),
        wide: Container[int] = (),
    ) -> tuple[tuple[Person, ...], ...]:
        """The persons at each body.

        Parameters
        ----------
        bgr : ndarray of uint8, shape (h, w, 3)
        boxes : sequence of Box
            Bodies in full-frame display pixels; one network call each, two where the first finds
            nobody.
        known : container of int
            Places in `boxes` of bodies whose box is that of a person: one call each, which costs
            less.
        wide : container of int
            Places in `boxes` where an earlier look found nobody: one call, which sees more around.

        Returns
        -------
        tuple of tuple of Person
            As long as `boxes`. A person stands in one of them at most: where neighbouring
            views show the same person, at the body that holds most of it. Surest first; empty
            where nobody is.
        """
        rules = self._rules
        # Who follows somebody out of the picture may ask at a box that is mostly outside.
        bodies = [box.clipped((bgr.shape[1], bgr.shape[0])) for box in boxes]
        looks = [
            self._look(bgr, body, rules.known if k in known else rules.wide if k in wide else None)
            for k, body in enumerate(bodies)
        ]
        everybody = distinct((p for look in looks for p in look), self._rules.persons)
        owners = [_owner(person, bodies) for person in everybody]
        return tuple(
            tuple(p for p, owner in zip(everybody, owners, strict=True) if owner == index)
            for index in range(len(bodies))
        )

    def _look(self, bgr: NDArray[np.uint8], body: Box, how: ViewRules | None) -> list[Person]:
        """The persons at one body, seen in one way or as it turns out."""
        if not body.area:
            return []
        if how is not None:
            return self._seen(bgr, body, how)
        persons = self._seen(bgr, body, self._rules.view)
        if not persons and self._rules.is_wide:
            persons = self._seen(bgr, body, self._rules.wide)
        return persons

    def _seen(self, bgr: NDArray[np.uint8], body: Box, rules: ViewRules) -> list[Person]:
        """The persons at one body, as one view shows them."""
        view = view_round(body, rules)
        rows = self._network.persons(cut(bgr, view))
        size = (bgr.shape[1], bgr.shape[0])
        persons = persons_of(rows, view.box, size, self._rules.persons)
        return [person for person in persons if lies_at(person.box, body)]


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
