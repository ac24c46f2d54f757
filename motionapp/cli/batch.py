"""`motionapp batch`: recordings and folders of them into files."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from motionapp.cli.options import add_analysis_options, settings_from
from motionapp.cli.times import instant_of, seconds_of

if TYPE_CHECKING:
    from motionapp.batch.desk import Desk
    from motionapp.batch.run import BatchReport
    from motionapp.settings.tree import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the inputs, the folder of results, what is read and written, and how it is done."""
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="a recording, a folder of them, a pattern such as 'cam1/**/*.mp4', "
        "a folder of numbered images, or synthetic:NAME",
    )
    parser.add_argument(
        "--out", type=place_of, required=True, metavar="DIR", help="where the results are written"
    )
    add_analysis_options(parser)
    _add_reading(parser.add_argument_group("what is read"))
    _add_scan(parser.add_argument_group("fast scan"))
    written = parser.add_argument_group("what is written")
    _add_writing(written)
    _add_catalogue(written)
    _add_running(parser.add_argument_group("run"))


def folder_of(text: str) -> Path:
    """A folder's name.

    Raises
    ------
    argparse.ArgumentTypeError
        It is empty, which would be the folder that one happens to be in.
    """
    if not text:
        raise argparse.ArgumentTypeError("it is empty: is a variable of the command line unset?")
    return Path(text)


def place_of(text: str) -> str:
    """A folder's name, or the address of one in a store.

    Raises
    ------
    argparse.ArgumentTypeError
        It is empty, or the address of something that no results can go to.
    """
    from motionapp.core.addresses import is_stream, shown
    from motionapp.files.store import is_store, is_web

    folder_of(text)
    if is_stream(text) and (is_web(text) or not is_store(text)):
        raise argparse.ArgumentTypeError(
            f"{shown(text)} takes no results: give a folder, or an address of s3://, gs:// or "
            "sftp://"
        )
    return text


def catalogue_at(text: str | None) -> str | None:
    """A catalogue's folder from the root: workers, and later runs, may stand elsewhere."""
    return os.path.abspath(text) if text and "://" not in text else text


def _add_reading(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--start", type=seconds_of, metavar="TIME", help="from here on: seconds, or [HH:]MM:SS"
    )
    group.add_argument("--end", type=seconds_of, metavar="TIME", help="up to here")
    group.add_argument(
        "--join",
        action="store_true",
        default=None,
        help="all recordings are one, in their order, with one time line",
    )
    group.add_argument(
        "--start-time",
        type=instant_of,
        metavar="INSTANT",
        help="when the first frame was taken: 2026-05-01T18:00:00+02:00",
    )
    group.add_argument(
        "--time-zone",
        metavar="ZONE",
        help="of the times in recordings' names, Europe/Zurich say (default: UTC)",
    )
    group.add_argument(
        "--stream",
        type=int,
        metavar="N",
        help="which of several videos in a recording, from 1 (default: the one players show)",
    )


def _add_scan(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--scan",
        choices=("exact", "fast"),
        help="fast: stretches in which nothing moves are skipped, by the sizes of their packets, "
        "and named in the results (default: exact)",
    )
    group.add_argument(
        "--scan-threshold",
        type=float,
        metavar="SD",
        help="fast: what stands out by so many standard deviations is looked at; less finds more "
        "and takes longer (default: 2.25)",
    )


def _add_writing(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--annotated",
        action="store_true",
        default=None,
        help="also write a video with boxes and labels",
    )
    group.add_argument(
        "--clips",
        choices=("none", "copy", "encode"),
        help="a video an event: copied from the nearest key frame, or cut exactly",
    )
    group.add_argument(
        "--report", action="store_true", default=None, help="a page to look through, with pictures"
    )
    group.add_argument(
        "--masks", action="store_true", default=None, help="every frame's mask of what moves"
    )
    group.add_argument(
        "--frames", choices=("none", "jsonl", "parquet"), help="what is known at every frame"
    )


def _add_catalogue(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--catalog",
        metavar="DIR",
        help="also keep the events in this folder, to ask for them with motionapp find",
    )
    group.add_argument(
        "--camera",
        metavar="NAME",
        help="... as this camera's (default: the name of the folder that a recording lies in)",
    )


def _add_running(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="recordings, or parts of long ones, at the same time (default: 1)",
    )
    group.add_argument(
        "--cluster",
        default="",
        metavar="WHERE",
        help="on Dask workers instead: tcp://HOST:PORT of a scheduler, or local:N",
    )
    group.add_argument(
        "--hwaccel",
        metavar="none|auto|NAME",
        help="decode by a graphics chip where one can (cuda, vaapi...); results may differ a "
        "little (default: none)",
    )
    group.add_argument(
        "--fresh", action="store_true", help="do again what an earlier run has done already"
    )
    group.add_argument(
        "--progress", choices=("lines", "json"), default="lines", help=argparse.SUPPRESS
    )


def run(arguments: argparse.Namespace) -> int:
    """Analyse the inputs; prints where the summary is."""
    settings = settings_from(
        arguments,
        run__annotated=arguments.annotated,
        run__clips=arguments.clips,
        run__report=arguments.report,
        run__masks=arguments.masks,
        run__frames=arguments.frames,
        run__catalog=catalogue_at(arguments.catalog),
        run__camera=arguments.camera,
        run__start_s=arguments.start,
        run__end_s=arguments.end,
        run__join=arguments.join,
        run__start_utc=arguments.start_time,
        run__time_zone=arguments.time_zone,
        run__video_stream=arguments.stream,
        run__scan=arguments.scan,
        run__scan_threshold=arguments.scan_threshold,
        run__workers=arguments.workers,
        run__hwaccel=arguments.hwaccel,
    )
    from motionapp.batch.record import closing_line

    with _term_is_interrupt(), _desk(arguments.out) as (folder, desk):
        report = _run(arguments, settings, folder, desk)
    place = report.summary if desk is None else f"{desk.home}/{report.summary.name}"
    if len(report.records) > 1:
        print(f"motionapp: {closing_line(report.records)}: see {place}", file=sys.stderr)
    print(place)
    return report.exit_code


def _run(
    arguments: argparse.Namespace, settings: Settings, folder: Path, desk: Desk | None
) -> BatchReport:
    from motionapp.batch.run import run_batch

    return run_batch(
        arguments.inputs,
        folder,
        settings,
        messages=sys.stderr,
        is_fresh=arguments.fresh,
        as_json=arguments.progress == "json",
        cluster=arguments.cluster,
        desk=desk,
    )


@contextmanager
def _desk(out: str) -> Iterator[tuple[Path, Desk | None]]:
    """The folder of results; for a store, one that is brought there."""
    from motionapp.batch.desk import desk_for
    from motionapp.files.store import is_store

    if not is_store(out):
        yield Path(out), None
        return
    with desk_for(out) as desk:
        yield desk.folder, desk


@contextmanager
def _term_is_interrupt() -> Iterator[None]:
    """`systemctl stop` and `docker stop` end a batch as tidily as Ctrl-C does."""
    former = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)
