"""The command line of `motionapp find` as a question, checked before anything is opened."""

from __future__ import annotations

import argparse
import re
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

from motionapp.catalogue.question import Question, Range, range_of
from motionapp.cli.times import seconds_of
from motionapp.core.errors import SettingsError

MOST_LINES: Final = 50
"""Printed where nobody says how many; what is made of the hits has all."""
MOST_ALIKE: Final = 10
"""Where it is asked what is alike: the farther, the less it says."""
MOST_ASKED: Final = 2**62
"""What the tables are asked for at most; no catalogue has so many."""
FORMATS: Final = {
    ".csv": "csv",
    ".json": "json",
    ".edl": "edl",
    ".otio": "otio",
    ".ffmeta": "chapters",
    ".ffmetadata": "chapters",
}
"""What a file's ending asks for."""


def question_from(arguments: argparse.Namespace, zone: tzinfo | None) -> Question:
    """What is asked for.

    Parameters
    ----------
    arguments : argparse.Namespace
    zone : tzinfo or None
        Of times without an offset.

    Raises
    ------
    SettingsError
        A time or a range is none, or ends before it begins.
    """
    from_, to = (
        None if text is None else _time(option, text, zone)
        for option, text in (("--from", arguments.from_), ("--to", arguments.to))
    )
    if from_ is not None and to is not None:
        _check_order(from_, to)
    return Question(
        labels=_named("--label", arguments.label),
        cameras=_named("--camera", arguments.camera),
        zones=_named("--zone", arguments.zone),
        recording=_text("--recording", arguments.recording),
        from_=from_,
        to=to,
        size=_range("--size", arguments.size, most=1.0),
        duration_s=_range("--duration", arguments.duration),
        score=_range("--score", arguments.score, most=1.0),
        similar=_text("--similar", arguments.similar),
        limit=_limit(arguments),
    )


def zone_from(arguments: argparse.Namespace) -> tzinfo | None:
    """The zone that is named; None: that of each recording.

    Raises
    ------
    SettingsError
        There is none of that name.
    """
    if arguments.time_zone is None:
        return None
    from motionapp.sources.start_time import zone_called

    try:
        return zone_called(arguments.time_zone)
    except SettingsError as error:
        raise SettingsError(str(error).replace("run.time_zone", "--time-zone")) from error


def checked_format(arguments: argparse.Namespace) -> str:
    """What the export is written as; empty where there is none.

    Raises
    ------
    SettingsError
        The ending of a file tells of nothing that can be written.
    """
    for option, path, endings in (
        ("--sheet", arguments.sheet, (".jpg", ".jpeg", ".png")),
        ("--digest", arguments.digest, (".mp4",)),
    ):
        if path is not None and path.suffix.lower() not in endings:
            raise SettingsError(f"{option} {path}: name a file that ends in {' or '.join(endings)}")
    if arguments.export is None:
        if arguments.format is not None:
            raise SettingsError("--format says how --export is written: name a file with that")
        return ""
    return _format_of(arguments.export, arguments.format)


def _format_of(path: Path, named: str | None) -> str:
    known = tuple(dict.fromkeys(FORMATS.values()))
    if named is not None:
        if named not in known:
            raise SettingsError(f"--format {named}: choose from {', '.join(known)}")
        return named
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise SettingsError(
            f"--export {path}: what it is to be is not told by its ending: use "
            f"{', '.join(FORMATS)}, or say --format {'|'.join(known)}"
        )
    return form


def _named(option: str, given: list[str]) -> tuple[str, ...]:
    """Names as they are given, of which none is empty."""
    for text in given:
        _text(option, text.replace(",", " "))
    return tuple(given)


def _text(option: str, given: str | None) -> str:
    """A text that says something; empty where the option is not given."""
    if given is not None and not given.strip():
        raise SettingsError(f"{option} is empty: is a variable of the command line unset?")
    return given or ""


def _limit(arguments: argparse.Namespace) -> int | None:
    limit: int | None = arguments.limit
    if limit is not None:
        if limit < 0:
            raise SettingsError(f"--limit {limit}: give 0 for all, or more")
        return min(limit, MOST_ASKED) or None
    if arguments.similar:
        return MOST_ALIKE
    made = (arguments.export, arguments.sheet, arguments.digest, arguments.clips)
    is_all = arguments.json or any(one is not None for one in made)
    return None if is_all else MOST_LINES


def _range(option: str, text: str | None, *, most: float | None = None) -> Range | None:
    if text is None:
        return None
    try:
        found = range_of(text)
    except SettingsError as error:
        raise SettingsError(f"{option}: {error}") from error
    if most is not None and max(found.low or 0.0, found.high or 0.0) > most:
        raise SettingsError(
            f"{option} {text}: it is a share, from 0 to {most:g}: give 0.05..0.2, or 5%..20%"
        )
    return found


def _time(option: str, text: str, zone: tzinfo | None) -> datetime | float:
    """An instant, or seconds of the recording."""
    if re.fullmatch(r"(19|20)[0-9]{6}", text.strip()):  # half a year of seconds, or a day
        raise SettingsError(
            f"{option}: {text!r} may be a date: write 2026-05-01, or seconds with a decimal"
        )
    try:
        return seconds_of(text)
    except argparse.ArgumentTypeError:
        pass
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise SettingsError(
            f"{option}: {text!r} is no time: give an instant (2026-05-01T18:00:00+02:00), or "
            "seconds of the recording (90, or 1:30)"
        ) from error
    if instant.tzinfo is None:
        if zone is None:
            raise SettingsError(
                f"{option}: {text!r} does not say of which zone it is: add its offset "
                "(+02:00, or Z), or --time-zone Europe/Zurich"
            )
        instant = instant.replace(tzinfo=zone)
    return instant


def _check_order(from_: datetime | float, to: datetime | float) -> None:
    if isinstance(from_, datetime) != isinstance(to, datetime):
        raise SettingsError(
            "--from and --to are an instant and seconds of the recording: give two of a kind"
        )
    # Both are of one kind by now, which the type does not tell.
    if not from_ < to:  # type: ignore[operator]
        raise SettingsError("--to is not later than --from: nothing lies between them")
