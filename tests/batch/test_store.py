"""Recordings and results in an object store: one of our own, which speaks S3 on this machine."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from motionapp.batch import desk as desk_room
from motionapp.batch.desk import desk_for
from motionapp.batch.inputs import find_inputs
from motionapp.batch.run import BatchReport, run_batch
from motionapp.batch.stamp import stamp_of
from motionapp.cli import main
from motionapp.core.errors import MissingExtraError, OutputError, SourceError
from motionapp.files import store
from motionapp.settings import Settings, apply_changes

pytestmark = [
    pytest.mark.timeout(200),
    # botocore and aiohttp leave things behind that are none of ours.
    pytest.mark.filterwarnings("default"),
]
NEEDED = ("fsspec", "s3fs", "moto", "flask")
SECRET = "a-key-that-nobody-may-see"
PLAIN = {"analysis.recognition.classifier": "none", "analysis.people": "off"}
PLAINLY = ("--classifier", "none", "--people", "off")
"""Neither names nor people: where files lie has nothing to do with who is in them."""


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a store that has a bucket `cams`, with credentials in the environment."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f'no object store: {missing[0]} is missing (pip install "motionapp[dev]")')
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    log = tmp_path_factory.mktemp("moto") / "log"
    with log.open("w") as said, pytest.MonkeyPatch.context() as patch:
        server = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=said, stderr=said,
        )  # fmt: skip
        patch.setenv("AWS_ENDPOINT_URL", address)
        patch.setenv("AWS_ACCESS_KEY_ID", "nobody")
        patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        try:
            _wait_for(port)
            import fsspec

            fsspec.filesystem("s3").mkdir("cams")
            yield address
        finally:
            server.kill()
            server.wait()


def _wait_for(port: int) -> None:
    deadline_s = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline_s, "the store does not start"
            time.sleep(0.1)


@pytest.fixture
def bucket(s3: str, recording: Callable[..., Path]) -> str:
    """A folder in the store with two recordings and something else."""
    import fsspec

    system = fsspec.filesystem("s3")
    system.put_file(str(recording("a.mp4", seed=1)), "cams/day/a.mp4")
    system.put_file(str(recording("b.mp4", seed=2)), "cams/day/deep/b.mp4")
    system.pipe_file("cams/day/notes.txt", b"notes")
    yield_address = "s3://cams/day"
    system.invalidate_cache()
    return yield_address


@pytest.fixture
def found(s3: str) -> Iterator[str]:
    """A folder in the store for results; empty."""
    import fsspec

    system = fsspec.filesystem("s3")
    yield "s3://cams/found"
    system.invalidate_cache()
    if system.exists("cams/found"):
        system.rm("cams/found", recursive=True)
    system.invalidate_cache()


def settings(**changes: object) -> Settings:
    return apply_changes(Settings(), {**PLAIN, **changes})


def batch(named: list[str], out: Path, **more: object) -> BatchReport:
    return run_batch(named, out, settings(), messages=io.StringIO(), **more)  # type: ignore[arg-type]


def names_in(address: str) -> list[str]:
    import fsspec

    system = fsspec.filesystem("s3")
    system.invalidate_cache()
    return sorted(store.names_below(address))


def test_folders_and_patterns_are_searched_and_only_recordings_taken(bucket: str) -> None:
    assert [each.spec for each in find_inputs([bucket])] == [
        "s3://cams/day/a.mp4", "s3://cams/day/deep/b.mp4",
    ]  # fmt: skip
    assert [each.out_name for each in find_inputs(["s3://cams/day/*.mp4"])] == ["a"]
    assert [each.spec for each in find_inputs(["s3://cams/day/a.mp4"])] == ["s3://cams/day/a.mp4"]


def test_what_is_not_there_is_an_input_that_fails_by_name(bucket: str) -> None:
    (gone,) = find_inputs(["s3://cams/night"])

    assert "holds no recordings" in gone.problem or "is not there" in gone.problem


def test_a_recording_in_a_store_gives_the_results_of_one_on_the_disk(
    bucket: str, tmp_path: Path
) -> None:
    batch([bucket], tmp_path / "out")
    batch([str(tmp_path / "a.mp4")], tmp_path / "plain")

    ours, plain = tmp_path / "out" / "a", tmp_path / "plain" / "a"
    assert (ours / "events.json").read_bytes() == (plain / "events.json").read_bytes()
    document = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert [each["input"] for each in document["inputs"]] == [
        "s3://cams/day/a.mp4", "s3://cams/day/deep/b.mp4",
    ]  # fmt: skip


def test_a_second_run_goes_on_until_a_recording_changes(
    bucket: str, tmp_path: Path, recording: Callable[..., Path]
) -> None:
    import fsspec

    def statuses() -> list[str]:
        return [record.status for record in batch([bucket], tmp_path / "out").records]

    assert statuses() == ["ok", "ok"]
    assert statuses() == ["skipped", "skipped"]
    system = fsspec.filesystem("s3")
    before = stamp_of(["s3://cams/day/a.mp4"])
    system.put_file(str(recording("new.mp4", seed=7)), "cams/day/a.mp4")
    system.invalidate_cache()
    assert stamp_of(["s3://cams/day/a.mp4"]) != before
    assert statuses() == ["ok", "skipped"]


def test_results_go_to_a_store_whole_and_a_second_run_goes_on(
    bucket: str, found: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["batch", bucket, "--out", found, *PLAINLY, "--clips", "copy"]

    assert main(line) == 0

    assert capsys.readouterr().out.strip() == f"{found}/summary.json"
    names = names_in(found)
    assert {"a/events.json", "b/events.json", "journal.jsonl", "summary.json"} <= set(names)
    assert any(name.startswith("a/clips/") for name in names)
    assert not any(".part" in name or ".lock" in name for name in names)

    assert main(line) == 0

    assert "2 of 2 were done by an earlier run" in capsys.readouterr().err


def test_the_table_and_the_page_of_a_batch_tell_of_results_in_a_store(
    bucket: str, found: str, tmp_path: Path
) -> None:
    import fsspec

    line = ["--classifier", "none", "--report"]
    assert main(["batch", bucket, "--out", found, *line]) == 0
    assert main(["batch", bucket, "--out", str(tmp_path / "near"), *line]) == 0

    system = fsspec.filesystem("s3")
    system.invalidate_cache()
    for name in ("events.csv", "report.html"):
        ours = system.cat_file(f"cams/found/{name}")
        assert ours == (tmp_path / "near" / name).read_bytes()
    table = csv.DictReader(io.StringIO((tmp_path / "near" / "events.csv").read_text()))
    assert [(row["input"], row["id"] != "") for row in table] == [
        ("s3://cams/day/a.mp4", True), ("s3://cams/day/deep/b.mp4", True),
    ]  # fmt: skip


def test_the_catalogue_names_recordings_and_results_as_the_store_has_them(
    bucket: str, found: str, tmp_path: Path
) -> None:
    """And not the copies that were read, which are gone: each run would add all rows again."""
    parquet = pytest.importorskip("pyarrow.parquet")
    catalogue = tmp_path / "catalogue"
    line = ["batch", bucket, "--out", found, "--classifier", "none", "--catalog", str(catalogue)]

    def files() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in catalogue.rglob("*.parquet")}

    assert main(line) == 0
    first = files()
    assert main([*line, "--fresh"]) == 0

    assert files() == first
    rows = [row for path in sorted(first) for row in parquet.ParquetFile(path).read().to_pylist()]
    assert {row["recording_path"] for row in rows} == {
        "s3://cams/day/a.mp4", "s3://cams/day/deep/b.mp4",
    }  # fmt: skip
    assert {row["results"] for row in rows} == {f"{found}/a", f"{found}/b"}
    assert sorted(path.parent.parent.name for path in first) == ["camera=day", "camera=deep"]


def test_pictures_of_what_was_found_are_made_of_copies_that_do_not_stay(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("duckdb", reason='no answers: pip install "motionapp[find]"')
    catalogue, temporary = str(tmp_path / "catalogue"), tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    line = ["batch", f"{bucket}/a.mp4", "--out", str(tmp_path / "out"), "--classifier", "none"]
    assert main([*line, "--catalog", catalogue]) == 0

    made = ["--sheet", str(tmp_path / "s.jpg"), "--digest", str(tmp_path / "d.mp4")]
    assert main(["find", catalogue, *made, "--clips", str(tmp_path / "clips")]) == 0

    assert (tmp_path / "s.jpg").exists()
    assert (tmp_path / "d.mp4").exists()
    assert len(list((tmp_path / "clips").iterdir())) == 1
    assert list(temporary.iterdir()) == []


def test_a_store_that_takes_nothing_is_told_before_anything_is_analysed(
    s3: str, recording: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["batch", str(recording()), "--out", "s3://no-such-bucket/found"])

    said = capsys.readouterr().err
    assert code == OutputError.exit_code
    assert "1/1" not in said  # no recording was come to
    assert "no such place" in said


def test_a_batch_that_is_ended_tells_that_and_not_the_stores_trouble(
    s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_for("s3://no-such-bucket/found")
    (desk.__enter__().folder / "summary.json").write_text("{}")

    assert not desk.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)


def test_a_store_that_cannot_be_asked_is_not_taken_for_an_empty_one(
    s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its journal would be written anew, and all be done again."""

    def refuse(address: str) -> list[store.Kept]:
        raise SourceError("no rights")

    monkeypatch.setattr(store, "files_below", refuse)

    with pytest.raises(OutputError, match="no rights"), desk_for("s3://cams/found"):
        pass


