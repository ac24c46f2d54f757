"""A recipe is written into a model and read back, or refused with what is missing."""

from __future__ import annotations

import json

import pytest

from motionapp.core.errors import ModelError
from motionapp.recognition.catalogue import shipped_models
from motionapp.recognition.onnx import read_contract
from motionapp.training.augment import Augmentation
from motionapp.training.recipe import UNWRITTEN, Recipe


def test_a_recipe_survives_json() -> None:
    recipe = Recipe(architecture="alexnet", width=12, learning_rate=1.0, seed=7, rendered=3)

    assert Recipe.from_document(json.loads(json.dumps(recipe.document()))) == recipe


def test_whole_numbers_are_fine_where_fractions_are_meant() -> None:
    assert Recipe.from_document(Recipe().document() | {"dropout": 0}).dropout == 0.0


def test_all_that_decides_the_weights_survives_json() -> None:
    recipe = Recipe(
        fewest_steps=17,
        warm_up=0.5,
        cadence_s=0.08,
        rendered_cadence_s=0.16,
        tempos=(0.5, 1.0, 2.0),
        augmentation=Augmentation(shift=0.0, noise=0.5),
    )

    assert Recipe.from_document(json.loads(json.dumps(recipe.document()))) == recipe
    assert recipe.document()["augmentation"]["noise"] == 0.5


def test_what_was_a_choice_once_does_not_keep_a_model_from_being_read() -> None:
    document = Recipe(seed=7).document() | {"pooling": "windows"}

    assert Recipe.from_document(document) == Recipe(seed=7)


def test_a_model_of_before_knows_no_families() -> None:
    document = Recipe(families=True).document()
    del document["families"]

    assert not Recipe.from_document(document).families


def test_no_tempos_are_none() -> None:
    assert Recipe.from_document(Recipe(tempos=()).document()).tempos == ()


def test_a_model_of_before_was_trained_by_what_were_constants_then() -> None:
    older = {name: one for name, one in Recipe(seed=7).document().items() if name not in UNWRITTEN}

    assert Recipe.from_document(older) == Recipe(seed=7)


def test_the_shipped_models_can_be_trained_again() -> None:
    for model in shipped_models():
        Recipe.from_document(read_contract(model.path).recipe["training"])


@pytest.mark.parametrize(
    "change",
    [
        {"epochs": "many"},
        {"width": 1.5},
        {"seed": None},
        {"seed": -1},
        {"seed": True},
        {"batch": 0},
        {"learning_rate": float("nan")},
        {"dropout": 1.0},
        {"fewest_steps": 10**12},
        {"warm_up": 0},
        {"cadence_s": 0.0},
        {"tempos": [1.0, 0.0]},
        {"tempos": ["quick"]},
        {"tempos": 1.0},
        {"augmentation": None},
        {"architecture": "resnet"},
    ],
)
def test_a_recipe_that_cannot_be_repeated_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ModelError, match=f"no usable {next(iter(change))}"):
        Recipe.from_document(Recipe().document() | change)


@pytest.mark.parametrize("change", [{"noise": "much"}, {"noise": -1.0}, {"noise": None}])
def test_changes_of_windows_that_cannot_be_repeated_are_refused(change: dict[str, object]) -> None:
    document = Recipe().document()
    document["augmentation"] |= change

    with pytest.raises(ModelError, match="no usable noise"):
        Recipe.from_document(document)


def test_a_recipe_from_before_crops_has_none() -> None:
    document = {
        name: value
        for name, value in Recipe().document().items()
        if name not in ("crops", "backgrounds")
    }

    assert Recipe.from_document(document) == Recipe()
