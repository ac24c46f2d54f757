"""When a stretch of motion is an event: opening, holding, back-dating, closing.

A machine that steps: groups and predictions in, changes of events out. No clocks, no files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from motionapp.core.clip import Prediction
from motionapp.core.event import MOTION, STATE_EACH_S, WHOLE_PICTURE, EndedBy, Event
from motionapp.core.frame import Frame
from motionapp.core.geometry import Box, union_of
from motionapp.core.pace import at_least_frames
from motionapp.core.places import RESTLESS, Places
from motionapp.core.track import Group
from motionapp.events.changes import NOTHING, EventChanges
from motionapp.events.segments import GroupHistory, by_group, continued, main_label
from motionapp.settings.tree import EventSettings

MOST_SEGMENT_GROUPS = 256
"""Groups remembered in one event; beyond it further ones keep it open, but leave no segment."""

TRIAL_S = 6.0
"""An event of doubtful bodies is held back for at most so long: until its place has been looked at
for three full blocks (`suppression.dynamic_background`)."""

SURE_S = 1.0
"""... or until a body that is not doubtful has moved in it for so long: the edge of a tree may look
like one for a moment."""

TRIAL_FRAMES = 24
"""Three blocks of looks, where every picture is one..."""

SURE_FRAMES = 4
"""... and half a block of them."""

LabelOf = Callable[[int], tuple[str, float] | None]
"""The smoothed label and score of a group, or None while no network has looked at it."""


class Beside(NamedTuple):
    """What one of several networks says of the bodies that all of them look at."""

    model: str
    predictions: Sequence[Prediction]
    label_of: LabelOf


@dataclass(slots=True, eq=False)
class _Open:
    """The event that is open now."""

    start_s: float
    still_since_s: float | None
    """Time of the first frame without motion, while it is paused."""
    last_motion_s: float
    peak_s: float
    peak_box: Box
    peak_area: int
    state_due_s: float
    """When it is told next how it stands, whatever has changed."""
    is_on_trial: bool = False
    """Only doubtful bodies have moved so far: nobody has been told of it."""


class EventBuilder:
    """Builds the events of one zone.

    An event opens after `persist_s` of motion, back-dated to its first frame; it ends at the
    first frame without motion and is closed when a pause has lasted longer than `hold_s`.

    A body is motion while it is seen and counts, from when its standing says; one that may yet
    count opens nothing, but an event in its pause waits for it.
    """

    def __init__(self, settings: EventSettings, zone: str = WHOLE_PICTURE) -> None:
        self._settings = settings
        self._zone = zone
        self._free_from_s = 0.0
        self._size = (0, 0)
        self._step_s = 0.0
        self._open: _Open | None = None
        self._histories: dict[int, GroupHistory] = {}
        self._spent: set[int] = set()
        """Groups of the last event: when they move again, that is a new beginning."""

    @property
    def forget_s(self) -> float:
        """After so long without motion everything is closed."""
        return self._settings.pause_s

    @property
    def is_open(self) -> bool:
        """An event is open, perhaps paused."""
        return self._open is not None

    def retune(self, settings: EventSettings) -> None:
        """Use other rules from the next step on."""
        self._settings = settings

    def step(
        self,
        frame: Frame,
        groups: Sequence[Group],
        predictions: Sequence[Prediction],
        label_of: LabelOf,
        places: Places | None = None,
        beside: Sequence[Beside] = (),
        step_s: float = 0.0,
    ) -> EventChanges:
        """Take in one frame.

        Parameters
        ----------
        frame : Frame
            Its time counts.
        groups : sequence of Group
            All bodies now, with their standing; those that move are motion.
        predictions : sequence of Prediction
            Made at this frame.
        label_of : callable
            The smoothed label of a group by its number.
        places : Places or None
            Where leaves stir or rain falls; None where nowhere.
        beside : sequence of Beside
            What each network says where there are several; the deciding one is the first.
        step_s : float
            Seconds from one frame to the next, as they come (`core.pace`).

        Returns
        -------
        EventChanges
        """
        now_s = frame.pts_s
        self._size, self._step_s = frame.epoch.size, step_s
        moving = [group for group in groups if group.moves]
        # Nobody has been told of it yet, so that nothing has to be taken back.
        if self._is_weather(groups, places):
            self._open = None
            self._histories.clear()
        changes = self._close_if_over(now_s, groups)
        if self._open is None:
            self._forget_those_gone(groups)
        if moving:
            changes += self._moves(frame, moving)
        else:
            self._pauses(now_s)
        changes += self._tried(now_s, moving) + self._peaked(now_s)
        is_named = self._name(predictions, label_of)
        for other in beside:
            self._name_beside(other)
        event = self._open
        # Who has not been told that it opened is not told that it changed.
        if event is not None and not event.is_on_trial:
            # Once a minute in any case: who follows knows that it goes on.
            if is_named or now_s >= event.state_due_s:
                changes += EventChanges(changed=(self._event(None),))
            while event.state_due_s <= now_s:  # after a gap once, not for each minute of it
                event.state_due_s += STATE_EACH_S
        return changes

    def _pauses(self, now_s: float) -> None:
        if self._open is not None and self._open.still_since_s is None:
            self._open.still_since_s = now_s
            for history in self._histories.values():
                # A picture lasts until the next one, and in that nobody moves.
                history.end_s = min(history.end_s, now_s)

    def close(self, ended_by: EndedBy, at_s: float | None = None) -> EventChanges:
        """Close what is open; `at_s` ends an event that is still moving there."""
        event = self._open
        if event is None:
            self._histories.clear()
            return EventChanges()
        if event.still_since_s is None:  # of later than it was seen to move nobody knows
            event.still_since_s = event.last_motion_s if at_s is None else at_s
        if event.is_on_trial and self._is_of_nobody():
            self._open = None
            self._histories.clear()
            return EventChanges()
        # What ends while it is held back is told: nothing has spoken of weather by then.
        opened = (self._event(None, label=MOTION),) if event.is_on_trial else ()
        closed = self._event(ended_by)
        self._free_from_s = closed.end_s
        self._open = None
        # Who began after the pause belongs to the next event.
        self._histories = {
            number: history
            for number, history in self._histories.items()
            if history.start_s > closed.end_s
        }
        return EventChanges(opened=opened, closed=(closed,))

    def restart(self) -> None:
        """Forget everything: at rest, or where time may begin again."""
        self._histories.clear()
        self._spent.clear()
        self._free_from_s = 0.0

    def _forget_those_gone(self, groups: Sequence[Group]) -> None:
        """Without an event, a body that has gone leaves nothing to the next one."""
        here = {group.group_id for group in groups}
        self._histories = {n: h for n, h in self._histories.items() if n in here}
        self._spent &= here

    def _close_if_over(self, now_s: float, groups: Sequence[Group]) -> EventChanges:
        event = self._open
        if event is None:
            return EventChanges()
        if event.still_since_s is not None:
            last_start_s = event.still_since_s + self._settings.pause_s
            # Who began within the pause resumes it, though sure only now. Who is not sure yet is
            # awaited, but not for ever, nor past who came later: a speck may flicker on and on.
            early = [group for group in groups if group.since_s <= last_start_s]
            resumes = any(g.moves and g.group_id not in self._histories for g in early)
            is_awaited = (
                any(not group.is_settled for group in early)
                and not any(group.moves for group in groups)
                and now_s <= last_start_s + self._settings.pause_s
            )
            if now_s > last_start_s and not (is_awaited or resumes):
                changes = self.close("motion")
                # Whose motion was in no event yet has all of it in the next.
                self._spent = {group.group_id for group in early if group.is_settled}
                return changes
        # Traffic never rests: what is written at the end only would never be written.
        elif now_s - event.start_s >= self._settings.max_event_s:
            histories = dict(self._histories)
            changes = self.close("length", now_s)
            moving = [group for group in groups if group.moves]
            if moving:  # if it pauses right here, the next begins with motion
                changes += self._begin(now_s, now_s, moving)
                self._histories = {
                    group.group_id: continued(histories.get(group.group_id), group, now_s)
                    for group in moving
                }
            return changes
        return EventChanges()

    def _moves(self, frame: Frame, moving: Sequence[Group]) -> EventChanges:
        now_s = frame.pts_s
        for group in moving:
            history = self._histories.get(group.group_id)
            if history is None:
                # A bound for crowds and snow: memory must not grow with what comes and goes.
                if len(self._histories) >= MOST_SEGMENT_GROUPS:
                    continue
                # Until it parted, what it did was done by the body that it was part of.
                began_s = now_s if self._has_parted(group) else self._began_s(group, now_s)
                history = GroupHistory(group.group_id, began_s, group.box)
                self._histories[group.group_id] = history
            history.seen(group, now_s, now_s + frame.duration_s)
        if self._open is None:
            start_s = min(self._began_s(group, now_s) for group in moving)
            # Noise and insects flash up and are gone.
            if now_s - start_s < self._settings.persist_s:
                return EventChanges()
            return self._begin(start_s, now_s, moving)
        event = self._open
        event.still_since_s = None
        event.last_motion_s = now_s
        area = sum(group.box.area for group in moving)
        # The largest is what a thumbnail shows best.
        if area > event.peak_area:
            event.peak_s, event.peak_area = now_s, area
            event.peak_box = union_of(group.box for group in moving)
        return EventChanges()

    def _is_weather(self, groups: Sequence[Group], places: Places | None) -> bool:
        """Whether an event on trial lies where, as is known now, leaves stir or rain falls."""
        event = self._open
        # What has been told stays: an event that is told and then taken back helps nobody.
        if event is None or not event.is_on_trial:
            return False
        # The body may have gone by the time that its place is known.
        if places is not None and places.of(event.peak_box) >= RESTLESS:
            return True
        return any(_stays_in_restless(g) and g.group_id in self._histories for g in groups)

    def _tried(self, now_s: float, moving: Sequence[Group]) -> EventChanges:
        """Tell of an event on trial once a sure body moves in it, or it has been held back long."""
        event = self._open
        if event is None or not event.is_on_trial:
            return EventChanges()
        sure_s = at_least_frames(SURE_S, self._step_s, SURE_FRAMES)
        trial_s = at_least_frames(TRIAL_S, self._step_s, TRIAL_FRAMES)
        is_sure = any(
            not g.is_doubtful and now_s - self._began_s(g, now_s) >= sure_s for g in moving
        )
        # By then three blocks have been looked at: if they told of no leaves, there are none; but
        # a bush that bends as one piece is told by no block.
        if not is_sure and (now_s - event.start_s < trial_s or self._is_of_nobody()):
            return EventChanges()
        event.is_on_trial = False
        return EventChanges(opened=(self._event(None, label=MOTION),))

    def _is_of_nobody(self) -> bool:
        """Whether all that moved in the event was found to be no person, which has gone nowhere as
        long as it is on trial."""
        return all(history.is_nobody for history in self._histories.values())

    def _has_parted(self, group: Group) -> bool:
        """Whether one of its tracks belonged to another body until now."""
        histories = self._histories.values()
        return not all(history.track_ids.isdisjoint(group.track_ids) for history in histories)

    def _began_s(self, group: Group, now_s: float) -> float:
        """Since when a group that moves now has been moving, as far as no event had it."""
        # Its motion before was the last event's: back-dated, the two would overlap.
        if group.group_id in self._spent:
            history = self._histories.get(group.group_id)
            return now_s if history is None else history.start_s
        return max(group.since_s, self._free_from_s)

    def _begin(self, start_s: float, now_s: float, moving: Sequence[Group]) -> EventChanges:
        self._open = _Open(
            start_s=start_s,
            still_since_s=None,
            last_motion_s=now_s,
            peak_s=now_s,
            peak_box=union_of(group.box for group in moving),
            peak_area=sum(group.box.area for group in moving),
            state_due_s=start_s + STATE_EACH_S,
            is_on_trial=all(group.is_doubtful for group in moving),
        )
        # Nobody is told until it is known that these are no leaves.
        if self._open.is_on_trial:
            return EventChanges()
        return EventChanges(opened=(self._event(None, label=MOTION),))

    def _name(self, predictions: Sequence[Prediction], label_of: LabelOf) -> bool:
        has_changed = False
        for group_id, own in by_group(predictions).items():
            history, named = self._histories.get(group_id), label_of(group_id)
            if history is not None and named is not None:
                has_changed |= history.named(own, *named)
        return has_changed

    def _name_beside(self, other: Beside) -> None:
        for group_id, own in by_group(other.predictions).items():
            history, named = self._histories.get(group_id), other.label_of(group_id)
            if history is not None and named is not None:
                history.named_beside(other.model, own, *named)

    def _peaked(self, now_s: float) -> EventChanges:
        event = self._open
        if event is None or event.peak_s != now_s:
            return NOTHING
        return EventChanges(peaks=(self._id_of(event),))

    def _id_of(self, event: _Open) -> str:
        return f"{self._zone}@{round(event.start_s * 1000)}"

    def _event(self, ended_by: EndedBy | None, *, label: str | None = None) -> Event:
        event = self._open
        assert event is not None
        end_s = event.last_motion_s if event.still_since_s is None else event.still_since_s
        # Who moved too briefly before it is no part of it, nor who began in the pause behind it.
        segments = sorted(
            (
                replace(
                    segment,
                    start_s=max(segment.start_s, event.start_s),
                    end_s=min(segment.end_s, end_s),
                    # A limb that is expected, but not seen, may lie beyond the picture.
                    box=segment.box.clipped(self._size),
                    trail=tuple(p for p in segment.trail if event.start_s <= p[0] < end_s),
                )
                for history in self._histories.values()
                for segment in history.segments()
                if segment.start_s < end_s and segment.end_s > event.start_s
            ),
            key=lambda segment: (segment.start_s, segment.group),
        )
        best, score = main_label(segments) if label is None else (label, None)
        return Event(
            event_id=self._id_of(event),
            zone=self._zone,
            start_s=event.start_s,
            end_s=end_s,
            label=best,
            score=score,
            peak_s=event.peak_s,
            box=event.peak_box.clipped(self._size),
            segments=tuple(segments),
            ended_by=ended_by,
        )


def _stays_in_restless(group: Group) -> bool:
    """Whether it does not count because it stays where leaves stir or rain falls."""
    standing = group.standing
    return standing is not None and not standing.counts and standing.rule == "displacement"
