"""What a model file says about itself: everything needed to use it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from motionapp.core.errors import ModelError
from motionapp.core.representation import Mirror, Representation, Scope

CONTRACT_SCHEMA = 2
"""1 had a scope that nobody read: its networks were shown whatever moved of a body."""
METADATA_KEY = "motionapp"
"""The key of ONNX `metadata_props` under which the contract stands, as one JSON document."""

IMPORTED = "imported"
"""The architecture of a network that was made elsewhere."""

Prior = Literal["equal", "room", "street"]
"""Where a network is used, and thus how frequent its labels are (`recognition.prior`)."""

GOING = "going"
"""The name of a network's second input, shape (clips, 4): how each body goes (`recognition.going`).
Only where the representation says so."""
FEATURES = "features"
"""The name of a network's second output, by which clips are alike: what its last layer decides by,
shape (clips, n). Models of the first schema have none."""


@dataclass(frozen=True, slots=True)
class ModelContract:
    """Labels, representation and calibration of a network, and how it came about."""

    name: str
    """`actions`, say; siblings for other front-ends and architectures share it."""
    version: str
    labels: tuple[str, ...]
    """What it can name, in the order of its outputs; a reject output follows them if
    `has_reject` is true."""
    representation: Representation
    architecture: str
    """The layout of the network: `vgg16`, say."""
    has_reject: bool = False
    """The network has one output more than labels: none of them."""
    normalisation: str = "clip-max"
    """How maps become numbers: see `motionapp.recognition.clips`."""
    temperature: float = 1.0
    """Logits are divided by it before the softmax; greater than 0."""
    threshold: float = 0.5
    """Below it the best label's probability is `unknown`, 0 to 1."""
    prior: Prior = "equal"
    """How frequent its labels are where it is used, unless somebody says otherwise."""
    recipe: Mapping[str, Any] = field(default_factory=dict)  # free form: written for people
    """Data sets with hashes and terms, epochs, augmentation, seed."""
    metrics: Mapping[str, Any] = field(default_factory=dict)  # free form: written for people

    def to_json(self) -> str:
        """The contract as the JSON document that stands in the model file."""
        return json.dumps({"schema": CONTRACT_SCHEMA, **asdict(self)}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> ModelContract:
        """Read a contract.

        Raises
        ------
        ModelError
            The document is not a contract of a schema that this version knows, or a value in it
            cannot be used.
        """
        try:
            document = json.loads(text)
            schema = document.pop("schema")
            if schema == 1:
                document.pop("scope", None)
                document["representation"] = {**document["representation"], "scope": "moving"}
            if schema in (1, CONTRACT_SCHEMA):
                if not isinstance(document["labels"], list):
                    raise TypeError("labels are not a list")
                document["labels"] = tuple(document["labels"])
                document["representation"] = Representation(**document["representation"])
                contract = cls(**document)
        # RecursionError: brackets a thousand deep; ValueError: no JSON, or a number of 5000 digits
        except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
            raise ModelError(f"the model's contract cannot be read: {error}") from error
        if schema not in (1, CONTRACT_SCHEMA):
            raise ModelError(
                f"the model's contract has schema {schema}, this version knows up to "
                f"{CONTRACT_SCHEMA}: use a newer motionapp or train the model again"
            )
        contract._check()
        return contract

    def _check(self) -> None:
        shape = self.representation
        texts: tuple[object, ...] = (
            *(self.name, self.version, self.architecture, self.normalisation),
            *(shape.frontend, *self.labels),
        )
        counts: tuple[object, ...] = (
            *(shape.steps, shape.side_px, shape.planes),
            *(shape.at_most_px, shape.version),
        )
        numbers: tuple[object, ...] = (
            *(shape.lag_s, shape.grid_s, shape.slowest_hz),
            *(self.temperature, self.threshold),
        )
        notes: tuple[object, ...] = (self.recipe, self.metrics)
        usable = (
            all(isinstance(text, str) for text in texts)
            and all(type(count) is int for count in counts)
            and all(type(number) in (int, float) for number in numbers)
            and all(isinstance(note, dict) for note in notes)
            and shape.scope in get_args(Scope)
            and shape.mirror in get_args(Mirror)
            and self.prior in get_args(Prior)
            and self.has_reject in (False, True)
            and shape.going in (False, True)
            and 0 < len(self.labels) == len(set(self.labels)) <= 1000
            and 1 <= shape.steps <= 64
            and 8 <= shape.side_px <= 512
            and 1 <= shape.planes <= 64
            and 0 < shape.lag_s <= 2
            and 0 < shape.grid_s <= 2
            and 0 <= shape.slowest_hz <= 1000
            and 1 <= shape.at_most_px <= 10_000
            and 0 < self.temperature <= 1000
            and 0 <= self.threshold <= 1
        )
        if not usable:
            raise ModelError("the model's contract holds a value that cannot be used")
