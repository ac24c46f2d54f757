"""Tests of the page and the API, where the extra is there; `tests/edge/test_web.py` says if not."""

from __future__ import annotations

import importlib.util

if importlib.util.find_spec("uvicorn") is None or importlib.util.find_spec("starlette") is None:
    collect_ignore_glob = ["test_*.py"]
else:
    from tests.edge.web.fixtures import guarded, opened, service, tokens  # noqa: F401
