"""Encoders that the tests use, opened so that nothing else on the machine has to wait for them."""

from __future__ import annotations

import os
from typing import Any, Final

NOBODY: Final = 65534


def opened(stream: Any) -> Any:
    """A stream whose encoder is open, and computes at ordinary priority.

    SVT-AV1 gives its threads real-time priority where it is started by root, as in containers. They
    wait for one another without sleeping: on two cores nothing else ran for seven minutes once.
    """
    if stream.codec_context.name != "libsvtav1" or not hasattr(os, "geteuid") or os.geteuid():
        return stream
    os.seteuid(NOBODY)
    try:
        stream.codec_context.open()
    finally:
        os.seteuid(0)
    return stream
