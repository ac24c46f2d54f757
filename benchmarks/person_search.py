"""How well a view of a body shows who is there, and what it costs: picks people's defaults.

    python benchmarks/person_search.py DATA [--only PART...] [--every N] [--json FILE]

`DATA` is `../shared/data`. Truth are the travelling people taller than 40 pixels of `street`, at
its times; found is a person at IoU >= 0.4, as that folder's scorer has it.

- `truth`: views of the true box, moved and stretched by up to 15 % at each edge.
- `bodies`: views of what the gate really shows (absdiff, no person search): every true person
  against all persons that the search finds at all bodies of that frame, one to one.
- `parts`: the same with `PersonSearch` where only a half, an arm or a foot of the true box moves.
- `empty`: persons found where nobody is: at the moving bodies of `events/traffic_camera.mp4` and at
  drawn places of the pictures without people of `pose`; per 100 views.
- `box`: the network's own box against boxes grown from the points, by IoU with the truth.

Milliseconds are CPU time of cutting out and one network call on one thread, in the mean.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final  # what is printed as JSON

import cv2
import numpy as np
from numpy.typing import NDArray

import motionapp
from motionapp.analysis import Analysis
from motionapp.core.geometry import Box
from motionapp.core.person import Person
from motionapp.people.multipose import PersonRules, distinct, persons_of
from motionapp.people.networks import MultiPose
from motionapp.people.search import PersonSearch, SearchRules, lies_at
from motionapp.people.view import View, ViewRules, cut, view_round
from motionapp.resources import models_dir
from motionapp.settings import AnalysisSettings

RECORDINGS: Final[Mapping[str, tuple[str, int]]] = {
    "vtest": ("events/vtest.avi", 6),
    "shadow_pedestrians": ("outdoor/shadow_pedestrians.mp4", 2),
    "street_people": ("outdoor/street_people.mp4", 1),
}
"""Where each lies, and which share of its times is looked at: they have hundreds of boxes."""


def square(factor: float, side_px: int) -> Callable[[Box], View]:
    """Squares of some lengths of the body, for comparison."""

    def view(body: Box) -> View:
        side = max(32, round(factor * max(body.width, body.height)))
        x, y = (round(middle - side / 2) for middle in body.centre)
        return View(Box(x, y, x + side, y + side), (side_px, side_px))

    return view


def by(rules: ViewRules) -> Callable[[Box], View]:
    """The views of the program."""
    return lambda body: view_round(body, rules)


DEFAULT: Final = "margin 0.35, 110 px"
LOOKS: Final[Mapping[str, Callable[[Box], View]]] = {
    "square 1.6 at 128": square(1.6, 128),
    "square 1.6 at 192": square(1.6, 192),
    "square 2.2 at 128": square(2.2, 128),
    "square 2.2 at 192": square(2.2, 192),
    "margin 0.20, 90 px": by(ViewRules(margin=0.2, length_px=90)),
    "margin 0.25, 90 px": by(ViewRules(margin=0.25, length_px=90)),
    "margin 0.25, 100 px": by(ViewRules(margin=0.25, length_px=100)),
    DEFAULT: by(ViewRules()),
    "margin 0.35, 128 px": by(ViewRules(length_px=128)),
}
"""How a body is seen: squares of so many lengths at so many pixels, or views by their rules."""

SCORES: Final = (0.10, 0.15, 0.20, 0.25, 0.30)
LEAST_IOU: Final = 0.4
LEAST_HEIGHT_PX: Final = 40
JITTER: Final = 0.15

PARTS: Final = {
    "lower half": (0.0, 0.5, 1.0, 1.0),
    "upper half": (0.0, 0.0, 1.0, 0.5),
    "arm": (0.0, 0.2, 0.4, 0.5),
    "foot": (0.0, 0.8, 1.0, 1.0),
}
"""Of a person's box: left, top, right and bottom."""

_Rows = tuple[Box, NDArray[np.float32]]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One picture with its true boxes and, where they were asked for, the gate's bodies."""

    recording: str
    bgr: NDArray[np.uint8]
    truth: tuple[Box, ...] = ()
    bodies: tuple[Box, ...] = ()


