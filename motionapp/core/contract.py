"""What a model file says about itself: everything needed to use it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from motionapp.core.errors import ModelError
from motionapp.core.representation import Representation

CONTRACT_SCHEMA = 1
METADATA_KEY = "motionapp"
"""The key of ONNX `metadata_props` under which the contract stands, as one JSON document."""


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
    """`vgg16` or `alexnet`."""
    scope: Literal["track", "group", "frame"] = "group"
    has_reject: bool = False
    """The network has one output more than labels: none of them."""
    normalisation: str = "clip-max"
    """How maps become numbers: see `motionapp.recognition.clips`."""
    temperature: float = 1.0
    """Logits are divided by it before the softmax; greater than 0."""
    threshold: float = 0.5
    """Below it the best label's probability is `unknown`, 0 to 1."""
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
            if schema != CONTRACT_SCHEMA:
                raise ModelError(
                    f"the model's contract has schema {schema}, this version knows "
                    f"{CONTRACT_SCHEMA}: use a newer motionapp or train the model again"
                )
            document["labels"] = tuple(str(label) for label in document["labels"])
            document["representation"] = Representation(**document["representation"])
            contract = cls(**document)
        except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
            raise ModelError(f"the model's contract cannot be read: {error}") from error
        contract._check()
        return contract

    def _check(self) -> None:
        shape = self.representation
        usable = (
            0 < len(self.labels) == len(set(self.labels)) <= 1000
            and 1 <= shape.steps <= 64
            and 8 <= shape.side_px <= 512
            and 1 <= shape.planes <= 64
            and 0 < shape.lag_s <= 2
            and 0 < shape.grid_s <= 2
            and self.temperature > 0
            and 0 <= self.threshold <= 1
        )
        if not usable:
            raise ModelError("the model's contract holds a value that cannot be used")
