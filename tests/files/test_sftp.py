"""A server over SFTP as a store: what is listed, fetched and written there."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("fsspec", reason='no stores: pip install "motionapp[cluster]"')
paramiko = pytest.importorskip("paramiko", reason="no SFTP: pip install paramiko")

from motionapp.batch.run import run_batch  # noqa: E402
from motionapp.cli import main  # noqa: E402
from motionapp.core.errors import OutputError, SourceError  # noqa: E402
from motionapp.files import store  # noqa: E402
from motionapp.settings import Settings, apply_changes  # noqa: E402
from tests.servers.sftp import Served, sftp_server  # noqa: E402

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server of the folder `server`, which this user knows and has the key of."""
    home, key = tmp_path / "home", paramiko.ECDSAKey.generate()
    (home / ".ssh").mkdir(parents=True)
    (tmp_path / "server").mkdir()
    key.write_private_key_file(str(home / ".ssh" / "id_ecdsa"))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    with sftp_server(tmp_path / "server", key) as served:
        (home / ".ssh" / "known_hosts").write_text(served.known_hosts_line)
        yield served
        _forget()


def _forget() -> None:
    """fsspec keeps connections, whose threads a test does not leave behind."""
    from motionapp.files.sftp import _system_class

    kind = _system_class()
    for system in list(kind._cache.values()):
        system.client.close()
    kind.clear_instance_cache()


def address(served: Served, path: str) -> str:
    return f"sftp://me@127.0.0.1:{served.port}/{path}"


def test_what_is_found_has_the_server_in_its_address(tmp_path: Path, served: Served) -> None:
    (tmp_path / "server" / "cam" / "deep").mkdir(parents=True)
    (tmp_path / "server" / "cam" / "deep" / "a b.mp4").write_bytes(b"pictures")

    (kept,) = store.files_below(address(served, "cam"))

    assert kept.address == address(served, "cam/deep/a b.mp4")
    assert store.names_below(address(served, "cam")) == {"deep/a b.mp4"}
    assert store.fetch(kept.address, tmp_path, lambda: None).read_bytes() == b"pictures"


def test_a_file_is_written_whole_with_its_folders_in_place_of_an_older_one(
    tmp_path: Path, served: Served
) -> None:
    new, waited = tmp_path / "new", []
    place = tmp_path / "server" / "found" / "a" / "events.json"
    for content in (b"first", b"second"):
        new.write_bytes(content)
        store.bring([(new, address(served, "found/a/events.json"))], lambda: waited.append(1))
        assert place.read_bytes() == content

    assert [path.name for path in place.parent.iterdir()] == ["events.json"]
    assert waited


def test_a_server_that_is_none_of_the_known_hosts_is_not_spoken_to(
    tmp_path: Path, served: Served
) -> None:
    (tmp_path / "home" / ".ssh" / "known_hosts").write_text("")

    with pytest.raises(SourceError, match="is it among the known hosts of ssh"):
        store.look(address(served, "a.mp4"))


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path, served: Served) -> None:
    (tmp_path / "server" / "found").touch()  # a file where the folder should be
    (tmp_path / "new").touch()

    with pytest.raises(OutputError, match="cannot be written"):
        store.bring([(tmp_path / "new", address(served, "found/a"))], lambda: None)


def test_a_batch_reads_from_and_writes_to_a_server(
    tmp_path: Path, served: Served, recording: Callable[..., Path]
) -> None:
    path = recording("near.mp4")
    (tmp_path / "server" / "cam").mkdir()
    (tmp_path / "server" / "cam" / "near.mp4").write_bytes(path.read_bytes())

    line = ["--classifier", "none", "--out", address(served, "found")]
    assert main(["batch", address(served, "cam"), *line]) == 0

    settings = apply_changes(Settings(), {"analysis.recognition.classifier": "none"})
    run_batch([str(path)], tmp_path / "plain", settings, messages=io.StringIO())
    for name in ("near/events.json", "near/events.csv"):
        ours = (tmp_path / "server" / "found" / name).read_bytes()
        assert ours == (tmp_path / "plain" / name).read_bytes()
