"""What each gate said, in figures and words, and what would have changed its mind."""

from __future__ import annotations

import math
from dataclasses import dataclass

from motionapp.events.gates import GATES, NOBODY, Gate, Glimpse, least_area, rank
from motionapp.events.passing import WITHIN_S
from motionapp.settings.tree import AnalysisSettings

UNITS = {"absdiff": "grey levels", "flow": "px/s", "pose": "body heights/s"}
"""Of the figures that a front-end compares with its threshold."""

A_LITTLE = 1.2
"""Where a figure does not say by how much a gate was missed, so many times more is tried first."""

PICTURE = "of the picture"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one gate said, and what would have changed its mind."""

    gate: Gate
    measured: float
    threshold: float
    unit: str
    """Of both figures; empty for a bare number."""
    passed: bool
    sentence: str
    setting: str | None = None
    """Key path of the setting that would have let it through; None if it passed, or if no value
    of a setting would."""
    needed: float | bool | None = None
    """The value that this setting needs, as far as one look can tell; None where that is not one
    figure."""


def verdicts(glimpse: Glimpse, settings: AnalysisSettings) -> tuple[Verdict, ...]:
    """What each gate said, up to the one that stopped it.

    Parameters
    ----------
    glimpse : Glimpse
    settings : AnalysisSettings

    Returns
    -------
    tuple of Verdict
        In order; all but perhaps the last one passed. The label is not among them.
    """
    stop = rank(glimpse, settings)[0]
    let_through = (_noise_passed, _light_passed, _area_passed, _zone_passed, _travel, _persistence)
    stopping = (_noise_stop, _light_stop, _area_stop, _zone_stop, _travel, _persistence)
    said = [judge(glimpse, settings) for judge in let_through[:stop]]
    if stop < GATES.index("label"):
        said.append(stopping[stop](glimpse, settings))
    return tuple(said)


def _noise_passed(glimpse: Glimpse, settings: AnalysisSettings) -> Verdict:
    reasons, unit = glimpse.reasons, UNITS.get(glimpse.frontend, "")
    strongest = max(reasons.strongest, glimpse.light_levels)
    sentence = f"It differs by {strongest:.1f} {unit}; {reasons.threshold:.1f} may be noise."
    return Verdict("noise", strongest, reasons.threshold, unit, True, sentence)


def _noise_stop(glimpse: Glimpse, settings: AnalysisSettings) -> Verdict:
    reasons, unit = glimpse.reasons, UNITS.get(glimpse.frontend, "")
    most = f"{reasons.strongest:.1f} {unit}"
    sentence = f"Nothing differs by more than {most}, and {reasons.threshold:.1f} may be noise."
    if reasons.strongest > reasons.threshold:
        sentence = f"Single pixels differ by up to {most}, and nothing larger does."
    return Verdict(
        gate="noise",
        measured=reasons.strongest,
        threshold=reasons.threshold,
        unit=unit,
        passed=False,
        sentence=sentence,
        setting=f"analysis.{glimpse.frontend}.sensitivity",
        needed=_sensitivity(glimpse, settings),
    )


def _sensitivity(glimpse: Glimpse, settings: AnalysisSettings) -> float:
    """At which the strongest difference would reach the threshold, or a little more than now."""
    own = float(getattr(settings, glimpse.frontend).sensitivity)
    reasons = glimpse.reasons
    ratio = reasons.threshold / reasons.strongest if reasons.strongest > 0 else A_LITTLE
    return rounded_up(own * (ratio if ratio > 1 else A_LITTLE))


def _light_passed(glimpse: Glimpse, settings: AnalysisSettings) -> Verdict:
    reasons = glimpse.reasons
    sentence = "It is more than a change of light."
    return Verdict("light", reasons.share, reasons.light_share, PICTURE, True, sentence)


def _light_stop(glimpse: Glimpse, settings: AnalysisSettings) -> Verdict:
    reasons = glimpse.reasons
    if reasons.share > reasons.light_share:
        return Verdict(
            gate="light",
            measured=reasons.share,
            threshold=reasons.light_share,
            unit=PICTURE,
            passed=False,
            sentence=f"{percent(reasons.share)} of the picture changed at once, and nothing in it "
            "has hard borders: that is light.",
            setting=f"analysis.{glimpse.frontend}.light_share",
            needed=min(1.0, rounded_up(reasons.share)),
        )
    is_soft = reasons.declined == "light"
    return Verdict(
        gate="light",
        measured=reasons.strongest,
        threshold=reasons.threshold,
        unit=UNITS.get(glimpse.frontend, ""),
        passed=False,
        sentence=(
            "What changed has soft borders, or runs over the picture in bands: that is light."
            if is_soft
            else f"The light changed by {glimpse.light_levels:.1f} grey levels; what is left "
            f"differs by {reasons.strongest:.1f}."
        ),
        setting=None if is_soft else f"analysis.{glimpse.frontend}.sensitivity",
        needed=None if is_soft else _sensitivity(glimpse, settings),
    )


def _area_passed(glimpse: Glimpse, settings: AnalysisSettings) -> Verdict:
    covered, least = max(glimpse.area, glimpse.reasons.outside), least_area(glimpse, settings)
    sentence = f"It covers {percent(covered)} of the picture; {percent(least)} is the least."
    return Verdict("area", covered, least, PICTURE, True, sentence)


def _area_stop(glimpse: Glimpse, settings: AnalysisSettings) -> Verdict:
    reasons, least = glimpse.reasons, least_area(glimpse, settings)
    if reasons.declined == "stirring":
        return Verdict(
            gate="area",
            measured=reasons.share,
            threshold=least,
            unit=PICTURE,
            passed=False,
            sentence="What moves are many small parts, as leaves and rain are; none stands out.",
            setting="analysis.absdiff.ignore_stirring",
            needed=False,
        )
    return Verdict(
        gate="area",
        measured=reasons.rejected_area,
        threshold=least,
        unit=PICTURE,
        passed=False,
        sentence=f"The largest part that moves covers {percent(reasons.rejected_area)} of the "
        f"picture, and {percent(least)} is the least.",
        setting=f"analysis.{glimpse.frontend}.min_area",
        needed=rounded_down(reasons.rejected_area),
    )


def _zone_passed(glimpse: Glimpse, settings: AnalysisSettings) -> Verdict:
    sentence = "It is where motion counts." if settings.zones else "Everything is watched."
    least = least_area(glimpse, settings)
    return Verdict("zone", glimpse.area, least, PICTURE, True, sentence)


def _zone_stop(glimpse: Glimpse, settings: AnalysisSettings) -> Verdict:
    reasons = glimpse.reasons
    is_clock = reasons.declined == "clock"
    return Verdict(
        gate="zone",
        measured=0.0,
        threshold=least_area(glimpse, settings),
        unit=PICTURE,
        passed=False,
        sentence=(
            "What moves is a burned-in clock or counter."
            if is_clock
            else f"What moves, {percent(reasons.outside)} of the picture, lies where nobody "
            "watches."
        ),
        setting="analysis.absdiff.ignore_clocks" if is_clock else "analysis.zones",
        needed=False if is_clock else None,
    )


def _travel(glimpse: Glimpse, settings: AnalysisSettings) -> Verdict:
    body = glimpse.body or NOBODY
    gone, least = body.gone, body.needs_to_go(settings)
    passed = gone >= least
    went = f"It went {percent(gone)} of the picture's height from where it began"
    if body.is_weather and not passed:
        return Verdict(
            gate="travel",
            measured=gone,
            threshold=least,
            unit="of the height",
            passed=False,
            sentence=f"{went}. Leaves stir or rain falls there, and {percent(least)} within "
            f"{WITHIN_S:g} s is the least.",
            setting="analysis.absdiff.ignore_stirring",
            needed=False,
        )
    return Verdict(
        gate="travel",
        measured=gone,
        threshold=least,
        unit="of the height",
        passed=passed,
        sentence=f"{went}; {percent(least)} is the least." if least else "It need not go anywhere.",
        setting=None if passed else "analysis.events.travel",
        needed=None if passed else rounded_down(gone),
    )


def _persistence(glimpse: Glimpse, settings: AnalysisSettings) -> Verdict:
    body = glimpse.body or NOBODY
    key = "events.persist_s" if body.is_sure else "tracking.confirm_s"
    least_s = settings.events.persist_s if body.is_sure else settings.tracking.confirm_s
    passed = body.is_sure and body.lasted_s >= least_s
    return Verdict(
        gate="persistence",
        measured=body.lasted_s,
        threshold=least_s,
        unit="s",
        passed=passed,
        sentence=(
            f"It moves for {body.lasted_s:.2f} s; {least_s:.2f} s is the least."
            if body.is_sure
            else f"It was seen for {body.lasted_s:.2f} s in all; before {least_s:.2f} s it counts "
            "as a speck."
        ),
        setting=None if passed else f"analysis.{key}",
        # Two times subtracted are a trifle off: 0.2 s may be a little less.
        needed=None if passed else rounded_down(body.lasted_s - 1e-6),
    )


def percent(share: float) -> str:
    """A share as a person reads it, also a small one: ``0.04 %``."""
    return f"{100 * share:.2g} %" if share < 0.995 else "100 %"


def rounded_up(value: float) -> float:
    """To the next number of two digits: 1.43 becomes 1.5."""
    step = _last_digit(value)
    return round(math.ceil(value / step - 1e-9) * step, 10)


def rounded_down(value: float) -> float:
    """To the number of two digits below: 0.278 becomes 0.27; 0 stays 0."""
    if value <= 0:
        return 0.0
    step = _last_digit(value)
    return round(math.floor(value / step + 1e-9) * step, 10)


def _last_digit(value: float) -> float:
    """Worth of the second digit of a number above 0."""
    return 10.0 ** (math.floor(math.log10(value)) - 1)
