"""How wrong body points are on the road: of rendered people, whose joints are known, and of real.

    python benchmarks/pose_errors.py DATA_DIR [--people 22] [--json FILE]

Rendered people as training draws them (any side, 0 to 60 degrees from above), each at five
heights in a picture of 640 by 480, are led along the whole road of the front-end `pose` for 3 s.
Photographs are shrunk until a person has such a height; who is found there is looked at as on the
road.

Lengths are in statures (of a photograph: 3 torsos), sd are per axis. `swap`: arms or legs fit
better when left and right are exchanged; other figures are without it. `gap`: a score below 0.1,
with which no limb is drawn. `astray`: drawn, and farther off than a forearm is long. `sd`: of the
other points; of photographs without what COCO's annotators differ by. `steady`: the part of the
variance that stays for a second; the rest is forgotten in `memory_s`. `slope`: how much the
logarithm of an error falls from score 0 to 1. `hidden`: behind a screen. `lost`: nobody is found
where somebody was. `alike`: how much errors go together (`together_of`). Lengths in time are means.

The last table is the one that training draws from (`motionapp/training/pose_errors.py`): how large
and how frequent errors are is that of photographs, how they come and go that of rendered people.
About 3 minutes on one core.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from pose_accuracy import SIGMAS, Human, humans_of
from pose_error_figures import FEW, Measured, Points, Seen, figures
from pose_flips import CLEARLY, flips_hz, recorded

from motionapp.assembly import make_analysis
from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.models import NO_MODELS
from motionapp.people.opened import PoseNetworks, open_networks
from motionapp.people.points import look_closer
from motionapp.people.search import PersonSearch, SearchRules
from motionapp.scenes.crop import Crop
from motionapp.scenes.crop_render import CropRenderer, CropStage
from motionapp.scenes.people.actions import ACTIONS
from motionapp.sources.picture import BgrPicture
from motionapp.training.crop_views import CropOrder
from motionapp.training.gather import road_settings
from motionapp.training.pose_errors import ARMS, HEIGHTS_PX, KINDS, LEGS, OTHER_SIDE

SIZE: Final = (640, 480)
LASTS_S: Final = 3.0
FIRST_PERSON: Final = 900_000
"""Training with small seeds renders others."""
TRUNK: Final = (5, 6, 11, 12)
MIDDLE_PX: Final = (50, 80)
"""Who is as tall as people in the recordings: 70 and 84 pixels in the median."""
SAME: Final = 0.3
"""A pose is somebody's whose trunk is so near; as far apart are shoulders and hips."""
TORSOS: Final = 3.0
"""Of a stature, by `motionapp.scenes.people.skeleton`: 0.29 high and 0.155 wide across."""
BEYOND: Final = 0.06
"""Hands reach so far beyond the last point, and hair and feet about as far."""
LEAST_IOU: Final = 0.4


def at_height(crop: Crop, tall_px: float) -> Crop:
    """The crop in the middle of a large picture, its first person of a height in its pixels."""
    camera, screen = crop.camera, crop.screen
    k = tall_px / (crop.actors[0].body.stature_m * camera.px_per_m)
    (x, y), at = camera.at_px, (SIZE[0] / 2, SIZE[1] / 2)
    if screen is not None:
        screen = replace(
            screen, top_px=at[1] + (screen.top_px - y) * k,
            left_px=at[0] + (screen.left_px - x) * k, right_px=at[0] + (screen.right_px - x) * k,
        )  # fmt: skip
    camera = replace(camera, px_per_m=camera.px_per_m * k, at_px=at)
    return replace(crop, size=SIZE, camera=camera, screen=screen)


def picture(renderer: CropRenderer, t_s: float) -> NDArray[np.uint8]:
    """In colour, with the light and the noise of the grey picture."""
    colour = renderer.colour(t_s)
    grey = cv2.cvtColor(colour, cv2.COLOR_BGR2GRAY).astype(np.int16)
    noise = renderer.luma(t_s).astype(np.int16) - grey
    return np.clip(colour + noise[..., None], 0, 255).astype(np.uint8)


