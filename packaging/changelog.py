"""Gathers the fragments of changelog.d into CHANGELOG.md, as a version that is released.

    python packaging/changelog.py                        # print what would be written
    python packaging/changelog.py --release 2026-11-30   # write it, and delete the fragments

The number is that of motionapp/core/version.py. Entries stand under what kind of change they are,
and below that under what they are about, so that somebody finds what concerns them.
`changelog.d/summary.md`, if there is one, stands before them.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER, CHANGELOG = "changelog.d", "CHANGELOG.md"
SUMMARY: Final = "summary.md"
VERSION: Final = Path("motionapp/core/version.py")
METAINFO: Final = Path("packaging/linux/app.motionapp.Motionapp.metainfo.xml")
KINDS: Final = {"added": "Added", "changed": "Changed", "fixed": "Fixed", "removed": "Removed"}
NOTHING_YET: Final = "No version has been released yet."

ABOUT: Final[dict[str, tuple[str, ...]]] = {
    "The program": (
        "first-light", "settings", "telemetry", "memory", "speed", "older-*", "bundle*",
    ),
    "The window": ("window-*", "about", "teach*", "settings-check", "zone-*", "dock*"),
    "What is drawn": ("layers", "trails", "readable", "difference", "flow-scale", "overlay*"),
    "Recordings, cameras and streams": (
        "sources", "streams", "camera-*", "late-*", "orientation", "stretch", "fragments", "narrow",
        "watch*", "live-*", "picture-folders", "trees", "places",
    ),
    "Seeing motion": (
        "frontends", "gate", "background", "flow", "slow-flow", "repeats", "steady*", "sliding",
        "rain*", "bush", "clouds", "crowded-tree", "weather*", "scenes", "looks", "refresh",
    ),
    "People": ("people*", "pose*", "halves", "bent", "falls"),
    "Names": (
        "actions-*", "safety", "names", "naming-*", "named-*", "families", "going", "joggers",
        "prior", "rates", "scope", "several-*", "seldom-*", "last-*", "hold", "flow-names",
        "rendered-flow", "rendered-pose", "precision", "pictures", "no-numbers", "features",
    ),
    "Events, and why there was none": (
        "events", "segments", "borders", "why*", "zones", "search-wait",
    ),
    "What is written": ("events-origin", "batch", "sinks", "clips", "orientation-clips", "report"),
    "Models from elsewhere": ("models", "import-*", "hostile-*", "explain", "eight-bit-*"),
}  # fmt: skip
"""Heading -> the topics below it, the first that fits."""
LEARNING: Final = "Training and measuring"
LEARNT: Final = re.compile(
    r"\b(train(s|ed|ing)?|evaluate|compare|data ?set|search|networks?|model card)\b"
    r"|--(arch|crops|clip-s)\b"
)
BY_WORD: Final = {
    "window": "The window",
    "batch": "What is written",
    "watch": "Recordings, cameras and streams",
}
"""For topics that nobody has thought of: a word that the text has."""
REST: Final = "Besides"


class NotGathered(Exception):
    """It cannot be released like this; with what to do."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """One change, as somebody wrote it down."""

    topic: str
    kind: str
    text: str

    @property
    def about(self) -> str:
        """The heading that it stands under."""
        for heading, topics in ABOUT.items():
            if any(fnmatch(self.topic, pattern) for pattern in topics):
                return heading
        if LEARNT.search(self.text):
            return LEARNING
        return next((one for word, one in BY_WORD.items() if word in self.text), REST)

    def items(self) -> Iterator[str]:
        """As items of a list, whether it was written as such or as paragraphs."""
        text = self.text.strip()
        parts = re.split(r"(?m)^- ", text)[1:] if text.startswith("- ") else [text]
        for part in parts:
            lines = [line.strip() for line in part.strip().splitlines()]
            yield "\n".join([f"- {lines[0]}", *(f"  {line}" if line else "" for line in lines[1:])])


def read_fragments(folder: Path) -> tuple[Fragment, ...]:
    """All changes of a folder, by their topics.

    Raises
    ------
    NotGathered
        A file is called otherwise than ``<topic>.<kind>.md``, or is empty.
    """
    found = []
    for path in sorted(folder.glob("*")):
        if path.name in (SUMMARY, "README.md"):
            continue
        parts = path.name.split(".")
        if len(parts) != 3 or parts[1] not in KINDS or parts[2] != "md":
            raise NotGathered(f"{path} is not called <topic>.<{'|'.join(KINDS)}>.md")
        text = path.read_text(encoding="utf-8")
        if not text.strip():
            raise NotGathered(f"{path} is empty: say what changed, or delete it")
        found.append(Fragment(parts[0], parts[1], text))
    return tuple(found)


def section(version: str, day: str, fragments: Sequence[Fragment], summary: str = "") -> str:
    """The text of a version: kinds in their order, in each what it is about, in each the topics."""
    lines = [f"## {version} ({day})", ""]
    if summary.strip():
        lines += [summary.strip(), ""]
    for kind, heading in KINDS.items():
        those = [one for one in fragments if one.kind == kind]
        if those:
            lines += [f"### {heading}", "", *_by_subject(those)]
    return "\n".join(lines).rstrip() + "\n"


def _by_subject(fragments: Iterable[Fragment]) -> Iterator[str]:
    sorted_ones: dict[str, list[Fragment]] = {}
    for one in fragments:
        sorted_ones.setdefault(one.about, []).append(one)
    for heading in (*ABOUT, LEARNING, REST):
        if heading in sorted_ones:
            yield from (f"#### {heading}", "")
            for one in sorted_ones[heading]:
                yield from one.items()
            yield ""


def with_section(changelog: str, version: str, text: str) -> str:
    """A changelog with another version before those that it has.

    Raises
    ------
    NotGathered
        It has this version.
    """
    if re.search(rf"(?m)^## {re.escape(version)}\b", changelog):
        raise NotGathered(f"{CHANGELOG} has {version} already: change {VERSION} first")
    before, mark, after = changelog.replace(NOTHING_YET, "").partition("\n## ")
    return f"{before.rstrip()}\n\n{text}{mark}{after.rstrip()}".rstrip() + "\n"


def dated(metainfo: str, version: str, day: str) -> str:
    """The description for software centres, with the day of a release.

    Raises
    ------
    NotGathered
        It does not know this version.
    """
    pattern = rf'(<release version="{re.escape(version)}" date=")[^"]*(")'
    if not re.search(pattern, metainfo):
        raise NotGathered(f"{METAINFO} has no <release> for {version}: add one")
    return re.sub(pattern, rf"\g<1>{day}\g<2>", metainfo)


def version_of(root: Path) -> str:
    """The number that the program tells."""
    found = re.search(r'__version__ = "([^"]+)"', (root / VERSION).read_text(encoding="utf-8"))
    if found is None:
        raise NotGathered(f"{root / VERSION} tells no version")
    return found[1]


def release(root: Path, day: str) -> str:
    """Write a version into the changelog, and delete what it was gathered from; the version."""
    folder, changelog, metainfo = root / FOLDER, root / CHANGELOG, root / METAINFO
    version, text = version_of(root), preview(root, day)
    written = with_section(changelog.read_text(encoding="utf-8"), version, text)
    described = dated(metainfo.read_text(encoding="utf-8"), version, day)
    changelog.write_text(written, encoding="utf-8")
    metainfo.write_text(described, encoding="utf-8")
    for path in folder.glob("*"):
        if path.name != "README.md":
            path.unlink()
    return version


def preview(root: Path, day: str) -> str:
    """What stands in changelog.d, as it would be written.

    Raises
    ------
    NotGathered
        There is nothing, or something with an odd name.
    """
    folder = root / FOLDER
    fragments = read_fragments(folder)
    if not fragments:
        raise NotGathered(f"there is nothing in {folder}")
    summary = folder / SUMMARY
    words = summary.read_text(encoding="utf-8") if summary.exists() else ""
    return section(version_of(root), day, fragments, words)


def main() -> int:
    """Print or write; the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--release", type=date.fromisoformat, metavar="DAY", help="write it")
    day = parser.parse_args().release
    try:
        if day is None:
            print(preview(ROOT, "not released"))
        else:
            print(f"{CHANGELOG} has {release(ROOT, day.isoformat())}")
    except (NotGathered, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
