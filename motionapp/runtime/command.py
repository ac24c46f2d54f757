"""How this program starts itself once more, in a process of its own."""

from __future__ import annotations

import sys

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
