"""Finds shipped models and assets: inside a wheel, or beside the package in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def models_dir() -> Path:
    """The folder of shipped models; it may be absent where somebody took it out."""
    return _find("models")


def assets_dir() -> Path:
    """The folder of shipped clips and icons; it may be absent where somebody took it out."""
    return _find("assets")


def _find(name: str, package: Path = _PACKAGE) -> Path:
    """A wheel carries `motionapp/<name>`; a checkout has `<name>` beside `motionapp`."""
    inside = package / name
    return inside if inside.is_dir() else package.parent / name
