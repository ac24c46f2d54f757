"""Fragments become a version of the changelog, and nothing of them is lost."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from motionapp.core.version import __version__

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "packaging" / "changelog.py"


@pytest.fixture(scope="module")
def changelog() -> ModuleType:
    spec = importlib.util.spec_from_file_location("changelog", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["changelog"] = module  # dataclasses look for it there
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path, changelog: ModuleType) -> Path:
    """With three changes, of two kinds."""
    for name, text in {
        "CHANGELOG.md": "# Changelog\n\nWhat changed.\n\nNo version has been released yet.\n",
        "motionapp/core/version.py": '__version__ = "1.2.0"\n',
        str(changelog.METAINFO): '<release version="1.2.0" date="2020-01-01"/>',
        "changelog.d/README.md": "how\n",
        "changelog.d/window-play.added.md": "The window plays.\n\nAlso backwards.\n",
        "changelog.d/batch.fixed.md": "- One thing,\n  in two lines.\n- Another.\n",
        "changelog.d/curves.fixed.md": "`train` draws curves.\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_a_release_has_kinds_subjects_and_items(changelog: ModuleType, project: Path) -> None:
    assert changelog.release(project, "2026-11-30") == "1.2.0"

    assert (project / "CHANGELOG.md").read_text(encoding="utf-8") == (
        "# Changelog\n\nWhat changed.\n\n## 1.2.0 (2026-11-30)\n\n"
        "### Added\n\n#### The window\n\n- The window plays.\n\n  Also backwards.\n\n"
        "### Fixed\n\n#### What is written\n\n- One thing,\n  in two lines.\n- Another.\n\n"
        "#### Training and measuring\n\n- `train` draws curves.\n"
    )
    assert [path.name for path in (project / "changelog.d").iterdir()] == ["README.md"]
    assert 'date="2026-11-30"' in (project / changelog.METAINFO).read_text(encoding="utf-8")


def test_the_next_release_stands_before_the_last(changelog: ModuleType, project: Path) -> None:
    changelog.release(project, "2026-11-30")
    (project / "motionapp/core/version.py").write_text('__version__ = "1.3.0"\n')
    (project / changelog.METAINFO).write_text('<release version="1.3.0" date=""/>')
    (project / "changelog.d" / "flow.added.md").write_text("Flow.\n")
    (project / "changelog.d" / "summary.md").write_text("More of it.\n")

    changelog.release(project, "2026-12-24")

    text = (project / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.index("## 1.3.0 (2026-12-24)\n\nMore of it.") < text.index("## 1.2.0 (2026-11-30)")
    assert text.count("What changed.") == 1
    assert text.endswith("draws curves.\n")


def test_a_version_is_not_released_twice(changelog: ModuleType, project: Path) -> None:
    changelog.release(project, "2026-11-30")
    (project / "changelog.d" / "flow.added.md").write_text("Flow.\n")

    with pytest.raises(changelog.NotGathered, match=r"has 1\.2\.0 already"):
        changelog.release(project, "2026-12-24")

    assert (project / "changelog.d" / "flow.added.md").exists()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("flow.md", "Flow.", "is not called"),
        ("flow.new.md", "Flow.", "is not called"),
        ("flow.added.md", "\n", "is empty"),
    ],
)
def test_a_fragment_that_cannot_be_placed_stops_the_release(
    changelog: ModuleType, project: Path, name: str, text: str, said: str
) -> None:
    (project / "changelog.d" / name).write_text(text)
    before = (project / "CHANGELOG.md").read_text(encoding="utf-8")

    with pytest.raises(changelog.NotGathered, match=said):
        changelog.release(project, "2026-11-30")

    assert (project / "CHANGELOG.md").read_text(encoding="utf-8") == before


def test_a_version_that_software_centres_do_not_know_is_not_released(
    changelog: ModuleType, project: Path
) -> None:
    (project / changelog.METAINFO).write_text('<release version="1.1.0" date=""/>')

    with pytest.raises(changelog.NotGathered, match=r"no <release> for 1\.2\.0"):
        changelog.release(project, "2026-11-30")

    assert (project / "changelog.d" / "batch.fixed.md").exists()


def test_what_waits_here_can_be_released(changelog: ModuleType) -> None:
    """Every fragment has a name and a text; none says what the changelog would not."""
    fragments = changelog.read_fragments(ROOT / "changelog.d")
    if not fragments:
        pytest.skip("nothing waits to be released")

    text = changelog.preview(ROOT, "some day")

    assert text.startswith(f"## {__version__} (some day)\n")
    for one in fragments:
        assert list(one.items())
        first = one.text.strip().removeprefix("- ").splitlines()[0]
        assert f"- {first}" in text
