"""The table of what was changed from outside: who, when, and what holds now."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motionapp.edge.store.rows import clean, from_us, to_us


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """Somebody has changed a setting while the service ran."""

    number: int
    at_utc: datetime
    camera: str
    key: str
    """One of `seams.CHANGEABLE`."""
    value: Any
    """As JSON has it."""
    who: str


class Changes:
    """Changes in an open file. Every one is part of a transaction that the caller began."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, at_utc: datetime, camera: str, key: str, value: Any, who: str) -> None:
        """Note one. Raises `ValueError` for a value that JSON has no word for."""
        text = json.dumps(value, allow_nan=False)
        self._connection.execute(
            "INSERT INTO changes (at_us, camera, key, value, who) VALUES (?, ?, ?, ?, ?)",
            (to_us(at_utc), camera, clean(key), text, clean(who)),
        )

    def newest(self, most: int, camera: str | None) -> list[SettingsChange]:
        """The last ones, the newest first."""
        rows = self._connection.execute(
            "SELECT number, at_us, camera, key, value, who FROM changes"
            " WHERE ? IS NULL OR camera = ? ORDER BY number DESC LIMIT ?",
            (camera, camera, most),
        )
        return [
            SettingsChange(number, from_us(at_us), of, key, json.loads(value), who)
            for number, at_us, of, key, value, who in rows
        ]

    def in_force(self) -> dict[tuple[str, str], Any]:
        """What was said last, by camera and key."""
        rows = self._connection.execute(
            "SELECT camera, key, value FROM changes"
            " WHERE number IN (SELECT max(number) FROM changes GROUP BY camera, key)"
        )
        return {(camera, key): json.loads(value) for camera, key, value in rows}

    def forget_before(self, cutoff_us: int) -> int:
        """Remove older ones that others have replaced; returns how many."""
        return self._connection.execute(
            "DELETE FROM changes WHERE at_us < ?"
            " AND number NOT IN (SELECT max(number) FROM changes GROUP BY camera, key)",
            (cutoff_us,),
        ).rowcount
