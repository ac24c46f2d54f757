"""`motionapp flow`: where every pixel of a picture went in another."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from motionapp.core.errors import OutputError, SettingsError, SourceError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SUFFIXES = (".flo", ".png")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the two pictures, the preset, and where the flow goes."""
    parser.add_argument("then", type=Path, metavar="A", help="the earlier picture")
    parser.add_argument("now", type=Path, metavar="B", help="the later one, of the same size")
    parser.add_argument(
        "--preset",
        default="fast",
        metavar="NAME",
        help="fast (default), best or ultrafast: quality against time",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="F.flo: pixels from A to B, as the Middlebury benchmark has them; F.png: as colours",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the flow at the pictures' own size, and print how far things went."""
    import numpy as np

    from motionapp.files.atomic import make_place, publish, stage_bytes
    from motionapp.frontends.flow.dense import PICTURES, DenseFlow
    from motionapp.runtime import apply_threads, plan_threads
    from motionapp.settings.frontends import flow_preset

    preset = flow_preset(arguments.preset)
    out: Path = arguments.out
    _check_out(out, (arguments.then, arguments.now))
    then, now = _pair(arguments.then, arguments.now)
    make_place(out)
    apply_threads(plan_threads())
    flow = DenseFlow(PICTURES[preset]).displacement(then, now)
    stage_bytes(out, _content(out, flow))
    publish(out)
    went_px = np.hypot(flow[..., 0], flow[..., 1])
    print(f"{out}: {np.median(went_px):.2f} px in the median, {went_px.max():.1f} px at most")
    return 0


def _check_out(out: Path, pictures: tuple[Path, Path]) -> None:
    """Before any work: a name that says what is wanted, and that is none of the pictures."""
    from motionapp.files.atomic import one_of

    if out.suffix.lower() not in SUFFIXES:
        raise SettingsError(f"--out is {out}: its name ends with {' or '.join(SUFFIXES)}")
    if one_of(out, pictures) is not None:
        raise SettingsError(f"--out is {out}, which is one of the pictures: name another file")


def _pair(earlier: Path, later: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Both pictures as luma, of one size."""
    from motionapp.frontends.flow.dense import SMALLEST_PX

    then, now = _luma(earlier), _luma(later)
    if then.shape != now.shape:
        raise SourceError(
            f"{earlier} has {_size(then)} pixels and {later} {_size(now)}: "
            "give two pictures of one size"
        )
    if min(then.shape) < SMALLEST_PX:
        raise SourceError(
            f"{earlier} has {_size(then)} pixels: each side needs at least {SMALLEST_PX}"
        )
    return then, now


def _luma(path: Path) -> NDArray[np.uint8]:
    import cv2
    import numpy as np

    from motionapp.sources.images import read_image

    bgr = read_image(path)
    if bgr is None:
        there = "cannot be read as a picture" if path.exists() else "is not there"
        raise SourceError(f"{path} {there}: name a JPEG, PNG or the like")
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)


def _size(luma: NDArray[np.uint8]) -> str:
    return f"{luma.shape[1]}x{luma.shape[0]}"


def _content(out: Path, flow: NDArray[np.float32]) -> bytes:
    """The file's bytes, by its name."""
    if out.suffix.lower() == ".flo":
        from motionapp.files.flo import flo_bytes

        return flo_bytes(flow)
    import cv2

    from motionapp.overlay.flow import flow_picture, full_speed
    from motionapp.overlay.legends import draw_legend

    full_px = full_speed(flow)
    picture = flow_picture(flow, full_px_s=full_px)
    draw_legend(picture, full_px, "px")
    is_made, content = cv2.imencode(".png", picture)
    if not is_made:
        raise OutputError(f"{out} cannot be written as a picture")
    return content.tobytes()
