"""Whether two versions of the program see the same: digests of regions, masks and events.

    python benchmarks/sameness.py --write before.json [--only vtest lamp] [--training]
    python benchmarks/sameness.py --against before.json [--training]

Every real recording below ../shared/data and every rendered scene is analysed with the default
settings, classifier included, a few of them with `flow`, `pose` and `background` too. A change that
only moves code leaves every digest as it was; `--against` names those that differ and ends with 1.
With `--training`, a small training is run as well and its weights are compared.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import motionapp
from motionapp.assembly import load_models, make_analysis
from motionapp.core.errors import MotionAppError
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.settings import AnalysisSettings, load_settings

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
RECORDINGS = {".mp4", ".avi", ".mkv", ".wmv", ".asf"}
RENDERED = ("crossing", "jack", "wave1", "clock+person", "lamp+person", "rain+person", "rain",
            "leaves", "leaves+person", "cloud-shadow+person", "flicker", "demo")  # fmt: skip
OTHER_FRONTENDS = ("jack", "person_walk.mp4", "street_people.mp4")
"""Also seen by the other front-ends: names, or ends of paths."""
TRAINING = ("train", "synthetic", "--rendered", "2", "--epochs", "1", "--clutter", "2",
            "--no-cache")  # fmt: skip


@dataclass(slots=True)
class Digest:
    """Hashes over everything that a run told."""

    seen: hashlib._Hash = field(default_factory=hashlib.sha256)
    told: hashlib._Hash = field(default_factory=hashlib.sha256)
    events: int = 0
    error: str = ""

    def add(self, moment: Moment) -> None:
        """Take in the regions and the mask of one frame, and the events that closed at it."""
        motion = moment.motion
        if motion is not None:
            self.seen.update(repr(motion.regions).encode())
            if motion.mask is not None:
                self.seen.update(motion.mask.tobytes())
        for event in moment.closed:
            self.events += 1
            self.told.update(repr(event).replace(", names=())", ")").encode())

    def as_json(self) -> dict[str, object]:
        """What is written and compared."""
        return {
            "regions_and_masks": self.seen.hexdigest()[:16],
            "events_digest": self.told.hexdigest()[:16],
            "events": self.events,
            "error": self.error,
        }


def specs() -> Iterator[str]:
    """All that is compared, the rendered scenes first."""
    for name in RENDERED:
        yield f"synthetic:{name}"
    if DATA.is_dir():
        yield from sorted(str(path) for path in DATA.rglob("*") if path.suffix in RECORDINGS)


def digest(spec: str, settings: AnalysisSettings, models: Models) -> Digest:
    """Analyse one source from beginning to end."""
    result = Digest()
    analysis = make_analysis(settings, models, source_name=Path(spec).name)
    try:
        source = motionapp.open_source(spec)
        for frame in source.frames():
            result.add(analysis.step(frame))
        result.add(analysis.finish())
        source.close()
    except MotionAppError as error:  # a damaged recording is compared as far as it goes
        result.error = str(error).replace(str(DATA), "")
    return result


def compare_all(only: list[str]) -> dict[str, dict[str, object]]:
    """Digests by front-end and source."""
    found: dict[str, dict[str, object]] = {}
    for frontend in ("absdiff", "flow", "pose", "background"):
        settings = load_settings(changes={"analysis.frontend": frontend}).analysis
        models = load_models(settings)
        for spec in specs():
            if frontend != "absdiff" and not spec.endswith(OTHER_FRONTENDS):
                continue
            if only and not any(part in spec for part in only):
                continue
            key = f"{frontend} {spec.removeprefix(str(DATA))}"
            found[key] = digest(spec, settings, models).as_json()
            print(key, found[key], flush=True)
    return found


def trained() -> dict[str, object]:
    """The weights of a small training, in the order of their names."""
    import onnx
    from onnx import numpy_helper

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small.onnx"
        command = [sys.executable, "-m", "motionapp", *TRAINING, "--out", str(path)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        weights = onnx.load(str(path)).graph.initializer
    total = hashlib.sha256()
    for weight in sorted(weights, key=lambda one: str(one.name)):
        total.update(numpy_helper.to_array(weight).tobytes())
    return {"weights": total.hexdigest()[:16]}


def main() -> int:
    """Write the digests, or compare them with those of another version."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", type=Path, metavar="FILE")
    parser.add_argument("--against", type=Path, metavar="FILE")
    parser.add_argument("--only", nargs="*", default=[], metavar="PART", help="parts of names")
    parser.add_argument("--training", action="store_true")
    options = parser.parse_args()
    found = compare_all(options.only)
    if options.training:
        found["training"] = trained()
        print("training", found["training"], flush=True)
    if options.write:
        options.write.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if not options.against:
        return 0
    before = json.loads(options.against.read_text(encoding="utf-8"))
    changed = [key for key in found if key in before and before[key] != found[key]]
    for key in changed:
        print(f"differs: {key}\n    before {before[key]}\n    now    {found[key]}")
    compared = sum(key in before for key in found)
    print(f"{compared - len(changed)} of {compared} are the same")
    return 1 if changed or not compared else 0


if __name__ == "__main__":
    raise SystemExit(main())
