"""Changes the front-end again and again while a recording plays: nothing fails, nothing leaks.

    python benchmarks/switching.py [SOURCE] [--times 200]

Without SOURCE it plays a rendered figure that never rests, since a front-end behind the gate is
idle while nothing moves. Uses what the window uses, without the window.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import threading
import time
from collections.abc import Iterator

from motionapp.core.moment import Moment
from motionapp.core.motion import Motion
from motionapp.core.seams import SourceInfo
from motionapp.frontends import registry
from motionapp.gui.play.canvas import Shown
from motionapp.gui.play.driver import Driver
from motionapp.gui.play.listener import Happening
from motionapp.gui.play.wish import Loop, Play, Wish
from motionapp.settings import AnalysisSettings
from motionapp.settings.load import load_settings
from motionapp.sources import CameraInfo

ROUND = registry.names()
LONGEST_WAIT_S = 10.0


def has_looked(frontend: str, motion: Motion) -> bool:
    """Whether a front-end made this and saw something; its first steps only prime."""
    return motion.frontend == frontend and motion.moved


def any_order(times: int) -> Iterator[str]:
    """So many changes, from any front-end to any other, the same in every run."""
    drawn, now = random.Random(1), ROUND[0]
    for _ in range(times):
        now = drawn.choice([name for name in ROUND if name != now])
        yield now


class Ear:
    """Notes what goes wrong and counts moments."""

    def __init__(self) -> None:
        self.failures: list[str] = []
        self._newest: Moment | None = None
        self._changed = threading.Condition()

    def happened(self, happening: Happening) -> None:
        """Wake who waits."""
        with self._changed:
            self._newest = happening.moment
            self._changed.notify_all()

    def wait_for(self, frontend: str) -> bool:
        """Wait until a front-end has looked. False: it has not, or something failed."""
        with self._changed:
            self._newest = None
            self._changed.wait_for(
                lambda: bool(self.failures) or self._has_looked(frontend), LONGEST_WAIT_S
            )
            return not self.failures and self._has_looked(frontend)

    def _has_looked(self, frontend: str) -> bool:
        return self._newest is not None and has_looked(frontend, self._newest.motion)

    def failed(self, sentence: str) -> None:
        """Keep it."""
        with self._changed:
            self.failures.append(sentence)
            self._changed.notify_all()

    def opened(self, wish: Wish, info: SourceInfo) -> None:
        """Fine."""

    def pictured(self, picture: Shown, *, road: int = 0) -> None:
        """Fine."""

    def refused(self, wish: Wish) -> None:
        """`failed` is called too."""

    def noted(self, line: str) -> None:
        """Fine."""

    def recorded(self, written: str, trouble: str) -> None:
        """Nothing is."""

    def stood(self) -> None:
        """Nothing is to be paused anywhere."""

    def ended(self) -> None:
        """It loops, so this cannot be."""
        self.failed("the recording ended")

    def cameras_found(self, cameras: tuple[CameraInfo, ...]) -> None:
        """Nobody asked."""


def switch(spec: str, settings: AnalysisSettings, times: int) -> dict[str, object]:
    """Play `spec` and change the front-end `times` times.

    Returns
    -------
    dict
        Changes made, failures, threads left over, and how long a change took to be seen.
    """
    before = set(threading.enumerate())
    ear, took_s = Ear(), []
    wish = Wish(spec, settings.model_copy(update={"frontend": ROUND[0]}), play=Play(loop=Loop()))
    with Driver(ear) as driver:
        driver.want(wish)
        ear.wait_for(ROUND[0])
        for frontend in any_order(times):
            began_s = time.monotonic()
            wish = wish.with_frontend(frontend)
            driver.want(wish)
            if not ear.wait_for(frontend):
                ear.failed(f"{frontend} did not look within {LONGEST_WAIT_S:.0f} s")
            if ear.failures:
                break
            took_s.append(time.monotonic() - began_s)
    left = [thread.name for thread in set(threading.enumerate()) - before]
    took_s.sort()
    return {
        "changes": len(took_s),
        "failures": ear.failures,
        "threads_left": left,
        "median_ms": round(1000 * took_s[len(took_s) // 2], 1) if took_s else None,
        "longest_ms": round(1000 * took_s[-1], 1) if took_s else None,
    }


def main() -> int:
    """Switch and say whether all went well."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", nargs="?", default="synthetic:jack")
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--classifier")
    options = parser.parse_args()
    settings = load_settings(
        changes={"analysis.recognition.classifier": options.classifier}
    ).analysis
    figures = switch(options.source, settings, options.times)
    print(json.dumps(figures))
    is_well = figures["changes"] == options.times and not figures["threads_left"]
    print("all went well" if is_well else "something went wrong")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
