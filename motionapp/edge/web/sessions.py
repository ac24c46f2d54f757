"""Who has logged in on the page: sessions in memory, bounded, that end by themselves."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from motionapp.edge.web.access import Token

MOST_SESSIONS = 256
"""Beyond, the one that was used longest ago ends: a household has some ten devices."""
LONGEST_S = 30 * 86400.0
"""So that a phone is not asked each day."""
LONGEST_UNUSED_S = 7 * 86400.0


@dataclass(slots=True)
class _Session:
    token: Token
    begun_s: float
    used_s: float


class Sessions:
    """Sessions by their keys, of which only digests are kept.

    Parameters
    ----------
    clock : callable
        Seconds that only go on.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sessions: OrderedDict[bytes, _Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sessions)

    def begin(self, token: Token) -> str:
        """The key of a new session of whoever has shown a token."""
        key = secrets.token_urlsafe(32)
        now = self._clock()
        self._sessions[_digest(key)] = _Session(token, now, now)
        while len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return key

    def token_of(self, key: str) -> Token | None:
        """With which token a session was begun; None if it has ended or never was."""
        digest = _digest(key)
        session = self._sessions.get(digest)
        if session is None:
            return None
        now = self._clock()
        if now - session.begun_s > LONGEST_S or now - session.used_s > LONGEST_UNUSED_S:
            del self._sessions[digest]
            return None
        session.used_s = now
        self._sessions.move_to_end(digest)
        return session.token

    def end(self, key: str) -> None:
        """End a session, if it is one."""
        self._sessions.pop(_digest(key), None)

    def keep_only(self, tokens: tuple[Token, ...]) -> None:
        """End those whose token is none any longer."""
        for digest, session in list(self._sessions.items()):
            if session.token not in tokens:
                del self._sessions[digest]


def _digest(key: str) -> bytes:
    """Looked up by it, so that the time a look-up takes tells nothing of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
