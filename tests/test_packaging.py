"""The built wheel, used as an installed program is: from another directory, without the sources."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("db", "feeds", "monitor", "spiders")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a folder of its own; what it needs is in this environment."""
    target = tmp_path_factory.mktemp("installed")
    options = ("--quiet", "--no-deps", "--no-index", "--disable-pip-version-check")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", target, wheel],
        check=True,
        capture_output=True,
    )
    return target


def environ(installed: Path) -> dict[str, str]:
    """Return an environment that finds the installed program; its copy is not measured."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    return {**kept, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}


def dateline(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command in a folder that knows nothing of the sources."""
    return subprocess.run(
        [installed / "bin" / "dateline", *arguments],
        cwd=folder,
        env=environ(installed),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_the_wheel_holds_the_four_packages_and_all_their_files(wheel: Path) -> None:
    """Nothing but our packages is in it, and no file that is not Python was forgotten."""
    names = set(zipfile.ZipFile(wheel).namelist())
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*.*"))
    ours = {path.relative_to(ROOT).as_posix() for path in files if path.is_file()}
    assert {name for name in ours if "__pycache__" not in name} <= names


def test_the_package_names_are_ours_alone() -> None:
    """The four names are generic: no other distribution of this environment may own one."""
    owners = packages_distributions()
    for package in PACKAGES:
        assert set(owners.get(package, ())) <= {"dateline"}


def test_the_installed_program_knows_its_files(installed: Path, tmp_path: Path) -> None:
    """The modules come from the wheel, the starter config with them."""
    found = subprocess.run(
        [sys.executable, "-c", "import monitor; print(monitor.__file__)"],
        cwd=tmp_path,
        env=environ(installed),
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(found.stdout.strip()).is_relative_to(installed)
    assert dateline(installed, tmp_path, "init").returncode == 0
    assert dateline(installed, tmp_path, "check").returncode == 0


def test_the_installed_program_does_the_main_job(installed: Path, tmp_path: Path) -> None:
    """`dateline demo` from the wheel, in an empty folder, ends well and leaves feeds."""
    ran = dateline(installed, tmp_path, "demo", "--keep", "kept")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (tmp_path / "kept" / "var" / "feeds" / "all.xml").exists()
