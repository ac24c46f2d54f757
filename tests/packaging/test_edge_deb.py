"""The Debian package: built out of made-up wheels, without a network, and looked into."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

EDGE = Path(__file__).resolve().parents[2] / "packaging" / "edge"
SCRIPT = EDGE / "build_deb.py"
MAINTAINER_SCRIPTS = ("postinst", "prerm", "postrm")
NEEDS = (
    "numpy>=2.0",
    "opencv-python>=5,<6",
    'paho-mqtt<3,>=2.1; extra == "edge"',
    'WSDiscovery<3,>=2.1; extra == "discover"',
    'torch>=2.13; extra == "train"',
)

needs_dpkg = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg-deb is not there")


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    pytest.importorskip("packaging")
    spec = importlib.util.spec_from_file_location("build_deb", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def wheel(
    folder: Path,
    name: str,
    version: str,
    *,
    tag: str = "py3-none-any",
    needs: Sequence[str] = (),
    python: str = ">=3.9",
) -> Path:
    """A wheel with one package, a licence and a command in it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-{tag}.whl"
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": "",
        f"{name}-{version}.data/data/share/applications/{name}.desktop": "",
        f"{info}/METADATA": f"Metadata-Version: 2.4\nName: {name.replace('_', '-')}\n"
        f"Version: {version}\nRequires-Python: {python}\n"
        + "".join(f"Requires-Dist: {one}\n" for one in needs),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
        f"Tag: {tag}\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name}-command = {name}:main\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{one},,\n" for one in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(path, "w") as archive:
        for place, content in files.items():
            archive.writestr(place, content)
    return path


def house(
    folder: Path, *, without: str = "", numpy: str = "cp313-cp313-manylinux_2_28_aarch64"
) -> Path:
    """All wheels that the program asks for, on an arm64 box with Python 3.13."""
    for name, version, tag, needs in (
        ("motionapp", "9.8", "py3-none-any", NEEDS),
        (
            "numpy",
            "2.5.5",
            "cp313-cp313-manylinux_2_28_aarch64",
            ('backport; python_version < "3.13"',),
        ),
        ("opencv_python_headless", "5.0.0", "cp37-abi3-manylinux_2_28_aarch64", ()),
        ("paho_mqtt", "2.2.0", "py3-none-any", ()),
        ("wsdiscovery", "2.1.2", "py3-none-any", ()),
    ):
        if name != without:
            # Newer than the Python of these tests, mostly.
            python = ">=3.13" if "cp313" in tag else ">=3.9"
            wheel(folder, name, version, tag=tag, needs=needs, python=python)
    return folder


@dataclass(frozen=True)
class Built:
    path: Path
    fields: dict[str, str]
    files: dict[str, str]
    """By path: mode and owner, and where a link leads."""


