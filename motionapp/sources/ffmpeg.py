"""Which FFmpeg reads and writes here, and on what terms it was built."""

from __future__ import annotations

import av

UNDER_GPL = ("libx264", "libx265")
"""Encoders that put the FFmpeg they are built into under the GPL."""


def ffmpeg_version() -> str:
    """Its version, as it tells it."""
    return str(av.ffmpeg_version_info)


def encoders_under_gpl() -> tuple[str, ...]:
    """Those of `UNDER_GPL` that are built in."""
    return tuple(name for name in UNDER_GPL if name in av.codecs_available)
