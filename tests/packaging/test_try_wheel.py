"""What is missing in what is passed on, or too much, is named."""

from __future__ import annotations

import importlib.util
import io
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "try_wheel.py"
PROJECT = frozenset(
    {
        "README.md", ".ci/run", "motionapp/__init__.py", "motionapp/py.typed", "tests/test_a.py",
        "models/a.onnx", "models/make.py", "assets/demo.mp4",
    }
)  # fmt: skip
INSIDE = (
    "motionapp/__init__.py", "motionapp/py.typed", "motionapp/models/a.onnx",
    "motionapp/assets/demo.mp4",
)  # fmt: skip


@pytest.fixture(scope="module")
def trial() -> ModuleType:
    spec = importlib.util.spec_from_file_location("try_wheel", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheel_of(trial: ModuleType, folder: Path, names: tuple[str, ...]) -> Path:
    path = folder / "m-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "")
        for name in trial._SURELY_BESIDE:
            place = "m-1.data" if name.startswith("data/") else "m-1.dist-info"
            archive.writestr(f"{place}/{name}", "")
    return path


def sources_of(folder: Path, names: frozenset[str]) -> Path:
    path = folder / "m-1.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name in sorted(names):
            tar.addfile(tarfile.TarInfo(f"m-1/{name}"), io.BytesIO())
    return path


def test_a_wheel_has_the_package_models_and_assets_without_scripts(
    trial: ModuleType, tmp_path: Path
) -> None:
    assert trial.look_into_wheel(wheel_of(trial, tmp_path, INSIDE), PROJECT) == []


def test_what_a_wheel_lacks_or_should_not_have_is_named(trial: ModuleType, tmp_path: Path) -> None:
    path = wheel_of(trial, tmp_path, (*INSIDE[:-1], "motionapp/models/make.py", "tests/test_a.py"))

    assert [one.partition(": ")[2] for one in trial.look_into_wheel(path, PROJECT)] == [
        "motionapp/assets/demo.mp4 is missing",
        "motionapp/models/make.py does not belong there",
        "tests/test_a.py does not belong there",
    ]


def test_a_wheel_without_a_licence_is_told(trial: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "m.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in INSIDE:
            archive.writestr(name, "")

    assert "m.whl: licenses/LICENSE is missing" in trial.look_into_wheel(path, PROJECT)


def test_sources_are_all_of_the_project_and_no_more(trial: ModuleType, tmp_path: Path) -> None:
    whole = PROJECT - {".ci/run"}
    assert trial.look_into_sources(sources_of(tmp_path, whole | {"PKG-INFO"}), PROJECT) == []

    path = sources_of(tmp_path, (whole | {".ci/run", "secret.toml"}) - {"README.md"})
    assert [one.partition(": ")[2] for one in trial.look_into_sources(path, PROJECT)] == [
        "README.md is missing",
        ".ci/run does not belong there",
        "secret.toml does not belong there",
    ]
