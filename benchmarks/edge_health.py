"""How soon a covered, turned, blurred or frozen camera is found, and how often none is called so.

    python benchmarks/edge_health.py [--good] [--light] [--faults] [--encoded] [--json FILE]

Real recordings from `../shared/data`, as far as they are there, played to and fro for as long as it
takes, with one look a second, all of them judged as if nothing moved: harder than a camera has it.
`CHOSEN` are those on which the limits of `motionapp/edge/camera/health.py` were set; all tables but
the first are of `HELD`, which had no part in that. `--good`: false alarms. `--light`: alarms while
only light or weather change, or something stands before the camera for a while. `--faults`: faults
that are made five minutes into a recording and undone ten later. `--encoded`: faults and good
pictures once more, through H.264.
"""

from __future__ import annotations

import argparse
import functools
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any, Final

import av
import cv2
import numpy as np
from numpy.typing import NDArray

import motionapp
from motionapp.core.frame import level_for
from motionapp.edge.camera.health import Change, Health

DATA: Final = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
SMALL_PX: Final = 160
"""Greatest width at which is looked and faults are made..."""
ENCODED_PX: Final = 320
"""... and at which they are encoded."""
PICTURE_S: Final = 0.2
BEGIN_S, FAULT_S, AFTER_S = 300, 600, 60
SEED: Final = 5

Picture = NDArray[np.uint8]
Pictures = Sequence[Picture]

CHOSEN: Final = (
    "outdoor/*.mp4", "events/*.*v*", "camera_trap/waterhole.mp4", "camera_trap/trap01.mp4",
    "camera_trap/trap04.avi", "camera_trap/trap10.avi", "urfd/adl/adl-01-*.mp4",
    "urfd/adl/adl-13-*.mp4", "urfd/adl/adl-25-*.mp4", "urfd/adl/adl-3[01]-*.mp4",
    "urfd/fall/fall-01-cam0.mp4", "urfd/fall/fall-13-cam0.mp4",
)  # fmt: skip
HELD: Final = (
    "cdnet_highway/input.zip", "camera_trap/trap02.avi", "camera_trap/trap0[579].*",
    "camera_trap/trap08.avi", "camera_trap/trap1[23].*", "weizmann_full/walk/*.mp4",
    "kth_few/*/*.mp4", "ut_interaction/handshake/*.mp4", "webcam_signs/p?_s*.mp4",
    "odd_files/corridor_person.wmv", "odd_files/webcam.mkv", "urfd/adl/adl-3[5789]-*.mp4",
    "urfd/adl/adl-2[69]-*.mp4", "safety/fall/*_15.mp4", "safety/nofight/nofi1[0-4]?.mp4",
)  # fmt: skip
NOT_FIXED: Final = ("safety/nofight/*", "safety/fight/*")
"""Cut together by others, some from hand-held cameras: told apart."""


def recordings(patterns: Sequence[str]) -> list[Path]:
    """The files that are there."""
    return [path for pattern in patterns for path in sorted(DATA.glob(pattern))]


