"""Names on real recordings that no network was trained on: who walks, and who is called wrongly.

    python benchmarks/naming.py SHARED [--frontend flow] [--classifier MODEL.onnx] [--prior equal]
                                [--only vtest street_people] [--json FILE]

SHARED is the folder with `data/`. Every recording goes through `batch` with the defaults; streets
are scored by the data's own `street/score.py`. Other rows are shares of seconds: of those in which
somebody is in the picture (walks), or of the seconds of all bodies (roads, daily living).
"""

from __future__ import annotations

import argparse
import json
import runpy
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from motionapp.cli.main import main as motionapp

STREETS: Final = ("events/vtest.avi", "outdoor/shadow_pedestrians.mp4", "outdoor/street_people.mp4")
BARS: Final = {"vtest": 0.60, "shadow_pedestrians": 0.80, "street_people": 0.65}
WALKS: Final = ("pose/person_walk.mp4",)
KTH: Final = tuple(
    f"kth_few/{name}.mp4"
    for name in ("walking/person01_walking_d1", "jogging/person01_jogging_d1",
                 "jogging/person01_jogging_d3")
)  # fmt: skip
ROADS: Final = (
    "events/traffic_camera.mp4", "cdnet_highway/input.zip", "outdoor/highway_gantry.mp4",
    "outdoor/road_campus_a.mp4", "outdoor/road_footbridge.mp4", "outdoor/field_atv.mp4",
    "outdoor/field_atv3.mp4", "outdoor/trees_waving.mp4",
)  # fmt: skip
NO_NAMES: Final = (None, "unknown", "motion")
KTH_HZ: Final = 25.0


def main() -> int:
    """Print a row for each recording; 1 where a street is below its bar."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--frontend", default="absdiff")
    parser.add_argument("--classifier", default="actions")
    parser.add_argument("--prior")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    data = chosen.shared / "data"
    options = ["--frontend", chosen.frontend, "--classifier", chosen.classifier]
    rows: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        if chosen.prior:
            settings = place / "settings.toml"
            settings.write_text(f'[analysis.recognition]\nprior = "{chosen.prior}"\n')
            options += ["--settings", str(settings)]
        for kind, files, measured in _kinds(data):
            for file in files:
                if not chosen.only or file.stem in chosen.only:
                    name = f"{kind} {_name(file)}"
                    rows[name] = measured(_run(file, place, options), file)
                    print(f"{name:40s} {_said(rows[name])}", flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1) + "\n")
    streets = {name.split()[1]: row for name, row in rows.items() if name.startswith("street")}
    return int(any(row["walk"] < BARS[name] for name, row in streets.items()))


Measured = Callable[[Path, Path], dict[str, float]]


def _kinds(data: Path) -> Sequence[tuple[str, Sequence[Path], Measured]]:
    score = runpy.run_path(str(data / "street" / "score.py"))["main"]

    def street(results: Path, file: Path) -> dict[str, float]:
        shares = score(str(results / "frames.jsonl"), str(data / "street" / f"{file.stem}.csv"))
        return dict(shares["all"])

    living = sorted((data / "safety" / "adl").glob("*.mp4"))
    living += sorted((data / "urfd" / "adl").glob("*.mp4"))
    return (
        ("street", [data / file for file in STREETS], street),
        ("walk", [data / file for file in WALKS], _walked),
        ("kth", [data / file for file in KTH], _in_ranges(data)),
        ("road", [data / file for file in ROADS], _body_seconds),
        ("living", living, _body_seconds),
    )


def _name(file: Path) -> str:
    return file.parent.name if file.suffix == ".zip" else file.stem


def _run(file: Path, place: Path, options: Sequence[str]) -> Path:
    """The folder of a recording's results."""
    if file.suffix == ".zip":
        pictures = place / _name(file)
        with zipfile.ZipFile(file) as archive:
            archive.extractall(pictures)
        file = next(pictures.rglob("*.jpg")).parent
    out = place / "out" / file.name
    code = motionapp(
        ["batch", str(file), "--out", str(out), "--fresh", "--frames", "jsonl", *options]
    )
    if code:
        raise SystemExit(f"{file}: batch ended with {code}")
    return next(out.rglob("frames.jsonl")).parent


def _frames(results: Path) -> list[dict[str, Any]]:
    with (results / "frames.jsonl").open() as lines:
        return [json.loads(line) for line in lines]


def _segments(results: Path) -> list[dict[str, Any]]:
    document = json.loads((results / "events.json").read_text())
    return [segment for event in document["events"] for segment in event["segments"]]


def _body_seconds(results: Path, _: Path) -> dict[str, float]:
    """Shares of the time of all bodies, by name."""
    seen: Counter[str | None] = Counter()
    for frame in _frames(results):
        seen.update(group.get("label") for group in frame["groups"])
    total = max(1, seen.total())
    named = {str(label): n / total for label, n in seen.items() if label not in NO_NAMES}
    return {"bodies": float(total), "any": sum(named.values()), **named}


def _walked(results: Path, _: Path) -> dict[str, float]:
    """Share of the time in which somebody is in the picture with a segment called `walk`."""
    times = [frame["pts_s"] for frame in _frames(results) if frame["groups"]]
    return {"walk": _covered(times, _segments(results), ("walk",))}


def _in_ranges(data: Path) -> Measured:
    """Share of the frames that the data set lists, in which somebody is in the picture."""
    lines = (data / "kth_few" / "00sequences.txt").read_text().splitlines()

    def measured(results: Path, file: Path) -> dict[str, float]:
        line = next(one for one in lines if one.startswith(file.stem))
        ranges = line.split("frames")[1].split(",")
        listed = [tuple(map(int, one.strip().split("-"))) for one in ranges]
        times = [(n - 1) / KTH_HZ for first, last in listed for n in range(first, last + 1)]
        segments = _segments(results)
        return {
            "walk or run": _covered(times, segments, ("walk", "run")),
            "in a segment": _covered(times, segments, None),
        }

    return measured


def _covered(
    times: Sequence[float], segments: Sequence[dict[str, Any]], labels: Sequence[str] | None
) -> float:
    own = [one for one in segments if labels is None or one["label"] in labels]
    inside = [any(one["start_s"] <= t <= one["end_s"] for one in own) for t in times]
    return sum(inside) / max(1, len(inside))


def _said(row: dict[str, float]) -> str:
    return "  ".join(
        f"{name} {value:.0f}" if value > 1 else f"{name} {value:.1%}" for name, value in row.items()
    )


if __name__ == "__main__":
    sys.exit(main())
