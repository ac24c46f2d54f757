"""Builds `motionapp-edge_VERSION_ARCH.deb` from a wheel, for amd64 or arm64, on any machine.

    python packaging/try_wheel.py                                   # leaves a wheel in dist/
    python packaging/edge/build_deb.py --arch arm64 --python 3.13   # ... and the package beside it

Needs pip, `packaging` and dpkg-deb. The environment under /opt/motionapp is laid out here, out of
wheels for that processor and that Python, and not made when the package is installed: so a box
needs no network, compiler, pip or second copy of everything to install it; dpkg knows each file,
verifies and removes it; and what fails is seen where it is built. The price is that a package
belongs to one minor version of Python: its version tells it (0.1.0+py3.13), its dependencies hold
it to that.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import HeaderParser
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name, parse_wheel_filename

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent.parent
NAME: Final = "motionapp-edge"
EXTRAS: Final = ("edge", "discover")
INSTEAD: Final = {"opencv-python": "opencv-python-headless"}
"""Without the parts for windows, which want libraries of a desktop."""
SOURCES_ONLY: Final = ("wsdiscovery",)
"""Have no wheel on the index, and are Python alone: a wheel made here fits everywhere."""
MACHINES: Final = {"amd64": "x86_64", "arm64": "aarch64"}
GLIBC: Final = range(17, 29)
"""Wheels for glibc 2.28 or older: Debian 12 and Raspberry Pi OS of the same age have 2.36."""
SCRIPTS: Final = ("postinst", "prerm", "postrm")
EPOCH: Final = 1580601600
"""2020-02-02, as wheels have it: the same wheels give the same package, byte for byte."""

LAUNCHER: Final = """\
#!/opt/motionapp/bin/python3 -I
import sys

from motionapp.cli import main

sys.exit(main())
"""


@dataclass(frozen=True, slots=True)
class Target:
    """For which boxes a package is."""

    arch: str
    """As Debian calls it: ``amd64`` or ``arm64``."""
    python: str
    """Minor version of Debian's Python there: ``3.13``, say."""

    @property
    def next_python(self) -> str:
        """The minor version for which it is no longer."""
        major, minor = self.python.split(".")
        return f"{major}.{int(minor) + 1}"

    @property
    def pip_options(self) -> list[str]:
        """What tells pip that wheels are not for this machine."""
        platforms = [f"manylinux_2_{minor}_{MACHINES[self.arch]}" for minor in GLIBC]
        platforms.append(f"manylinux2014_{MACHINES[self.arch]}")
        return [
            *(word for one in platforms for word in ("--platform", one)),
            "--python-version", self.python, "--implementation", "cp", "--only-binary=:all:",
        ]  # fmt: skip

    def needs(self, requirement: Requirement, extras: Iterable[str]) -> bool:
        """Whether a requirement counts there, with some extras chosen."""
        there = {
            "python_version": self.python, "python_full_version": f"{self.python}.0",
            "sys_platform": "linux", "platform_system": "Linux", "os_name": "posix",
            "platform_machine": MACHINES[self.arch],
        }  # fmt: skip
        marker = requirement.marker
        return marker is None or any(
            marker.evaluate({**there, "extra": extra}) for extra in ("", *extras)
        )


def main(words: Sequence[str] | None = None) -> int:
    """Gather, lay out, look, pack; the exit code."""
    arguments = parser().parse_args(words)
    target = Target(arguments.arch, arguments.python)
    with tempfile.TemporaryDirectory(prefix="motionapp-deb-") as place:
        wheels = arguments.wheelhouse or gather(arguments.wheel, target, Path(place) / "wheels")
        tree = Path(place) / "tree"
        version = lay_out(tree, wheels, target)
        lacking = lacks(site_packages(tree, target), target)
        if lacking:
            print("\n".join(f"the wheels lack {one}" for one in lacking), file=sys.stderr)
            return 1
        path = pack(tree, version, target, arguments.out, maintainer=arguments.maintainer)
    print(f"{path}  {path.stat().st_size / 1e6:.1f} MB")
    return 0


