"""Trains a candidate as `motionapp train` would, once for every fold."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Final

from motionapp.runtime.threads import usable_cores
from motionapp.training.comparison.candidate import Candidate
from motionapp.training.comparison.finding import Finding, group_scores
from motionapp.training.comparison.memory import peak_memory
from motionapp.training.comparison.results import Kept
from motionapp.training.export import CALIBRATED_ON, forms_of
from motionapp.training.folds import Along, measure
from motionapp.training.material import Material
from motionapp.training.progress import Progress
from motionapp.training.unfinished import Unfinished

COMPARED: Final = 1000
"""Windows by which 8 bits are held to 32: their agreement is known to 0.3 points at 99 %."""
LOOKS: Final = CALIBRATED_ON + 3 * COMPARED
"""Windows that are shown to a network until it is written: PyTorch's and both of ONNX."""


def trained(
    material: Material,
    candidate: Candidate,
    folds: tuple[frozenset[str], ...],
    progress: Progress,
    unfinished: Path,
    steps: int,
) -> Kept:
    """A candidate, trained in full and measured on what its folds hold out.

    Parameters
    ----------
    material : Material
    candidate : Candidate
    folds : tuple of frozenset of str
        The groups that each holds out.
    progress : Progress
    unfinished : Path
        Folder for where its networks stand, which is taken up; it is gone at the end.
    steps : int
        Of each network.

    Raises
    ------
    DataSetError
        A fold leaves no window of a label.
    SettingsError
        A network came to no numbers.
    """
    standing = Unfinished(unfinished)
    along = Along(unfinished=standing)
    began_s = time.perf_counter()
    with peak_memory() as peak:
        measured = measure(material, candidate.recipe, folds, progress, along=along)
        trained_s = time.perf_counter() - began_s
        forms = forms_of(
            measured.networks[0].network,
            material.task(folds[0]),
            seed=candidate.recipe.seed,
            looked_at=COMPARED,
        )
    finding = Finding(
        is_full=True,
        steps=steps,
        networks=len(folds),
        network_s=trained_s / math.ceil(len(folds) / usable_cores()),
        wall_s=time.perf_counter() - began_s,
        peak_bytes=peak.bytes,
        windows=len(material.windows),
        float32_bytes=len(forms.float32),
        int8_bytes=len(forms.int8),
        int8_agreement=forms.int8_agreement,
        precision=forms.precision,
        groups=group_scores(measured.named(material, 1.0), material.labels),
    )
    standing.clear()
    return Kept(finding, forms.float32, forms.int8)
