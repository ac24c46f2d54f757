"""The door to ONNX Runtime: its switch is set before anything of it is imported."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SWITCH = "ORT_DISABLE_TELEMETRY"


def said_by(script: str, environment: dict[str, str]) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**{k: v for k, v in os.environ.items() if k != SWITCH}, **environment},
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    return done.stdout.split()


@pytest.mark.parametrize("before", [{}, {SWITCH: "0"}, {SWITCH: ""}])
@pytest.mark.parametrize(
    "room",
    ["ort", "recognition", "people.networks", "assembly", "batch.worker", "cli.doctor"],
)
def test_every_room_that_may_run_a_network_has_set_the_switch_without_importing_it(
    room: str, before: dict[str, str]
) -> None:
    script = f"import os, sys, motionapp.{room}; print(os.environ[{SWITCH!r}], *sys.modules)"

    switch, *loaded = said_by(script, before)

    assert switch == "1"
    assert "onnxruntime" not in loaded


@pytest.mark.train
def test_training_has_set_it_before_the_exporter_can_import_the_runtime() -> None:
    script = f"import os, motionapp.training.export; print(os.environ[{SWITCH!r}])"

    assert said_by(script, {SWITCH: "0"}) == ["1"]


def test_a_process_started_by_ours_inherits_it() -> None:
    child = f"import os; print(os.environ[{SWITCH!r}])"
    script = (
        "import subprocess, sys, motionapp.ort\n"
        f"subprocess.run([sys.executable, '-c', {child!r}], check=True)"
    )

    assert said_by(script, {}) == ["1"]