def parser() -> argparse.ArgumentParser:
    """The options."""
    here = {machine: arch for arch, machine in MACHINES.items()}.get(platform.machine(), "amd64")
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument(
        "--wheel", type=Path, help="of motionapp; the newest in dist/ if not given"
    )
    options.add_argument("--arch", choices=sorted(MACHINES), default=here)
    options.add_argument("--python", default="3.13", help="Debian 13's is 3.13, Debian 12's 3.11")
    options.add_argument("--wheelhouse", type=Path, help="all wheels; nothing is fetched then")
    options.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of the package")
    name, mail = os.environ.get("DEBFULLNAME", NAME), os.environ.get("DEBEMAIL", "root@localhost")
    options.add_argument("--maintainer", default=f"{name} <{mail}>", help="DEBFULLNAME <DEBEMAIL>")
    return options


def gather(wheel: Path | None, target: Target, folder: Path) -> Path:
    """A folder with the wheel and those of all that it needs, from the index."""
    built = sorted((ROOT / "dist").glob("motionapp-*.whl"), key=lambda path: path.stat().st_mtime)
    if wheel is None and not built:
        sys.exit("there is no wheel in dist/: make one with `python packaging/try_wheel.py`")
    wheel = wheel or built[-1]
    folder.mkdir(parents=True)
    shutil.copy(wheel, folder)
    wanted = list(requirements_of(wheel, target))
    from_sources = [one for one in wanted if canonicalize_name(one.name) in SOURCES_ONLY]
    for one in from_sources:
        pip("wheel", "--no-deps", "--wheel-dir", folder, str(one))
    pip(
        "download", "--dest", folder, "--find-links", folder, *target.pip_options,
        *(str(one) for one in wanted),
    )  # fmt: skip
    return folder


def requirements_of(wheel: Path, target: Target) -> Iterable[Requirement]:
    """What the wheel asks for there, with OpenCV without windows in place of the other."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        head = HeaderParser().parsestr(archive.read(name).decode("utf-8"))
    for line in head.get_all("Requires-Dist", []):
        requirement = Requirement(line)
        if target.needs(requirement, EXTRAS):
            requirement.marker = None
            requirement.name = INSTEAD.get(canonicalize_name(requirement.name), requirement.name)
            yield requirement


def pip(*words: object) -> None:
    """Run this Python's pip; ends the program where pip fails, which has said why."""
    line = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*line, *(str(word) for word in words)], check=False)
    if done.returncode != 0:
        sys.exit(f"pip {words[0]} ended with {done.returncode}")


def site_packages(tree: Path, target: Target) -> Path:
    """Where Python's packages lie."""
    return tree / "opt" / "motionapp" / "lib" / f"python{target.python}" / "site-packages"


def lay_out(tree: Path, wheels: Path, target: Target) -> str:
    """All files of the package below a folder, out of one with wheels; motionapp's version."""
    site = site_packages(tree, target)
    site.mkdir(parents=True)
    # pip asks whether the Python that it runs on will do; `lacks` asks for the right one.
    # By name: of files that are named by their paths, pip notes in which folder they lay.
    named = [parse_wheel_filename(wheel.name) for wheel in sorted(wheels.glob("*.whl"))]
    pip(
        "install", "--isolated", "--no-index", "--find-links", wheels, "--no-deps", "--no-compile",
        "--ignore-requires-python", "--no-warn-script-location", *target.pip_options,
        "--target", site, *(f"{name}=={version}" for name, version, *_ in named),
    )  # fmt: skip
    for beside in ("bin", "share"):  # of all the packages, only one command is wanted
        shutil.rmtree(site / beside, ignore_errors=True)
    bin_ = tree / "opt" / "motionapp" / "bin"
    bin_.mkdir()
    (bin_ / "python3").symlink_to(f"/usr/bin/python{target.python}")
    (bin_ / "motionapp").write_text(LAUNCHER, encoding="utf-8")
    (bin_.parent / "pyvenv.cfg").write_text(
        f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {target.python}\n",
        encoding="utf-8",
    )
    (tree / "usr" / "bin").mkdir(parents=True)
    (tree / "usr" / "bin" / "motionapp").symlink_to("/opt/motionapp/bin/motionapp")
    for source, place in (
        (HERE / "motionapp-edge.service", "usr/lib/systemd/system"),
        (HERE / "motionapp-edge.example.toml", f"usr/share/{NAME}"),
        (HERE / "debian" / "copyright", f"usr/share/doc/{NAME}"),
        (HERE / "debian" / NAME, "usr/share/lintian/overrides"),
    ):
        (tree / place).mkdir(parents=True, exist_ok=True)
        shutil.copy(source, tree / place)
    return next(one.version for one in installed(site) if one.name == "motionapp")


