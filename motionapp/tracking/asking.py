"""Whom a search looks at next: new bodies first, then those whose answer is oldest.

By time stamps alone, so that it is the same in every run.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from motionapp.core.track import Group, Sought

REFRESH_S = 1.0
"""Who is known is looked for again after so long..."""

RETRY_S = 0.4
"""... a body in which nobody was found, or who was found in part or faintly, once more after so
long..."""

NOBODY_S = 5.0
"""... and what twice was nobody after so long: it may have been somebody far off."""

SURE = 2
"""In whom nobody was found so often in a row, is no person: once, what moved may have been a hand,
and the second look is wider."""

EMPTY = 1.0
"""So many searches more does one count in which nobody was: on a road full of cars half as many
are enough, and where people walk hardly any is empty."""

CHANGED = 1.6
"""A body that is so many times as large or small as when it was asked about is another one."""

MOST_SAVED = 2.0
"""So many searches may follow each other at once after a while without any: two may come in
together, and more would hold up a picture."""


@dataclass(slots=True, eq=False)
class _Asked:
    """What is known of asking about one body."""

    at_s: float
    area: int
    sought: Sought
    nobody: int = 0
    """How often in a row nobody was found."""


class Asking:
    """Chooses the bodies to search, at most so many a second.

    Parameters
    ----------
    searches_hz : float
        Greater than 0.
    """

    def __init__(self, searches_hz: float) -> None:
        self.searches_hz = searches_hz
        self._asked: dict[int, _Asked] = {}
        self._saved = MOST_SAVED
        self._now_s: float | None = None

    @property
    def forget_s(self) -> float:
        """After so long without a search as many may follow each other as at the beginning."""
        return MOST_SAVED * (1 + EMPTY) / self.searches_hz

    def restart(self) -> None:
        """Forget everybody."""
        self._asked.clear()
        self._saved, self._now_s = MOST_SAVED, None

    def was_nobody(self, group_id: int) -> bool:
        """Whether nobody was found in a body when it was asked about last."""
        asked = self._asked.get(group_id)
        return asked is not None and asked.nobody > 0

    def is_nobody(self, group_id: int) -> bool:
        """Whether a body was twice found to be no person."""
        asked = self._asked.get(group_id)
        return asked is not None and asked.nobody >= SURE

    def sought(self, group: Group, pts_s: float) -> Sought | None:
        """How long a body waited, or has waited, for its first search.

        Parameters
        ----------
        group : Group
        pts_s : float
            Now.

        Returns
        -------
        Sought or None
            None where none is due: it is not sure yet, or was found beside who was asked about.
        """
        asked = self._asked.get(group.group_id)
        if asked is not None:
            return asked.sought
        is_waiting = group.is_confirmed and not group.person
        return Sought(pts_s - group.born_s, 0) if is_waiting else None

    def step(
        self,
        groups: Sequence[Group],
        answered_s: Mapping[int, float],
        pts_s: float,
        doubtful: Container[int] = (),
    ) -> list[Group]:
        """The bodies that are asked about at a frame.

        Parameters
        ----------
        groups : sequence of Group
        answered_s : mapping of int to float
            When each person was last found, by number.
        pts_s : float
            Greater than that of the step before.
        doubtful : container of int
            The persons to whom another look is due soon.
        """
        if self._now_s is not None:
            self._saved = min(MOST_SAVED, self._saved + (pts_s - self._now_s) * self.searches_hz)
        self._now_s = pts_s
        here = {group.group_id for group in groups}
        # The number of a body that has gone never comes back.
        self._asked = {n: asked for n, asked in self._asked.items() if n in here}
        # A search costs as much as ten frames of motion: what is not saved up is not spent.
        if self._saved < 1:
            return []
        waiting = []
        for group in groups:
            # Where nobody is seen there is nothing to look at, and what is not sure may be a speck.
            if not group.is_seen or not group.is_confirmed:
                continue
            answer_s = answered_s.get(group.person)
            since_s = self._due_since_s(group, answer_s, is_doubtful=group.person in doubtful)
            if since_s is not None and since_s <= pts_s:
                is_new = answer_s is None and group.group_id not in self._asked
                # The newest of the new come first: who has just come may soon be gone, who has
                # stayed can wait. Of the others, whose answer is oldest is least sure.
                first = -group.born_s if is_new else since_s
                waiting.append((not is_new, first, group.group_id, group))
        chosen = [group for *_, group in sorted(waiting)[: int(self._saved)]]
        self._saved -= len(chosen)
        return chosen

    def note(self, group: Group, pts_s: float, *, is_found: bool) -> None:
        """Remember an answer."""
        asked = self._asked.get(group.group_id)
        if not is_found:
            self._saved -= EMPTY
        nobody = 0 if is_found else 1 + (asked.nobody if asked is not None else 0)
        waited_s, looks = (pts_s - group.born_s, 0) if asked is None else asked.sought
        sought = Sought(waited_s, looks + 1)
        self._asked[group.group_id] = _Asked(pts_s, group.reach.area, sought, nobody)

    def _due_since_s(
        self, group: Group, answered_s: float | None, *, is_doubtful: bool
    ) -> float | None:
        asked = self._asked.get(group.group_id)
        if answered_s is not None:
            # Neighbours are answered along with whom was asked about.
            last_s = answered_s if asked is None else max(answered_s, asked.at_s)
            return last_s + (RETRY_S if is_doubtful else REFRESH_S)
        if asked is None:
            return group.born_s
        ratio = group.reach.area / max(1, asked.area)
        has_changed = not 1 / CHANGED <= ratio <= CHANGED
        if asked.nobody < SURE or has_changed:
            return asked.at_s + RETRY_S
        return asked.at_s + NOBODY_S
