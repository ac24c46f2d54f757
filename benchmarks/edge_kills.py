"""The power fails while something is recorded: what is lost?

    python benchmarks/edge_kills.py [--times 10] [--seed 1]

A camera of our own speaks RTSP; the service records it all the time. At a random moment every
process of the service is killed at once (SIGKILL), and what lies in the folder is looked at: each
file has to play, and of the pictures that the camera had sent by then at most a second's may be
missing; the store has to open, and its events have to be
what was announced, each once, the open ones as lost. Announced are they by the page, which is asked
all the time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import av
from bars import Bar, report, share_of
from edge_soak import RATE_HZ, SIZES, walker
from processes import tree

from motionapp.edge.seams import EventQuery
from motionapp.edge.store.store import Store

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from tests.servers.rtsp import RtspServer  # noqa: E402  beside the checkout's own

PORT = 8481
BARS = (
    Bar("lost_max_s", "most", 1.0),
    Bar("unplayable", "most", 0),
    Bar("events_lost", "most", 0),
    Bar("events_doubled", "most", 0),
    Bar("still_open", "most", 0),
)


def announced() -> set[int]:
    """The numbers of the events that the page tells of."""
    with suppress(URLError, OSError, ValueError):
        address = f"http://127.0.0.1:{PORT}/api/v1/events?most=1000"
        with urlopen(address, timeout=2) as answer:
            return {event["number"] for event in json.load(answer)["events"]}
    return set()


def killed_once(config: Path, after_s: float, killed: Callable[[], None]) -> set[int]:
    """Run the service for so long once it records, and kill all of it; gives what it told."""
    command = [sys.executable, "-m", "motionapp", "edge", "run", str(config)]
    kept = config.parent / "kept"
    before = set(kept.rglob("*.mp4")) if kept.exists() else set()
    told: set[int] = set()
    with subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.DEVNULL) as process:
        while not (kept.exists() and set(kept.rglob("*.mp4")) - before):
            time.sleep(0.1)
        until_s = time.monotonic() + after_s
        while time.monotonic() < until_s:
            told |= announced()
            time.sleep(0.05)
        pids = tree(process.pid)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        killed()
    return told


def pictures_in(path: Path) -> int:
    """How many pictures of a file can be decoded."""
    count = 0
    with suppress(av.FFmpegError), av.open(str(path)) as file:
        for _ in file.decode(video=0):
            count += 1
    return count


def main() -> int:
    """Kill it so many times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    lost_s: list[float] = []
    unplayable = gone = doubled = still_open = 0
    told: set[int] = set()
    sent: list[int] = []
    shown: list[int] = []
    """How many pictures had been sent to the service by each kill."""
    with (
        tempfile.TemporaryDirectory() as name,
        RtspServer(walker(SIZES[0]), rate_hz=RATE_HZ) as server,
    ):
        server.sent = sent.append
        config = Path(name) / "edge.toml"
        config.write_text(
            f'[[camera]]\nname = "door"\nurl = "{server.url}"\n[store]\ndir = "kept"\n'
            f'[record]\nwhen = "always"\n[web]\nport = {PORT}\n'
        )
        config.chmod(0o600)
        kept = config.parent / "kept"
        seen: set[Path] = set()
        for _ in range(options.times):
            sent.clear()
            told |= killed_once(config, rng.uniform(2.0, 9.0), lambda: shown.append(len(sent)))
            new = sorted(set(kept.rglob("*.mp4")) - seen)
            seen |= set(new)
            counts = [pictures_in(path) for path in new]
            unplayable += sum(not count for count in counts)
            lost_s.append((shown[-1] - sum(counts)) / RATE_HZ)
            with Store(kept, now=lambda: datetime.now(UTC)) as store:
                numbers = [event.number for event in store.events(EventQuery(most=1000))]
                still_open += len(store.open_events())
            gone += len(told - set(numbers))
            doubled += len(numbers) - len(set(numbers))
    figures = {
        "kills": options.times,
        "files": len(seen),
        "lost_s_p50": share_of(lost_s, 0.5),
        "lost_max_s": round(max(lost_s), 2) if lost_s else None,
        "unplayable": unplayable,
        "events_told": len(told),
        "events_lost": gone,
        "events_doubled": doubled,
        "still_open": still_open,
    }
    return report(figures, BARS)


if __name__ == "__main__":
    sys.exit(main())
