"""A walk through the window with a real pointer and real keys, as a new user takes it.

    python benchmarks/window_walk.py [--out FOLDER] [--language de] [--only N]

On a virtual screen with a window manager (`window_hands.py`) somebody opens recordings by dialog
and by drop, changes front-end and model while it runs, draws, edits and undoes a zone, steps back
through an event, asks why and applies the remedy, compares A with B, records by event and plays
that, teaches three movements from a recording acting as the camera, and closes in the middle of
training (`window_steps.py`). Each step is said with its seconds, and pictured in the folder.
Bars: no step fails, nothing is raised, the window is closed and its process gone within 2 s.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

import av
import numpy as np
from PyQt6.QtGui import QIcon
from window_actions import Troubles
from window_bench import Bar, Figure, application, report
from window_closing import left_behind
from window_hands import Hands, screen
from window_inputs import Recording, make, recordings
from window_steps import MOVEMENTS, Steps

from motionapp.gui.play.wish import first_wish
from motionapp.gui.start import DEMO, ICON, make_window, take_down
from motionapp.gui.window import MainWindow
from motionapp.gui.words import speak
from motionapp.resources import assets_dir
from motionapp.scenes.named import RESERVED_SEED, foot_row
from motionapp.scenes.people.body import Body
from motionapp.scenes.people.performance import Performance
from motionapp.scenes.render import Renderer
from motionapp.scenes.scene import Backdrop, Cue, Scene
from motionapp.scenes.scene import Figure as Person
from motionapp.settings import load_settings

BARS = (
    Bar("steps_failed", "most", 0),
    Bar("exceptions_count", "most", 0),
    Bar("closing_s", "most", 2.0),
    Bar("processes_left", "most", 0),
)
SIZE = (640, 360)
RATE_HZ = 25
WITHIN_S = 420.0


def movements(path: Path) -> None:
    """One person does one thing after the other, and stands still between them."""
    rng = np.random.default_rng([RESERVED_SEED, 19])
    scale = 0.24 * SIZE[1]
    cues = tuple(Cue(Performance(name), from_s, until_s) for name, from_s, until_s in MOVEMENTS)
    foot = 0.45 * SIZE[0], foot_row(SIZE, scale)
    person = Person(Body.random(rng), foot, scale, cues)
    ends_s = MOVEMENTS[-1][2] + 1.0
    backdrop = Backdrop("plaster", RESERVED_SEED, 0.72)
    renderer = Renderer(Scene("three", SIZE, ends_s, RESERVED_SEED, backdrop, (person,)))
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=RATE_HZ)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for index in range(round(ends_s * RATE_HZ)):
            picture = renderer.render(index / RATE_HZ)
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")):
                file.mux(packet)
        for packet in stream.encode():
            file.mux(packet)


def walk(window: MainWindow, hands: Hands, folder: Path, out: Path, only: int) -> None:
    """Do one step after the other, then close; on a thread of its own."""
    steps = Steps(window, hands, folder)
    listed = steps.all()
    for number, (name, do) in enumerate(listed[:only] if only else listed, 1):
        began_s = time.monotonic()
        try:
            said, how = do() or "", "ok"
        except Exception as error:  # noqa: BLE001  a step that fails is a finding
            said, how = str(error) or traceback.format_exc()[-300:], "FAILED"
        took_s = time.monotonic() - began_s
        print(f"{how:7}{number:3} {name} ({took_s:.1f} s) {said}", flush=True)
        hands.wait(0.3)
        file = re.sub(r"[^a-z]+", "-", name.lower())
        hands.picture(out / f"{number:02}-{file}.png")
        if how == "FAILED":
            steps.leave()
    print("asked", time.monotonic(), flush=True)
    hands.key("ctrl+q")


def hold(folder: Path, out: Path, language: str, only: int) -> int:
    """Open the window as `motionapp gui` does, and let it be walked through."""
    app = application(folder)
    speak(app, [language])
    app.setWindowIcon(QIcon(str(assets_dir() / ICON)))
    troubles = Troubles()
    window = make_window(first_wish(None, load_settings().analysis, assets_dir() / DEMO))
    window.show()
    hands = Hands(window)
    walks = threading.Thread(
        target=walk, args=(window, hands, folder, out, only), name="walk", daemon=True
    )
    walks.start()
    code = int(app.exec())
    print("closed", time.monotonic(), flush=True)
    window.player.close()
    take_down(window)
    for one in troubles.found:
        print("raised", one.replace("\n", " | "), flush=True)
    for line in sorted(set(troubles.qt)):
        print("qt", line, flush=True)
    return code


def main() -> int:
    """Take the walk, and say whether the bars were met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("window-walk"))
    parser.add_argument("--language", default="en")
    parser.add_argument("--only", type=int, default=0, help="so many steps from the first")
    parser.add_argument("--hold", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    out = options.out.resolve()
    if options.hold:
        return hold(options.hold, out, options.language, options.only)
    out.mkdir(parents=True, exist_ok=True)
    with screen() as environment, recordings() as folder:
        shutil.copy(assets_dir() / DEMO, folder / "front door.mp4")
        make(folder / "figures.mp4", Recording(SIZE, RATE_HZ, 8.0))
        movements(folder / "movements.mp4")
        command = [
            sys.executable, __file__, "--hold", str(folder), "--out", str(out), "--language",
            options.language, "--only", str(options.only),
        ]  # fmt: skip
        home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config")}
        figures = _taken(command, {**environment, **home})
        figures["processes_left"] = left_behind(folder)
        if (folder / "dialog.png").exists():
            shutil.copy(folder / "dialog.png", out / "dialog.png")
    return report(figures, BARS)


def _taken(command: list[str], environment: dict[str, str]) -> dict[str, Figure]:
    """Run it, say what it says, and time its end from outside."""
    lines: list[str] = []
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None  # a pipe was asked for
        late = threading.Timer(WITHIN_S, process.kill)
        late.start()
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
        process.wait()
        late.cancel()
    ended_s = time.monotonic()
    told = {
        line.split()[0]: line.split()[1] for line in lines if line.startswith(("asked", "closed"))
    }
    asked_s = float(told["asked"]) if "asked" in told else None
    closed_s = float(told["closed"]) if "closed" in told else None
    return {
        "steps": sum(line.startswith(("ok", "FAILED")) for line in lines),
        "steps_failed": sum(line.startswith("FAILED") for line in lines),
        "exceptions_count": sum(line.startswith("raised") for line in lines)
        + (process.returncode != 0),
        "window_closed_s": _since(asked_s, closed_s),
        "closing_s": _since(asked_s, ended_s),
    }


def _since(from_s: float | None, until_s: float | None) -> float | None:
    return None if from_s is None or until_s is None else round(until_s - from_s, 2)


if __name__ == "__main__":
    sys.exit(main())
