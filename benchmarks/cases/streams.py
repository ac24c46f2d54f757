"""Recordings of several streams, and a piece without its header."""

from __future__ import annotations

import re
import subprocess
import sys

from cases.trial import WALKS, Case, Complaints, Place, expect_code, expect_events, expect_said

LEFT_OUT = r"(other|left out|leaves? out|not (read|analysed)|ignored|only)"


def twovideo(place: Place) -> Complaints:
    """The second of two video streams is the default one, and moves."""
    run = place.batch(*place.copy("twovideo_default1.mkv"))
    yield from expect_code(run, 0)
    yield from expect_events(run, WALKS)
    yield from expect_said(run, rf"stream.*{LEFT_OUT}|{LEFT_OUT}.*stream", "the other stream")


def twoprog(place: Place) -> Complaints:
    """Two programmes: the one that is left out is named, and can be asked for."""
    (name,) = place.copy("twoprog.ts")
    run = place.batch(name)
    yield from expect_code(run, 0)
    yield from expect_said(
        run, rf"(programme|program|stream).*{LEFT_OUT}|{LEFT_OUT}.*(program|stream)", "what is left"
    )
    option = option_for_streams()
    if option is None:
        yield "batch --help has no option for a programme or stream"
        return
    chosen = [place.batch(name, option, number, out=f"out{number}") for number in ("1", "2")]
    if not any(not list(expect_events(one, WALKS)) for one in chosen):
        seen = [(one.code, [event["start_s"] for event in one.events()]) for one in chosen]
        yield f"{option} 1 and 2 give {seen}; the second programme moves"


def option_for_streams() -> str | None:
    """The option of `batch` that chooses among streams or programmes."""
    command = [sys.executable, "-m", "motionapp", "batch", "--help"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"--(?:video-)?(?:programme|program|stream|track)\b", text)
    return found[0] if found else None


def fragment(place: Place) -> Complaints:
    """Pictures without a header, whose header lies beside them."""
    place.copy("init.mp4", "seg1.m4s")
    run = place.batch("seg1.m4s", "--clips", "copy")
    if run.code == 0:
        # It begins 4.08 s into its recording; times are from its own first picture.
        yield from expect_events(run, [(0.04, 3.96)])
    else:
        yield from expect_code(run, 3, 4)
        yield from expect_said(run, r"init\.mp4", "init.mp4, which lies beside it,")


CASES = (
    Case("twovideo", "the default stream is read, the other named", twovideo),
    Case("twoprog", "what was left out is said, and an option chooses it", twoprog),
    Case("seg1", "the header beside a fragment is used, or named", fragment),
)
