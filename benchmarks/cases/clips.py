"""Recordings whose clips were missing, smeared, or did not hold their event."""

from __future__ import annotations

import numpy as np

from cases.pictures import clip_complaints, shown
from cases.trial import WALKS, Case, Complaints, Place, Run, expect_code, expect_events, expect_said


def dupstamp(place: Place) -> Complaints:
    """Two pictures share a stamp every 2 s."""
    yield from _clips_of(place, "dupstamp.mkv")[1]


def alaw(place: Place) -> Complaints:
    """Sound that does not fit into the clip's container."""
    run, complaints = _clips_of(place, "alaw.mkv")
    yield from complaints
    silent = [
        event["clip"]
        for event in run.events()
        if event["clip"] and not shown(run.folder() / event["clip"]).sounds
    ]
    if silent:
        yield from expect_said(run, r"sound|audio|alaw|G\.711", "that the clips have no sound")


def raw(place: Place) -> Complaints:
    """An elementary stream: packets without stamps."""
    yield from _clips_of(place, "raw.h264")[1]


def intraref(place: Place) -> Complaints:
    """No key frame after the first."""
    yield from _clips_of(place, "intraref.ts")[1]


def _clips_of(place: Place, name: str) -> tuple[Run, list[str]]:
    """Run it with copied clips, and with encoded ones; look at both. Gives the first run."""
    (name,) = place.copy(name)
    recording = shown(place.folder / name)
    found: list[str] = []
    runs = {kind: place.batch(name, "--clips", kind, out=kind) for kind in ("copy", "encode")}
    for kind, run in runs.items():
        lines = [*expect_code(run, 0), *expect_events(run, WALKS)]
        lines += clip_complaints(run.folder(), run.events(), recording)
        found += [f"--clips {kind}: {line}" for line in lines]
    return runs["copy"], found


def front_back(place: Place) -> Complaints:
    """Two recordings that are stored differently are joined: no clip goes over the border."""
    names = place.copy("2023-08-06_13-54-20-front.mp4", "2023-08-06_13-54-20-back.mp4")
    front, back = (shown(place.folder / name) for name in names)
    frame_s = float(np.median(np.diff(front.times_s)))
    border_s = front.times_s[-1] + frame_s
    run = place.batch(*names, "--join", "--clips", "copy")
    yield from expect_code(run, 0)
    yield from expect_events(run, [(4.04, 8.0), (border_s + 4.04, border_s + 8.0)])
    for event in run.events():
        in_front = event["start_s"] < border_s
        part = front if in_front else back
        moved = dict(event)
        if not in_front:
            for key in ("start_s", "end_s", "clip_start_s"):
                moved[key] = None if event[key] is None else event[key] - border_s
        yield from clip_complaints(run.folder(), [moved], part)


CASES = (
    Case("dupstamp", "clips in the recording's pictures, although stamps repeat", dupstamp),
    Case("alaw", "clips with G.711 sound, or without it and a word", alaw),
    Case("raw", "clips of an elementary stream", raw),
    Case("intraref", "clips that hold the event, although only the first frame is key", intraref),
    Case("front_back", "joined and stored differently: clips whose padding is cut", front_back),
)
