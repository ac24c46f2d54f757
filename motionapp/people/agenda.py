"""Where a follower searches next: what moves and is nobody first, then the lost, then the known.

By time stamps alone, so that it is the same in every run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from motionapp.core.geometry import Box

SURE = 2
"""Where nobody was found so often in a row, nobody is: the second look is wider, and a third would
show nothing else..."""

MOST_COMING = 8
"""... and so often at the picture's border: who comes in needs about a second and a half until
enough of them is there."""

LARGE = 0.15
"""What is so tall, as a share of the picture's height, is hardly a leaf: no time is lost on it."""

MOST_PLACES = 64
"""So many are remembered: what flickers all over the picture is another place at every frame, and
each is compared with all (at 60 frames a second that were 2,300, and 300 ms)."""


@dataclass(frozen=True, slots=True)
class AgendaRules:
    """How often people are searched."""

    searches_hz: float = 8.0
    """At most so many searches a second."""
    most_saved: float = 3.0
    """So many may follow each other at once after a while without any."""
    whole_s: float = 1.0
    """The whole picture is searched after so long: somebody may stand still."""
    refresh_s: float = 1.0
    """Who is followed is searched again after so long..."""
    again_s: float = 0.2
    """... who was lost after so long..."""
    confirm_s: float = 0.1
    """... something new and small once it has moved for so long: leaves and noise come and go..."""
    coming_s: float = 0.2
    """... at the picture's border, where nobody was found, once more after so long..."""
    retry_s: float = 0.4
    """... where nobody was found once more after so long..."""
    nobody_s: float = 5.0
    """... and what twice was nobody after so long: a car, a curtain, or somebody far off."""
    changed: float = 1.6
    """What is so many times as large or small as when it was asked about is something else."""
    refresh_cost: float = 0.5
    """A look at somebody whose box is known is as cheap as half a search."""


@dataclass(slots=True, eq=False)
class Place:
    """Something that moves and is nobody who is followed."""

    box: Box
    born_s: float
    seen_s: float
    asked_s: float = 0.0
    asked_area: int = 0
    nobody: int = 0
    """How often in a row nobody was found there."""


class Agenda:
    """Counts searches, and remembers where nobody was.

    Parameters
    ----------
    rules : AgendaRules
    """

    def __init__(self, rules: AgendaRules) -> None:
        self.rules = rules
        self.restart()

    def restart(self) -> None:
        """Forget everything."""
        self._places: list[Place] = []
        self._saved = self.rules.most_saved
        self._now_s: float | None = None
        self._whole_s: float | None = None

    @property
    def remembered(self) -> int:
        """How many places are remembered; at most `MOST_PLACES`."""
        return len(self._places)

    def begin(
        self, t_s: float, strangers: Sequence[Box], size: tuple[int, int]
    ) -> list[tuple[Box, bool]]:
        """The strangers that are due at a step, each with whether it is to be seen wider.

        Parameters
        ----------
        t_s : float
            Later than at the step before.
        strangers : sequence of Box
            What moves and is nobody who is followed.
        size : tuple of int
            Width and height of the picture.
        """
        rules = self.rules
        if self._now_s is not None:
            saved = self._saved + (t_s - self._now_s) * rules.searches_hz
            self._saved = min(rules.most_saved, saved)
        is_first, self._now_s = self._now_s is None, t_s
        due: list[Place] = []
        for box in strangers:
            place = self._place_of(box)
            if place is None:
                born_s = t_s - rules.confirm_s if is_first else t_s
                place = Place(box, born_s, t_s)
                self._places.append(place)
            place.box, place.seen_s = box, t_s
            if self._is_due(place, t_s, size):
                due.append(place)
        # What is twice nobody moves on; what has not been seen for a second may be anybody.
        self._places = [place for place in self._places if t_s - place.seen_s <= 1.0]
        if len(self._places) > MOST_PLACES:
            # What was asked about is not to be asked again at once; then what is there still.
            self._places.sort(key=lambda place: (place.nobody > 0, place.seen_s, -place.born_s))
            del self._places[:-MOST_PLACES]
        due.sort(key=lambda place: place.nobody)
        return [(place.box, place.nobody > 0) for place in due]

    def may(self, cost: float = 1.0) -> bool:
        """Whether another search is left; if so, it is counted."""
        if self._saved < cost:
            return False
        self._saved -= cost
        return True

    def may_see_whole(self, t_s: float) -> bool:
        """Whether it is time for the whole picture; if so, it is counted."""
        is_due = self._whole_s is None or t_s - self._whole_s >= self.rules.whole_s - 1e-6
        if not is_due or not self.may():
            return False
        self._whole_s = t_s
        return True

    def note(self, stranger: Box, t_s: float, *, is_found: bool) -> None:
        """Remember an answer."""
        place = self._place_of(stranger)
        if is_found:
            self._places = [one for one in self._places if one is not place]
        elif place is not None:
            place.nobody += 1
            place.asked_s, place.asked_area = t_s, stranger.area

    def _place_of(self, box: Box) -> Place | None:
        """Where the same thing was before."""
        best = max(self._places, key=lambda place: place.box.iou(box), default=None)
        return best if best is not None and best.box.iou(box) > 0.2 else None

    def _is_due(self, place: Place, t_s: float, size: tuple[int, int]) -> bool:
        rules = self.rules
        if not place.nobody:
            is_large = place.box.height >= LARGE * size[1]
            return is_large or t_s - place.born_s >= rules.confirm_s - 1e-6
        ratio = place.box.area / max(1, place.asked_area)
        is_other = not 1 / rules.changed <= ratio <= rules.changed
        x0, y0, x1, y1 = place.box
        # Who comes in is nobody until enough of them is there.
        may_come_in = x0 <= 0 or y0 <= 0 or x1 >= size[0] or y1 >= size[1]
        is_sure = place.nobody >= (MOST_COMING if may_come_in else SURE) and not is_other
        soon_s = rules.coming_s if may_come_in else rules.retry_s
        return t_s - place.asked_s >= (rules.nobody_s if is_sure else soon_s) - 1e-6
