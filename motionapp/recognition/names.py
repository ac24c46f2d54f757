"""Names: all that says what the bodies of a road do, as one.

Networks stand beside one another, and the first one's labels are those of events. A fall outranks
what a network says of a body.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from motionapp.core.clip import Prediction
from motionapp.core.frame import Frame
from motionapp.core.models import Models
from motionapp.core.motion import Motion
from motionapp.core.stopwatch import Stopwatch
from motionapp.core.track import Group
from motionapp.recognition.falls import Falls
from motionapp.recognition.naming import Maps, Naming
from motionapp.settings.tree import EventSettings, RecognitionSettings


class Said(NamedTuple):
    """What one of several namings says at a frame."""

    model: str
    predictions: tuple[Prediction, ...]
    label_of: Callable[[int], tuple[str, float] | None]


class Names:
    """Everything on a road that gives names.

    Parameters
    ----------
    networks : sequence of Naming
        The first one decides; without any, movements are found and not named.
    falls : Falls, optional
        Where the front-end gives the points of bodies.
    """

    def __init__(self, networks: Sequence[Naming] = (), falls: Falls | None = None) -> None:
        self._networks = tuple(networks)
        self._falls = falls
        self._all: tuple[Naming | Falls, ...] = (*networks, falls) if falls else self._networks

    @classmethod
    def of(cls, models: Models, settings: RecognitionSettings) -> Names:
        """Those that the models of a run make possible."""
        networks = [Naming(each, settings) for each in models.all]
        return cls(networks, Falls() if models.falls else None)

    @property
    def forget_s(self) -> float:
        """After so many seconds, nothing that was stepped through matters any more."""
        return max((each.forget_s for each in self._all), default=0.0)

    def awaited(self, rules: EventSettings) -> EventSettings:
        """Rules of events by which none closes before what passed in it has its name."""
        return rules.with_names_after(max((each.lag_s for each in self._networks), default=0.0))

    def step(
        self,
        frame: Frame,
        motion: Motion,
        groups: Sequence[Group],
        maps: Maps,
        stopwatch: Stopwatch,
    ) -> tuple[Said, ...]:
        """What each says at a frame, the one that decides first; see `Naming.step`."""
        return tuple(
            Said(each.name, each.step(frame, motion, groups, maps, stopwatch), each.label_of)
            for each in self._all
        )

    def decided(self, said: Sequence[Said]) -> tuple[Prediction, ...]:
        """What decides events: of who falls that, of all others what the first network says.

        Parameters
        ----------
        said : sequence of Said
            As `step` gave them.
        """
        if not said:
            return ()
        if self._falls is None or not self._networks:
            return said[0].predictions
        falls = self._falls
        fallen = [one for one in said[-1].predictions if one.label == falls.label]
        others = [one for one in said[0].predictions if not falls.has_fallen(one.subject_id)]
        return (*fallen, *others)

    def label_of(self, group_id: int) -> tuple[str, float] | None:
        """What a body is called: fallen, or what the first network says; None if nothing is."""
        if self._falls is not None and self._falls.has_fallen(group_id):
            return self._falls.label_of(group_id)
        return self._all[0].label_of(group_id) if self._all else None

    def labelled(self, groups: Sequence[Group]) -> tuple[Group, ...]:
        """The bodies with what they are called now.

        What may be nobody can only have fallen. Networks look at who is faint, too, so that there
        is a name as soon as another look is sure.
        """
        return tuple(self._labelled(group) for group in groups)

    def _labelled(self, group: Group) -> Group:
        has_fallen = self._falls is not None and self._falls.has_fallen(group.group_id)
        is_sure = not (group.may_be_nobody or group.is_faint)
        label = self.label_of(group.group_id) if is_sure or has_fallen else None
        return group if label is None else group._replace(label=label[0], score=label[1])

    def retune(self, settings: RecognitionSettings) -> None:
        """Look and smooth otherwise from the next step on."""
        for each in self._networks:
            each.retune(settings)

    def restart(self) -> None:
        """Forget everybody: a new epoch, or a rest."""
        for each in self._all:
            each.restart()
