"""From recordings to a model file: gather, measure, calibrate, fit on everything, export."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from motionapp.core.contract import ModelContract, Prior
from motionapp.core.errors import DataSetError, SettingsError
from motionapp.core.representation import Representation
from motionapp.core.version import __version__
from motionapp.recognition.dataset import DataSet
from motionapp.recognition.onnx import MOST_BYTES
from motionapp.scenes.people.actions import ACTIONS
from motionapp.training.album import Album
from motionapp.training.architectures import bytes_of, empty
from motionapp.training.breakdown import How
from motionapp.training.calibrate import Calibration, calibrate
from motionapp.training.card import card
from motionapp.training.empty import NO_EMPTIES, Empties
from motionapp.training.export import Exported, export
from motionapp.training.files import with_contract
from motionapp.training.fitting import shape_of
from motionapp.training.folds import ALONE, Along, Measured, train_networks
from motionapp.training.gather import gather_for
from motionapp.training.kept import KeptWindows
from motionapp.training.learning_curve import curve_line, learning_curve
from motionapp.training.material import Material
from motionapp.training.opening import open_all
from motionapp.training.progress import Progress
from motionapp.training.protocols import Protocol, held_out
from motionapp.training.readable import Readings
from motionapp.training.recipe import Recipe
from motionapp.training.rendered import render_for
from motionapp.training.scores import document, spread_lines, summary_line, title_of
from motionapp.training.thinned import measured_without, shown_by_group
from motionapp.training.transfer import check_fits

MOST_LABELS = 1000
"""A contract with more cannot be read (`core.contract`)."""

BESIDE_BYTES = 2**20
"""What a model file holds beside its weights is below: names of layers, the contract, and the heads
of families."""

NO_TERMS = "not stated; whoever shares the model must know the terms of its recordings"


@dataclass(frozen=True, slots=True)
class Order:
    """What a person wants trained."""

    data: DataSet
    """Without samples: rendered figures alone."""
    representation: Representation
    recipe: Recipe
    protocol: Protocol
    name: str
    """What the model calls itself."""
    command: str
    """The line that was typed, for the card."""
    terms: str = NO_TERMS
    """On what terms the recordings may be used, for the card."""
    prior: Prior = "equal"
    """Where the network is to be used."""
    empties: Empties = NO_EMPTIES
    """Before which rendered people are seen; the recipe says which they are."""
    learning_curve: bool = False
    """Whether parts of the groups are trained on, too."""


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A model file's content, its card, and what was measured on the way."""

    content: bytes
    contract: ModelContract
    figures: dict[str, Any]

    def card(self, file_name: str, command: str) -> str:
        """The card to lie beside the model."""
        sha256 = hashlib.sha256(self.content).hexdigest()
        return card(self.contract, file_name=file_name, sha256=sha256, command=command)


def train(
    order: Order,
    progress: Progress,
    *,
    kept: KeptWindows | None = None,
    along: Along = ALONE,
    album: Album | None = None,
) -> Trained:
    """Measure by the protocol, then train on everything.

    Parameters
    ----------
    order : Order
    progress : Progress
    kept : KeptWindows, optional
        Windows that were gathered before; without it all are gathered.
    along : Along
        What the networks begin with, and where they leave how they go.
    album : Album, optional
        Is given the windows that were named most confidently wrong, for pictures of them.

    Raises
    ------
    DataSetError
        It has too many labels, none of a label's recordings can be read, one ends before a stretch
        of it, the split is impossible, or no window was cut at all.
    SettingsError
        The network would be larger than any that is read.

    Notes
    -----
    What cannot be read is told and left out. Folds are asked for three times, since they cost
    nothing: a split that is impossible is told before the recordings are opened, one that has
    become so before they are gathered.
    """
    data, recipe = order.data, order.recipe
    check_size(order)
    _check_beginning(order, along)
    _folds(order, data)
    readings = open_all(data, progress)
    _folds(order, readings.left())
    material = material_of(order, readings, progress, kept)
    folds = _folds(order, material.data)
    known = _known(order, material.data, readings)  # while all of it is still there
    _say_gathered(data, kept, progress)
    measured, fitted = train_networks(material, recipe, folds, progress, with_all=True, along=along)
    assert fitted is not None  # it was asked for
    calibration, figures = Calibration(), _nothing(order, material, readings)
    if measured is not None:
        calibration, figures = _measured(
            order, material, measured, folds, readings, progress, album, along
        )
    exported = export(fitted.network, material.task(), seed=recipe.seed)
    progress.say(
        f"exported as {exported.precision}: the same answer as PyTorch for "
        f"{exported.agreement:.2%} of windows (8 bits: {exported.int8_agreement:.2%})"
    )
    contract = _contract(order, material, calibration, figures, exported, known)
    figures["history"] = [point.document() for point in fitted.history]
    return Trained(with_contract(exported.content, contract), contract, figures)


