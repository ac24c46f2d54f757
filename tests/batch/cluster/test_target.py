"""What may stand behind --cluster."""

from __future__ import annotations

import pytest

from motionapp.batch.cluster.target import Target, target_of
from motionapp.core.errors import SettingsError


@pytest.mark.parametrize("address", ["tcp://node1:8786", "tls://10.0.0.1:1", "tcp://[::1]:8786"])
def test_a_scheduler_is_named_by_its_address(address: str) -> None:
    target = target_of(address)

    assert (target.address, target.is_local, str(target)) == (address, False, address)


def test_workers_of_our_own_are_named_by_their_number() -> None:
    assert target_of("local:2") == Target(workers=2)
    assert target_of("local:2").is_local


@pytest.mark.parametrize(
    "text",
    ["local", "local:0", "local:-1", "local:65", "local:²", "node1:8786", "tcp://node1",
     "tcp://node1:0", "tcp://node1:99999", "http://node1:8786", "tcp://user:secret@node1:8786"],
)  # fmt: skip
def test_anything_else_is_refused_and_no_password_is_repeated(text: str) -> None:
    with pytest.raises(SettingsError, match="tcp://HOST:8786") as told:
        target_of(text)

    assert "secret" not in str(told.value)
