"""A recording whose pictures are large."""

from __future__ import annotations

from cases.trial import Case, Complaints, Place, expect_code, expect_statuses

ASKED = ("--annotated", "--clips", "encode", "--report")


def gopro(place: Place) -> Complaints:
    """5.3K HEVC in 10 bits, alone and beside another file in two workers."""
    names = place.copy("gopro53k.mp4", "small.mp4")
    alone = place.batch(names[0], *ASKED, out="alone")
    beside = place.batch(*names, "--workers", "2", *ASKED, out="beside")
    for how, run, expected in (("alone", alone, names[:1]), ("beside another", beside, names)):
        found = [*expect_code(run, 0), *expect_statuses(run, ok=expected)]
        for event in run.events():
            found += [] if event["clip"] else [f"{event['id']} has no clip"]
        found += [] if run.events() else ["it has no event"]
        if not (run.folder() / "annotated.mp4").is_file():
            found.append("there is no annotated video")
        yield from (f"{how}: {line}" for line in found)
    if alone.events() != beside.events():
        yield "alone and beside another it has different events"


CASES = (Case("gopro53k", "it runs within the limit on memory, alone and in a batch", gopro),)
