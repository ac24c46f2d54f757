"""A recipe is written into a model and read back, or refused with what is missing."""

from __future__ import annotations

import json

import pytest

from motionapp.core.errors import ModelError
from motionapp.training.recipe import Recipe


def test_a_recipe_survives_json() -> None:
    recipe = Recipe(architecture="alexnet", width=12, learning_rate=1.0, seed=7, rendered=3)

    assert Recipe.from_document(json.loads(json.dumps(recipe.document()))) == recipe


def test_whole_numbers_are_fine_where_fractions_are_meant() -> None:
    assert Recipe.from_document(Recipe().document() | {"dropout": 0}).dropout == 0.0


@pytest.mark.parametrize("change", [{"epochs": "many"}, {"width": 1.5}, {"seed": None}])
def test_a_recipe_that_cannot_be_repeated_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ModelError, match=f"no usable {next(iter(change))}"):
        Recipe.from_document(Recipe().document() | change)
