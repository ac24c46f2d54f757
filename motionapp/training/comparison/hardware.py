"""What a candidate needs to run on and to be trained, as sentences by stated rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from motionapp.training.comparison.choose import LIVE_LOAD

BOX_SLOWER: Final = 8.0
"""A core of a Raspberry-class box is taken as so many times slower than one of this machine.
Reckoned and not measured: a Cortex-A72 at 1.8 GHz does 4 multiply-adds of 32 bits a cycle, an AVX2
core at 3 GHz 16, which is 6.7 times as many a second; its memory is slower, too."""
LOWEST_HZ: Final = 5.0
"""With fewer pictures a second, movements are hardly told apart."""


@dataclass(frozen=True, slots=True)
class Live:
    """What naming one body live costs here."""

    picture_ms: float
    """Of the front-end, for each picture."""
    clip_ms: float
    """Of the network, for each name, on one thread."""
    rate_hz: float
    """Pictures a second that cameras give."""
    cadence_s: float
    """Seconds between two names of a body."""

    @property
    def cost_ms(self) -> float:
        """Of one name: the network, and the front-end at all pictures since the last one."""
        return self.clip_ms + self.picture_ms * self.rate_hz * self.cadence_s

    @property
    def load(self) -> float:
        """Share of one core that it takes."""
        return self.cost_ms / 1e3 / self.cadence_s

    def fastest_hz(self, slower: float = 1.0) -> float:
        """Pictures a second up to which a core that is so much slower keeps up; 0 where it does
        not at any."""
        left_ms = 1e3 * LIVE_LOAD / slower - self.clip_ms / self.cadence_s
        return max(0.0, left_ms / max(self.picture_ms, 1e-6))


def to_run(live: Live) -> str:
    """What one body at a time needs; decoding, following and the person search come on top."""
    rate = f"{live.rate_hz:.3g} pictures a second"
    on_box = live.load * BOX_SLOWER
    if on_box <= LIVE_LOAD:
        return f"a Raspberry-class box: about {_share(on_box)} of one of its cores at {rate}"
    box = _up_to(live.fastest_hz(BOX_SLOWER), "a Raspberry-class box")
    if live.load <= LIVE_LOAD:
        return f"one core like this machine's: {_share(live.load)} of it at {rate}; {box}"
    here = _up_to(live.fastest_hz(), "this machine")
    return f"faster cores than this machine's, of which it takes {live.load:.1f} at {rate}; {here}"


def to_train(network_s: float, peak_bytes: int | None) -> str:
    """What training one network needs."""
    memory = "" if peak_bytes is None else f", {peak_bytes / 2**30:.1f} GB of memory"
    return f"training one network: {length(network_s)} of one core{memory}"


def length(seconds: float) -> str:
    """A stretch of time for people."""
    if seconds < 99.5:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 99.5 * 60 else f"{seconds / 3600:.1f} h"


def _share(load: float) -> str:
    return f"{100 * load:.0f} %" if load >= 0.01 else f"{100 * load:.1f} %"


def _up_to(rate_hz: float, what: str) -> str:
    if rate_hz < LOWEST_HZ:
        return f"{what} is too slow"
    return f"{what} keeps up with {rate_hz:.0f} a second"
