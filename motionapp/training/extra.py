"""Whether what training needs is installed."""

from importlib.util import find_spec

from motionapp.core.errors import MissingExtraError

NEEDED = ("torch", "onnx", "onnxscript")


def need_torch(what: str) -> None:
    """Check that `what` can be done.

    Raises
    ------
    MissingExtraError
        torch or an ONNX writer is not installed; with the line that installs it.
    """
    if any(find_spec(name) is None for name in NEEDED):
        raise MissingExtraError(what, "train")


def need_onnx(what: str) -> None:
    """Check that `what`, which reads networks and trains none, can be done.

    Raises
    ------
    MissingExtraError
        The ONNX writer is not installed; with the line that installs it.
    """
    if find_spec("onnx") is None:
        raise MissingExtraError(what, "train")
