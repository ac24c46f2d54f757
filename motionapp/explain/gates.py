"""What motion has to pass to become an event, and how far what moved at one frame got.

The gates stand in order: noise, light, area, zone, travel, persistence, and for an event its
label. Knows the figures in a moment and the settings behind them; `verdicts` puts it in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from motionapp.core.moment import Moment
from motionapp.core.motion import Reasons
from motionapp.core.standing import Standing
from motionapp.core.track import Group, Sought
from motionapp.settings.tree import AnalysisSettings

Gate = Literal["noise", "light", "area", "zone", "travel", "persistence", "label"]

GATES: tuple[Gate, ...] = ("noise", "light", "area", "zone", "travel", "persistence", "label")
"""In the order in which motion meets them."""

UNTOLD = ("priming", "damaged")
"""Pictures that say nothing about what moves."""

MIDDLE_GREY = 128.0
"""A change of light is told as what it does to a pixel of this brightness."""


@dataclass(frozen=True, slots=True)
class Body:
    """How far the body got that came nearest to being an event at one frame."""

    lasted_s: float
    is_sure: bool
    """It has been seen for long enough to be motion at all."""
    standing: Standing | None = None
    """What eligibility said of it; None for what no body is known of."""
    sought: Sought | None = None
    """How long it waited for a search for people; None where none was due."""
    is_person: bool = False
    is_nobody: bool = False
    """A search has twice found no person in it."""
    is_faint: bool = False
    """It was called a person, and may as well be nobody."""

    @property
    def went(self) -> float:
        """How far it has gone, as a share of the picture's height; 0 where nobody asked."""
        return 0.0 if self.standing is None else self.standing.measured

    @property
    def is_weather(self) -> bool:
        """It stays where leaves stir or rain falls, or may: there it has to go somewhere."""
        return self.standing is not None and self.standing.rule == "displacement"

    def needs_to_go(self, settings: AnalysisSettings) -> float:
        """How far it must go to count, as a share of the picture's height."""
        return settings.events.travel if self.standing is None else self.standing.needed


NOBODY = Body(0.0, False)
"""A region that no track follows: there are bounds to how many are."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen at one frame, as far as the gates care."""

    pts_s: float
    frontend: str
    """Whose figures these are: the gate's while nothing is awake behind it."""
    reasons: Reasons
    area: float = 0.0
    """Of the largest region, as a share of the picture; 0 if there is none."""
    body: Body | None = None

    @property
    def light_levels(self) -> float:
        """What the change of light alone does to a pixel of middle grey, in grey levels."""
        return abs(self.reasons.light_offset + (self.reasons.light_gain - 1) * MIDDLE_GREY)


def evidence_of(moment: Moment, settings: AnalysisSettings) -> Evidence:
    """What the gates care about at a moment that has a frame.

    Parameters
    ----------
    moment : Moment
    settings : AnalysisSettings
        Those that it was made with.
    """
    frame, motion = moment.frame, moment.motion
    assert frame is not None
    width, height = frame.epoch.size
    largest_px = max((region.area_px for region in motion.regions), default=0.0)
    return Evidence(
        pts_s=frame.pts_s,
        frontend=motion.frontend,
        reasons=motion.reasons,
        area=largest_px / (width * height),
        body=_best_body(moment, frame.pts_s, settings),
    )


def _best_body(moment: Moment, now_s: float, settings: AnalysisSettings) -> Body | None:
    """The body that came nearest to being an event; while none is sure, the best of its tracks."""
    standings = {group.group_id: group.standing for group in moment.groups}
    bodies = [_body_of(group, now_s) for group in moment.groups if group.is_seen] or [
        Body(track.watched_s, track.is_confirmed, standings.get(track.group_id))
        for track in moment.tracks
        if track.is_seen
    ]
    return max(bodies, key=lambda body: _body_rank(body, settings), default=None)


def _body_of(group: Group, now_s: float) -> Body:
    return Body(
        now_s - group.born_s, True, group.standing, group.sought,
        is_person=group.person > 0, is_nobody=group.is_nobody, is_faint=group.is_faint,
    )  # fmt: skip


def _body_rank(body: Body, settings: AnalysisSettings) -> tuple[bool, float, float]:
    if body.went < body.needs_to_go(settings):
        return False, body.went, body.lasted_s
    return True, float(body.is_sure), body.lasted_s


def rank(evidence: Evidence, settings: AnalysisSettings) -> tuple[int, float]:
    """How far what moved got: the number of the gate that stopped it, and how nearly it passed.

    Parameters
    ----------
    evidence : Evidence
    settings : AnalysisSettings

    Returns
    -------
    gate : int
        An index of `GATES`; that of `label` where every gate before let it through.
    nearness : float
        The measured value over the one needed, 0 to 1.
    """
    rules, body = settings.events, evidence.body or NOBODY
    if evidence.area > 0:
        least = body.needs_to_go(settings)
        if body.went < least:
            return GATES.index("travel"), body.went / least
        if not body.is_sure:  # the first half of lasting is to be sure at all
            return GATES.index("persistence"), _share(
                body.lasted_s, settings.tracking.confirm_s
            ) / 2
        if body.lasted_s < rules.persist_s:
            return GATES.index("persistence"), 0.5 + body.lasted_s / rules.persist_s / 2
        return GATES.index("label"), 0.0
    gate, nearness = _left_out(evidence, least_area(evidence, settings))
    return GATES.index(gate), nearness


def _left_out(evidence: Evidence, least: float) -> tuple[Gate, float]:
    """Which gate of the front-end left everything out, and how nearly it did not."""
    reasons = evidence.reasons
    # Single pixels may differ outside of the zones at any time: they hide nothing.
    if reasons.declined == "clock" or (reasons.declined == "zone" and reasons.outside >= least):
        return "zone", min(1.0, reasons.outside)
    if reasons.declined == "stirring":
        return "area", min(1.0, reasons.share)
    strength = _share(reasons.strongest, reasons.threshold)
    if reasons.declined == "light" or reasons.share > reasons.light_share:
        return "light", strength
    if reasons.rejected_area > 0:
        return "area", _share(reasons.rejected_area, least)
    return "light" if evidence.light_levels > reasons.threshold > 0 else "noise", strength


def _share(measured: float, needed: float) -> float:
    return min(1.0, measured / needed) if needed > 0 else 1.0


def least_area(evidence: Evidence, settings: AnalysisSettings) -> float:
    """The smallest share of the picture that is a region to the front-end behind the evidence."""
    part = getattr(settings, evidence.frontend)
    return float(getattr(part, "min_area", 0.0))  # who sees persons has no smallest area
