"""Models and assets are found in a wheel and beside a checkout."""

from __future__ import annotations

from pathlib import Path

from motionapp import resources


def test_a_checkout_has_its_models_beside_the_package() -> None:
    assert resources.models_dir().name == "models"
    assert resources.models_dir().is_dir()


def test_a_wheel_has_its_models_inside_the_package(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "motionapp"
    (package / "models").mkdir(parents=True)
    (package.parent / "models").mkdir()

    assert resources._find("models", package) == package / "models"


def test_a_checkouts_folder_is_taken_where_the_package_has_none(tmp_path: Path) -> None:
    package = tmp_path / "motionapp"
    package.mkdir()

    assert resources._find("assets", package) == tmp_path / "assets"