def _nothing(order: Order, material: Material, readings: Readings) -> dict[str, Any]:
    """The figures where nothing is held out."""
    usual = Calibration()
    return document(
        material.labels, (), threshold=usual.threshold, unreadable=readings.unreadable,
        how=_how(order, (), usual),
    )  # fmt: skip


def _measured(
    order: Order,
    material: Material,
    measured: Measured,
    folds: tuple[frozenset[str], ...],
    readings: Readings,
    progress: Progress,
    album: Album | None,
    along: Along,
) -> tuple[Calibration, dict[str, Any]]:
    """What comes of training anew for every fold, which is told, too."""
    labels, recipe = material.labels, order.recipe
    calibration = calibrate(
        *measured.known(material), len(labels), nameless=measured.nameless(material)
    )
    named = measured.named(material, calibration.temperature)
    figures = document(
        labels, named, threshold=calibration.threshold, unreadable=readings.unreadable,
        how=_how(order, folds, calibration),
    )  # fmt: skip
    album = Album() if album is None else album
    album.add_all(named, material.data, material.windows, labels, calibration.threshold)
    figures["worst"] = album.document()
    progress.say(f"{order.protocol}: {summary_line(figures)}")
    for line in spread_lines(figures):
        progress.say(line)
    _say_missed(figures, progress)
    if order.learning_curve:
        figures["learning_curve"] = learning_curve(
            shown_by_group(material), folds, labels, named,
            measured_without(material, recipe, calibration.temperature, along.beginning),
            progress,
            seed=recipe.seed,
        )  # fmt: skip
        progress.say(curve_line(figures["learning_curve"]))
    return calibration, figures


def _how(order: Order, folds: tuple[frozenset[str], ...], calibration: Calibration) -> How:
    """How it was measured, for the figures."""
    return How(
        protocol=str(order.protocol),
        data=order.data.name,
        model=f"{order.name} ({order.recipe.architecture})",
        frontend=order.representation.frontend,
        seed=order.recipe.seed,
        folds=folds,
        temperature=calibration.temperature,
    )


def _say_gathered(data: DataSet, kept: KeptWindows | None, progress: Progress) -> None:
    if kept is not None:
        progress.say(kept.line())
    if data.note:
        progress.say(f"warning: {data.note}")


def check_size(order: Order) -> None:
    """Raise where the model could not be read: whether 8 bits are enough for it, nobody knows.

    Raises
    ------
    DataSetError
        It would have too many labels.
    SettingsError
        It would be too large.
    """
    labels = order.data.labels or tuple(ACTIONS)
    if len(labels) > MOST_LABELS:
        raise DataSetError(
            f"the data set {order.data.path} has {len(labels)} labels: a model has at most "
            f"{MOST_LABELS}"
        )
    shape = shape_of(order.representation, order.recipe, len(labels) + 1)
    most = MOST_BYTES - BESIDE_BYTES
    needed = bytes_of(order.recipe.architecture, shape)
    if needed > most:
        raise SettingsError(
            f"a network of {order.recipe.architecture} with --width {order.recipe.width} and maps "
            f"of {order.representation.side_px} pixels has {needed / 2**20:.0f} MB: at most "
            f"{most // 2**20} MB are read, so choose a smaller --width"
        )


def _check_beginning(order: Order, along: Along) -> None:
    """Raise where what is to be begun with does not fit the network."""
    if along.beginning is not None:
        shape = shape_of(order.representation, order.recipe, len(order.data.labels) + 1)
        check_fits(empty(order.recipe.architecture, shape), along.beginning)
        most, frozen = len(along.beginning.layers.convolutions), order.recipe.frozen
        if frozen > most:
            raise SettingsError(
                f"--freeze is {frozen}, and {order.recipe.architecture} has {most} convolutions: "
                f"at most {most}"
            )


