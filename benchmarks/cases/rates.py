"""Recordings with few frames per second."""

from __future__ import annotations

import json
import re
from pathlib import Path

from cases.trial import NEAR_S, Case, Complaints, Place, expect_code

TRUTH = Path(__file__).resolve().parents[2] / "assets" / "demo-truth.json"
FRAME_S = 1 / 3


def demo_at_3(place: Place) -> Complaints:
    """The ten movements of the demo, or a word about the rate."""
    run = place.batch(*place.copy("demo_3.mp4"))
    yield from expect_code(run, 0)
    if re.search(r"\bframes? (per|a) second\b", run.said) and re.search(r"too (low|few)", run.said):
        return
    truth = [(e["start_s"], e["end_s"]) for e in json.loads(TRUTH.read_text())["events"]]
    seen = [(e["start_s"], e["end_s"]) for e in run.events()]
    # Between two frames nobody knows: a movement is seen at the next one at the earliest, and has
    # ended at the latest when the one after its last frame is there.
    near_s = NEAR_S + 2 * FRAME_S
    missed = [
        (start, end)
        for start, end in truth
        if not any(abs(s - start) <= near_s and abs(e - end) <= near_s for s, e in seen)
    ]
    if missed or len(seen) != len(truth):
        yield f"{len(seen)} events, missed of {len(truth)} are {missed}; seen are {seen}"


CASES = (
    Case("demo_3", "the ten events at 3 per second, or the rate is called too low", demo_at_3),
)
