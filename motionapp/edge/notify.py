"""systemd is told how the service does: one datagram a word, without a library.

Where nobody asks for it (no socket in the environment) nothing is sent; a socket that is gone is
no reason for a service to fail.

References
----------
sd_notify(3), sd_watchdog_enabled(3), systemd.service(5) of systemd.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MOST_LETTERS = 200
"""Of a status, which `systemctl status` shows on one line."""


@dataclass(frozen=True, slots=True)
class Notifier:
    """Tells systemd, or whoever listens as it does."""

    address: str | None
    """A path, or with ``@`` first a name without one; None: nobody listens."""
    watchdog_s: float | None = None
    """So often is `watchdog` to be called, half of what is waited for; None: it is not asked."""
    now_ns: Callable[[], int] = time.monotonic_ns

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], *, pid: int | None = None) -> Notifier:
        """Whom the environment names.

        Parameters
        ----------
        environ : mapping of str to str
            ``NOTIFY_SOCKET``, ``WATCHDOG_USEC``, ``WATCHDOG_PID``; what makes no sense counts as
            absent.
        pid : int, optional
            Whose environment it is; that of this process if None.
        """
        address = environ.get("NOTIFY_SOCKET", "")
        if address[:1] not in ("/", "@") or len(address) < 2:
            return cls(None)
        period_us = _positive(environ.get("WATCHDOG_USEC", ""))
        watched = environ.get("WATCHDOG_PID")
        # The variables are inherited: another process may be the one that is watched.
        is_mine = watched is None or _positive(watched) == (os.getpid() if pid is None else pid)
        return cls(address, period_us / 2e6 if period_us and is_mine else None)

    def ready(self) -> None:
        """It has started, or read its configuration anew."""
        self._send("READY=1")

    def reloading(self) -> None:
        """It reads its configuration; `ready` is to follow."""
        # systemd wants to know whether this came after its own request.
        self._send("RELOADING=1", f"MONOTONIC_USEC={self.now_ns() // 1000}")

    def stopping(self) -> None:
        """It is about to end."""
        self._send("STOPPING=1")

    def status(self, text: str) -> None:
        """How it does, in a line for people."""
        line = " ".join(text.split())
        self._send(f"STATUS={line[:MOST_LETTERS]}")

    def watchdog(self) -> None:
        """It is alive. To be called each `watchdog_s`; where that is None, nothing is sent."""
        if self.watchdog_s is not None:
            self._send("WATCHDOG=1")

    def _send(self, *lines: str) -> None:
        """One datagram. A full or missing socket loses it, and nobody waits."""
        if self.address is None or not hasattr(socket, "AF_UNIX"):
            return
        address = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as own:
                own.setblocking(False)
                own.sendto("\n".join(lines).encode("utf-8", "replace"), address)
        except (OSError, ValueError):
            return  # too long a path, a socket that is gone: the service goes on


def _positive(text: str) -> int:
    """A whole number above 0; 0 for whatever is none."""
    # Digits of other alphabets, and numbers of a thousand digits, are no numbers of systemd's.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
