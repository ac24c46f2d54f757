"""A card names what was seen, on what terms, and the command that makes the model again."""

from __future__ import annotations

from motionapp.core.contract import ModelContract
from motionapp.core.representation import Representation
from motionapp.training.card import card
from motionapp.training.recipe import Recipe

CONTRACT = ModelContract(
    name="small",
    version="0.1.0",
    labels=("run", "walk"),
    representation=Representation("absdiff"),
    architecture="vgg16",
    has_reject=True,
    recipe={
        "training": Recipe(rendered=7, clutter=5).document(),
        "data": [
            {
                "name": "people/labels.csv",
                "recordings": 12,
                "groups": 3,
                "sha256": "ab" * 32,
                "terms": "research only",
            }
        ],
    },
    metrics={"clip_accuracy": 0.95},
)
COMMAND = "motionapp train labels.csv --out small.onnx"


def text(contract: ModelContract = CONTRACT) -> str:
    return card(contract, file_name="small.onnx", sha256="cd" * 32, command=COMMAND)


def test_data_and_their_terms_are_named() -> None:
    assert f"`people/labels.csv`: 12 recordings in 3 groups, SHA-256 {'ab' * 32}" in text()
    assert "Terms: research only" in text()


def test_what_was_rendered_is_named() -> None:
    assert "7 rendered figures" in text()
    assert "5 rendered scenes" in text()


def test_figures_command_and_digest_are_there() -> None:
    assert "- clip accuracy: 0.95" in text()
    assert COMMAND in text()
    assert "cd" * 32 in text()


def test_a_model_that_was_not_measured_says_so() -> None:
    from dataclasses import replace

    assert "nothing was measured" in text(replace(CONTRACT, metrics={}))


def test_all_that_decides_the_weights_is_in_the_table() -> None:
    assert "| tempos | 0.85, 1.18 |" in text()
    assert "| augmentation: noise | 0.06 |" in text()
    assert "| fewest steps | 200 |" in text()
