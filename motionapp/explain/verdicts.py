"""What each gate said, in figures and words, and what would have changed its mind."""

from __future__ import annotations

import math
from dataclasses import dataclass

from motionapp.events.eligibility.displacement import WITHIN_S
from motionapp.explain.gates import GATES, NOBODY, Body, Evidence, Gate, least_area, rank
from motionapp.settings.tree import AnalysisSettings

UNITS = {
    "absdiff": "grey levels",
    "flow": "px/s",
    "pose": "body lengths/s",
    "background": "levels of a colour",
    "codec": "px/s",
}
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


def verdicts(evidence: Evidence, settings: AnalysisSettings) -> tuple[Verdict, ...]:
    """What each gate said, up to the one that stopped it.

    Parameters
    ----------
    evidence : Evidence
    settings : AnalysisSettings

    Returns
    -------
    tuple of Verdict
        In order; all but perhaps the last one passed. The label is not among them.
    """
    stop = rank(evidence, settings)[0]
    let_through = (_noise_passed, _light_passed, _area_passed, _zone_passed, _travel, _persistence)
    stopping = (_noise_stop, _light_stop, _area_stop, _zone_stop, _travel, _persistence)
    said = [judge(evidence, settings) for judge in let_through[:stop]]
    if stop < GATES.index("label"):
        said.append(stopping[stop](evidence, settings))
    return tuple(said)


def _noise_passed(evidence: Evidence, settings: AnalysisSettings) -> Verdict:
    reasons, unit = evidence.reasons, UNITS.get(evidence.frontend, "")
    strongest = max(reasons.strongest, evidence.light_levels)
    sentence = f"It differs by {strongest:.1f} {unit}; {reasons.threshold:.1f} may be noise."
    sentence += _camera(reasons.camera_px)
    return Verdict("noise", strongest, reasons.threshold, unit, True, sentence)


def _camera(moved_px: float) -> str:
    """What is said of a camera that moves; nothing of one that stands."""
    if not moved_px:
        return ""
    return f" The camera moves: the picture was moved back by {moved_px:.1f} px before."


def _covered(settings: AnalysisSettings) -> str:
    """What is said of privacy zones; nothing where there are none."""
    names = [zone.name for zone in settings.zones if zone.kind == "privacy"]
    return f" Nobody sees what is covered for privacy ({', '.join(names)})." if names else ""


def _noise_stop(evidence: Evidence, settings: AnalysisSettings) -> Verdict:
    reasons, unit = evidence.reasons, UNITS.get(evidence.frontend, "")
    most = f"{reasons.strongest:.1f} {unit}"
    sentence = f"Nothing differs by more than {most}, and {reasons.threshold:.1f} may be noise."
    if reasons.strongest > reasons.threshold:
        sentence = f"Single pixels differ by up to {most}, and nothing larger does."
    if reasons.declined == "camera":
        sentence = "The camera moved, and all that changed may be that."
    sentence += _camera(reasons.camera_px) + _covered(settings)
    return Verdict(
        gate="noise",
        measured=reasons.strongest,
        threshold=reasons.threshold,
        unit=unit,
        passed=False,
        sentence=sentence,
        setting=f"analysis.{evidence.frontend}.sensitivity",
        needed=_sensitivity(evidence, settings),
    )


def _sensitivity(evidence: Evidence, settings: AnalysisSettings) -> float:
    """At which the strongest difference would reach the threshold, or a little more than now."""
    own = float(getattr(settings, evidence.frontend).sensitivity)
    reasons = evidence.reasons
    ratio = reasons.threshold / reasons.strongest if reasons.strongest > 0 else A_LITTLE
    return rounded_up(own * (ratio if ratio > 1 else A_LITTLE))


def _light_passed(evidence: Evidence, settings: AnalysisSettings) -> Verdict:
    reasons = evidence.reasons
    sentence = "It is more than a change of light."
    return Verdict("light", reasons.share, reasons.light_share, PICTURE, True, sentence)


def _light_stop(evidence: Evidence, settings: AnalysisSettings) -> Verdict:
    reasons = evidence.reasons
    if reasons.share > reasons.light_share:
        return Verdict(
            gate="light",
            measured=reasons.share,
            threshold=reasons.light_share,
            unit=PICTURE,
            passed=False,
            sentence=f"{percent(reasons.share)} of the picture changed at once, and nothing in it "
            "has hard borders: that is light.",
            setting=f"analysis.{evidence.frontend}.light_share",
            needed=min(1.0, rounded_up(reasons.share)),
        )
    is_soft = reasons.declined == "light"
    return Verdict(
        gate="light",
        measured=reasons.strongest,
        threshold=reasons.threshold,
        unit=UNITS.get(evidence.frontend, ""),
        passed=False,
        sentence=(
            "What changed has soft borders, or runs over the picture in bands: that is light."
            if is_soft
            else f"The light changed by {evidence.light_levels:.1f} grey levels; what is left "
            f"differs by {reasons.strongest:.1f}."
        ),
        setting=None if is_soft else f"analysis.{evidence.frontend}.sensitivity",
        needed=None if is_soft else _sensitivity(evidence, settings),
    )


def _area_passed(evidence: Evidence, settings: AnalysisSettings) -> Verdict:
    covered, least = max(evidence.area, evidence.reasons.outside), least_area(evidence, settings)
    sentence = f"It covers {percent(covered)} of the picture; {percent(least)} is the least."
    return Verdict("area", covered, least, PICTURE, True, sentence)


def _area_stop(evidence: Evidence, settings: AnalysisSettings) -> Verdict:
    reasons, least = evidence.reasons, least_area(evidence, settings)
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
        setting=f"analysis.{evidence.frontend}.min_area",
        needed=rounded_down(reasons.rejected_area),
    )


def _zone_passed(evidence: Evidence, settings: AnalysisSettings) -> Verdict:
    is_parted = any(zone.kind != "line" for zone in settings.zones)
    sentence = "It is where motion counts." if is_parted else "Everything is watched."
    least = least_area(evidence, settings)
    return Verdict("zone", evidence.area, least, PICTURE, True, sentence)


def _zone_stop(evidence: Evidence, settings: AnalysisSettings) -> Verdict:
    reasons = evidence.reasons
    is_clock = reasons.declined == "clock"
    return Verdict(
        gate="zone",
        measured=0.0,
        threshold=least_area(evidence, settings),
        unit=PICTURE,
        passed=False,
        sentence=(
            "What moves is a burned-in clock or counter."
            if is_clock
            else f"What moves, {percent(reasons.outside)} of the picture, lies where nobody "
            f"watches.{_covered(settings)}"
        ),
        setting="analysis.absdiff.ignore_clocks" if is_clock else "analysis.zones",
        needed=False if is_clock else None,
    )


def _travel(evidence: Evidence, settings: AnalysisSettings) -> Verdict:
    body = evidence.body or NOBODY
    gone, least = body.went, body.needs_to_go(settings)
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


def _persistence(evidence: Evidence, settings: AnalysisSettings) -> Verdict:
    body = evidence.body or NOBODY
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


def search_text(body: Body | None) -> str:
    """What a search for people said of a body, and how long that took; empty where none was due."""
    if body is None or body.sought is None:
        return ""
    waited_s, looks = body.sought
    if not looks:
        return f"No search for people has looked at it yet: it has waited for {waited_s:.2f} s."
    found = "nobody"
    if body.is_person:
        found = "a person, faintly" if body.is_faint else "a person"
    return f"A search for people looked at it {waited_s:.2f} s after it came and found {found}."


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
