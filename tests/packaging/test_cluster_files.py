"""What stands in packaging/cluster: how Compose and Kubernetes run it. Neither is asked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).resolve().parents[2]
CLUSTER = ROOT / "packaging" / "cluster"


@pytest.fixture
def services() -> dict[str, Any]:
    """Those of the compose file, with what they share put in."""
    found = yaml.safe_load((CLUSTER / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert isinstance(found, dict)
    return found


@pytest.fixture
def objects() -> dict[tuple[str, str], dict[str, Any]]:
    """Those of Kubernetes, by kind and name."""
    documents = yaml.safe_load_all((CLUSTER / "kubernetes.yaml").read_text(encoding="utf-8"))
    return {(each["kind"], each["metadata"]["name"]): each for each in documents}


def pods(objects: dict[tuple[str, str], dict[str, Any]]) -> list[dict[str, Any]]:
    return [each["spec"]["template"] for each in objects.values() if "template" in each["spec"]]


def test_the_schedulers_port_is_open_to_nobody_else(services: dict[str, Any]) -> None:
    """Whoever reaches it can run whatever they like on all workers."""
    published = [port for each in services.values() for port in each.get("ports", [])]

    assert published == ["127.0.0.1:8786:8786"]


def test_containers_may_do_no_more_than_they_must(services: dict[str, Any]) -> None:
    for each in services.values():
        assert each["read_only"] is True
        assert each["cap_drop"] == ["ALL"]
        assert each["user"] == "1000:1000"
        assert each["image"] == "motionapp-cluster"


def test_a_worker_does_one_task_at_a_time_and_leaves_memory_to_us(services: dict[str, Any]) -> None:
    command = services["worker"]["command"]

    assert command[command.index("--nthreads") + 1] == "1"
    assert command[command.index("--memory-limit") + 1] == "0"


def test_in_kubernetes_only_our_own_pods_reach_each_other(
    objects: dict[tuple[str, str], dict[str, Any]],
) -> None:
    policy = objects["NetworkPolicy", "among-ourselves"]["spec"]
    ours = {"matchLabels": {"app": "motionapp"}}

    assert policy["podSelector"] == ours
    assert policy["ingress"] == [{"from": [{"podSelector": ours}]}]
    assert len(pods(objects)) == 3
    for pod in pods(objects):
        assert pod.get("metadata", {}).get("labels", {}).get("app") == "motionapp"


def test_pods_may_do_no_more_than_they_must(
    objects: dict[tuple[str, str], dict[str, Any]],
) -> None:
    for pod in pods(objects):
        assert pod["spec"]["automountServiceAccountToken"] is False
        assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
        (container,) = pod["spec"]["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["resources"]["limits"]["memory"]


def test_services_and_orders_name_the_same_scheduler(
    objects: dict[tuple[str, str], dict[str, Any]],
) -> None:
    scheduler = objects["Deployment", "scheduler"]["spec"]
    selector = objects["Service", "scheduler"]["spec"]["selector"]
    worker = objects["Deployment", "worker"]["spec"]["template"]["spec"]["containers"][0]
    batch = objects["Job", "batch"]["spec"]["template"]["spec"]["containers"][0]

    assert selector == scheduler["template"]["metadata"]["labels"]
    assert scheduler["replicas"] == 1
    assert "tcp://scheduler:8786" in worker["command"]
    assert "tcp://scheduler:8786" in batch["command"]


def test_no_file_holds_a_credential() -> None:
    for path in CLUSTER.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(SECRET|PASSWORD|TOKEN|KEY)\w*\s*[=:]\s*\w{8}", text), path


def test_what_is_run_is_what_the_guide_says() -> None:
    guide = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")

    for name in ("compose.yaml", "kubernetes.yaml", "Dockerfile"):
        assert f"packaging/cluster/{name}" in guide
    assert "Whoever reaches its port" in guide
