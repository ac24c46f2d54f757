"""The model contract: there and back, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.contract import CONTRACT_SCHEMA, ModelContract
from motionapp.core.errors import ModelError
from motionapp.core.representation import Representation

CONTRACT = ModelContract(
    name="actions",
    version="1",
    labels=("bend", "jack", "walk"),
    representation=Representation(frontend="absdiff"),
    architecture="vgg16",
    has_reject=True,
    recipe={"seed": 7, "data": [{"name": "rendered", "sha256": "ab"}]},
    metrics={"clip_accuracy": 0.97},
)


def document(**changes: Any) -> dict[str, Any]:
    return {**json.loads(CONTRACT.to_json()), **changes}


def test_a_contract_comes_back_as_it_was_written() -> None:
    assert ModelContract.from_json(CONTRACT.to_json()) == CONTRACT


@given(
    st.lists(st.text(min_size=1), min_size=1, max_size=8, unique=True),
    st.floats(0.01, 100),
    st.floats(0, 1),
    st.integers(1, 64),
)
def test_any_usable_contract_comes_back(
    labels: list[str], temperature: float, threshold: float, steps: int
) -> None:
    contract = replace(
        CONTRACT,
        labels=tuple(labels),
        temperature=temperature,
        threshold=threshold,
        representation=Representation(frontend="flow", steps=steps, planes=2),
    )

    assert ModelContract.from_json(contract.to_json()) == contract


def test_a_network_of_the_first_schema_is_shown_what_it_was_trained_on() -> None:
    """Its scope stood in the contract, and nobody read it."""
    shape = {"frontend": "absdiff", "steps": 6}
    old = document(schema=1, scope="group", representation=shape)

    contract = ModelContract.from_json(json.dumps(old))

    assert contract.representation == Representation("absdiff", steps=6, scope="moving")


def test_the_document_says_its_schema_and_is_the_same_every_time() -> None:
    assert document()["schema"] == CONTRACT_SCHEMA
    assert CONTRACT.to_json() == CONTRACT.to_json()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "7",
        '"text"',
        "{}",
        json.dumps(document(schema=CONTRACT_SCHEMA + 1)),
        json.dumps(document(schema=None)),
        json.dumps(document(surprise=1)),
        json.dumps({key: value for key, value in document().items() if key != "labels"}),
        json.dumps(document(labels=None)),
        json.dumps(document(labels=["walk", None])),
        json.dumps(document(labels={"walk": 1, "run": 2})),
        json.dumps(document(labels="walk")),
        json.dumps(document(labels=[])),
        json.dumps(document(labels=["walk", "walk"])),
        json.dumps(document(labels=[str(k) for k in range(1001)])),
        json.dumps(document(representation=None)),
        json.dumps(document(representation={})),
        json.dumps(document(representation={"frontend": "absdiff", "surprise": 1})),
        json.dumps(document(representation={"frontend": "absdiff", "steps": 0})),
        json.dumps(document(representation={"frontend": "absdiff", "steps": 65})),
        json.dumps(document(representation={"frontend": "absdiff", "steps": "6"})),
        json.dumps(document(representation={"frontend": "absdiff", "steps": 2.5})),
        json.dumps(document(representation={"frontend": "absdiff", "side_px": 100_000})),
        json.dumps(document(representation={"frontend": "absdiff", "planes": 0})),
        json.dumps(document(representation={"frontend": "absdiff", "lag_s": 0})),
        json.dumps(document(representation={"frontend": "absdiff", "grid_s": -1})),
        json.dumps(document(representation={"frontend": "absdiff", "at_most_px": 0})),
        json.dumps(document(representation={"frontend": "absdiff", "slowest_hz": -1})),
        json.dumps(document(representation={"frontend": "absdiff", "at_most_px": -5})),
        json.dumps(document(representation={"frontend": 7})),
        json.dumps(document(temperature=0)),
        json.dumps(document(temperature="warm")),
        json.dumps(document(threshold=1.5)),
        json.dumps(document(threshold=None)),
        json.dumps(document(scope="group")),
        json.dumps(document(representation={"frontend": "absdiff", "scope": "everything"})),
        json.dumps(document(has_reject="yes")),
        "[" * 100_000,
    ],
)
def test_what_is_no_usable_contract_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ModelError, match="the model's contract"):
        ModelContract.from_json(text)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("key", ["temperature", "threshold"])
def test_numbers_that_are_none_are_refused(key: str, value: float) -> None:
    """JSON as Python reads it knows NaN and Infinity."""
    with pytest.raises(ModelError):
        ModelContract.from_json(json.dumps(document(**{key: value})))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@given(st.sampled_from(sorted(document())), json_values)
def test_whatever_stands_under_a_key_gives_a_contract_or_a_model_error(
    key: str, value: object
) -> None:
    try:
        contract = ModelContract.from_json(json.dumps(document(**{key: value})))
    except ModelError:
        return
    assert ModelContract.from_json(contract.to_json()).labels == contract.labels
