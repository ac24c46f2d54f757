"""What all answers of one server share, and who has asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from starlette.requests import Request

from motionapp.core.errors import MotionAppError, SettingsError
from motionapp.edge.seams import Service
from motionapp.edge.web.access import Access, Role, Token, TooManyWait
from motionapp.edge.web.headers import READING, check_origin
from motionapp.edge.web.limits import Buckets, Limits, Streams, too_often
from motionapp.edge.web.problems import Problem, no_such_camera
from motionapp.edge.web.sessions import Sessions

COOKIE = "motionapp_session"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks."""

    role: Role
    client: str
    by: Literal["open", "token", "session"]
    is_still_let_in: Callable[[], bool] = field(repr=False)
    """Asked again where an answer goes on for long."""


@dataclass(slots=True)
class Site:
    """One server's memory."""

    service: Service
    access: Access
    limits: Limits
    sessions: Sessions
    requests: Buckets
    failures: Buckets
    streams: Streams
    description: Mapping[str, Any] = field(default_factory=dict)
    """Of the API."""
    answered: dict[int, int] = field(default_factory=dict)
    """Answers by their status."""

    async def token_of(self, text: str, client: str) -> Token:
        """Recognise a token that somebody shows.

        Raises
        ------
        Problem
            It is none, or too many wrong ones have come from there.
        """
        if (known := self.access.known(text)) is not None:
            return known
        if wait_s := self.failures.take(client):
            raise too_often(wait_s)
        try:
            token = await self.access.recognised(text)
        except TooManyWait:
            raise too_often(1.0) from None
        if token is None:
            raise unknown("This token is not known here.")
        self.failures.give_back(client)
        return token

    async def caller(self, request: Request, client: str) -> Caller | None:
        """Who asks, by a token or the cookie of a session; None if nothing says it."""
        if self.access.is_open:
            return Caller("admin", client, "open", lambda: self.access.is_open)
        shown = request.headers.getlist("authorization")
        if shown:
            scheme, _, text = shown[0].partition(" ")
            if len(shown) > 1 or scheme.lower() != "bearer":
                raise unknown("A token is shown as `Authorization: Bearer TOKEN`.")
            token = await self.token_of(text.strip(), client)
            return Caller(token.role, client, "token", lambda: self._holds(token))
        key = request.cookies.get(COOKIE, "")
        by_session = self.sessions.token_of(key) if key else None
        if by_session is None:
            return None
        if request.method not in READING:
            headers = {name.lower(): text for name, text in request.headers.items()}
            check_origin(request.method, request.url.path, headers, by_cookie=True)
        role = by_session.role
        return Caller(role, client, "session", lambda: self.sessions.token_of(key) is not None)

    async def answer_of(self, work: Awaitable[T]) -> T:
        """What the service answers, in time.

        Raises
        ------
        Problem
            There is no such camera, it does not answer, or it cannot.
        """
        try:
            return await asyncio.wait_for(work, self.limits.answer_s)
        except KeyError:
            raise no_such_camera() from None
        except TimeoutError:
            raise Problem(503, "The camera's process does not answer; try again later.") from None
        except SettingsError as error:
            raise Problem(422, str(error)) from None
        except MotionAppError as error:
            raise Problem(503, str(error)) from None

    def _holds(self, token: Token) -> bool:
        return self.access.tokens is not None and token in self.access.tokens


def unknown(sentence: str) -> Problem:
    """Nobody is known who would ask this."""
    return Problem(401, sentence, {"WWW-Authenticate": 'Bearer realm="motionapp"'})