def read(path: Path, width_px: int = SMALL_PX, most: int = 400) -> list[Picture]:
    """Its grey pictures, at most so many pixels wide, five a second."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            names = sorted(n for n in archive.namelist() if n.endswith(".jpg"))[::5]
            data = (np.frombuffer(archive.read(n), np.uint8) for n in names)
            whole = (cv2.imdecode(d, cv2.IMREAD_GRAYSCALE) for d in data)
            return [small(np.asarray(p, np.uint8), width_px) for p in whole]
    source, found, last_s = motionapp.open_source(str(path)), [], -1.0
    for frame in source.frames():
        if frame.pts_s - last_s >= PICTURE_S - 0.01 and len(found) < most:
            last_s = frame.pts_s
            found.append(np.array(frame.luma_at(level_for(frame.epoch.size[0], width_px))))
    source.close()
    return [picture for picture in found if picture.shape == found[0].shape]


def small(picture: Picture, width_px: int = SMALL_PX) -> Picture:
    """As the analysis would hand it over."""
    level = level_for(picture.shape[1], width_px)
    if level == 0:
        return picture
    size = (picture.shape[1] >> level, picture.shape[0] >> level)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def to_and_fro(pictures: Pictures, at_s: float) -> Picture:
    """The picture that is due."""
    span = max(1, 2 * (len(pictures) - 1))
    k = round(at_s / PICTURE_S) % span
    return pictures[k if k < len(pictures) else span - k]


# ---------------------------------------------------------------- what is done to pictures

Made = Callable[[Picture], Picture]
"""What a fault makes of a picture."""


def clipped(picture: NDArray[Any]) -> Picture:
    """As a sensor gives it."""
    return np.clip(np.round(picture), 0, 255).astype(np.uint8)


def noisy(rng: np.random.Generator, picture: NDArray[Any], sigma: float = 1.5) -> Picture:
    """With the noise of a sensor, one of many pictures of it."""
    bank = _noise(picture.shape)
    one = np.roll(bank[rng.integers(len(bank))], rng.integers(picture.size))
    return clipped(picture + sigma * one)


@functools.cache
def _noise(shape: tuple[int, ...]) -> NDArray[np.float32]:
    rng = np.random.default_rng(SEED)
    return rng.normal(0.0, 1.0, (64, *shape)).astype(np.float32)


def cloth(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[Any]:
    """Something woven close before the lens: soft, with folds, brighter on one side."""
    folds = cv2.GaussianBlur(rng.normal(0.0, 1.0, shape), (0, 0), shape[1] / 16)
    weave = cv2.GaussianBlur(rng.normal(0.0, 1.0, shape), (0, 0), shape[1] / 80)
    side = np.linspace(-20, 20, shape[1])[None, :]
    return np.asarray(90 + side + 12 * folds / folds.std() + 3 * weave / weave.std())


def warped(picture: Picture, *, share: float = 0.0, degrees: float = 0.0) -> Picture:
    """Moved to the side and turned; what was outside is mirrored."""
    h, w = picture.shape
    matrix = cv2.getRotationMatrix2D((w / 2, h / 2), degrees, 1.0)
    matrix[0, 2] += share * w
    moved = cv2.warpAffine(picture, matrix, (w, h), borderMode=cv2.BORDER_REFLECT)
    return np.asarray(moved, np.uint8)


def blurred(picture: Picture, share: float) -> Picture:
    """Out of focus: sigma as a share of the width."""
    return clipped(cv2.GaussianBlur(picture.astype(np.float32), (0, 0), share * picture.shape[1]))


def faults(pictures: Pictures, other: Pictures, rng: np.random.Generator) -> Mapping[str, Made]:
    """By kind and name."""
    shape = pictures[0].shape
    woven, frozen = cloth(shape, rng), to_and_fro(pictures, BEGIN_S)
    elsewhere = [np.asarray(cv2.resize(p, shape[::-1]), np.uint8) for p in other[:50]]
    count = iter(range(10**9))
    return {
        "covered: dark": lambda p: noisy(rng, np.full(shape, 14.0)),
        "covered: black": lambda p: noisy(rng, np.full(shape, 1.0), 0.7),
        "covered: bright": lambda p: noisy(rng, np.full(shape, 205.0)),
        "covered: cloth": lambda p: noisy(rng, woven),
        "turned: another scene": lambda p: to_and_fro(elsewhere, next(count)),
        "turned: by 20 % of the width": lambda p: warped(p, share=0.2),
        "turned: by 8 % of the width": lambda p: warped(p, share=0.08),
        "turned: by 15 degrees": lambda p: warped(p, degrees=15),
        "blurred: 0.5 % of the width": lambda p: noisy(rng, blurred(p, 0.005), 1.0),
        "blurred: 1 %": lambda p: noisy(rng, blurred(p, 0.01), 1.0),
        "blurred: 2 %": lambda p: noisy(rng, blurred(p, 0.02), 1.0),
        "blurred: 4 %": lambda p: noisy(rng, blurred(p, 0.04), 1.0),
        "frozen: one picture": lambda p: frozen,
    }


def lights(pictures: Pictures, rng: np.random.Generator) -> Mapping[str, Made]:
    """What only light and weather do, or what stands there for a while."""
    h, w = pictures[0].shape
    across, along = np.mgrid[:h, :w]
    lamp = np.exp(-((along / w - 0.4) ** 2 + (across / h - 0.6) ** 2) / 0.1)
    shadow = np.where(along / w + 0.3 * across / h > 0.6, 0.35, 1.0)
    lorry = np.where(along < 0.7 * w, 60.0, np.nan)
    return {
        "lamp out: a tenth": lambda p: noisy(rng, 0.1 * p),
        "lamp out: a twentieth, noisy": lambda p: noisy(rng, 0.05 * p, 2.0),
        "one lamp in the dark": lambda p: noisy(rng, lamp * p),
        "brighter, clipped": lambda p: clipped(2.0 * p + 20.0),
        "a hard shadow": lambda p: noisy(rng, shadow * p),
        "night, gain and noise": lambda p: noisy(rng, 30 + 0.3 * p, 8.0),
        "fog: a tenth of the contrast": lambda p: noisy(rng, 180 + 0.1 * (p - 120.0)),
        "a lorry before 70 %": lambda p: clipped(np.where(np.isnan(lorry), p, lorry)),
    }


def nothing(pictures: Pictures, other: Pictures, rng: np.random.Generator) -> Mapping[str, Made]:
    """No fault, but a scene in which nobody moves: what codecs repeat most."""
    still = to_and_fro(pictures, BEGIN_S)
    return {"nothing: a still scene": lambda p: noisy(rng, still, 0.7)}


# ---------------------------------------------------------------- runs


@dataclass(frozen=True, slots=True)
class Run:
    """What was told of a stream, and when."""

    told: tuple[tuple[float, Change], ...]

    def first(self, turn: str, since_s: float) -> tuple[float, Change] | None:
        """The first beginning or end from a time on."""
        return next(((t, c) for t, c in self.told if c.turn == turn and t >= since_s), None)


def run(stream: Iterator[Picture]) -> Run:
    """One look a second at a stream."""
    health, told = Health(), []
    for second, picture in enumerate(stream):
        for change in health.step(small(picture), float(second), is_moving=False):
            told.append((float(second), change))
    return Run(tuple(told))


def stream_of(
    pictures: Pictures, made: Made | None, *, fault_s: int, after_s: int
) -> Iterator[Picture]:
    """Good for five minutes, then what is made of it, then good again."""
    for second in range(BEGIN_S + fault_s + after_s):
        picture = to_and_fro(pictures, second)
        is_made = made is not None and BEGIN_S <= second < BEGIN_S + fault_s
        yield made(picture) if made is not None and is_made else picture


def encoded(stream: Iterator[Picture], options: Mapping[str, str]) -> Iterator[Picture]:
    """The same after H.264, a picture a second."""
    memory, video = io.BytesIO(), None
    with av.open(memory, "w", format="matroska") as out:
        for second, picture in enumerate(stream):
            h, w = (side & ~1 for side in picture.shape)
            if video is None:
                video = out.add_stream("libx264", rate=1, options=dict(options))
                video.width, video.height, video.pix_fmt = w, h, "yuv420p"
                video.codec_context.thread_count = 1
            planes = np.concatenate([picture[:h, :w], np.full((h // 2, w), 128, np.uint8)])
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = second, Fraction(1, 1)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
    memory.seek(0)
    with av.open(memory) as back:
        for frame in back.decode(video=0):
            yield np.array(frame.to_ndarray()[: frame.height])


CODECS: Final[Mapping[str, Mapping[str, str]]] = {
    "good quality, key frame each 4 s": {"crf": "26", "g": "4"},
    "low, key frame each 10 s": {"crf": "36", "g": "10"},
    "fixed 100 kbit a picture": {"b": "100000", "maxrate": "100000", "bufsize": "200000", "g": "4"},
}


# ---------------------------------------------------------------- tables


def good_rows(patterns: Sequence[str], title: str, minutes: int = 20) -> list[dict[str, Any]]:
    """False alarms on good footage, fixed cameras and others apart."""
    rows = []
    paths = recordings(patterns)
    loose = {path for pattern in NOT_FIXED for path in DATA.glob(pattern)}
    for name, chosen in (
        (f"{title}, fixed", [p for p in paths if p not in loose]),
        (f"{title}, cut or hand-held among them", [p for p in paths if p in loose]),
    ):
        alarms, footage_s = [], 0.0
        for path in chosen:
            pictures = read(path)
            footage_s += len(pictures) * PICTURE_S
            found = run(to_and_fro(pictures, s) for s in range(minutes * 60))
            alarms += [f"{path.stem}: {c.kind}" for _, c in found.told if c.turn == "begins"]
        hours = len(chosen) * minutes / 60
        rows.append(
            {
                "what": name, "recordings": len(chosen), "footage_min": round(footage_s / 60, 1),
                "played_h": round(hours, 1), "false": len(alarms),
                "per_hour": round(len(alarms) / hours, 3) if hours else None, "which": alarms,
            }
        )  # fmt: skip
        print(json.dumps(rows[-1]), flush=True)
    return rows


def made_rows(
    paths: Sequence[Path],
    made_of: Callable[[Pictures, Pictures, np.random.Generator], Mapping[str, Made]],
    *,
    codec: Mapping[str, str] | None = None,
    only: str = "",
) -> list[dict[str, Any]]:
    """Found, missed and delayed, by what was made."""
    outcomes: dict[str, list[dict[str, Any]]] = {}
    for number, path in enumerate(paths):
        width_px = SMALL_PX if codec is None else ENCODED_PX
        pictures = read(path, width_px)
        other = read(paths[(number + len(paths) // 2) % len(paths)], width_px)  # another place
        rng = np.random.default_rng([SEED, number])
        for name, made in made_of(pictures, other, rng).items():
            if not name.startswith(only):
                continue
            stream = stream_of(pictures, made, fault_s=FAULT_S, after_s=AFTER_S)
            if codec is not None:
                common = {"preset": "veryfast", "tune": "zerolatency", **codec}
                stream = encoded(stream, common)
            outcomes.setdefault(name, []).append({"path": path.stem, **outcome(run(stream), name)})
    rows = [row_of(name, found) for name, found in outcomes.items()]
    for row in rows:
        print(json.dumps(row), flush=True)
    return rows


def outcome(found: Run, name: str) -> dict[str, Any]:
    """Of one recording."""
    begin = found.first("begins", BEGIN_S)
    end = found.first("ends", BEGIN_S + FAULT_S)
    return {
        "early": sum(t < BEGIN_S for t, _ in found.told),
        "kind": begin[1].kind if begin else None,
        "is_kind": bool(begin and name.startswith(begin[1].kind)),
        "delay_s": begin[0] - BEGIN_S if begin else None,
        "end_s": end[0] - BEGIN_S - FAULT_S if end else None,
    }


def row_of(name: str, found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A row of the table."""
    delays = [one["delay_s"] for one in found if one["delay_s"] is not None]
    ends = [one["end_s"] for one in found if one["end_s"] is not None]
    return {
        "what": name, "recordings": len(found), "found": len(delays),
        "right_kind": sum(one["is_kind"] for one in found), "missed": len(found) - len(delays),
        "delay_s": median(delays) if delays else None,
        "longest_delay_s": max(delays) if delays else None,
        "ended": len(ends), "end_s": median(ends) if ends else None,
        "missed_in": [one["path"] for one in found if one["delay_s"] is None][:8],
        "other_kind": [
            f"{one['path']}: {one['kind']}" for one in found if one["kind"] and not one["is_kind"]
        ][:8],
    }  # fmt: skip


def main() -> int:
    """Print a line of JSON a row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for part in ("good", "light", "faults", "encoded"):
        parser.add_argument(f"--{part}", action="store_true")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    asked = {k for k in ("good", "light", "faults", "encoded") if getattr(options, k)}
    parts = asked or {"good", "light", "faults", "encoded"}
    loose = {path for pattern in NOT_FIXED for path in DATA.glob(pattern)}
    held = [path for path in recordings(HELD) if path not in loose]
    document: dict[str, Any] = {}
    if "good" in parts:
        document["good"] = good_rows(CHOSEN, "chosen on") + good_rows(HELD, "held out")
    if "light" in parts:
        document["light"] = made_rows(held, lambda p, _, rng: lights(p, rng))
    if "faults" in parts:
        document["faults"] = made_rows(held, faults)
    if "encoded" in parts:
        some = held[:: max(1, len(held) // 4)]
        for codec, how in CODECS.items():
            print(codec, flush=True)
            document[codec] = made_rows(some, faults, codec=how)
            document[codec] += made_rows(some, nothing, codec=how)
    if options.json:
        options.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
