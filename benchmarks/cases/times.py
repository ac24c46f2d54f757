"""Recordings whose times or whose picture differed from what a player shows."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import cv2
import numpy as np

from cases.pictures import (
    ORIENTATIONS,
    Orientation,
    Picture,
    Shown,
    blocks,
    nearest_orientation,
    oriented,
    shown,
)
from cases.trial import WALKS, Case, Complaints, Place, Run, expect_code, expect_events, expect_said

NEAR_PX = 24
ONE_WALK_S = 9.0
"""By then the first walk is over, and the second has not begun."""
TKHD_TO_MATRIX = 44
"""Bytes from the name of a track's header, in its version 0, to its matrix."""


def nokey(place: Place) -> Complaints:
    """The first key frame is missing: the loss is at the beginning, and shifts nothing."""
    names = place.copy("nokey.mp4", "alaw.mkv")
    run = place.batch(names[0], "--clips", "copy")
    yield from expect_code(run, 3)
    yield from expect_events(run, WALKS)
    yield from expect_said(run, r"\(0(\.0+)? to (1\.9\d*|2(\.0\d*)?) s", "the loss of 0 to 1.96 s")
    joined = place.batch(*names, "--join", out="joined")
    later = [(start + 16.0, end + 16.0) for start, end in WALKS]
    yield from (f"--join: {line}" for line in expect_code(joined, 3))
    yield from (f"--join: {line}" for line in expect_events(joined, [*WALKS, *later]))


def asym_hflip(place: Place) -> Complaints:
    """Mirrored, and the seven others of its kind, made from it."""
    (name,) = place.copy("asym_hflip.mp4")
    content = (place.folder / name).read_bytes()
    paths = [place.folder / f"matrix{number}.mp4" for number in range(len(ORIENTATIONS))]
    for path, matrix in zip(paths, ORIENTATIONS, strict=True):
        path.write_bytes(with_matrix(content, matrix))
    stored = shown(paths[0])
    every = [path.name for path in paths]
    # Copied clips keep the matrix of their recording, whatever the program makes of it: one
    # that only mirrors and one that turns as well are enough.
    mirrored = [name, every[6]]
    asked = ("--report", "--end", str(ONE_WALK_S))
    encoded = place.batch(*every, "--clips", "encode", "--annotated", *asked, out="encode")
    copied = place.batch(*mirrored, "--clips", "copy", *asked, out="copy")
    tried = ((encoded, every, ORIENTATIONS), (copied, mirrored, (ORIENTATIONS[4], ORIENTATIONS[6])))
    for run, names, matrices in tried:
        yield from (f"{run.out.name}: {line}" for line in expect_code(run, 0))
        for number, matrix in enumerate(matrices):
            for line in _seen_as(run, number, stored, matrix):
                yield f"{run.out.name}, {names[number]} {matrix}: {line}"


def with_matrix(content: bytes, matrix: Orientation) -> bytes:
    """The file with another display matrix in the header of its one track."""
    at = content.index(b"tkhd") + TKHD_TO_MATRIX
    a, b, c, d = (value << 16 for value in matrix)
    return content[:at] + struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30) + content[at + 36 :]


def _seen_as(run: Run, number: int, stored: Shown, matrix: Orientation) -> Complaints:
    """Events, annotated video, clips and thumbnails all show what the matrix says."""
    yield from expect_events(run, WALKS[:1], number=number)
    folder = run.folder(number)
    background = np.median(np.stack(stored.pictures[::10]), axis=0)
    for event in run.events(number):
        for at_s, x, y in event["segments"][0]["trail"][2:-2]:
            wanted = mover(oriented(stored.at(at_s) - background, matrix))
            if wanted and max(abs(wanted[0] - x), abs(wanted[1] - y)) > NEAR_PX:
                yield f"at {at_s} s the body is at {wanted}, not {(x, y)}"
                break
        pictures = {"thumbnail": picture_of(folder / str(event["thumbnail"]))}
        middle_s = (event["start_s"] + event["end_s"]) / 2
        if event["clip"]:
            clip = shown(folder / event["clip"], first_is_zero=False)
            pictures["clip"] = clip.at(middle_s - event["clip_start_s"])
        else:
            yield f"{event['id']} has no clip"
        annotated = folder / "annotated.mp4"
        if annotated.is_file():
            pictures["annotated video"] = shown(annotated).at(middle_s)
        for what, picture in pictures.items():
            at_s = event["peak_s"] if what == "thumbnail" else middle_s
            if picture is None:
                yield f"{event['id']} has no {what}"
            elif nearest_orientation(picture, stored.at(at_s)) != matrix:
                seen = nearest_orientation(picture, stored.at(at_s))
                yield f"the {what} of {event['id']} is shown as {seen}"


def picture_of(path: Path) -> Picture | None:
    """A still picture; None where there is none."""
    if not path.is_file():
        return None
    with av.open(str(path)) as container:
        return blocks(next(container.decode(video=0)))


def mover(difference: Picture) -> tuple[float, float] | None:
    """The middle of what differs from the background, in pixels; None where it is too little."""
    moving = (np.abs(difference) > 20).astype(np.uint8)
    if moving.sum() < 10:
        return None
    x, y, width, height = cv2.boundingRect(moving)
    return (8 * x + 4 * width, 8 * y + 4 * height)


CASES = (
    Case("nokey", "a start that cannot be decoded is told there, and shifts nothing", nokey),
    Case("asym_hflip", "all eight display matrices, wherever pictures are shown", asym_hflip),
)