@dataclass(frozen=True, slots=True)
class Installed:
    """One of Python's packages, as it describes itself."""

    name: str
    version: str
    needs: tuple[Requirement, ...]
    pythons: SpecifierSet


def installed(site: Path) -> Iterable[Installed]:
    """Those in a folder."""
    for path in sorted(site.glob("*.dist-info/METADATA")):
        head = HeaderParser().parsestr(path.read_text(encoding="utf-8"))
        yield Installed(
            canonicalize_name(head["Name"]),
            head["Version"],
            tuple(map(Requirement, head.get_all("Requires-Dist", []))),
            SpecifierSet(head.get("Requires-Python", "")),
        )


def lacks(site: Path, target: Target) -> list[str]:
    """What is not there, or too old or new, for what is.

    pip judges by the Python that it runs on which of a package's requirements count. This judges by
    the one that the package is for.
    """
    found = {one.name: one for one in installed(site)}
    lacking = []
    for one in found.values():
        if not one.pythons.contains(f"{target.python}.0"):
            lacking.append(f"Python{one.pythons} for {one.name}")
        for requirement in one.needs:
            if not target.needs(requirement, EXTRAS if one.name == "motionapp" else ()):
                continue
            wanted = canonicalize_name(requirement.name)
            there = found.get(INSTEAD.get(wanted, wanted))
            if there is None or not requirement.specifier.contains(there.version, prereleases=True):
                lacking.append(f"{requirement.name}{requirement.specifier} for {one.name}")
    return sorted(set(lacking))


def pack(tree: Path, version: str, target: Target, out: Path, *, maintainer: str) -> Path:
    """The package, in a folder."""
    full = f"{version}+py{target.python}"
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", EPOCH))
    write_documents(tree, full, maintainer, epoch)
    files = sorted(path for path in tree.rglob("*") if path.is_file() and not path.is_symlink())
    kilobytes = sum(-(-path.stat().st_size // 1024) for path in files)
    sums = [
        f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(tree)}\n"
        for path in files
    ]
    control = tree / "DEBIAN"
    control.mkdir()
    (control / "md5sums").write_text("".join(sums), encoding="utf-8")
    (control / "control").write_text(
        (HERE / "debian" / "control").read_text(encoding="utf-8").format(
            version=full, arch=target.arch, maintainer=maintainer, kilobytes=kilobytes,
            python=target.python, next_python=target.next_python,
        ),
        encoding="utf-8",
    )  # fmt: skip
    for name in SCRIPTS:
        shutil.copy(HERE / "debian" / name, control)
    settle(tree, epoch)
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{NAME}_{full}_{target.arch}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", tree, path],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch)},
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return path


def write_documents(tree: Path, version: str, maintainer: str, epoch: int) -> None:
    """The guide, and the changelog that Debian's tools look for."""
    day = format_datetime(datetime.fromtimestamp(epoch, UTC))
    texts = {
        "edge.md": (ROOT / "docs" / "edge.md").read_text(encoding="utf-8"),
        "changelog": f"{NAME} ({version}) stable; urgency=medium\n\n"
        f"  * As motionapp's own changelog says.\n\n -- {maintainer}  {day}\n",
    }
    for name, text in texts.items():
        with (tree / "usr" / "share" / "doc" / NAME / f"{name}.gz").open("wb") as file:
            file.write(gzip.compress(text.encode("utf-8"), mtime=0))


def settle(tree: Path, epoch: int) -> None:
    """Modes and times as they are to be on every box, whoever has built it."""
    runs = {tree / "opt" / "motionapp" / "bin" / "motionapp"}
    runs |= {tree / "DEBIAN" / name for name in SCRIPTS}
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path in runs else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)


if __name__ == "__main__":
    sys.exit(main())