def watched(crop: Crop) -> Iterator[tuple[float, list[NDArray[np.float32]]]]:
    """The poses that the road gives at each frame."""
    renderer = CropRenderer(CropStage(crop), Box(0, 0, *SIZE))
    analysis = make_analysis(road_settings("pose"), NO_MODELS, source_name="crop")
    epoch = Epoch(0, SIZE, Fraction(1, 1_000_000))
    for index in range(int(LASTS_S * crop.rate_hz)):
        since_s = index / crop.rate_hz
        t_s = since_s - LASTS_S / 2
        pixels = BgrPicture(picture(renderer, t_s))
        frame = Frame(index, round(since_s * 1e6), since_s, 1 / crop.rate_hz, epoch, pixels=pixels)
        yield t_s, [pose.keypoints for pose in analysis.step(frame).motion.poses]


def seen_of(crop: Crop) -> list[Seen | None]:
    """The frames of a crop's first person since they were found, while all of them is in view."""
    who, camera, frames = crop.actors[0], crop.camera, list[Seen | None]()
    stature_px = who.body.stature_m * camera.px_per_m
    top = np.inf if crop.screen is None else crop.screen.top_px
    for t_s, poses in watched(crop):
        true = camera.see(who.joints_m(t_s)[:17]).points
        best = min(poses, key=lambda p: trunk_off(p, true), default=None)
        if best is not None and trunk_off(best, true) > SAME * stature_px:
            best = None
        is_inside = bool(((true >= 0) & (true < SIZE)).all())
        if (frames or best is not None) and is_inside:
            hidden = true[:, 1] > top
            frames.append(None if best is None else put_right(t_s, best, true, stature_px, hidden))
    return frames


def trunk_off(pose: NDArray[np.float32], true: Points) -> float:
    """Pixels between two trunks."""
    rows = list(TRUNK)
    return float(np.median(np.linalg.norm(pose[rows, :2] - true[rows], axis=1)))


def put_right(
    t_s: float, pose: NDArray[np.float32], true: Points, stature_px: float,
    is_hidden: NDArray[np.bool_], known: NDArray[np.bool_] | None = None,
) -> Seen:  # fmt: skip
    """Errors after left and right are exchanged where that fits better."""
    order, swaps = np.arange(17), list[bool | None]()
    for limbs in (ARMS, LEGS):
        rows = [k for k in limbs if known is None or known[k]]
        if not rows:
            swaps.append(None)
            continue
        apart = [
            np.linalg.norm(pose[chosen, :2] - true[rows], axis=1).mean() / stature_px
            for chosen in (rows, OTHER_SIDE[rows])
        ]
        gain = float(apart[0] - apart[1])
        swaps.append(gain > 0 if abs(gain) > CLEARLY else None)
        if gain > 0:
            order[list(limbs)] = OTHER_SIDE[list(limbs)]
    right = pose[order]
    errors = (right[:, :2] - true) / stature_px
    return Seen(t_s, pose, errors, right[:, 2], is_hidden, (swaps[0], swaps[1]))


def rendered(people: int) -> Measured:
    """So many people, each at every height."""
    measured, labels = Measured(), (*ACTIONS, "unknown")
    for number in range(people):
        for tall_px in HEIGHTS_PX:
            label = labels[number % len(labels)]
            order = CropOrder(label, FIRST_PERSON + 7 * number + tall_px, number)
            crop = at_height(order.crop(), tall_px)
            frames = seen_of(crop)
            count = measured.looked_for.setdefault(tall_px, [0, 0])
            count[0] += bool(frames)
            count[1] += 1
            measured.tracks.append((tall_px, 1 / crop.rate_hz, frames))
    return measured


def photographed(folder: Path) -> Measured:
    """Everybody on the photographs whose torso is labelled, at every height that shrinks them."""
    measured, networks = Measured(), open_networks()
    document = json.loads((folder / "annotations.json").read_text())
    for image in document["images"]:
        entries = [a for a in document["annotations"] if a["image_id"] == image["id"]]
        bgr = cv2.imread(str(folder / "images" / image["file_name"]))
        if bgr is None:
            raise SystemExit(f"{image['file_name']} is not there")
        for human in humans_of(entries):
            known = human.points[:, 2] > 0
            if not (known[[5, 6]].any() and known[[11, 12]].any()):
                continue
            for tall_px in HEIGHTS_PX:
                k = tall_px / (TORSOS * human.torso_px)
                if k <= 1:
                    seen = photo_of(networks, bgr.astype(np.uint8, copy=False), human, k, tall_px)
                    count = measured.looked_for.setdefault(tall_px, [0, 0])
                    count[0] += seen is not None
                    count[1] += 1
                    if seen is not None:
                        measured.tracks.append((tall_px, 1.0, [seen]))
    return measured


