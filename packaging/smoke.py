"""Tries an installed motionapp, or a bundle, as somebody who has just got it would.

    python packaging/smoke.py .venv/bin/motionapp
    python packaging/smoke.py dist/motionapp/motionapp

It asks for help, runs the demo, lets a batch of two recordings be done by worker processes, and
opens the window on a screen of its own (Xvfb) until a film plays in it. Nothing but Python is
needed here; where there is no Xvfb the window is left out, and that is said. It ends with 0 if all
went well.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ANSWERS_S: Final = 60.0
"""For help. It takes 0.2 s; a machine that is busy, or has just written the files, is slower."""
WORKS_S: Final = 300.0
"""For the demo, which takes 15 s on two idle cores."""
OPENS_S: Final = 90.0
"""Until a film plays in the window, which takes 1 to 2 s."""
CLOSES_S: Final = 15.0
"""For the window to go after SIGTERM; within 2 s where the machine is idle."""
LOOK_EACH_S: Final = 0.25
PLAYS: Final = 0.02
"""Share of the screen that differs between two looks while a film plays; less changes where only a
clock runs, or a button lights up."""
TIMES: Final = 3
"""So many looks in a row must differ: a window that opens changes once."""
SCREEN: Final = (1280, 800)
RENDERED: Final = ("synthetic:walk", "synthetic:wave2")


class Failed(Exception):
    """Something did not go as it should; with what was said."""


def main() -> int:
    """Try all of it; the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("command", nargs="+", help="what starts motionapp")
    command = parser.parse_args().command
    with tempfile.TemporaryDirectory(prefix="motionapp-smoke-") as place:
        # Somewhere else than in a checkout, and with nobody's preferences.
        folder, environment = Path(place), _environment(Path(place))
        try:
            for name, step in STEPS.items():
                began_s = time.monotonic()
                said = step([str(_whole(command[0])), *command[1:]], folder, environment)
                print(f"{name:7}{time.monotonic() - began_s:6.1f} s  {said}", flush=True)
        except Failed as error:
            print(f"{name:7}FAILED: {error}", file=sys.stderr)
            return 1
    return 0


def _whole(program: str) -> Path | str:
    """A path that holds from any folder; the name of a program stays one."""
    path = Path(program)
    return path.absolute() if path.exists() else program


def _environment(folder: Path) -> dict[str, str]:
    """This one without what would lead elsewhere, and with a home that is empty."""
    ours = ("PYTHON", "MOTIONAPP_", "QT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    homes = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    return {**kept, **dict.fromkeys(homes, str(folder))}


def _help(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> str:
    _run([*command, "--help"], folder, environment, ANSWERS_S)
    return _run([*command, "--version"], folder, environment, ANSWERS_S).strip()


def _demo(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> str:
    out = folder / "demo-results"
    said = _run([*command, "demo", "--out", str(out)], folder, environment, WORKS_S)
    for name in ("events.json", "report.html"):
        if not list(out.rglob(name)):
            raise Failed(f"the demo wrote no {name}:\n{said}")
    return next((line for line in said.splitlines() if "named rightly" in line), "")


def _batch(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> str:
    """More than one input is done by processes that motionapp starts itself."""
    out = folder / "batch-results"
    line = [*command, "batch", *RENDERED, "--out", str(out), "--report", "--clips", "encode"]
    _run(line, folder, environment, WORKS_S)
    inputs = json.loads((out / "summary.json").read_text(encoding="utf-8"))["inputs"]
    if [one["status"] for one in inputs] != ["ok"] * len(RENDERED):
        raise Failed(f"not all went well in the batch: {inputs}")
    return f"{sum(one['events'] for one in inputs)} events in {len(inputs)} recordings"


def _window(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> str:
    if shutil.which("Xvfb") is None:
        return "not tried: there is no Xvfb here"
    with _screen(folder) as (display, picture), open(folder / "window.txt", "w+b") as said:
        began_s = time.monotonic()
        window = subprocess.Popen(
            [*command, "gui"], cwd=folder, stdout=said, stderr=said,
            env={**environment, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        )  # fmt: skip
        try:
            _wait_for_film(window, picture)
            opened_s = time.monotonic() - began_s
            window.send_signal(signal.SIGTERM)
            code = window.wait(CLOSES_S)
        except subprocess.TimeoutExpired as error:
            raise Failed(f"the window did not close within {CLOSES_S:.0f} s") from error
        except Failed as error:
            raise Failed(f"{error}{_told(said.name)}") from error
        finally:
            window.kill()
            window.wait()
        if code != 0:
            raise Failed(f"the window ended with {code}{_told(said.name)}")
    return f"a film plays after {opened_s:.1f} s; it closes"


def _wait_for_film(window: subprocess.Popen[bytes], picture: Path) -> None:
    until_s = time.monotonic() + OPENS_S
    before, changes = _pixels(picture), 0
    while changes < TIMES:
        if window.poll() is not None:
            raise Failed(f"the window ended by itself, with {window.returncode}")
        if time.monotonic() > until_s:
            raise Failed(f"no film plays in the window after {OPENS_S:.0f} s")
        time.sleep(LOOK_EACH_S)
        now = _pixels(picture)
        changes = changes + 1 if _differ(before, now) >= PLAYS else 0
        before = now


@contextmanager
def _screen(folder: Path) -> Iterator[tuple[str, Path]]:
    """A screen that nobody sees: its name, and the file that its pixels stand in."""
    width, height = SCREEN
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        [
            "Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{width}x{height}x24",
            "-fbdir", str(folder), "-nolisten", "tcp",
        ],
        pass_fds=[write_end], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write_end)
    try:
        with open(read_end, encoding="ascii") as answer:
            number = answer.readline().strip()  # ends with the server, should it fail
        if not number:
            raise Failed("Xvfb did not start")
        yield f":{number}", folder / "Xvfb_screen0"
    finally:
        server.terminate()
        server.wait()


def _pixels(picture: Path) -> bytes:
    """What stands on the screen: an X window dump, whose head tells its own length."""
    content = picture.read_bytes()
    head = struct.unpack(">25I", content[:100])
    begins = head[0] + 12 * head[19]  # after a table of colours
    return content[begins:]


def _differ(before: bytes, now: bytes) -> float:
    """Share of pixels that are not the same, by one in sixteen."""
    pairs = zip(memoryview(before).cast("I")[::16], memoryview(now).cast("I")[::16], strict=True)
    return sum(a != b for a, b in pairs) / (len(now) / 64)


def _run(
    line: Sequence[str], folder: Path, environment: Mapping[str, str], longest_s: float
) -> str:
    """What a command prints."""
    try:
        done = subprocess.run(
            line, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8",
            errors="replace", timeout=longest_s, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(f"{' '.join(line)}: {error}") from error
    if done.returncode != 0:
        raise Failed(f"{' '.join(line)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def _told(path: str) -> str:
    text = Path(path).read_text(encoding="utf-8", errors="replace").strip()
    return f", and said:\n{text}" if text else ", and said nothing"


STEPS: Final = {"help": _help, "demo": _demo, "batch": _batch, "window": _window}


if __name__ == "__main__":
    sys.exit(main())
