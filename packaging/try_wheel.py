"""Builds the source archive and from it the wheel, looks into both, and tries the wheel.

    python packaging/try_wheel.py            # leaves both in dist/ when all went well

The wheel is installed with the window into an empty environment outside of the checkout, where
`packaging/smoke.py` tries it. What it needs comes from the index, as for whoever installs it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
NOT_IN_SOURCES: Final = (".ci/",)
MOVED: Final = {"models/": "motionapp/models/", "assets/": "motionapp/assets/"}
"""Folders of the checkout that a wheel has inside of the package, without their scripts."""


def main() -> int:
    """Build, look, install, try; the exit code."""
    with tempfile.TemporaryDirectory(prefix="motionapp-wheel-") as place:
        folder = Path(place)
        builder, empty = python_in(folder / "builder"), python_in(folder / "empty")
        run([builder, "-m", "pip", "install", "--quiet", "build", "hatchling"])
        run([builder, "-m", "build", "--no-isolation", "--outdir", folder / "dist", ROOT])
        (sources,) = (folder / "dist").glob("*.tar.gz")
        (wheel,) = (folder / "dist").glob("*.whl")
        faults = [*look_into_sources(sources, files()), *look_into_wheel(wheel, files())]
        if faults:
            print("\n".join(faults), file=sys.stderr)
            return 1
        run([empty, "-m", "pip", "install", "--quiet", f"{wheel}[gui]"])
        program = empty.with_name("motionapp.exe" if os.name == "nt" else "motionapp")
        run([empty, ROOT / "packaging" / "smoke.py", program])
        for archive in (sources, wheel):
            (ROOT / "dist").mkdir(exist_ok=True)
            shutil.copy(archive, ROOT / "dist")
            print(f"dist/{archive.name}  {archive.stat().st_size / 1e6:.1f} MB")
    return 0


def python_in(folder: Path) -> Path:
    """The Python of an environment that is made there, with pip and nothing else."""
    venv.create(folder, with_pip=True)
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(line: Sequence[object]) -> None:
    """Run it away from the checkout, so that nothing is imported from there by chance."""
    words = [str(word) for word in line]
    done = subprocess.run(words, cwd=tempfile.gettempdir(), check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)} ended with {done.returncode}")


def files(root: Path = ROOT) -> frozenset[str]:
    """What belongs to the project: what git knows or would take in."""
    said = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return frozenset(name for name in said.split("\0") if name and (root / name).is_file())


def look_into_sources(archive: Path, project: Iterable[str]) -> list[str]:
    """What is missing in a source archive or too much in it: all of the project, and no more."""
    with tarfile.open(archive) as tar:
        names = {"/".join(PurePosixPath(one.name).parts[1:]) for one in tar if one.isfile()}
    wanted = {name for name in project if not name.startswith(NOT_IN_SOURCES)}
    return _compared(archive.name, names - {"PKG-INFO"}, wanted)


def look_into_wheel(wheel: Path, project: Iterable[str]) -> list[str]:
    """What is missing in a wheel or too much in it.

    The package, models and assets without their scripts; licences; and what a desktop needs.
    """
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = {name for name in project if name.startswith("motionapp/")}
    for before, after in MOVED.items():
        wanted |= {
            after + name.removeprefix(before)
            for name in project
            if name.startswith(before) and not name.endswith(".py")
        }
    inside = {name for name in names if ".dist-info/" not in name and ".data/" not in name}
    beside = {name.partition("/")[2] for name in names - inside}
    lacking = _SURELY_BESIDE - beside
    return _compared(wheel.name, inside, wanted) + [
        f"{wheel.name}: {name} is missing" for name in sorted(lacking)
    ]


_SURELY_BESIDE: Final = {
    "licenses/LICENSE",
    "licenses/models/LICENSE-movenet.txt",
    "entry_points.txt",
    "data/share/applications/app.motionapp.Motionapp.desktop",
    "data/share/metainfo/app.motionapp.Motionapp.metainfo.xml",
    "data/share/icons/hicolor/scalable/apps/app.motionapp.Motionapp.svg",
}


def _compared(archive: str, names: set[str], wanted: set[str]) -> list[str]:
    return [
        *(f"{archive}: {name} is missing" for name in sorted(wanted - names)),
        *(f"{archive}: {name} does not belong there" for name in sorted(names - wanted)),
    ]


if __name__ == "__main__":
    sys.exit(main())