@pytest.fixture(scope="module")
def built(builder: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("deb")
    path = build(builder, house(folder / "wheels"), folder)
    said = subprocess.run(
        ["dpkg-deb", "-f", path], capture_output=True, text=True, check=True, timeout=20
    ).stdout
    listed = subprocess.run(
        ["dpkg-deb", "-c", path], capture_output=True, text=True, check=True, timeout=20
    ).stdout
    files = {}
    for line in listed.splitlines():
        mode, owner, _, _, _, name = line.split(maxsplit=5)
        name, _, goal = name.partition(" -> ")
        files[name.removeprefix("./")] = f"{mode} {owner} {goal}".strip()
    fields = dict(re.findall(r"^(\S+): (.*)$", said, re.MULTILINE))
    return Built(path, fields, files)


def options(wheels: Path, out: Path) -> list[str]:
    return [
        *("--arch", "arm64", "--python", "3.13", "--wheelhouse", str(wheels), "--out", str(out)),
        *("--maintainer", "Ann Other <ann@example.org>"),
    ]


def build(builder: ModuleType, wheels: Path, out: Path) -> Path:
    assert builder.main(options(wheels, out)) == 0
    (path,) = out.glob("*.deb")
    return path


@needs_dpkg
def test_a_package_for_another_processor_is_built_on_any_machine(built: Built) -> None:
    assert built.path.name == "motionapp-edge_9.8+py3.13_arm64.deb"
    assert built.fields["Package"] == "motionapp-edge"
    assert built.fields["Version"] == "9.8+py3.13"
    assert built.fields["Architecture"] == "arm64"
    assert built.fields["Maintainer"] == "Ann Other <ann@example.org>"


@needs_dpkg
def test_it_is_held_to_the_python_that_its_wheels_are_for(built: Built) -> None:
    assert "python3 (>= 3.13~), python3 (<< 3.14~)" in built.fields["Depends"]
    site = "opt/motionapp/lib/python3.13/site-packages"
    assert f"{site}/numpy/__init__.py" in built.files
    assert built.files["opt/motionapp/bin/python3"].endswith("root/root /usr/bin/python3.13")


@needs_dpkg
def test_one_command_is_installed_and_no_other(built: Built) -> None:
    assert built.files["opt/motionapp/bin/motionapp"] == "-rwxr-xr-x root/root"
    assert built.files["usr/bin/motionapp"] == "lrwxrwxrwx root/root /opt/motionapp/bin/motionapp"
    assert not [name for name in built.files if name.endswith(("-command", ".desktop"))]


@needs_dpkg
def test_all_of_it_belongs_to_root_and_nobody_else_may_change_it(built: Built) -> None:
    for name, said in built.files.items():
        mode, owner = said.split()[:2]
        assert owner == "root/root", name
        assert mode[0] == "l" or mode[5] == mode[8] == "-", name
    assert "usr/lib/systemd/system/motionapp-edge.service" in built.files
    assert built.files["usr/share/motionapp-edge/motionapp-edge.example.toml"].startswith(
        "-rw-r--r--"
    )
    assert {"edge.md.gz", "changelog.gz", "copyright"} <= {
        Path(name).name for name in built.files if name.startswith("usr/share/doc/motionapp-edge/")
    }


@needs_dpkg
def test_the_configuration_is_no_file_of_the_package(built: Built, tmp_path: Path) -> None:
    """dpkg would own it as root, and ask at each update; the post-install makes it once."""
    subprocess.run(["dpkg-deb", "-e", built.path, tmp_path / "control"], check=True, timeout=20)

    assert not [name for name in built.files if name.startswith(("etc/", "var/"))]
    assert not (tmp_path / "control" / "conffiles").exists()
    for name in MAINTAINER_SCRIPTS:
        assert os.access(tmp_path / "control" / name, os.X_OK)


@needs_dpkg
def test_the_same_wheels_give_the_same_package_byte_for_byte(
    builder: ModuleType, built: Built, tmp_path: Path
) -> None:
    again = build(builder, house(tmp_path / "wheels"), tmp_path)

    assert again.read_bytes() == built.path.read_bytes()


def test_a_package_that_lacks_something_is_not_built(
    builder: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wheels = house(tmp_path / "wheels", without="opencv_python_headless")

    code = builder.main(options(wheels, tmp_path / "out"))

    assert code == 1
    assert capsys.readouterr().err == "the wheels lack opencv-python<6,>=5 for motionapp\n"
    assert not (tmp_path / "out").exists()


def test_wheels_for_another_processor_are_refused(
    builder: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    wheel(tmp_path / "wheels", "numpy", "2.5.5", tag="cp313-cp313-manylinux_2_28_x86_64")

    with pytest.raises(SystemExit, match="pip install ended with 1"):
        builder.lay_out(tmp_path / "tree", tmp_path / "wheels", builder.Target("arm64", "3.13"))

    assert "No matching distribution found for numpy==2.5.5" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("python", "lacking"),
    [("3.12", ["Python>=3.13 for numpy", "backport for numpy"]), ("3.13", [])],
)
def test_what_is_needed_is_judged_by_the_python_of_the_box(
    builder: ModuleType, tmp_path: Path, python: str, lacking: list[str]
) -> None:
    """pip would judge by the one that it runs on, and leave something out."""
    for path in house(tmp_path / "wheels").iterdir():
        with zipfile.ZipFile(path) as archive:
            archive.extractall(tmp_path / "site")

    assert builder.lacks(tmp_path / "site", builder.Target("arm64", python)) == lacking


def test_a_wheel_asks_for_opencv_without_windows_and_for_no_training(
    builder: ModuleType, tmp_path: Path
) -> None:
    path = wheel(tmp_path, "motionapp", "9.8", needs=NEEDS)

    asked = builder.requirements_of(path, builder.Target("amd64", "3.11"))

    assert [str(one) for one in asked] == [
        "numpy>=2.0",
        "opencv-python-headless<6,>=5",
        "paho-mqtt<3,>=2.1",
        "WSDiscovery<3,>=2.1",
    ]


def test_wheels_for_any_older_library_of_the_system_will_do(builder: ModuleType) -> None:
    options = builder.Target("arm64", "3.13").pip_options

    assert {"manylinux_2_17_aarch64", "manylinux_2_28_aarch64", "manylinux2014_aarch64"} <= {
        *options
    }
    assert "manylinux_2_29_aarch64" not in options
    assert "--only-binary=:all:" in options


@pytest.mark.parametrize("name", MAINTAINER_SCRIPTS)
@pytest.mark.parametrize("tool", [["sh", "-n"], ["shellcheck"]], ids=" ".join)
def test_its_scripts_are_plain_shell(tool: list[str], name: str) -> None:
    if shutil.which(tool[0]) is None:
        pytest.skip(f"{tool[0]} is not installed")
    done = subprocess.run(
        [*tool, EDGE / "debian" / name], capture_output=True, text=True, timeout=50, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
