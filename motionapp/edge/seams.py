"""What the service promises to those who tell of it (broker, page, webhooks), and they to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from motionapp.edge.records import CameraStatus, Change, EventKind, EventRecord

CHANGEABLE = ("is_enabled", "sensitivity", "frontend")
"""What of a camera may be changed from outside while it runs."""


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Which events are asked for; what is None does not matter."""

    camera: str | None = None
    kind: EventKind | None = None
    label: str | None = None
    zone: str | None = None
    since_utc: datetime | None = None
    until_utc: datetime | None = None
    """Begun before this."""
    before_number: int | None = None
    """With a lower number: the next page, the newest coming first."""
    most: int = 100
    """1 to 1000."""


class Service(Protocol):
    """The running service. All of it is called on the event loop of the parent process."""

    def cameras(self) -> Sequence[CameraStatus]:
        """All of them, in the order of the configuration."""
        ...

    async def events(self, query: EventQuery) -> Sequence[EventRecord]:
        """The newest first."""
        ...

    async def event(self, number: int) -> EventRecord | None:
        """One by its number."""
        ...

    def file_of(self, path: str) -> Path | None:
        """Where a recording or snapshot lies; None if it is not one of the store's, or gone."""
        ...

    async def lock(self, number: int, *, is_locked: bool) -> EventRecord | None:
        """Keep an event however old it is, or no longer; None if there is none."""
        ...

    async def snapshot(self, camera: str) -> bytes | None:
        """The newest picture with what is drawn on it, as JPEG, privacy zones covered; None if
        there is none. Raises `KeyError` for an unknown camera."""
        ...

    def pictures(self, camera: str) -> AsyncIterator[bytes]:
        """The same again and again, some five a second, until nobody asks for more."""
        ...

    async def heat(self, camera: str) -> bytes | None:
        """Where it has moved since its process began, as PNG over a picture."""
        ...

    async def why(self, camera: str, at_utc: datetime) -> Mapping[str, Any]:
        """Why there was no event at an instant of the last minutes: `sentence`, and `verdicts`.
        Raises `KeyError` for an unknown camera."""
        ...

    async def change(self, camera: str, changes: Mapping[str, Any], *, who: str) -> CameraStatus:
        """Change some of `CHANGEABLE`; it is noted in the store who did.

        Raises `KeyError` for an unknown camera and `SettingsError` for what does not fit.
        """
        ...

    def figures(self) -> Mapping[str, float]:
        """Figures of the whole service by name: free and used bytes, what waits to be sent, write
        budget."""
        ...


class Teller(Protocol):
    """Told of what happens, after it is on the disk. Nothing here may wait."""

    def event_changed(self, change: Change, event: EventRecord) -> None:
        """An event has begun, changed or ended."""
        ...

    def camera_changed(self, status: CameraStatus) -> None:
        """A camera's state is another one, or its figures are due (each ten seconds)."""
        ...
