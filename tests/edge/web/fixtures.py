"""A fake service, tokens, and servers over both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from motionapp.edge.web import access
from motionapp.edge.web.access import make_token
from tests.edge.web.fake import FakeService, jpeg
from tests.edge.web.running import Running, settings_for


class Tokens(NamedTuple):
    path: Path
    viewer: str
    admin: str


@pytest.fixture
def service(tmp_path: Path) -> FakeService:
    (tmp_path / "one.jpg").write_bytes(jpeg(0))
    (tmp_path / "one.mp4").write_bytes(bytes(range(256)) * 1000)
    return FakeService(tmp_path)


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(access, "COST", 16)  # hashed hundreds of times here
        viewer, admin = make_token("viewer"), make_token("admin")
    path = tmp_path_factory.mktemp("tokens") / "tokens"
    path.write_text(f"# who may\n{viewer[1]}\n\n{admin[1]}\n")
    return Tokens(path, viewer[0], admin[0])


@pytest.fixture
def guarded(service: FakeService, tokens: Tokens) -> Iterator[Running]:
    """With tokens."""
    with Running(service, settings_for(tokens.path)) as running:
        yield running


@pytest.fixture
def opened(service: FakeService) -> Iterator[Running]:
    """On the loopback, without any."""
    with Running(service, settings_for()) as running:
        yield running
