"""Measures a model on recordings with known labels: as it is, or its recipe trained anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from motionapp.assembly import check_maps
from motionapp.core.clip import MotionClip, Prediction
from motionapp.core.contract import ModelContract, Prior
from motionapp.core.errors import DataSetError, ModelError, SourceError
from motionapp.frontends.registry import road_of
from motionapp.recognition.clips import longest_step_s
from motionapp.recognition.dataset import DataSet, Sample, subjects_of
from motionapp.recognition.onnx import OnnxRecogniser
from motionapp.training.album import Album
from motionapp.training.breakdown import How
from motionapp.training.gather import Collector, gather_for, road_settings, walk_sample
from motionapp.training.kept import KeptWindows
from motionapp.training.named import Named
from motionapp.training.opening import open_all
from motionapp.training.progress import Progress
from motionapp.training.protocols import Protocol, held_out
from motionapp.training.recipe import Recipe
from motionapp.training.scores import document
from motionapp.training.windows import Cut, packed_clips


def evaluate(
    model: Path,
    data: DataSet,
    protocol: Protocol,
    progress: Progress,
    *,
    prior: Prior = "equal",
    rate_hz: float = 0.0,
    kept: KeptWindows | None = None,
    album: Album | None = None,
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
    album : Album, optional
        Is given the windows that were named most confidently wrong, for pictures of them.

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
        return as_it_is(recogniser, data, progress, prior=prior, rate_hz=rate_hz, album=album)
    return trained_again(recogniser.contract, data, protocol, progress, kept=kept, album=album)


def as_it_is(
    recogniser: OnnxRecogniser,
    data: DataSet,
    progress: Progress,
    *,
    prior: Prior = "equal",
    rate_hz: float = 0.0,
    album: Album | None = None,
) -> dict[str, Any]:
    """What the model makes of all recordings, on the road that it runs on.

    `rate_hz` pictures a second are left of them; 0 leaves all.
    """
    _check_labels(recogniser, data)
    contract, album = recogniser.contract, Album() if album is None else album
    readings = open_all(data, progress)
    _tell_learnt(recogniser.contract, readings.left(), progress)
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
                clips = collector.clips_of(sample.subject)
                named[place], seen = _named(sample, clips, said, contract)
                album.add(named[place], contract.labels, contract.threshold, seen.maps)
        progress.advance("recordings", done, len(recordings))
    readings.left()
    how = How(
        protocol="all", data=data.name, model=contract.name,
        frontend=contract.representation.frontend, rate_hz=rate_hz,
        temperature=contract.temperature if prior == "equal" else None,
    )  # fmt: skip
    figures = document(
        contract.labels,
        [named[place] for place in sorted(named)],
        threshold=contract.threshold,
        unreadable=readings.unreadable,
        how=how,
    )
    return {**figures, "worst": album.document()}


def _tell_learnt(contract: ModelContract, data: DataSet, progress: Progress) -> None:
    """Say so where a model is asked what it was taught: it is right by heart, and nothing follows
    for others. Of a part of its recordings, or with one added, nobody can tell."""
    known = contract.recipe.get("data")
    taught = {
        one.get("sha256")
        for one in (known if isinstance(known, list) else [])
        if isinstance(one, dict)
    }
    if taught and data.digest() in taught:
        progress.say(
            f"warning: {contract.name} was trained on these very recordings, so that the figures "
            "are too good: --protocol logo or kfold:K trains its recipe anew without what it names"
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


def _named(
    sample: Sample,
    clips: Sequence[MotionClip],
    predictions: Sequence[Prediction],
    contract: ModelContract,
) -> tuple[Named, Cut]:
    """What was made of the windows of a sample's subject that lie within it, and the windows."""
    rows = [prediction.probabilities for prediction in predictions]
    shares = np.array(rows, np.float32).reshape(len(rows), len(contract.labels))
    cut = packed_clips(clips, contract.representation)
    within = cut.within(sample.stretch)
    return Named(sample, shares[sample.stretch.holds(cut.times_s)], within.times_s), within


def trained_again(
    contract: ModelContract,
    data: DataSet,
    protocol: Protocol,
    progress: Progress,
    *,
    kept: KeptWindows | None = None,
    album: Album | None = None,
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
    how = How(
        protocol=str(protocol), data=data.name, model=f"{contract.name} ({recipe.architecture})",
        frontend=representation.frontend, seed=recipe.seed, folds=folds,
        temperature=contract.temperature,
    )  # fmt: skip
    figures = document(
        material.labels, named,
        threshold=contract.threshold, unreadable=readings.unreadable, how=how,
    )  # fmt: skip
    album = Album() if album is None else album
    album.add_all(named, material.data, material.windows, material.labels, contract.threshold)
    return {**figures, "worst": album.document()}
