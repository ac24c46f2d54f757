"""What lies beneath a privacy zone is in no file that is written, whoever writes it.

Somebody walks about within the zone, and somebody else outside of it. Every picture in every file,
in films, in pages and by itself, is decoded and looked at.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

import motionapp
from motionapp.batch.job import Job, run_job
from motionapp.core.crossing import Crossing
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.overlay import Style
from motionapp.privacy.frames import LEVEL
from motionapp.settings import Settings, load_settings
from motionapp.sinks.video import AnnotatedVideoSink
from motionapp.testing import Mover, Stage

SIZE = (320, 240)
PRIVATE = ((0.05, 0.05), (0.45, 0.05), (0.45, 0.5), (0.05, 0.5))
SEEN = (slice(0.22, 0.47), slice(0.08, 0.42))
"""Of what is private, what is looked at, in shares: without the border, where codecs blur, and
without the band on top, in which films say the time."""
NOTHING_DRAWN = Style(groups=False, tracks=False, poses=False, events=False, status=False)


def inside(t_s: float) -> tuple[float, float]:
    return 40 + 60 * abs(t_s % 2 - 1), 50.0


def outside(t_s: float) -> tuple[float, float] | None:
    return (180 + 60 * (t_s - 1), 150) if 1 <= t_s < 2.5 else None


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people, of which one is nobody's business."""
    path = tmp_path_factory.mktemp("private") / "yard.mp4"
    stage = Stage(movers=(Mover(inside), Mover(outside)), size=SIZE, sigma=1.0)
    sink = AnnotatedVideoSink(path, style=NOTHING_DRAWN)
    for frame in stage.frames(3.2):
        sink.accept(Moment("stage", frame))
    sink.close()
    return path


def settings(**changes: object) -> Settings:
    zones = [
        {"name": "window", "kind": "privacy", "polygon": PRIVATE},
        {"name": "path", "kind": "line", "polygon": ((0.7, 0.4), (0.7, 1.0))},
    ]
    return load_settings(
        changes={
            "analysis.recognition.classifier": "none",
            "analysis.people": "off",
            "analysis.zones": zones,
            **{key.replace("__", "."): value for key, value in changes.items()},
        }
    )


def pictures(folder: Path) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Every picture of every file, with where it was found."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".mp4", ".mkv"):
            with av.open(str(path)) as container:
                for index, frame in enumerate(container.decode(video=0)):
                    yield f"{path.name} {index}", frame.to_ndarray(format="bgr24")
        elif path.suffix in (".jpg", ".png"):
            bgr = cv2.imread(str(path))
            assert bgr is not None
            yield path.name, np.asarray(bgr, np.uint8)
        elif path.suffix == ".html":
            for number, packed in enumerate(
                re.findall(r"data:image/\w+;base64,([\w+/=]+)", path.read_text())
            ):
                content = np.frombuffer(base64.b64decode(packed), np.uint8)
                bgr = cv2.imdecode(content, cv2.IMREAD_COLOR)
                assert bgr is not None
                yield f"{path.name} {number}", np.asarray(bgr, np.uint8)


def part(bgr: NDArray[np.uint8]) -> NDArray[np.float64]:
    width = bgr.shape[1]
    height = width * SIZE[1] / SIZE[0]  # a heat map has its legend below
    rows, columns = (
        slice(round(share.start * side), round(share.stop * side))
        for share, side in zip(SEEN, (height, width), strict=True)
    )
    return bgr[rows, columns].astype(np.float64)


def test_without_a_zone_there_is_something_to_be_seen(recording: Path) -> None:
    """Or nothing below could fail."""
    spreads = [part(bgr).std() for _, bgr in pictures(recording.parent)]

    assert len(spreads) == 80
    assert min(spreads) > 10


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("frontend", "clips"), [("absdiff", "copy"), ("flow", "encode"), ("background", "copy")]
)
def test_no_picture_that_a_batch_writes_shows_what_is_private(
    recording: Path, tmp_path: Path, frontend: str, clips: str
) -> None:
    chosen = settings(
        analysis__frontend=frontend, run__clips=clips, run__annotated=True, run__report=True,
        run__masks=True, run__frames="jsonl", run__draw_mask=True, run__draw_suppressed=True,
        run__draw_flow="both",
    )  # fmt: skip

    record = run_job(Job(str(recording), str(tmp_path), "yard"), chosen, Models())

    assert record.status == "ok"
    found = list(pictures(tmp_path))
    kinds = {name.split(".")[0].split("@")[0] for name, _ in found}
    assert {"annotated", "heatmap", "report", "all"} <= kinds
    for name, bgr in found:
        seen = part(bgr)
        if name.startswith(("0", "1")):  # a mask: nothing moves there
            assert seen.max() == 0, name
        else:
            assert seen.std() < 3, name
            assert seen.mean() < LEVEL + 8, name  # a heat map shows all of it darker
    if clips == "copy":
        assert "a privacy zone is to be burned in" in (record.note or "")


def test_nobody_is_found_beneath_and_everybody_beside_it(recording: Path, tmp_path: Path) -> None:
    run_job(Job(str(recording), str(tmp_path), "yard"), settings(), Models())

    document = json.loads((tmp_path / "yard" / "events.json").read_text())

    (event,) = document["events"]
    assert event["start_s"] > 0.9
    assert event["box"][0] > 0.45 * SIZE[0]
    (crossing,) = document["crossings"]
    assert (crossing["zone"], crossing["direction"]) == ("path", "left")
    assert crossing["t_s"] == pytest.approx(1.6, abs=0.3)


def test_python_is_told_of_crossings_too(recording: Path) -> None:
    told: list[Crossing] = []

    (event,) = motionapp.analyse(recording, settings=settings().analysis, on_crossing=told.append)

    assert [(one.zone, one.direction) for one in told] == [("path", "left")]
    assert told[0].track_id in event.segments[0].track_ids
