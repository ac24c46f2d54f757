"""How this program starts itself once more, in a process of its own: its command and environment.

Below all that imports libraries: a parent of many processes may have none of them itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from motionapp.core.bundle import is_bundle


def own_command(*arguments: str) -> list[str]:
    """The command line that runs motionapp with these arguments.

    Parameters
    ----------
    *arguments : str
        A verb, and what follows it.

    Notes
    -----
    In a bundle the executable is motionapp itself, and knows nothing of ``-m``.
    """
    return [sys.executable, *([] if is_bundle() else ["-m", "motionapp"]), *arguments]


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
