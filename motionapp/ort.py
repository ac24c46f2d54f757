"""The only door to ONNX Runtime: whoever comes through finds its telemetry switched off.

Knows how it is kept from contacting anybody, and how a network that is shipped is opened.
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from motionapp.core.errors import ModelError

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


def shipped_network(
    path: Path,
    shapes: Mapping[str, tuple[int | str, ...]],
    *,
    kind: str,
    threads: int,
    sha256: str = "",
) -> Any:
    """A session on the CPU, checked to hold the network that is expected.

    Parameters
    ----------
    path : Path
    shapes : mapping of str to tuple
        Inputs and outputs in their order; a name stands for a side of any length.
    kind : str
        What users call it: the pose network.
    threads : int
        Threads for one call; at least 1.
    sha256 : str
        What the file's bytes sum to, as hex; empty takes any that fit. A bit that has turned over
        may fail only when a person comes, or find others than there are.

    Raises
    ------
    ModelError
        The file is missing, damaged, cannot be read, or is another network.
    """
    _check_file(path, kind, sha256)
    session = opened_network(path, kind=kind, threads=threads)
    found = {n.name: tuple(n.shape) for n in [*session.get_inputs(), *session.get_outputs()]}
    if found != shapes:
        raise ModelError(f"{path} is not the {kind} {path.stem}: it has {found}")
    return session


def opened_network(path: Path, *, kind: str, threads: int) -> Any:
    """A session on the CPU, whatever network the file holds.

    Parameters
    ----------
    path : Path
        Of a file that is there.
    kind : str
        What users call it.
    threads : int
        Threads for one call; at least 1.

    Raises
    ------
    ModelError
        It cannot be read, or holds what this version of ONNX Runtime cannot run.
    """
    runtime = onnxruntime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that wait busily for the next call take the cores from whoever decodes.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4  # errors are raised, and told in one sentence
    try:
        return runtime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except network_errors() as error:
        said = " ".join(str(error).split())
        raise ModelError(f"the {kind} {path} cannot be read: {said}") from error


@functools.cache
def network_errors() -> tuple[type[Exception], ...]:
    """What opening or running a network may raise: its errors have no base of their own."""
    state = onnxruntime().capi.onnxruntime_pybind11_state
    return (
        state.Fail,
        state.InvalidArgument,
        state.InvalidGraph,
        state.InvalidProtobuf,
        state.NotImplemented,
        state.RuntimeException,
        UnicodeDecodeError,  # of its own message, where that cites what the file has for a name
    )


def _check_file(path: Path, kind: str, sha256: str) -> None:
    """Raise `ModelError` where a file is missing, or its bytes do not sum to what is expected."""
    if not path.is_file():
        raise ModelError(f"the {kind} {path} is missing: reinstall motionapp")
    try:
        is_sound = not sha256 or hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except OSError as error:
        raise ModelError(f"the {kind} {path} cannot be read: {error.strerror}") from error
    if not is_sound:
        raise ModelError(f"the {kind} {path} is damaged, or another file: reinstall motionapp")


@functools.cache
def quantization() -> Any:
    """Its quantiser, which needs onnx."""
    onnxruntime()
    import onnxruntime.quantization as package  # noqa: TID251  the one place

    return package
