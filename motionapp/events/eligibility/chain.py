"""The rules that decide whether a body counts, in their order; the first no is the answer.

Displacement asks bodies among leaves and rain to go somewhere; `events.travel`, where it is set,
asks it of all of them, and then takes displacement's place. Visits to a zone are asked last, by
each zone for itself (`events.zones`).
"""

from __future__ import annotations

from collections.abc import Sequence

from motionapp.core.motion import Motion, Region
from motionapp.core.places import Places
from motionapp.core.track import Group, Track
from motionapp.events.eligibility.displacement import Displacement
from motionapp.events.eligibility.travel import Travels
from motionapp.settings.tree import EventSettings


class Eligibility:
    """Gives every body its standing.

    Parameters
    ----------
    settings : EventSettings
    """

    def __init__(self, settings: EventSettings) -> None:
        self._settings = settings
        self._displacement = Displacement()
        self._travels = Travels()

    @property
    def places(self) -> Places | None:
        """Where leaves stir or rain falls, as is known now; None where nowhere."""
        return self._displacement.places

    def retune(self, settings: EventSettings) -> None:
        """Use other rules from the next step on."""
        self._settings = settings

    def restart(self) -> None:
        """Forget everybody, and all places."""
        self._displacement.restart()
        self._travels.restart()

    def step(
        self,
        now_s: float,
        regions: Sequence[Region],
        tracks: Sequence[Track],
        groups: Sequence[Group],
        *,
        restless: Motion,
        size: tuple[int, int],
        step_s: float = 0.0,
    ) -> tuple[Group, ...]:
        """The same bodies, each with its standing.

        Parameters
        ----------
        now_s : float
        regions : sequence of Region
            Whose regions the bodies are made of.
        tracks : sequence of Track
        groups : sequence of Group
        restless : Motion
            The gate's, which says in what places leaves stir or rain falls.
        size : tuple of int
            Width and height of the picture in display pixels.
        step_s : float
            Seconds from one frame to the next, as they come (`core.pace`).
        """
        if self._settings.travel:
            # Who must go somewhere wherever it is, need not be asked by its place, too.
            return self._travels.step(now_s, groups, self._settings.travel, height_px=size[1])
        return self._displacement.step(
            now_s, regions, tracks, groups, restless.places, size, step_s
        )
