"""What importing cv2 puts into the environment, and how to be rid of it."""

from __future__ import annotations

import os
from collections.abc import Mapping


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without what importing cv2 has put into it.

    cv2 points Qt at its own plug-ins and the loader at a folder of its own; a child that opens a
    window, or that is another program, must not inherit that.
    """
    cleaned = dict(environment)
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        if _is_of_cv2(cleaned.get(name, "")):
            del cleaned[name]
    if "LD_LIBRARY_PATH" in cleaned:
        folders = cleaned["LD_LIBRARY_PATH"].split(os.pathsep)
        kept = [folder for folder in folders if folder and not _is_of_cv2(folder)]
        cleaned["LD_LIBRARY_PATH"] = os.pathsep.join(kept)
        if not kept:
            del cleaned["LD_LIBRARY_PATH"]
    return cleaned


def _is_of_cv2(path: str) -> bool:
    return "cv2" in path.replace("\\", "/").split("/")
