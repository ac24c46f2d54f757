"""Why is there no event at an instant, or why has it that label? Answered from moments alone.

`Inquiry` looks at a stretch round one instant. What could be changed so that there is an event is
`counterfactual`'s business; what was refused in a whole recording is `rejections`'.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from motionapp.core.clip import Prediction
from motionapp.core.crossing import Crossing
from motionapp.core.event import MOTION, UNKNOWN, Event, Segment
from motionapp.core.moment import Moment
from motionapp.core.track import Group
from motionapp.core.wording import name_text
from motionapp.explain.gates import GATES, UNTOLD, Body, Evidence, evidence_of, rank
from motionapp.explain.place import Place, evidence_near, is_watched, near
from motionapp.explain.verdicts import Verdict, rounded_down, search_text, verdicts
from motionapp.recognition.families import families_of
from motionapp.settings.tree import AnalysisSettings

WITHIN_S = 1.0
"""A person who names an instant means about this much before and after it."""

BOUNDARY_S = 0.2
"""So exact are an event's start and end; an instant just outside belongs to it."""

MOST_KEPT = 1024
"""Glimpses, and predictions, that are kept: four seconds at 250 frames per second."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of the motion at an instant."""

    at_s: float
    event: Event | None
    """The one at this instant."""
    near: tuple[Event, ...]
    """Others within a second of it."""
    verdicts: tuple[Verdict, ...]
    """In the order of the gates, up to the one that stopped it; empty if nothing was seen."""
    seen_s: float | None = None
    """When what moved came furthest, within a second of the instant."""
    note: str = ""
    """Why there are no verdicts; empty if there are some."""
    search: str = ""
    """What a search for people said of what moved, and how long that waited for it; empty where
    none was due."""
    where: str = ""
    """Who was at the place that was asked about; empty where none was."""
    crossings: tuple[Crossing, ...] = ()
    """Who went over a line within a second of it."""

    @property
    def stop(self) -> Verdict | None:
        """What the gate said that stopped it, or that gave it no name."""
        return next((verdict for verdict in self.verdicts if not verdict.passed), None)

    def covers(self, time_s: float) -> bool:
        """Whether one of the events is at a time."""
        events = self.near if self.event is None else (self.event, *self.near)
        return any(_is_at(event, time_s) for event in events)