class Looker:
    """Runs the network on squares and keeps the time."""

    def __init__(self) -> None:
        self.network = MultiPose(models_dir())
        self.took_ms: dict[str, list[float]] = defaultdict(list)

    def look(self, bgr: NDArray[np.uint8], body: Box, look: str) -> _Rows:
        """The rows for one body."""
        started = time.thread_time()
        view = LOOKS[look](body.clipped((bgr.shape[1], bgr.shape[0])))
        rows = self.network.persons(cut(bgr, view))
        self.took_ms[look].append(1000 * (time.thread_time() - started))
        return view.box, rows

    def mean_ms(self, look: str) -> float:
        """Of all calls so far; 0 where there was none."""
        return round(statistics.mean(self.took_ms[look] or (0.0,)), 1)


def at_body(found: _Rows, scene: Scene, body: Box, least_score: float) -> list[Person]:
    """The persons of one view that lie at the body."""
    box, rows = found
    height, width = scene.bgr.shape[:2]
    rules = PersonRules(least_score=least_score)
    persons = persons_of(rows, box, (width, height), rules)
    return [p for p in persons if lies_at(p.box, body)]


def street(data: Path, every: int, *, with_bodies: bool) -> Iterator[Scene]:
    """The pictures at the truth's times."""
    for name, (path, share) in RECORDINGS.items():
        boxes = truth_of(data / "street" / f"{name}.csv")
        times = sorted(boxes)[:: share * every]
        frames = frames_of(data / path, with_bodies=with_bodies)
        for t_s in times:
            for pts_s, bgr, bodies in frames:
                if pts_s >= t_s - 0.003:
                    yield Scene(name, bgr(), tuple(boxes[t_s]), bodies)
                    break


def truth_of(path: Path) -> dict[float, list[Box]]:
    """Boxes of those who travel and are tall enough, by time."""
    boxes: dict[float, list[Box]] = defaultdict(list)
    with path.open(newline="") as lines:
        for row in csv.DictReader(lines):
            box = Box(*(int(row[edge]) for edge in ("x0", "y0", "x1", "y1")))
            if row["travels"] == "1" and box.height >= LEAST_HEIGHT_PX:
                boxes[float(row["t_s"])].append(box)
    return boxes


def frames_of(path: Path, *, with_bodies: bool) -> Iterator[tuple[float, Any, tuple[Box, ...]]]:
    """Time, a function that gives the picture, and the gate's bodies of each frame."""
    analysis = Analysis(AnalysisSettings())
    source = motionapp.open_source(path)
    try:
        for frame in source.frames():
            groups = analysis.step(frame).groups if with_bodies else ()
            bodies = tuple(g.box for g in groups if g.is_seen and g.is_confirmed and g.box.area)
            yield frame.pts_s, frame.pixels.bgr, bodies
    finally:
        source.close()


def jittered(box: Box, rng: np.random.Generator) -> Box:
    """The box with each edge moved by up to 15 % of its width or height."""
    w, h = box.width, box.height
    moved = rng.uniform(-JITTER, JITTER, 4) * (w, h, w, h)
    return Box(*(round(edge + by) for edge, by in zip(box, moved, strict=True)))


def band(box: Box) -> str:
    """The height band that the street's scorer has."""
    return "40-60" if box.height < 60 else "60-90" if box.height < 90 else "> 90"


