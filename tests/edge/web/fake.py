"""A service in memory: four cameras, a day of events, pictures that are drawn here."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import math
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.errors import SettingsError
from motionapp.edge.records import CameraStatus, EventKind, EventRecord
from motionapp.edge.seams import EventQuery

DAY = datetime(2026, 11, 30, tzinfo=UTC)
SIZE = (640, 360)
SECRET = "s3cret-of-the-camera"
"""Stands where a secret would be; nothing may show it."""
LABELS = ("walk", "run", "wave1", "sit_down", "motion")


def drawn(step: int, *, hue: int = 20) -> NDArray[np.uint8]:
    """A yard, and somebody who crosses it with a box around them."""
    width, height = SIZE
    rows = np.linspace(0, 1, height)[:, None, None]
    ground = np.array([90 + hue, 110, 80]) * (1 - rows) + np.array([70, 84, 92 + hue]) * rows
    picture = np.ascontiguousarray(np.broadcast_to(ground, (height, width, 3)).astype(np.uint8))
    cv2.rectangle(picture, (60, 40), (250, 230), (120, 126, 134), -1)
    cv2.rectangle(picture, (120, 110), (180, 230), (64, 70, 88), -1)
    x = 40 + (step * 9) % (width - 80)
    swing = int(16 * math.sin(step / 2))
    body = (222, 214, 206)
    cv2.circle(picture, (x, 168), 12, body, -1, cv2.LINE_AA)
    cv2.line(picture, (x, 180), (x, 232), body, 9, cv2.LINE_AA)
    for sign in (-1, 1):
        cv2.line(picture, (x, 232), (x + sign * swing, 286), body, 8, cv2.LINE_AA)
        cv2.line(picture, (x, 192), (x - sign * swing, 226), body, 6, cv2.LINE_AA)
    cv2.rectangle(picture, (x - 34, 148), (x + 34, 296), (0, 159, 230), 2, cv2.LINE_AA)
    cv2.putText(picture, "walk 0.93", (x - 34, 141), 0, 0.5, (0, 159, 230), 1, cv2.LINE_AA)
    return picture


@functools.cache
def jpeg(step: int, *, hue: int = 20) -> bytes:
    """The same as a JPEG."""
    return bytes(cv2.imencode(".jpg", drawn(step, hue=hue))[1])


def film(path: Path, *, seconds: float = 12.0, rate_hz: int = 10) -> None:
    """A recording of it."""
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=rate_hz)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for step in range(int(seconds * rate_hz)):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(drawn(step), "bgr24")))
        container.mux(stream.encode(None))


def many_events(number: int = 60) -> list[EventRecord]:
    """A day's, in order: every tenth one an outage, one covered, the last one still open."""
    found = []
    for each in range(1, number + 1):
        start = DAY + timedelta(minutes=3 + 1380 * each / number, seconds=7 * each % 60)
        length = timedelta(seconds=5 + 37 * each % 90)
        kind: EventKind = "outage" if each % 10 == 0 else "covered" if each == 33 else "motion"
        label = LABELS[each % len(LABELS)] if kind == "motion" else kind
        is_open = each == number - 1
        found.append(
            EventRecord(
                number=each,
                camera=("door", "yard", "garage")[each % 3],
                kind=kind,
                state="open" if is_open else "closed",
                start_utc=start,
                end_utc=None if is_open else start + length,
                last_utc=start + length,
                zone="all" if each % 4 else "gate",
                label=label,
                score=None if label in ("motion", kind) else 0.5 + each % 50 / 100,
                why="It has given no picture for 12 s." if kind == "outage" else "",
                details={"box": [10, 20, 200, 300], "segments": []},
                recording=f"yard/{each}.mp4" if kind == "motion" else None,
                recording_start_utc=start - timedelta(seconds=5) if kind == "motion" else None,
                snapshot=f"yard/{each}.jpg" if kind == "motion" else None,
            )
        )
    return found


