"""The only door to ONNX Runtime: whoever comes through finds its telemetry switched off.

Knows how it is kept from contacting anybody; leaves sessions to the rooms that run networks.
"""

from __future__ import annotations

import functools
import os
from typing import Any, Final

_SWITCH: Final = "ORT_DISABLE_TELEMETRY"

# Importing ONNX Runtime looks up a collector's address and writes a device id and a database of
# events into the home folder, before any of its functions can be called: only its environment is
# read in time. Whatever stood there before is overruled, and child processes inherit it. It is
# set when this module is imported, not when the runtime is asked for: torch's exporter and
# onnxscript import the runtime by themselves.
os.environ[_SWITCH] = "1"


@functools.cache
def onnxruntime() -> Any:
    """The package, imported at the first call (it ships no types)."""
    import onnxruntime as package  # noqa: TID251  the one place

    # For Windows, whose builds report to the system's own tracing whatever the environment says.
    package.disable_telemetry_events()
    return package


@functools.cache
def quantization() -> Any:
    """Its quantiser, which needs onnx."""
    onnxruntime()
    import onnxruntime.quantization as package  # noqa: TID251  the one place

    return package
