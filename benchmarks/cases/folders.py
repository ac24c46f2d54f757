"""Folders that break or mislead a search for recordings, and disks that do not take results."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from cases.trial import Case, Complaints, Place, Unable, expect_code, expect_said, expect_statuses


def loopfile(place: Place) -> Complaints:
    """A link to itself among recordings."""
    place.make_folders()
    run = place.batch("loopfile")
    yield from expect_code(run, 0, 3)
    yield from expect_statuses(run, ok=["small.mp4"])
    yield from expect_said(run, r"loop\.mp4", "the link that leads to itself")


def disk(place: Place) -> Complaints:
    """A folder that may not be read, at the top of most disks."""
    place.make_folders()
    run = place.batch("disk", under=without_rights())
    yield from expect_code(run, 0, 3)
    yield from expect_statuses(run, ok=["small.mp4"])
    yield from expect_said(run, r"lost\+found", "the folder that may not be read")


def unwritable(place: Place) -> Complaints:
    """Results for a folder in which nothing may be made."""
    (name,) = place.copy("small.mp4")
    closed = place.folder / "closed"
    closed.mkdir(mode=0o555)
    run = place.batch(name, out="closed/out", under=without_rights())
    yield from expect_code(run, 5)
    yield from expect_said(run, r"closed/out.*(denied|written)", "that it cannot be written")


def full(place: Place) -> Complaints:
    """Results for a disk that is full after a few kilobytes, seen by the command alone."""
    (name,) = place.copy("dupstamp.mkv")
    mount = place.folder / "full"
    mount.mkdir()
    run = place.batch(
        name, "--annotated", "--clips", "encode", out="full/out", under=with_full_disk(mount)
    )
    yield from expect_code(run, 5)
    yield from expect_said(run, r"no (space|room)|is full", "that the disk is full")


def without_rights() -> list[str]:
    """A command before the command: as a user for whom permissions count.

    The administrator's right to pass over permissions is dropped, rather than the user changed: a
    Python below the administrator's home could not be started by another user.
    """
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise Unable("as root it needs setpriv (util-linux); or run it as another user")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


def with_full_disk(folder: Path) -> list[str]:
    """A command before the command: with a disk of 256 kB at `folder`, which ends with it."""
    script = f'mount -t tmpfs -o size=256k tmpfs "{folder}" && exec "$@"'
    under = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if (
        shutil.which("unshare") is None
        or subprocess.run(
            [*under, "sh", "-c", script, "sh", "true"], capture_output=True, check=False
        ).returncode
    ):
        raise Unable("no disk can be mounted here (unshare --mount)")
    return [*under, "sh", "-c", script, "sh"]


def twoloops(place: Place) -> Complaints:
    """Two links upwards: a folder and a pattern both come to an end."""
    place.make_folders()
    for given, out in (("twoloops", "folder"), ("twoloops/**/*.mp4", "pattern")):
        run = place.batch(given, out=out, longest_s=60.0)
        yield from (f"{given}: {line}" for line in expect_code(run, 0))
        yield from (f"{given}: {line}" for line in expect_statuses(run, ok=["small.mp4"]))


def linkdir(place: Place) -> Complaints:
    """A linked folder is searched, and once."""
    place.make_folders()
    for given in (("linkdir",), ("linkdir/**/*.mp4",), ("linkdir", "real")):
        run = place.batch(*given, out=f"out-{len(given)}-{len(given[0])}")
        found = [*expect_code(run, 0), *expect_statuses(run, ok=["cam.mp4"])]
        yield from (f"{' '.join(given)}: {line}" for line in found)


def dav(place: Place) -> Complaints:
    """An extension that FFmpeg reads and nobody listed, alone and beside pictures."""
    place.make_folders()
    for folder, name in (("dav", "cam1.dav"), ("davmix", "001.dav")):
        run = place.batch(folder, out=f"out-{folder}")
        found = [*expect_code(run, 0), *expect_statuses(run, ok=[name], failed=[])]
        found += [] if len(run.events()) == 1 else [f"{len(run.events())} events, not one"]
        yield from (f"{folder}: {line}" for line in found)


def syno(place: Place) -> Complaints:
    """Thumbnails that a NAS keeps beside a recording, in a folder named like it."""
    place.make_folders()
    run = place.batch("syno")
    yield from expect_code(run, 0)
    yield from expect_statuses(run, ok=["cam.mp4"], failed=[], partial=[])


def days(place: Place) -> Complaints:
    """Equal names in the folders of two days: the first day's results keep theirs."""
    place.make_folders()
    first = place.batch("days/1")
    before = [entry["out_dir"] for entry in first.inputs]
    both = place.batch("days/1", "days/2")
    after = [entry["out_dir"] for entry in both.inputs]
    yield from expect_code(both, 0)
    if len(set(after)) != 2 or before[0] not in after:
        yield f"results are in {after}; the first day's were in {before}"
    if "1 of 2 were done" not in both.words:
        yield "the first day is analysed again"
    if left := [
        name for name in {*before, *after} if not (both.out / name / "events.json").exists()
    ]:
        yield f"there are no events in {left}"
    shuffled = place.batch(str(place.folder / "days"), "./days/1/13-54-20.mp4")
    if sorted(entry["out_dir"] for entry in shuffled.inputs) != sorted(after):
        yield f"with the paths spelt otherwise: {[e['out_dir'] for e in shuffled.inputs]}"


CASES = (
    Case("loopfile", "a link to itself is named, the rest done", loopfile),
    Case("disk", "a folder that may not be read is named, the rest done", disk),
    Case("unwritable", "a folder that takes no results: a sentence and exit code 5", unwritable),
    Case("full", "a disk that is full: a sentence and exit code 5", full),
    Case("twoloops", "loops of links have an end, for folders and patterns", twoloops),
    Case("linkdir", "linked folders are searched, once", linkdir),
    Case("dav", "unknown extensions that FFmpeg reads are recordings", dav),
    Case("syno", "a NAS's thumbnails are no inputs", syno),
    Case("days", "results keep their names when inputs are added", days),
)
