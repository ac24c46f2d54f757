"""Measures a model on recordings with known labels: as it is, or its recipe trained anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from motionapp.assembly import check_maps
from motionapp.core.clip import Prediction
from motionapp.core.contract import ModelContract, Prior
from motionapp.core.errors import DataSetError, ModelError, SourceError
from motionapp.frontends.registry import road_of
from motionapp.recognition.clips import longest_step_s
from motionapp.recognition.dataset import DataSet, Sample, subjects_of
from motionapp.recognition.onnx import OnnxRecogniser
from motionapp.training.gather import Collector, gather_for, road_settings, walk_sample
from motionapp.training.kept import KeptWindows
from motionapp.training.opening import open_all
from motionapp.training.progress import Progress
from motionapp.training.protocols import Protocol, held_out
from motionapp.training.recipe import Recipe
from motionapp.training.scores import Named, document


def evaluate(
    model: Path,
    data: DataSet,
    protocol: Protocol,
    progress: Progress,
    *,
    prior: Prior = "equal",
    rate_hz: float = 0.0,
    kept: KeptWindows | None = None,
) -> dict[str, Any]:
    """The figures of a model on a data set.

    Parameters
    ----------
    model : Path
    data : DataSet
    protocol : Protocol
        `all` runs the model as it is and needs no torch; others train its recipe per fold.
    progress : Progress
    prior : str
        How frequent movements are taken to be.
    rate_hz : float
        For `all`: so many pictures a second are left; 0 leaves all.
    kept : KeptWindows, optional
        Windows that were gathered before. Has no part in `all`: they are kept in 8 bits, and a
        model as it is sees what it sees on the road.

    Returns
    -------
    dict
        See `motionapp.training.scores.document`.

    Raises
    ------
    ModelError
        The model cannot be used, was trained on other maps, or has no recipe that could be
        repeated.
    SettingsError
        There is no such front-end, or the recipe shows what is not at hand.
    DataSetError
        None of a label's recordings can be read, one ends before a stretch of it, a label is
        unknown to the model, or the split is impossible.

    Notes
    -----
    Recordings that cannot be read are told and left out of all figures but `unreadable`.
    """
    recogniser = OnnxRecogniser(model, prior=prior)
    check_maps(recogniser.contract)
    slowest_hz = 1 / longest_step_s(recogniser.contract.representation)
    if 0 < rate_hz < slowest_hz:
        progress.say(
            f"warning: with fewer than {slowest_hz:.1f} pictures a second the model names nothing"
        )
    if protocol.kind == "all":
        return as_it_is(recogniser, data, progress, rate_hz=rate_hz)
    return trained_again(recogniser.contract, data, protocol, progress, kept=kept)


def as_it_is(
    recogniser: OnnxRecogniser, data: DataSet, progress: Progress, *, rate_hz: float = 0.0
) -> dict[str, Any]:
    """What the model makes of all recordings, on the road that it runs on.

    `rate_hz` pictures a second are left of them; 0 leaves all.
    """
    _check_labels(recogniser, data)
    readings = open_all(data, progress)
    settings = road_settings(road_of(recogniser.contract.representation))
    named: dict[int, Named] = {}
    recordings = [p for p in data.recordings() if readings.holds(data.samples[p[0]])]
    for done, places in enumerate(recordings, 1):
        first, subjects = data.samples[places[0]], subjects_of(data.samples[p] for p in places)
        collector = Collector(recogniser.contract, recogniser, subjects)
        try:
            readings.lose(first, walk_sample(first, collector, settings, rate_hz=rate_hz))
        except SourceError as error:
            readings.fail(first, error)
        else:
            for place in places:
                sample = data.samples[place]
                said = collector.said_of(sample.subject)
                named[place] = _named(sample, said, recogniser.contract)
        progress.advance("recordings", done, len(recordings))
    readings.left()
    return document(
        recogniser.contract.labels,
        [named[place] for place in sorted(named)],
        threshold=recogniser.contract.threshold,
        unreadable=readings.unreadable,
    )


def _check_labels(recogniser: OnnxRecogniser, data: DataSet) -> None:
    """Raise where the data set has a label that the model cannot give."""
    labels = recogniser.contract.labels
    foreign = sorted(set(data.labels) - set(labels))
    if foreign:
        raise DataSetError(
            f"the data set {data.path} has the label {foreign[0]}, which the model "
            f"{recogniser.path} does not know: it knows {', '.join(labels)}"
        )


def _named(sample: Sample, predictions: Sequence[Prediction], contract: ModelContract) -> Named:
    """What was made of the windows of a sample's subject that lie within it."""
    rows = [prediction.probabilities for prediction in predictions]
    times_s = [(prediction.start_s, prediction.end_s) for prediction in predictions]
    shares = np.array(rows, np.float32).reshape(len(rows), len(contract.labels))
    held = sample.stretch.holds(np.array(times_s, np.float64).reshape(len(rows), 2))
    return Named(sample, shares[held])


def trained_again(
    contract: ModelContract,
    data: DataSet,
    protocol: Protocol,
    progress: Progress,
    *,
    kept: KeptWindows | None = None,
) -> dict[str, Any]:
    """What networks of the model's recipe make of recordings that they have not seen."""
    from motionapp.training.extra import need_torch

    need_torch(f"--protocol {protocol}")
    from motionapp.training.folds import measure
    from motionapp.training.material import Material
    from motionapp.training.rendered import check_renderable, render_for

    training = contract.recipe.get("training")
    if not isinstance(training, dict):
        raise ModelError("the model has no recipe: it can only be measured with --protocol all")
    recipe, representation = Recipe.from_document(training), contract.representation
    if recipe.beginning:
        raise ModelError(
            "the model's recipe begins with weights that are not at hand: it can be measured with "
            "--protocol all, but not trained again"
        )
    check_renderable(recipe, representation)
    held_out(data, protocol, seed=recipe.seed)  # before anything is opened
    readings = open_all(data, progress)
    held_out(readings.left(), protocol, seed=recipe.seed)  # before hours of gathering
    gathered = gather_for(
        recipe, readings.left(), representation, progress, kept=kept, readings=readings
    )
    folds = held_out(gathered.data, protocol, seed=recipe.seed)
    material = Material(
        data=gathered.data,
        windows=gathered.windows,
        labels=data.labels,
        representation=representation,
        paced=gathered.paced,
        rendered=render_for(recipe, data.labels, representation, progress, kept=kept),
    )
    if kept is not None:
        progress.say(kept.line())
    measured = measure(material, recipe, folds, progress)
    named = measured.named(material, contract.temperature)
    return document(
        material.labels, named, threshold=contract.threshold, unreadable=readings.unreadable
    )
