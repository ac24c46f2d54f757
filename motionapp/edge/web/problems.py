"""What a client is told when something is not done: one sentence, as a problem document."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse, Response

MEDIA_TYPE = "application/problem+json"
"""RFC 9457."""


class Problem(Exception):
    """A request is not done.

    Parameters
    ----------
    status : int
        400 or above.
    sentence : str
        What is wrong and what to do. Holds nothing that came from the client, nor a secret.
    headers : mapping of str to str, optional
    """

    def __init__(
        self, status: int, sentence: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = dict(headers or {})

    def document(self) -> dict[str, Any]:
        """As it is told."""
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.sentence,
        }

    def response(self) -> Response:
        """As an answer."""
        return JSONResponse(self.document(), self.status, self.headers, MEDIA_TYPE)


def no_such_page() -> Problem:
    """Nothing is there."""
    return Problem(
        404,
        "There is nothing at this address; / is the page, /api/v1/openapi.json describes the API.",
    )


def no_such_camera() -> Problem:
    """A camera is asked for that there is not."""
    return Problem(404, "There is no camera of this name; /api/v1/cameras lists them.")


def no_such_event() -> Problem:
    """An event is asked for that there is not."""
    return Problem(404, "There is no event of this number; /api/v1/events lists them.")