def _folds(order: Order, data: DataSet) -> tuple[frozenset[str], ...]:
    """What is held out of what can be read."""
    if not data.samples:
        return ()
    return held_out(data, order.protocol, seed=order.recipe.seed)


def material_of(
    order: Order, readings: Readings, progress: Progress, kept: KeptWindows | None
) -> Material:
    """All that an order's networks may look at.

    Parameters
    ----------
    order : Order
    readings : Readings
        Of its data; learns what cannot be read after all.
    progress : Progress
    kept : KeptWindows or None
        Windows that were gathered before.

    Raises
    ------
    DataSetError
        Of a label, nothing can be read, or no window was cut.
    """
    shape = order.representation
    gathered = gather_for(
        order.recipe, readings.left(), shape, progress, kept=kept, readings=readings
    )
    data = gathered.data
    labels = data.labels or tuple(sorted(ACTIONS))
    material = Material(
        data=data,
        windows=gathered.windows,
        labels=labels,
        representation=shape,
        paced=gathered.paced,
        rendered=render_for(
            order.recipe, labels, shape, progress, kept=kept, empties=order.empties
        ),
    )
    seen = {str(name) for name in material.labels_of(material.windows)}
    if material.rendered is not None:
        seen |= {str(name) for name in material.rendered.labels}
    missing = sorted(set(labels) - seen)
    if missing:
        or_stretch = "or stretch " if data.has_stretches else ""
        raise DataSetError(
            f"the data set {data.path} has no recording {or_stretch}of {missing[0]} in which "
            f"something moves for {shape.span_s:g} s or longer"
        )
    return material


def _say_missed(figures: dict[str, Any], progress: Progress) -> None:
    for clip in figures["clips"]:
        if clip["predicted"] is None:
            progress.say(f"  {title_of(clip)}: nothing moved for long enough to be named")
        elif clip["predicted"] != clip["label"]:
            progress.say(f"  {title_of(clip)} was named {clip['predicted']} ({clip['score']:.2f})")
    for one in figures["nameless"]:
        if one["named"]:
            progress.say(
                f"  {title_of(one)}, which is unknown, has a name in {one['named']} of "
                f"{one['windows']} windows, mostly {one['most_named']}"
            )


def _after_rejection(after: dict[str, Any]) -> dict[str, float]:
    """The figures as metrics of a model; none of what was not measured."""
    names = {
        "right": "windows_right_after_rejection",
        "wrong": "windows_wrong_after_rejection",
        "unknown": "windows_unknown_after_rejection",
        "false_names": "unknown_windows_with_a_name",
    }
    return {name: after[key] for key, name in names.items() if after[key] is not None}


def _known(order: Order, data: DataSet, readings: Readings) -> list[dict[str, Any]]:
    """What is said of the data set that is learnt from; nothing of rendered figures alone."""
    if not data.samples:
        return []
    unreadable = len({one.sample.recording for one in readings.unreadable})
    return [
        {
            "name": data.name,
            "recordings": len(data.recordings()),
            **({"stretches": len(data.samples)} if data.has_stretches else {}),
            **({"unreadable": unreadable} if unreadable else {}),
            "groups": len(data.fold_groups),
            "sha256": data.digest(),
            "terms": order.terms,
        }
    ]


def _contract(
    order: Order,
    material: Material,
    calibration: Calibration,
    figures: dict[str, Any],
    exported: Exported,
    known: list[dict[str, Any]],
) -> ModelContract:
    measured = {
        "protocol": str(order.protocol),
        "clip_accuracy": figures["clip_accuracy"],
        "window_accuracy": figures["window_accuracy"],
        "clips": len(figures["clips"]),
        **_after_rejection(figures["after_rejection"]),
    }
    return ModelContract(
        name=order.name,
        version=__version__,
        labels=material.labels,
        representation=order.representation,
        architecture=order.recipe.architecture,
        has_reject=material.has_reject,
        temperature=calibration.temperature,
        threshold=calibration.threshold,
        prior=order.prior,
        recipe={
            "training": order.recipe.document(),
            "data": known,
            "windows": len(material.windows),
        },
        metrics={**(measured if figures["clips"] else {}), **exported.figures()},
    )