class Shares:
    """Counts of found and looked for, by recording and height."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, recording: str, box: Box, is_found: bool) -> None:
        """One person looked for."""
        for key in (recording, f"{recording} {band(box)}", "all"):
            self._counts[key][0] += is_found
            self._counts[key][1] += 1

    def told(self) -> dict[str, str]:
        """Percent found of how many."""
        return {k: f"{100 * a / n:.0f} of {n}" for k, (a, n) in sorted(self._counts.items())}


def rate_truth(data: Path, every: int, looker: Looker) -> dict[str, Any]:
    """Share found in views of the true and the moved box."""
    rng = np.random.default_rng(0)
    shares: dict[tuple[str, str, float], Shares] = defaultdict(Shares)
    for scene in street(data, every, with_bodies=False):
        for box in scene.truth:
            for kind, body in (("exact", box), ("moved", jittered(box, rng))):
                for look in LOOKS if kind == "moved" else (DEFAULT,):
                    found = looker.look(scene.bgr, body, look)
                    for score in SCORES:
                        persons = at_body(found, scene, body, score)
                        is_found = any(p.box.iou(box) >= LEAST_IOU for p in persons)
                        shares[kind, look, score].add(scene.recording, box, is_found)
    return table(shares, looker)


def rate_bodies(data: Path, every: int, looker: Looker) -> dict[str, Any]:
    """Share found at the bodies that the gate shows, and by those bodies alone."""
    shares: dict[tuple[str, str, float], Shares] = defaultdict(Shares)
    for scene in street(data, every, with_bodies=True):
        count(shares["gate alone", "", 0.0], scene, scene.bodies)
        for look in LOOKS:
            found = [(looker.look(scene.bgr, body, look), body) for body in scene.bodies]
            for score in SCORES:
                persons = [p for f, body in found for p in at_body(f, scene, body, score)]
                once = distinct(persons, PersonRules(least_score=score))
                count(shares["at bodies", look, score], scene, [p.box for p in once])
    return table(shares, looker)


def count(shares: Shares, scene: Scene, boxes: Sequence[Box]) -> None:
    """Match boxes one to one with the truth, best first."""
    pairs = [(b.iou(t), i, j) for i, t in enumerate(scene.truth) for j, b in enumerate(boxes)]
    found: set[int] = set()
    taken: set[int] = set()
    for iou, i, j in sorted(pairs, reverse=True):
        if iou >= LEAST_IOU and i not in found and j not in taken:
            found.add(i)
            taken.add(j)
    for i, box in enumerate(scene.truth):
        shares.add(scene.recording, box, i in found)


def rate_parts(data: Path, every: int, looker: Looker) -> dict[str, Any]:
    """Share found where only a part moves, with and without the second look."""
    shares: dict[tuple[str, str, float], Shares] = defaultdict(Shares)
    searches = {
        name: PersonSearch(looker.network, SearchRules(is_wide=is_wide))
        for name, is_wide in (("one look", False), ("two looks", True))
    }
    for scene in street(data, every, with_bodies=False):
        for box in scene.truth:
            for part, (left, top, right, bottom) in PARTS.items():
                x0, y0, w, h = box.x0, box.y0, box.width, box.height
                edges = (x0 + left * w, y0 + top * h, x0 + right * w, y0 + bottom * h)
                body = Box(*(round(edge) for edge in edges))
                for name, search in searches.items():
                    (persons,) = search.search(scene.bgr, [body])
                    is_found = any(p.box.iou(box) >= LEAST_IOU for p in persons)
                    shares[part, name, PersonRules().least_score].add(
                        scene.recording, box, is_found
                    )
    return table(shares, looker)


def rate_empty(data: Path, every: int, looker: Looker) -> dict[str, Any]:
    """Persons found per 100 views where nobody is."""
    counts: dict[tuple[str, str, float], list[int]] = defaultdict(lambda: [0, 0])
    for scene in empties(data, every):
        for body in scene.bodies:
            for look in LOOKS:
                found = looker.look(scene.bgr, body, look)
                for score in SCORES:
                    entry = counts[scene.recording, look, score]
                    entry[0] += len(at_body(found, scene, body, score))
                    entry[1] += 1
    return {key_of(*key): f"{100 * n / of:.1f} of {of}" for key, (n, of) in sorted(counts.items())}


def empties(data: Path, every: int) -> Iterator[Scene]:
    """Pictures without people, and places in them."""
    frames = frames_of(data / "events" / "traffic_camera.mp4", with_bodies=True)
    for index, (_, bgr, bodies) in enumerate(frames):
        if index % (5 * every) == 0 and bodies:
            yield Scene("cars", bgr(), bodies=bodies)
    document = json.loads((data / "pose" / "annotations.json").read_text())
    somebody = {entry["image_id"] for entry in document["annotations"]}
    rng = np.random.default_rng(0)
    for image in document["images"]:
        if image["id"] not in somebody:
            bgr = cv2.imread(str(data / "pose" / "images" / image["file_name"]))
            if bgr is not None:
                places = tuple(place(bgr.shape[:2], rng) for _ in range(max(1, 24 // every)))
                yield Scene("photographs", bgr.astype(np.uint8, copy=False), bodies=places)


def place(shape: Sequence[int], rng: np.random.Generator) -> Box:
    """A box of a person's form somewhere in a picture."""
    height = int(rng.uniform(0.15, 0.9) * shape[0])
    width = max(8, int(height * rng.uniform(0.3, 1.0)))
    x = int(rng.uniform(0, max(1, shape[1] - width)))
    y = int(rng.uniform(0, shape[0] - height))
    return Box(x, y, x + width, y + height)