class Inquiry:
    """Keeps what is known round one instant, and says what became of it.

    It may be given the moments of a whole recording or only of the stretch that matters; what it
    keeps is bounded either way.

    Parameters
    ----------
    settings : AnalysisSettings
        Those that the moments are made with.
    at_s : float
        The instant.
    labels : sequence of str
        Of the network that looks, in the order of `Prediction.probabilities`; empty if none does.
    threshold : float
        Below this probability a movement is unknown.
    place : Place, optional
        Only what is near it is asked about.
    """

    def __init__(
        self,
        settings: AnalysisSettings,
        at_s: float,
        *,
        labels: Sequence[str] = (),
        threshold: float = 0.0,
        place: Place | None = None,
    ) -> None:
        self._settings = settings
        self._place, self._is_watched = place, True
        self._there: dict[int, Group] = {}
        """Bodies that were near the place, by their numbers."""
        self._at_s = at_s
        self._labels = tuple(labels)
        self._threshold = threshold
        self._seen: deque[Evidence] = deque(maxlen=MOST_KEPT)
        self._predictions: deque[Prediction] = deque(maxlen=MOST_KEPT)
        self._events: dict[str, Event] = {}
        self._open = 0
        self._crossings: list[Crossing] = []

    @property
    def is_open(self) -> bool:
        """An event is open, so more may become known about it."""
        return self._open > 0

    def accept(self, moment: Moment) -> None:
        """Take note of a moment."""
        self._open += len(moment.opened) - len(moment.closed)
        for event in (*moment.opened, *moment.changed, *moment.closed):
            self._note(event)
        self._crossings += [
            one for one in moment.crossings if abs(one.t_s - self._at_s) <= WITHIN_S
        ]
        if moment.frame is None:
            return
        if abs(moment.frame.pts_s - self._at_s) <= WITHIN_S:
            self._seen.append(self._evidence(moment))
        self._predictions.extend(
            prediction
            for prediction in moment.predictions
            if abs(prediction.centre_s - self._at_s) <= WITHIN_S
        )

    def answer(self) -> Answer:
        """What became of the instant, as far as it is known by now."""
        return replace(self._answer(), crossings=tuple(self._crossings))

    def _answer(self) -> Answer:
        events = sorted(self._events.values(), key=lambda event: (event.start_s, event.zone))
        where = self._where(has_events=bool(events))
        if not self._has_counted():
            events = []
        here = [event for event in events if _is_at(event, self._at_s)]
        event = max(here, key=lambda event: event.duration_s, default=None)
        others = tuple(other for other in events if other is not event)
        told = [evidence for evidence in self._seen if evidence.reasons.declined not in UNTOLD]
        if event is None:
            told = [g for g in told if not any(_is_at(e, g.pts_s) for e in events)]
        if not told:
            label = () if event is None else (self._label(event),)
            note = "" if event else self._untold()
            return Answer(self._at_s, event, others, label, note=note, where=where)
        best = max(told, key=lambda g: (rank(g, self._settings), -abs(g.pts_s - self._at_s)))
        said = self._honest(verdicts(best, self._settings))
        if event is not None:
            said = *(verdict for verdict in said if verdict.passed), self._label(event, best.body)
        search = search_text(best.body)
        return Answer(self._at_s, event, others, said, best.pts_s, search=search, where=where)

    # -- the place -------------------------------------------------------------------------

    def _evidence(self, moment: Moment) -> Evidence:
        if self._place is None or moment.frame is None:
            return evidence_of(moment, self._settings)
        there = near(moment, self._place)
        self._there |= {group.group_id: group for group in there.groups if group.is_confirmed}
        self._is_watched = is_watched(self._place, moment.frame.epoch.size, self._settings)
        return evidence_near(there, self._place, self._settings)

    def _has_counted(self) -> bool:
        """Whether what is at the place has passed all gates; so it is, where none is asked about:
        then any event is an answer."""
        label = GATES.index("label")
        return self._place is None or any(rank(g, self._settings)[0] == label for g in self._seen)

    def _honest(self, said: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        """Where somebody points at a wall, no setting is to blame: a higher sensitivity would make
        an event of its noise, sooner or later."""
        if self._place is None or self._there or said[-1].gate != "noise":
            return said
        return *said[:-1], replace(said[-1], setting=None, needed=None)

    def _where(self, *, has_events: bool) -> str:
        if self._place is None:
            return ""
        names = [
            f"number {number}" + (f" ({name_text(one.label, one.score)})" if one.label else "")
            for number, one in sorted(self._there.items())
        ]
        said = [f"There was {' and '.join(names)}." if names else "Nobody was at this place."]
        if not self._is_watched:
            said.append("Zones leave it out.")
        if has_events and not self._has_counted():
            said.append("There is an event at this time, elsewhere.")
        return " ".join(said)

    def _note(self, event: Event) -> None:
        """Remember the newest state of an event that is near enough."""
        ends_s = event.end_s if event.ended_by is not None else float("inf")
        if event.start_s <= self._at_s + WITHIN_S and ends_s >= self._at_s - WITHIN_S:
            self._events[event.event_id] = event
        else:
            self._events.pop(event.event_id, None)

    def _untold(self) -> str:
        declined = {evidence.reasons.declined for evidence in self._seen}
        if "damaged" in declined:
            return "The pictures there are damaged; such ones open no event."
        if "priming" in declined:
            return "There is nothing yet to compare these pictures with."
        return "There are no pictures."

    # -- the label -------------------------------------------------------------------------

    def _label(self, event: Event, body: Body | None = None) -> Verdict:
        segment = _segment_at(event, self._at_s, self._there)
        label = event.label if segment is None else segment.label
        looks = [p for p in self._predictions if segment is None or p.subject_id == segment.group]
        told = [look for look in looks if look.reason and look.label == label]
        if told:
            surest = max(told, key=lambda look: look.score)
            return Verdict("label", surest.score, self._threshold, "", True, surest.reason)
        if label == MOTION or not looks or not self._labels:
            sentence = (
                "No network looked at it for long enough." if self._labels else "No network looked."
            )
            if self._labels and body is not None and body.is_nobody:
                sentence = "What twice was found to be no person is given no movement's name."
            elif self._labels and body is not None and body.sought and not body.is_person:
                sentence = "No search has found a person in it yet: until then it has no name."
            elif self._labels and body is not None and body.is_faint:
                sentence = (
                    "It was called a person too faintly to be sure: until then it has no name."
                )
            return Verdict("label", 0.0, self._threshold, "", label != UNKNOWN, sentence)
        mean = np.mean([look.probabilities for look in looks], axis=0)
        best, second = np.argsort(-mean, kind="stable")[[0, min(1, len(mean) - 1)]].tolist()
        score = float(mean[best])
        likeliest = f"{self._labels[best]} is the likeliest with {score:.2f}"
        if (kin := _family_text(self._labels, mean, best)) and score < self._threshold:
            likeliest = f"{likeliest} ({kin})"
        if label != UNKNOWN:
            after = f"{likeliest}; then comes {self._labels[second]} with {mean[second]:.2f}."
            return Verdict("label", score, self._threshold, "", True, after)
        none_of_them = 1 - float(mean.sum())  # what the reject output took, if there is one
        if none_of_them > score:
            sentence = f"{likeliest}, but none of the labels with {none_of_them:.2f}."
            return Verdict("label", score, self._threshold, "", False, sentence)
        if score >= self._threshold:
            sentence = f"{likeliest}, but not for long enough to be sure."
            return Verdict("label", score, self._threshold, "", False, sentence)
        return Verdict(
            gate="label",
            measured=score,
            threshold=self._threshold,
            unit="",
            passed=False,
            sentence=f"{likeliest}; {self._threshold:.2f} is the least.",
            setting="analysis.recognition.threshold",
            needed=rounded_down(score),
        )


def _family_text(labels: Sequence[str], shares: NDArray[np.float64], best: int) -> str:
    """How likely the best label's family is; empty where the labels have none.

    Between a walk and a run nobody may be sure, and yet it is somebody who goes somewhere.
    """
    families = families_of(labels)
    if not families:
        return ""
    family = families[best]
    together = sum(share for share, own in zip(shares, families, strict=True) if own == family)
    return f"{family}: {together:.2f}"


def _is_at(event: Event, time_s: float) -> bool:
    ends_s = event.end_s if event.ended_by is not None else max(event.end_s, time_s)
    return event.start_s - BOUNDARY_S <= time_s < ends_s + BOUNDARY_S


def _segment_at(event: Event, time_s: float, groups: Container[int]) -> Segment | None:
    """The longest segment at a time, else the one that is nearest to it; of one of these bodies,
    where it has any."""
    return min(
        [one for one in event.segments if one.group in groups] or event.segments,
        key=lambda s: (max(s.start_s - time_s, time_s - s.end_s, 0.0), -s.duration_s),
        default=None,
    )