def photo_of(
    networks: PoseNetworks, bgr: NDArray[np.uint8], human: Human, k: float, tall_px: int
) -> Seen | None:
    """Somebody on a photograph that is shrunk to `k`; None where a search finds nobody."""
    shrunk = cv2.resize(bgr, None, fx=k, fy=k, interpolation=cv2.INTER_AREA)
    small = np.asarray(shrunk, np.uint8)
    true, labels = human.points[:, :2] * k, human.points[:, 2]
    (x0, y0), (x1, y1) = true[labels > 0].min(axis=0), true[labels > 0].max(axis=0)
    edge = BEYOND * tall_px
    box = Box(*(round(v) for v in (x0 - edge, y0 - edge, x1 + edge, y1 + edge)))
    search = PersonSearch(networks.people, SearchRules(is_wide=False))
    (found,) = search.search(small, [box], known={0})
    best = max(found, key=lambda person: person.box.iou(box), default=None)
    if best is None or best.box.iou(box) < LEAST_IOU:
        return None
    closer = look_closer(networks.points, small, best).keypoints
    seen = put_right(0.0, closer, true, tall_px, labels != 2, labels == 2)
    # What annotators differ by is not the network's.
    spread = SIGMAS * np.sqrt(human.area) * k / tall_px
    off = np.linalg.norm(seen.errors, axis=1)
    less = np.sqrt(np.maximum(off**2 - spread**2, 0.0)) / np.maximum(off, 1e-9)
    seen.errors = seen.errors * less[:, None]
    return seen


def flips_of(measured: Measured) -> tuple[float, float]:
    """How often the sides of people of middle height change places, and of how many seconds."""
    return flips_hz(
        [(frame.t_s, frame.pose) for frame in frames if frame is not None]
        for tall_px, _, frames in measured.tracks
        if tall_px in MIDDLE_PX
    )


def trained_on(ours: dict[str, Any], real: dict[str, Any]) -> dict[str, Any]:
    """How large and how frequent errors are of real people, how they come and go of rendered ones.

    Who is lost has no clip, so that nothing is learnt of it.
    """
    told = dict(ours)
    told["swaps"] = {
        limbs: (real["swaps"][limbs][0], length_s) for limbs, (_, length_s) in ours["swaps"].items()
    }
    del told["lost"], told["lost_s"]
    for name in KINDS:
        told[name] = dict(ours[name])
        for what in ("sd", "gap", "astray", "score"):
            told[name][what] = [
                b if n >= FEW else a
                for a, b, n in zip(
                    ours[name][what], real[name][what], real[name]["points"], strict=True
                )
            ]
    return told


def printed(title: str, told: dict[str, Any]) -> None:
    """A table."""
    print(f"\n{title}\nfound at {HEIGHTS_PX} px: {told['found']}")
    for name in (*KINDS, "hidden"):
        for what, value in told[name].items():
            print(f"  {name:6} {what:14} {values(value)}")
    print("  alike:", ", ".join(f"{k} {v:.2f}" for k, v in told["together"].items()))
    for name, (share, length_s) in told["swaps"].items():
        print(f"  swap of {name:4}: share {share:.3f}, {length_s:.2f} s at once")
    if "lost" in told:
        print(f"  lost: {values(told['lost'])}, {told['lost_s']:.2f} s at once", flush=True)


def values(value: float | Sequence[Any]) -> str:
    """Three digits each."""
    if isinstance(value, float):
        return f"{value:.3f}"
    return "  ".join(f"{one:.3f}" if isinstance(one, float) else str(one) for one in value)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--people", type=int, default=22)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    filmed_hz, filmed_s = flips_hz(recorded(options.data))
    print(f"sides change places in recordings: {filmed_hz:.2f} a second, of {filmed_s:.0f} s")
    real = figures(photographed(options.data / "pose"))
    printed("photographs", real)
    measured = rendered(options.people)
    ours = figures(measured)
    printed("rendered people", ours)
    drawn_hz, drawn_s = flips_of(measured)
    print(f"sides change places: {drawn_hz:.2f} a second, of {drawn_s:.0f} s at {MIDDLE_PX} px")
    both = trained_on(ours, real)
    printed("for training: as large as in photographs, as lasting as in pictures that move", both)
    if options.json:
        told = {"photographs": real, "rendered": ours, "training": both}
        options.json.write_text(json.dumps(told, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
