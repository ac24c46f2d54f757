"""Parts of a recording become one again: what they have found, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from motionapp.batch.one import Outcome
from motionapp.batch.part_result import PartResult
from motionapp.batch.slowness import Slowness
from motionapp.core.moment import Moment


def outcome_of(found: Sequence[PartResult], *, naming_step_s: float | None) -> Outcome:
    """What the analysis of the whole would have given.

    Parameters
    ----------
    found : sequence of PartResult
        In the order of time, each handing over to the next, none in trouble; at least one.
    naming_step_s : float or None
        Seconds between pictures up to which a network can name; None without one.

    Returns
    -------
    Outcome
    """
    own = [part for part in found if part.frames]
    slowness = Slowness()
    for part in own:
        slowness.include(dict(part.steps_s))
    notes = [own[0].note, slowness.note(naming_step_s=naming_step_s)]
    crossings = [crossing for part in own for crossing in part.crossings]
    return Outcome(
        events=tuple(event for part in own for event in part.events),
        frames=sum(part.frames for part in own),
        size=own[0].size,
        duration_s=own[-1].ends_s - own[0].stamps[0].pts_s,
        crossings=tuple(sorted(crossings, key=lambda one: one.t_s)),
        note="; ".join(filter(None, notes)) or None,
    )


def moments_of(found: Sequence[PartResult], source_name: str) -> Iterator[Moment]:
    """What sinks that are closed at the end would have been told.

    Parameters
    ----------
    found : sequence of PartResult
        As for `outcome_of`.
    source_name : str

    Yields
    ------
    Moment
        One for every stamp, and one that closes all events of a part.
    """
    for part in found:
        for stamp in part.stamps:
            yield Moment(source_name, stamp.frame())
        yield Moment(source_name, None, closed=part.events, crossings=part.crossings)
