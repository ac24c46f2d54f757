"""Splits a data set by its groups: what was trained on never stands in what is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from motionapp.core.errors import DataSetError, SettingsError
from motionapp.core.event import UNKNOWN
from motionapp.recognition.dataset import DataSet

Kind = Literal["logo", "kfold", "holdout", "none", "all"]

TRAINING_KINDS: tuple[Kind, ...] = ("logo", "kfold", "holdout", "none")
EVALUATION_KINDS: tuple[Kind, ...] = ("all", "logo", "kfold")
WRITTEN: dict[Kind, str] = {
    "logo": "logo",
    "kfold": "kfold:K",
    "holdout": "holdout:F",
    "none": "none",
    "all": "all",
}
"""How each is written on the command line."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """How a data set is split for measuring."""

    kind: Kind
    folds: int = 0
    """For `kfold`: how many parts, at least 2."""
    share: float = 0.0
    """For `holdout`: the share of groups held out, between 0 and 1."""

    def __str__(self) -> str:
        value = {"kfold": f":{self.folds}", "holdout": f":{self.share:g}"}.get(self.kind, "")
        return self.kind + value


def parse_protocol(text: str, kinds: Sequence[Kind]) -> Protocol:
    """What a person wrote as a protocol.

    Parameters
    ----------
    text : str
        ``logo``, ``kfold:5``, ``holdout:0.2``, ``none`` or ``all``.
    kinds : sequence of str
        Which of them may be asked for here.

    Raises
    ------
    SettingsError
        It is none of `kinds`, or its number cannot be used.
    """
    name, _, value = text.partition(":")
    try:
        if name == "kfold" and name in kinds and int(value) >= 2:
            return Protocol("kfold", folds=int(value))
        if name == "holdout" and name in kinds and 0 < float(value) < 1:
            return Protocol("holdout", share=float(value))
    except ValueError:
        pass  # the number is none: said below, with what can be written
    for kind in kinds:
        if text == kind and kind not in ("kfold", "holdout"):
            return Protocol(kind)
    choices = ", ".join(WRITTEN[kind] for kind in kinds)
    raise SettingsError(
        f"--protocol {text} is not known: choose from {choices} (K at least 2, F between 0 and 1)"
    )


def held_out(data: DataSet, protocol: Protocol, *, seed: int) -> tuple[frozenset[str], ...]:
    """The groups that each fold holds out.

    Parameters
    ----------
    data : DataSet
    protocol : Protocol
    seed : int
        Decides which groups go together; `logo` has no choice to make.

    Returns
    -------
    tuple of frozenset of str
        One set of groups a fold; empty for `none` and `all`.

    Raises
    ------
    DataSetError
        The data set has too few groups, or none that were written down (for `logo`); or a fold
        would hold out all recordings of a label, so that its network could not know it.
    """
    if protocol.kind in ("none", "all"):
        return ()
    folds = _folds(data, protocol, seed=seed)
    _check_labels(data, protocol, folds)
    return folds


def _folds(data: DataSet, protocol: Protocol, *, seed: int) -> tuple[frozenset[str], ...]:
    groups = data.fold_groups
    if len(groups) < 2:
        raise DataSetError(
            f"the data set {data.path} has one group only, so nothing can be held out: "
            "use --protocol none"
        )
    if protocol.kind == "logo":
        return _one_by_one(data)
    shuffled = [groups[i] for i in np.random.default_rng(seed).permutation(len(groups))]
    if protocol.kind == "holdout":
        count = min(max(1, round(protocol.share * len(groups))), len(groups) - 1)
        return (frozenset(shuffled[:count]),)
    if protocol.folds > len(groups):
        raise DataSetError(
            f"the data set {data.path} has {len(groups)} groups: kfold:{protocol.folds} needs "
            f"at least {protocol.folds}"
        )
    return tuple(frozenset(shuffled[fold :: protocol.folds]) for fold in range(protocol.folds))


def _one_by_one(data: DataSet) -> tuple[frozenset[str], ...]:
    if not data.has_groups:
        raise DataSetError(
            f"--protocol logo needs groups, and {data.path} names none: add a labels.csv with "
            "the columns path, label and group, or use kfold:K"
        )
    return tuple(frozenset({group}) for group in data.fold_groups)


def _check_labels(data: DataSet, protocol: Protocol, folds: Sequence[frozenset[str]]) -> None:
    """Raise where a fold leaves nothing to learn a label from: it would measure nothing else."""
    groups_of: dict[str, set[str]] = {label: set() for label in data.labels}
    for sample in data.samples:
        if sample.label != UNKNOWN:  # which is never measured
            groups_of[sample.label].add(sample.fold_group)
    for label, groups in groups_of.items():
        if not any(groups <= fold for fold in folds):
            continue
        if len(groups) == 1:
            raise DataSetError(
                f"all recordings of {label} in the data set {data.path} are of one group, "
                f"{min(groups)}, and --protocol {protocol} holds it out, so that nothing is left "
                "to learn the label from: add another group's, or use --protocol none"
            )
        raise DataSetError(
            f"--protocol {protocol} holds out all {len(groups)} groups that show {label} in the "
            f"data set {data.path} at once, so that nothing is left to learn the label from: "
            "choose another protocol, or train with another --seed"
        )
