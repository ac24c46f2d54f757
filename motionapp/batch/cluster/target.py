"""What ``--cluster`` names: a scheduler somewhere, or workers of our own on this machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from motionapp.core.addresses import shown
from motionapp.core.errors import SettingsError

MOST_LOCAL: Final = 64
"""As many as `run.workers` may be."""
_ADDRESS: Final = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:.%]+\]|[\w.-]+):(\d{1,5})")


@dataclass(frozen=True, slots=True)
class Target:
    """Where the work is done."""

    address: str = ""
    """Of a scheduler; empty where it is started here."""
    workers: int = 0
    """Processes that are started here; 0 where the scheduler has its own."""

    @property
    def is_local(self) -> bool:
        """Whether scheduler and workers are ours, and end with us."""
        return not self.address

    def __str__(self) -> str:
        """As it was named."""
        return self.address or f"local:{self.workers}"


def target_of(text: str) -> Target:
    """Understand what stands behind ``--cluster``.

    Parameters
    ----------
    text : str
        ``tcp://HOST:PORT``, ``tls://HOST:PORT`` or ``local:N``.

    Raises
    ------
    SettingsError
        It is none of these.
    """
    kind, _, count = text.partition(":")
    if kind == "local" and count.isascii() and count.isdigit() and 1 <= int(count) <= MOST_LOCAL:
        return Target(workers=int(count))
    found = _ADDRESS.fullmatch(text)
    if found and 1 <= int(found[3]) <= 65535:
        return Target(address=text)
    raise SettingsError(
        f"--cluster is {shown(text)!r}: give a scheduler, tcp://HOST:8786 (tls:// with "
        f"certificates), or local:N with 1 to {MOST_LOCAL} workers on this machine"
    )
