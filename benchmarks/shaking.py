"""Walkers before a camera that shakes or turns: the same events as before one that stands?

    python benchmarks/shaking.py [--frontends absdiff flow pose background] [--seeds 3]

The rendered walks of `benchmarks/crossings.py`, each with the camera moved in several ways, and the
same wall with nobody before it. Printed is by how many seconds the first event begins later and the
last ends later than before a camera that stands, and how many events there are with nobody about.
A camera that turns loses who walks the other way: by how much sooner they have left the picture, or
come into it, is taken off.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace

from motionapp.assembly import load_models, make_analysis
from motionapp.core.event import Event
from motionapp.core.models import Models
from motionapp.scenes.disturbances.shake import Shake
from motionapp.scenes.named import crossing_scene
from motionapp.scenes.scene import Scene
from motionapp.scenes.truth import truth
from motionapp.settings import AnalysisSettings, load_settings
from motionapp.sources.synthetic import SyntheticSource

FIRST_SEED = 9_100_000
"""As in `crossings`: training never renders these."""

FRONTENDS = ("absdiff", "flow", "pose", "background")

BAR_S = 0.3

RATE_HZ = 25

SEEN_PX = 12
"""So much of somebody's width is in the picture."""

WAYS = {
    "shake": Shake(2),
    "other shake": Shake(5),
    "slow": Shake(4, swing_px=8.0, slow_hz=0.5, fast_hz=2.0),
    "roll": Shake(1, roll_deg=0.8),
    "other roll": Shake(3, roll_deg=1.0),
    "pan": Shake(2, swing_px=0.0, pan_px_s=12.0),
    "shake and pan": Shake(2, pan_px_s=8.0),
    "a while": Shake(6, start_s=2.0, end_s=4.0),
}


def events(scene: Scene, settings: AnalysisSettings, models: Models) -> tuple[list[Event], float]:
    """What happens in a scene, and the milliseconds of processor time that a frame took."""
    source = SyntheticSource(scene)
    analysis = make_analysis(settings, models, source_name=source.info.name)
    found: list[Event] = []
    spent_s, frames = 0.0, 0
    for frame in source.frames():
        began_s = time.process_time()
        found += analysis.step(frame).closed
        spent_s, frames = spent_s + time.process_time() - began_s, frames + 1
    found += analysis.finish().closed
    return found, 1e3 * spent_s / max(1, frames)


def in_picture(scene: Scene) -> tuple[float, float]:
    """From when to when somebody is in the picture, wherever the camera looks."""
    width, _ = scene.size
    (shake,) = scene.disturbances or (Shake(swing_px=0.0),)
    assert isinstance(shake, Shake)
    times = []
    for number in range(int(scene.duration_s * RATE_HZ)):
        t_s = number / RATE_HZ
        across = shake.way_at(t_s)[0]
        for figure in truth(scene, t_s).figures:
            if figure.box is None:
                continue
            x0, _, x1, _ = figure.box
            if min(width, x1 + across) - max(0, x0 + across) >= SEEN_PX:
                times.append(t_s)
    return min(times), max(times)


def told(
    found: Sequence[Event], still: Sequence[Event], later_s: tuple[float, float]
) -> tuple[str, bool]:
    """How the events differ from those before a camera that stands; whether within the bar.

    `later_s` are the seconds by which people come into the picture later, and leave it later.
    """
    if not found or not still:
        return f"{len(found)} events instead of {len(still)}", len(found) == len(still)
    first_s = found[0].start_s - still[0].start_s - later_s[0]
    last_s = found[-1].end_s - still[-1].end_s - later_s[1]
    is_same = len(found) == len(still) and max(abs(first_s), abs(last_s)) <= BAR_S
    number = "" if len(found) == len(still) else f"{len(found)} events instead of {len(still)}, "
    return f"{number}begins {first_s:+.2f} s, ends {last_s:+.2f} s", is_same


def main() -> None:
    """Print every walk and the sums."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--frontends", nargs="*", default=FRONTENDS, choices=FRONTENDS)
    parser.add_argument("--seeds", type=int, default=3, help="how many walks")
    parser.add_argument("--ways", nargs="*", default=list(WAYS), choices=list(WAYS))
    parser.add_argument("--people", default="auto", choices=("auto", "off"))
    parser.add_argument("--steady", default="auto", choices=("auto", "on", "off"))
    options = parser.parse_args()
    for frontend in options.frontends:
        changes = {
            "analysis.frontend": frontend,
            "analysis.people": options.people,
            "analysis.steady": options.steady,
            "analysis.recognition.classifier": "none",
        }
        settings = load_settings(changes=changes).analysis
        models = load_models(settings)
        same = walks = alarms = 0
        for seed in range(FIRST_SEED, FIRST_SEED + options.seeds):
            scene = crossing_scene(seed)
            still, ms = events(scene, settings, models)
            print(f"{frontend} {seed} still: {len(still)} events, {ms:.1f} ms", flush=True)
            began_s, ended_s = in_picture(scene)
            for name in options.ways:
                moved = replace(scene, disturbances=(WAYS[name],))
                found, ms = events(moved, settings, models)
                began_now_s, ended_now_s = in_picture(moved)
                later_s = began_now_s - began_s, ended_now_s - ended_s
                text, is_same = told(found, still, later_s)
                nobody, _ = events(replace(moved, figures=()), settings, models)
                same, walks, alarms = same + is_same, walks + 1, alarms + len(nobody)
                print(f"    {name}: {text}; with nobody {len(nobody)}; {ms:.1f} ms", flush=True)
        print(f"{frontend}: {same} of {walks} within {BAR_S} s, {alarms} events with nobody")


if __name__ == "__main__":
    main()
