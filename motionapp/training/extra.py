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


def need_optuna() -> None:
    """Check that choices can be searched for.

    Raises
    ------
    MissingExtraError
        Optuna is not installed; with the line that installs it.
    """
    if find_spec("optuna") is None:
        raise MissingExtraError("--search", "search")
