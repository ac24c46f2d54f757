"""What the first steps of a candidate tell: how large it is, and what all of it will take."""

from __future__ import annotations

from typing import Final

import numpy as np

from motionapp.training.comparison.candidate import Candidate
from motionapp.training.comparison.finding import Finding
from motionapp.training.comparison.full import LOOKS
from motionapp.training.comparison.grounds import Ground
from motionapp.training.comparison.plan import Work
from motionapp.training.comparison.results import Kept
from motionapp.training.comparison.steps import PROBED, WARM, Probed, full_steps
from motionapp.training.export import written

FORWARD: Final = 1 / 3
"""Of a step, about so much is answering: going back through a network takes twice as long."""
CALIBRATED_ON: Final = 64
"""Windows that set the 8-bit ranges of a network of which nobody wants the answers."""


def sized(ground: Ground, probe: Probed) -> Kept:
    """A network after its first steps, in both precisions, without an accuracy."""
    rows = np.arange(min(CALIBRATED_ON, len(ground.task.windows)))
    float32, int8 = written(probe.network, ground.task, rows)
    steps_s = (WARM + PROBED) * probe.step_s
    finding = Finding(
        is_full=False, steps=WARM + PROBED, networks=1, network_s=steps_s, wall_s=steps_s,
        peak_bytes=None, windows=len(ground.material.windows),
        float32_bytes=len(float32), int8_bytes=len(int8),
        int8_agreement=None, precision="int8", groups=(),
    )  # fmt: skip
    return Kept(finding, float32, int8)


def work_of(
    ground: Ground, candidate: Candidate, step_s: float, written_s: float, *, trials: int
) -> Work:
    """What a candidate takes, reckoned of what was measured.

    Parameters
    ----------
    ground : Ground
    candidate : Candidate
    step_s : float
        One step of one network.
    written_s : float
        Writing it in both precisions, without a look at what they answer.
    trials : int
        Of its search.
    """
    answer_s = FORWARD * step_s / candidate.recipe.batch
    return Work(
        key=candidate.key,
        frontend=candidate.frontend,
        step_s=step_s,
        steps=full_steps(ground.task, candidate),
        networks=len(ground.folds),
        export_s=written_s + LOOKS * answer_s,
        ask_s=len(ground.material.windows) / len(ground.folds) * answer_s,
        trials=trials,
    )