def rate_box(data: Path, every: int, looker: Looker) -> dict[str, Any]:
    """IoU of the network's box, and of boxes grown from the points, with the truth."""
    rng = np.random.default_rng(0)
    ious: dict[str, list[float]] = defaultdict(list)
    offsets: list[tuple[float, ...]] = []
    for scene in street(data, every, with_bodies=False):
        for box in scene.truth:
            body = jittered(box, rng)
            found = at_body(looker.look(scene.bgr, body, DEFAULT), scene, body, 0.15)
            best = max(found, key=lambda p: p.box.iou(box), default=None)
            if best is None or best.box.iou(box) < 0.2:
                continue
            ious["network"].append(best.box.iou(box))
            offsets.append(margins(box, best.box))
            for visibility in (0.0, 0.1, 0.2):
                for up, down, aside in ((0, 0, 0), (0.08, 0.05, 0.08), (0.12, 0.08, 0.15)):
                    grown = grown_box(best, visibility, up, down, aside)
                    name = f"points >= {visibility}, +{up} up, +{down} down, +{aside} aside"
                    ious[name].append(grown.iou(box))
    told = {name: quantiles(values) for name, values in ious.items()}
    names = ("left", "top", "right", "bottom")
    for name, values in zip(names, zip(*offsets, strict=True), strict=True):
        told[f"truth beyond the network's box, {name}, in its height"] = quantiles(values)
    return told


def grown_box(person: Person, visibility: float, up: float, down: float, aside: float) -> Box:
    """A box round the visible points, grown by shares of its height (aside: of its width)."""
    points = person.keypoints[person.keypoints[:, 2] >= visibility]
    points = points if len(points) >= 4 else person.keypoints
    (x0, y0), (x1, y1) = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    h, w = y1 - y0, x1 - x0
    edges = (x0 - aside * w, y0 - up * h, x1 + aside * w, y1 + down * h)
    return Box(*(round(float(edge)) for edge in edges))


def margins(truth: Box, box: Box) -> tuple[float, float, float, float]:
    """By how much of its height the truth reaches beyond a box: left, top, right, bottom."""
    h = max(1, box.height)
    return (
        (box.x0 - truth.x0) / h, (box.y0 - truth.y0) / h,
        (truth.x1 - box.x1) / h, (truth.y1 - box.y1) / h,
    )  # fmt: skip


def quantiles(values: Iterable[float]) -> str:
    """Tenth, half and ninetieth percentile."""
    return " / ".join(f"{q:.3f}" for q in np.percentile(list(values), (10, 50, 90)))


def key_of(kind: str, look: str, score: float) -> str:
    """How a row is called."""
    return f"{kind}, {look}, score >= {score:.2f}"


def table(
    shares: Mapping[tuple[str, str, float], Shares], looker: Looker
) -> dict[str, dict[str, Any]]:
    """Each row with its time."""
    return {
        key_of(*key): {**each.told(), "ms": looker.mean_ms(key[1])}
        for key, each in sorted(shares.items(), key=lambda item: item[0])
    }


def main() -> int:
    """Measure what was asked for and print a line a row."""
    parts = {
        "truth": rate_truth, "bodies": rate_bodies, "parts": rate_parts, "empty": rate_empty,
        "box": rate_box,
    }  # fmt: skip
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", nargs="*", default=tuple(parts), choices=tuple(parts))
    parser.add_argument("--every", type=int, default=1, help="look at every so manyth picture")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    results = {}
    for name in options.only:
        results[name] = parts[name](options.data, options.every, Looker())
        print(f"\n{name}")
        for row, told in results[name].items():
            print(f"  {row}: {told}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