class FakeService:
    """What the page and the API are tried on.

    Parameters
    ----------
    folder : Path
        Where its files lie; one recording stands for all.
    events : sequence of EventRecord, optional
    picture_s : float
        Between two live pictures.
    """

    def __init__(
        self,
        folder: Path,
        events: Sequence[EventRecord] | None = None,
        *,
        picture_s: float = 0.02,
    ) -> None:
        self.folder = folder
        self.kept = {one.number: one for one in (many_events() if events is None else events)}
        self.picture_s = picture_s
        self.changes: list[tuple[str, dict[str, Any], str]] = []
        self.locks: list[tuple[int, bool]] = []
        self.watched = 0
        """Live pictures that are asked for just now."""
        self.snapshots = 0
        self.files_asked: list[str] = []
        self.never_answers = False
        self.breaks = False
        self._jpegs = [jpeg(step) for step in range(0, 60, 3)]
        self.statuses = {
            name: CameraStatus(
                name=name,
                state=state,
                since_utc=DAY + timedelta(hours=3),
                why=why,
                is_enabled=state != "disabled",
                open_events=int(name == "yard"),
                pictures=86_400,
                pictures_hz=9.98 if state == "live" else 0.0,
                age_s=0.12 if state == "live" else None,
                starts=2,
                size=SIZE,
                frontend="absdiff",
                written_bytes=123_456_789,
                written_day_bytes=98_765_432,
            )
            for name, state, why in (
                ("door", "live", ""),
                ("yard", "live", ""),
                ("garage", "lost", "It has given no picture for 12 s; it is looked for again."),
                ("cellar", "disabled", ""),
            )
        }

    def cameras(self) -> Sequence[CameraStatus]:
        return list(self.statuses.values())

    async def events(self, query: EventQuery) -> Sequence[EventRecord]:
        await self._answer()

        def is_asked(one: EventRecord) -> bool:
            return (
                query.camera in (None, one.camera)
                and query.kind in (None, one.kind)
                and query.label in (None, one.label)
                and query.zone in (None, one.zone)
                and (query.since_utc is None or one.start_utc >= query.since_utc)
                and (query.until_utc is None or one.start_utc < query.until_utc)
                and (query.before_number is None or one.number < query.before_number)
            )

        found = sorted(filter(is_asked, self.kept.values()), key=lambda one: -one.number)
        return found[: query.most]

    async def event(self, number: int) -> EventRecord | None:
        return self.kept.get(number)

    def file_of(self, path: str) -> Path | None:
        self.files_asked.append(path)
        found = self.folder / ("one.mp4" if path.endswith(".mp4") else "one.jpg")
        return found if found.is_file() else None

    async def lock(self, number: int, *, is_locked: bool) -> EventRecord | None:
        if number not in self.kept:
            return None
        self.locks.append((number, is_locked))
        self.kept[number] = dataclasses.replace(self.kept[number], is_locked=is_locked)
        return self.kept[number]

    async def snapshot(self, camera: str) -> bytes | None:
        await self._answer()
        self.snapshots += 1
        is_live = self.statuses[camera].state == "live"
        return self._jpegs[self.snapshots % len(self._jpegs)] if is_live else None

    async def pictures(self, camera: str) -> AsyncIterator[bytes]:
        step = 0
        self.watched += 1
        try:
            while self.statuses[camera].state == "live":
                yield self._jpegs[step % len(self._jpegs)]
                step += 1
                await asyncio.sleep(self.picture_s)
        finally:
            self.watched -= 1

    async def heat(self, camera: str) -> bytes | None:
        await self._answer()
        if self.statuses[camera].state != "live":
            return None
        heat = np.zeros((SIZE[1], SIZE[0]), np.uint8)
        cv2.ellipse(heat, (320, 240), (240, 50), 0, 0, 360, 255, -1)
        heat = cv2.GaussianBlur(heat, (0, 0), 24)
        warm = cv2.applyColorMap(heat, cv2.COLORMAP_INFERNO)
        return bytes(cv2.imencode(".png", cv2.addWeighted(drawn(0), 0.6, warm, 0.7, 0))[1])

    async def why(self, camera: str, at_utc: datetime) -> Mapping[str, Any]:
        await self._answer()
        _ = self.statuses[camera]
        return {
            "sentence": "Something moved, but no further than 0.02 of the picture's height; an "
            "event needs 0.05.",
            "verdicts": [
                {
                    "gate": "noise",
                    "measured": 14.2,
                    "threshold": 9.0,
                    "unit": "grey levels",
                    "passed": True,
                    "sentence": "It was stronger than noise.",
                },
                {
                    "gate": "travel",
                    "measured": 0.02,
                    "threshold": 0.05,
                    "unit": "of the height",
                    "passed": False,
                    "sentence": "It did not go far enough.",
                    "setting": "analysis.events.travel",
                    "needed": math.inf,
                },
            ],
        }

    async def change(self, camera: str, changes: Mapping[str, Any], *, who: str) -> CameraStatus:
        status = self.statuses[camera]
        if changes.get("frontend", "absdiff").partition(":")[0] not in (
            "absdiff",
            "flow",
            "pose",
            "background",
        ):
            raise SettingsError("There is no such front-end: absdiff, flow, pose or background.")
        self.changes.append((camera, dict(changes), who))
        fields = {name: changes[name] for name in ("sensitivity", "frontend") if name in changes}
        if "is_enabled" in changes:
            fields["is_enabled"] = changes["is_enabled"]
            fields["state"] = "live" if changes["is_enabled"] else "disabled"
        self.statuses[camera] = dataclasses.replace(status, **fields)
        return self.statuses[camera]

    def figures(self) -> Mapping[str, float]:
        return {"free_bytes": 12.5e9, "used_bytes": 3.25e9, "waiting_messages": 0.0}

    async def _answer(self) -> None:
        if self.breaks:
            raise RuntimeError(SECRET)
        if self.never_answers:
            await asyncio.Event().wait()
