"""What a worker's children inherit of what Dask's nanny has set."""

from __future__ import annotations

import os

import pytest

from tests.batch.cluster.conftest import why_no_dask

if why := why_no_dask():
    pytest.skip(why, allow_module_level=True)

import dask

from motionapp.batch.cluster.plugin import TRIM, ChildrenPlugin

OF_DASK = "distributed.nanny.pre-spawn-environ"


def test_children_do_not_inherit_that_a_nanny_bids_give_memory_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of_dask = dask.config.get(OF_DASK)[TRIM]
    monkeypatch.setenv(TRIM, str(of_dask))

    ChildrenPlugin().setup(None)

    assert TRIM not in os.environ


def test_what_a_person_has_set_for_the_memory_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TRIM, "1000000")

    ChildrenPlugin().setup(None)

    assert os.environ[TRIM] == "1000000"
