"""Tokens: how they are made, kept as hashes in a file, and recognised.

A token is 256 random bits. The file has its scrypt hash, so that whoever reads the file has no
token. A hash takes a tenth of a second: what was right once is remembered under a key of this
process.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args

from motionapp.core.errors import SettingsError

Role = Literal["viewer", "admin"]
"""``viewer`` sees everything, ``admin`` may change some as well."""

MOST_TOKENS = 16
"""Each costs a hash whenever a wrong token is shown."""
MOST_LETTERS = 200
"""Of a token that is looked at at all; ours have 43."""
MOST_REMEMBERED = 64
MOST_WAITING = 8
"""Hashes are computed one after the other, 16 MB each; who comes when so many wait is sent away."""
COST, BLOCK, PARALLEL = 2**14, 8, 1
"""Of scrypt: 16 MB and 0.1 s, RFC 7914's figures for a login."""
_MOST_COST, _MOST_BLOCK, _MOST_PARALLEL = 2**17, 16, 4
_LINE = re.compile(
    r"(?P<role>viewer|admin)\s+scrypt:(?P<cost>\d{1,6}):(?P<block>\d{1,2}):(?P<parallel>\d)"
    r":(?P<salt>[A-Za-z0-9_-]{22,64}):(?P<digest>[A-Za-z0-9_-]{43})"
)


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of one token."""

    role: Role
    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)
    cost: int
    block: int
    parallel: int

    def fits(self, text: str) -> bool:
        """Whether it is this one; takes as long if not."""
        digest = _hashed(text, self.salt, self.cost, self.block, self.parallel)
        return hmac.compare_digest(digest, self.digest)

    def line(self) -> str:
        """As it stands in the file."""
        salt, digest = _letters(self.salt), _letters(self.digest)
        return f"{self.role} scrypt:{self.cost}:{self.block}:{self.parallel}:{salt}:{digest}"


class TooManyWait(Exception):
    """So many tokens are being looked at that this one is not."""


def make_token(role: Role) -> tuple[str, str]:
    """A new token, which is told once, and the line of it for `web.token_file`.

    Raises
    ------
    SettingsError
        There is no such role.
    """
    if role not in get_args(Role):
        raise SettingsError(f"{role!r} is no role: viewer or admin")
    text, salt = secrets.token_urlsafe(32), secrets.token_bytes(16)
    digest = _hashed(text, salt, COST, BLOCK, PARALLEL)
    return text, Token(role, salt, digest, COST, BLOCK, PARALLEL).line()


def read_tokens(path: Path) -> tuple[Token, ...]:
    """The tokens of a file: a line each; empty lines and those that begin with # are left out.

    Raises
    ------
    SettingsError
        It cannot be read, has no token or too many, or a line is none.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SettingsError(f"web.token_file {path} cannot be read: {why}") from None
    tokens = tuple(
        _token_of(path, number, line.strip())
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    )
    if not 1 <= len(tokens) <= MOST_TOKENS:
        raise SettingsError(
            f"web.token_file {path} has {len(tokens)} tokens: 1 to {MOST_TOKENS} are meant, and "
            "`motionapp edge token` makes them"
        )
    return tokens


class Access:
    """Recognises tokens.

    Parameters
    ----------
    tokens : tuple of Token, optional
        None: whoever comes is an admin.
    """

    def __init__(self, tokens: tuple[Token, ...] | None) -> None:
        self.tokens = tokens
        self._key = secrets.token_bytes(32)
        self._right: OrderedDict[bytes, Token] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0

    @property
    def is_open(self) -> bool:
        """Whether no token is asked for."""
        return self.tokens is None

    def replace(self, tokens: tuple[Token, ...] | None) -> None:
        """Know others from now on."""
        self.tokens = tokens
        self._right.clear()

    def known(self, text: str) -> Token | None:
        """A token that was recognised before, without the wait."""
        return self._right.get(self._mark(text))

    async def recognised(self, text: str) -> Token | None:
        """Which token this is; None if it is none.

        Raises
        ------
        TooManyWait
            See `MOST_WAITING`.
        """
        if not 1 <= len(text) <= MOST_LETTERS or self.tokens is None:
            return None
        if (known := self.known(text)) is not None:
            return known
        if self._waiting >= MOST_WAITING:
            raise TooManyWait
        self._waiting += 1
        try:
            async with self._one_at_a_time:
                tokens = self.tokens
                found = await asyncio.to_thread(_which, tokens, text)
        finally:
            self._waiting -= 1
        if found is None or tokens is not self.tokens:
            return None
        self._right[self._mark(text)] = found
        while len(self._right) > MOST_REMEMBERED:
            self._right.popitem(last=False)
        return found

    def _mark(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256")


def _which(tokens: tuple[Token, ...], text: str) -> Token | None:
    """All are compared, so that the time tells nothing of which it was."""
    fitting = [token for token in tokens if token.fits(text)]
    return fitting[0] if fitting else None


def _token_of(path: Path, number: int, line: str) -> Token:
    found = _LINE.fullmatch(line)
    try:
        if found is None:
            raise ValueError
        cost, block, parallel = (int(found[name]) for name in ("cost", "block", "parallel"))
        is_power = cost >= 2 and cost & (cost - 1) == 0
        if not is_power or cost > _MOST_COST or not 1 <= block <= _MOST_BLOCK:
            raise ValueError
        if not 1 <= parallel <= _MOST_PARALLEL:
            raise ValueError
        salt, digest = _bytes(found["salt"]), _bytes(found["digest"])
    except (ValueError, binascii.Error):
        raise SettingsError(
            f"web.token_file {path}, line {number}, is no token: lines are `viewer HASH` or "
            "`admin HASH`, as `motionapp edge token` makes them"
        ) from None
    return Token(cast(Role, found["role"]), salt, digest, cost, block, parallel)


def _hashed(text: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    memory = 128 * block * (cost + parallel + 2)
    return hashlib.scrypt(
        text.encode("utf-8", "surrogatepass"),
        salt=salt,
        n=cost,
        r=block,
        p=parallel,
        maxmem=2 * memory,
        dklen=32,
    )


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _bytes(letters: str) -> bytes:
    return base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))
