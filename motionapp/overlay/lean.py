"""What of a frame's motion has to be kept, so that its layers can be drawn later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from motionapp.core.motion import Motion
from motionapp.overlay.flow import what_counts
from motionapp.overlay.style import Style


def lean(motion: Motion, style: Style) -> Motion:
    """The motion with references to what `style` draws, and to nothing else; without differences,
    which are noise nearly everywhere and cannot be packed.

    Parameters
    ----------
    motion : Motion
    style : Style
    """
    needs_flow = (style.flow or style.arrows) and motion.flow is not None
    return Motion(
        frontend=motion.frontend,
        level=motion.level,
        mask=motion.mask if style.mask or needs_flow else None,
        flow=motion.flow if needs_flow else None,
        lately_px_s=motion.lately_px_s if needs_flow else 0.0,
        poses=motion.poses if style.poses else (),
        removed=motion.removed if style.suppressed else (),
        places=motion.places if style.suppressed else None,
        scene=motion.scene if style.suppressed else None,
        valid=motion.valid if style.valid else None,
    )


def without_what_nobody_sees(motion: Motion) -> Motion:
    """The motion with no flow where none is drawn: then it is packed into little."""
    if motion.flow is None or motion.mask is None:
        return motion
    counts = what_counts(motion.flow, motion.mask) != 0
    flow = np.where(counts, motion.flow, np.float32(0)).astype(np.float32)
    return replace(motion, flow=flow)
