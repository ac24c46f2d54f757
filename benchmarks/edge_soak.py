"""An hour with a camera that drops at random: does the service grow?

    python benchmarks/edge_soak.py [--minutes 60] [--seed 1] [--plot soak.svg]

A camera of our own speaks RTSP and is silent, hangs up, refuses, sends rubbish, jumps its clock by
an hour or comes back with another size, each for some seconds and then not. Every ten seconds the
whole tree of processes is looked at. Bars: of memory (PSS), threads, files and sockets the median
of the last quarter is not above that of the second by more than 10 MB, 1, 2 and 1; every outage was
written down and ended; the lines of the day stay below 20 MB, as far as the hour tells.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, fields
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from bars import Bar, Figure, report, share_of
from numpy.typing import NDArray
from processes import Holdings, holdings, tree

from motionapp.edge.seams import EventQuery
from motionapp.edge.store.store import Store

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from tests.servers.rtsp import RtspServer, Unit, encoded  # noqa: E402  beside the checkout's own

LOOK_S = 10.0
SIZES = ((320, 180), (640, 360))
RATE_HZ = 10
BARS = (
    Bar("pss_growth_mb", "most", 10.0),
    Bar("threads_growth", "most", 1.0),
    Bar("files_growth", "most", 2.0),
    Bar("sockets_growth", "most", 1.0),
    Bar("outages", "least", 1.0),
    Bar("outages_open", "most", 0.0),
)


def walker(size: tuple[int, int]) -> list[Unit]:
    """Something that goes to and fro for eight seconds, and stands as long."""

    def pictures() -> Iterator[NDArray[np.uint8]]:
        rng = np.random.default_rng(19)
        width, height = size
        wall = rng.integers(60, 120, (height, width, 1), np.uint8).repeat(3, axis=2)
        for number in range(160):
            picture = wall.copy()
            way = min(number, 80 - number) if number < 80 else 0
            x = round(width * way / 80)
            picture[height // 4 : height * 3 // 4, x : x + width // 8] = 220
            yield picture

    return encoded(pictures(), rate_hz=RATE_HZ)


class Mischief:
    """What happens to the camera, one thing after the other."""

    def __init__(self, server: RtspServer, rng: random.Random) -> None:
        self._server, self._rng = server, rng
        self._sizes = [walker(size) for size in SIZES]
        self.done: dict[str, int] = {}

    def step(self) -> float:
        """Do something, or put it right again; gives how long it lasts."""
        behaviour = self._server.behaviour
        is_ill = behaviour.is_silent or behaviour.is_refusing or behaviour.is_garbage
        if is_ill:
            behaviour.is_silent = behaviour.is_refusing = behaviour.is_garbage = False
            return self._rng.uniform(20, 60)
        kinds: dict[str, Callable[[], None]] = {
            "silence": lambda: setattr(behaviour, "is_silent", True),
            "rubbish": lambda: setattr(behaviour, "is_garbage", True),
            "refusal": self._refuse,
            "hang-up": self._server.hang_up,
            "jump": lambda: setattr(behaviour, "jump_s", self._rng.choice([-3600.0, 3600.0])),
            "size": self._resize,
        }
        name = self._rng.choice(list(kinds))
        self.done[name] = self.done.get(name, 0) + 1
        kinds[name]()
        return self._rng.uniform(3, 25)

    def _refuse(self) -> None:
        self._server.behaviour.is_refusing = True
        self._server.hang_up()

    def _resize(self) -> None:
        self._server.behaviour.units = self._rng.choice(self._sizes)
        self._server.hang_up()


def soak(minutes: float, seed: int, plot: Path | None) -> int:
    """Run it, and say what grew."""
    rng = random.Random(seed)
    with (
        tempfile.TemporaryDirectory() as name,
        RtspServer(walker(SIZES[0]), rate_hz=RATE_HZ) as server,
    ):
        folder = Path(name)
        config = folder / "edge.toml"
        config.write_text(
            f'[[camera]]\nname = "door"\nurl = "{server.url}"\n[store]\ndir = "{folder / "kept"}"\n'
        )
        config.chmod(0o600)
        mischief = Mischief(server, rng)
        command = [sys.executable, "-m", "motionapp", "edge", "run", str(config)]
        with subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.DEVNULL) as process:
            try:
                looks = _looked_at(process.pid, mischief, minutes)
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait()
        figures = _figures(looks, folder / "kept") | {
            f"done_{k}": n for k, n in mischief.done.items()
        }
    if plot is not None:
        plot.write_text(drawn(looks), encoding="utf-8")
    return report(figures, BARS)


def _looked_at(pid: int, mischief: Mischief, minutes: float) -> list[Holdings]:
    looks: list[Holdings] = []
    began_s = time.monotonic()
    look_s, act_s = began_s + LOOK_S, began_s + 40.0
    while time.monotonic() < began_s + 60 * minutes:
        now_s = time.monotonic()
        if now_s >= act_s:
            act_s = now_s + mischief.step()
        if now_s >= look_s:
            look_s += LOOK_S
            try:
                looks.append(holdings(tree(pid)))
            except OSError:
                continue  # a process has ended while it was looked at
        time.sleep(0.2)
    return looks


def _figures(looks: Sequence[Holdings], kept: Path) -> dict[str, Figure]:
    quarter = max(1, len(looks) // 4)
    figures: dict[str, Figure] = {"looks": len(looks)}
    for number, field in enumerate(fields(Holdings)):
        values = [astuple(look)[number] for look in looks]
        before = share_of(values[quarter : 2 * quarter], 0.5) or 0.0
        after = share_of(values[-quarter:], 0.5) or 0.0
        stem = field.name.removesuffix("_mb")
        figures[f"{field.name}_settled"], figures[f"{field.name}_end"] = before, after
        figures[f"{stem}_growth" + ("_mb" if field.name != stem else "")] = round(after - before, 2)
    with Store(kept, now=lambda: datetime.now(UTC)) as store:
        outages = store.events(EventQuery(kind="outage", most=1000))
        motion = store.events(EventQuery(kind="motion", most=1000))
    figures["outages"] = len(outages)
    figures["outages_open"] = sum(outage.state != "closed" for outage in outages)
    figures["events"] = len(motion)
    return figures


def drawn(looks: Sequence[Holdings]) -> str:
    """The course of each figure as a picture: SVG, one curve below the other."""
    width, height, left = 900, 120, 90
    parts = []
    for number, field in enumerate(fields(Holdings)):
        values = [float(astuple(look)[number]) for look in looks] or [0.0]
        top = max(values) * 1.1 or 1.0
        y0 = number * (height + 30) + 20
        step = (width - left) / max(1, len(values) - 1)
        points = " ".join(
            f"{left + n * step:.1f},{y0 + height * (1 - value / top):.1f}"
            for n, value in enumerate(values)
        )
        parts += [
            f'<text x="4" y="{y0 + 14}">{field.name}</text>',
            f'<text x="4" y="{y0 + 34}" class="quiet">to {max(values):g}</text>',
            f'<path d="M{left} {y0}V{y0 + height}H{width}" class="axis"/>',
            f'<polyline points="{points}"/>',
        ]
    total = len(fields(Holdings)) * (height + 30) + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + 10} {total}" '
        'font-family="sans-serif" font-size="14"><style>polyline{fill:none;stroke:#2a6fb0;'
        "stroke-width:1.5}.axis{fill:none;stroke:#888}.quiet{fill:#666}svg{background:#fff}</style>"
        f"{''.join(parts)}</svg>\n"
    )


def main() -> int:
    """Soak."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    return soak(options.minutes, options.seed, options.plot)


if __name__ == "__main__":
    sys.exit(main())