def test_workers_of_a_cluster_read_and_write_there_themselves(
    bucket: str, found: str, tmp_path: Path
) -> None:
    pytest.importorskip("distributed", reason='Dask is missing (pip install "motionapp[cluster]")')

    done = subprocess.run(
        [sys.executable, "-m", "motionapp", "batch", bucket, "--out", found, "--cluster",
         "local:1", *PLAINLY],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True, text=True, timeout=150, check=False, cwd=tmp_path,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert {"a/events.json", "b/events.json", "journal.jsonl", "summary.json"} <= set(
        names_in(found)
    )
    assert list(tmp_path.glob("s3*")) == []


def test_a_store_that_cannot_be_reached_is_a_sentence_without_secrets(
    monkeypatch: pytest.MonkeyPatch, s3: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no recording")

    code = main(["batch", str(tmp_path / "a.mp4"), "--out", "s3://no-such-bucket/found"])

    said = capsys.readouterr().err
    assert code == OutputError.exit_code
    assert "s3://no-such-bucket/found" in said
    assert SECRET not in said


@pytest.mark.parametrize(
    "address",
    ["sftp://me:hunter2@host/a.mp4", "https://host/a.mp4?token=hunter2", "s3://k:hunter2@b/a.mp4"],
)
def test_an_address_with_a_password_is_refused_and_not_repeated(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("fsspec")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: True)

    with pytest.raises(SourceError, match="in the environment") as told:
        store.check_store(address)

    assert "hunter2" not in str(told.value)


def test_without_fsspec_the_line_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(MissingExtraError, match=r"motionapp\[cluster\]"):
        find_inputs(["s3://cams/day"])


def test_the_journal_is_brought_home_while_the_batch_runs(
    found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_room, "KEEP_EVERY_S", 0.0)
    with desk_for(found) as desk:
        (desk.folder / "journal.jsonl").write_text("one line\n")
        desk.keep()
        assert names_in(found) == ["journal.jsonl"]


class _Files(BaseHTTPRequestHandler):
    """A recording with its length, and a stream without one."""

    content = b""

    def do_HEAD(self) -> None:
        self._head()

    def do_GET(self) -> None:
        if self._head():
            self.wfile.write(self.content)

    def log_message(self, *told: object) -> None:
        """Nobody reads it."""

    def _head(self) -> bool:
        is_file = self.path.endswith(".mp4")
        self.send_response(200 if is_file else 404)
        if is_file:
            self.send_header("Content-Type", "video/mp4")
            self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        return is_file


def test_a_file_behind_an_http_address_is_a_recording(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    for name in ("fsspec", "aiohttp"):
        pytest.importorskip(name)
    path = recording("door.mp4")
    _Files.content = path.read_bytes()
    server = HTTPServer(("127.0.0.1", 0), _Files)
    thread = Thread(target=server.serve_forever, name="files")
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/door.mp4"
        report = batch([address], tmp_path / "out")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    batch([str(path)], tmp_path / "plain")

    (record,) = report.records
    assert (record.status, record.input) == ("ok", address)
    (ours,) = (tmp_path / "out").rglob("events.json")
    assert ours.read_bytes() == (tmp_path / "plain" / "door" / "events.json").read_bytes()


def test_an_http_address_of_no_file_is_a_stream_as_before(s3: str) -> None:
    (each,) = find_inputs([f"{s3}/no/such/stream"])

    assert each.problem == ""
    assert os.environ["AWS_SECRET_ACCESS_KEY"] == SECRET
