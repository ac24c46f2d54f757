"""What stands in tables and documents is what docs/schemas say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from motionapp.catalogue.exports import json_text
from motionapp.catalogue.table import COLUMNS
from tests.catalogue.test_exports import HIT

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"


def described(title: str) -> list[str]:
    """The first column of the table below a heading of the page."""
    page = (SCHEMAS / "catalogue.md").read_text(encoding="utf-8")
    part = page.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    return [name.strip("` ") for row in rows for name in row.split(", ")]


def test_every_column_of_the_catalogue_is_described_in_its_order() -> None:
    pytest.importorskip("pyarrow", reason='no catalogue: pip install "motionapp[find]"')
    from motionapp.catalogue.arrow import columns

    assert described("The catalogue's tables") == columns().names


def test_every_column_of_a_batchs_table_is_described_in_its_order() -> None:
    assert described("events.csv of a batch") == list(COLUMNS)


def test_what_is_exported_is_as_its_schema_says() -> None:
    schema = json.loads((SCHEMAS / "find.schema.json").read_text(encoding="utf-8"))

    Draft202012Validator(schema).validate(json.loads(json_text([HIT])))
