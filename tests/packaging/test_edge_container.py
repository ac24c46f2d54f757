"""The container: its recipe, what it is built from, how Compose runs it. No Docker is asked."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
EDGE = ROOT / "packaging" / "edge"


@dataclass(frozen=True)
class Line:
    word: str
    rest: str


def recipe() -> list[list[Line]]:
    """The stages of the Dockerfile; what stands before the first one comes first."""
    text = re.sub(r"^#.*\n", "", (EDGE / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    stages: list[list[Line]] = [[]]
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        word, _, rest = line.partition(" ")
        if word == "FROM":
            stages.append([])
        if line:
            stages[-1].append(Line(word, rest))
    return stages


def said(stage: list[Line], word: str) -> list[str]:
    return [line.rest for line in stage if line.word == word]


def test_what_runs_is_built_in_stages_of_which_the_last_fetches_nothing() -> None:
    _, *stages = recipe()

    assert len(stages) == 3
    for stage in stages:
        (image,) = said(stage, "FROM")
        assert re.search(r"python:\$\{PYTHON\}-slim-trixie( AS \w+)?$", image)
    assert not [run for run in said(stages[-1], "RUN") if re.search("pip|apt|curl", run)]


def test_the_wheel_is_built_once_for_all_processors() -> None:
    """An emulated one would take an hour for what is the same everywhere."""
    _, wheel, environment, last = recipe()

    assert "--platform=$BUILDPLATFORM" in said(wheel, "FROM")[0]
    assert not [stage for stage in (environment, last) if "--platform" in said(stage, "FROM")[0]]


def test_opencv_without_windows_takes_the_place_of_the_other() -> None:
    (run,) = said(recipe()[2], "RUN")
    steps = [step.split(" ", 1)[1] for step in run.split(" && ")]

    assert "[edge,discover]" in steps[1]
    assert steps[2] == "uninstall -y opencv-python"
    assert '"opencv-python-headless>=5,<6"' in steps[3]
    assert steps[4] == "doctor"  # fails where something does not start


def test_nobody_in_it_is_root() -> None:
    last = recipe()[-1]
    words = [line.word for line in last]

    assert said(last, "USER") == ["motionapp"]
    assert "RUN" not in words[words.index("USER") :]
    assert said(last, "ARG") == ["UID=1000"]


def test_the_service_is_process_one_and_hears_signals_itself() -> None:
    """A shell in between would keep them."""
    last = recipe()[-1]
    (entry,), (command,) = said(last, "ENTRYPOINT"), said(last, "CMD")

    assert json.loads(entry) == ["motionapp"]
    assert json.loads(command) == ["edge", "run", "/etc/motionapp/edge.toml"]
    assert said(last, "STOPSIGNAL") == ["SIGTERM"]


def test_configuration_and_store_are_volumes_and_no_variable_is_taken_for_a_setting() -> None:
    last = recipe()[-1]
    (variables,) = said(last, "ENV")

    assert json.loads(said(last, "VOLUME")[0]) == ["/etc/motionapp", "/var/lib/motionapp"]
    assert "ORT_DISABLE_TELEMETRY=1" in variables
    assert "MOTIONAPP_" not in variables


def test_what_it_copies_is_there_and_let_through() -> None:
    for stage in recipe()[1:]:
        for line in said(stage, "COPY"):
            source = line.split()[0]
            if not source.startswith("--from="):
                assert (ROOT / source).exists()
                assert source == "." or let_through(source)


def let_through(path: str) -> bool:
    """Whether a file of the checkout is sent to the builder; the last pattern that fits decides."""
    is_through = True
    lines = (EDGE / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            pattern = line.removeprefix("!").removeprefix("**/")
            parents = (path, *map(str, Path(path).parents))
            if pattern == "*" or any(
                one == pattern or ("**/" in line and fnmatch(Path(one).name, pattern))
                for one in parents
            ):
                is_through = line.startswith("!")
    return is_through


def test_all_that_a_wheel_is_built_from_is_let_through_and_nothing_private_is() -> None:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = document["tool"]["hatch"]["build"]["targets"]["wheel"]
    wanted = {
        "pyproject.toml",
        document["project"]["readme"],
        *document["project"]["license-files"],
        document["tool"]["hatch"]["version"]["path"],
        *(one.removeprefix("/") for one in wheel["include"]),
        *wheel["shared-data"],
    }

    assert [one for one in sorted(wanted) if not let_through(one)] == []
    for other in (".git/config", "packaging/edge/edge.env", "packaging/edge/secrets/tokens"):
        assert not let_through(other)
    assert not let_through("motionapp/edge/__pycache__/records.pyc")


@contextmanager
def answering(status: int) -> Iterator[str]:
    """A server that answers each request so; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, name="healthz", args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/healthz"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("status", "is_well"), [(200, True), (503, False)])
def test_its_health_is_what_the_page_says(status: int, is_well: bool) -> None:
    (check,) = said(recipe()[-1], "HEALTHCHECK")
    words = json.loads(check.partition("CMD ")[2])
    assert words[:2] == ["python", "-c"]

    with answering(status) as address:
        done = subprocess.run(
            [sys.executable, *words[1:]],
            env={**os.environ, "EDGE_HEALTHZ": address, "no_proxy": "127.0.0.1"},
            capture_output=True, timeout=20, check=False,
        )  # fmt: skip

    assert (done.returncode == 0) is is_well


# ---------------------------------------------------------------- Compose


@pytest.fixture
def compose() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    found: dict[str, Any] = yaml.safe_load((EDGE / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_both_services_may_do_next_to_nothing(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"motionapp", "mosquitto"}
    for service in compose["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert not service["user"].startswith("0")
        assert service["mem_limit"]
        assert service["pids_limit"]
        assert service["restart"] == "unless-stopped"
        assert service["logging"]["options"]["max-size"]
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_the_broker_comes_only_where_it_is_asked_for(compose: dict[str, Any]) -> None:
    assert compose["services"]["mosquitto"]["profiles"] == ["broker"]
    assert "profiles" not in compose["services"]["motionapp"]
    assert "depends_on" not in compose["services"]["motionapp"]  # it waits for one by itself
    conf = (EDGE / "mosquitto.conf").read_text(encoding="utf-8").splitlines()
    assert "allow_anonymous false" in conf


def test_compose_runs_what_the_recipe_makes(compose: dict[str, Any]) -> None:
    last = recipe()[-1]
    service = compose["services"]["motionapp"]

    assert (EDGE / service["build"]["context"]).resolve() == ROOT
    assert (ROOT / service["build"]["dockerfile"]).is_file()
    assert service["user"] == "1000:1000"
    mounted = [volume.split(":")[1] for volume in service["volumes"]]
    assert mounted == json.loads(said(last, "VOLUME")[0])
    check = json.loads(said(last, "HEALTHCHECK")[0].partition("CMD ")[2])
    assert service["healthcheck"]["test"] == ["CMD", *check]


def test_secrets_come_from_files_and_no_name_is_left_open(compose: dict[str, Any]) -> None:
    asked = {one for each in compose["services"].values() for one in each.get("secrets", [])}
    named = {
        volume.split(":")[0]
        for each in compose["services"].values()
        for volume in each["volumes"]
        if not volume.startswith(".")
    }

    assert asked == set(compose["secrets"])
    assert all(set(secret) == {"file"} for secret in compose["secrets"].values())
    assert named == set(compose["volumes"])
    assert set(compose["services"]["motionapp"]["environment"]) == {"TZ"}
