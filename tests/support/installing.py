"""Wheels of this checkout and of its examples, built and installed into environments of their own.

No registry is asked: what a wheel depends on is linked from the environment of the tests.
"""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from email import message_from_bytes
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
_PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet")


def built_wheel(project: Path, folder: Path) -> Path:
    """Build the wheel of a project into a folder; return its file."""
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=project)
    (wheel,) = folder.glob("*.whl")
    return wheel


def installed_wheels(wheels: list[Path], folder: Path, *more: str) -> Path:
    """Make an environment of wheels, the dependencies of the first and `more`.

    Returns the folder of its programs.
    """
    environment_folder = folder / "venv"
    venv.create(environment_folder, with_pip=False)
    python = environment_folder / "bin" / "python"
    files = [str(wheel) for wheel in wheels]
    run(sys.executable, *_PIP, "--python", str(python), "install", "--no-deps", *files)
    own = Path(sysconfig.get_path("purelib", vars={"base": str(environment_folder)}))
    for name in _dependencies([*_requirements(wheels[0]), *more]):
        _borrow(distribution(name), own)
    return environment_folder / "bin"


def _requirements(wheel: Path) -> list[str]:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    return message_from_bytes(archive.read(metadata)).get_all("Requires-Dist", [])


def _dependencies(requirements: list[str]) -> set[str]:
    names: set[str] = set()
    while requirements:
        requirement = Requirement(requirements.pop())
        applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        name = canonicalize_name(requirement.name)
        if applies and name not in names:
            names.add(name)
            requirements += distribution(name).requires or []
    return names


def _borrow(source: Distribution, own: Path) -> None:
    """Link a distribution of this environment into another one's packages."""
    for name in {file.parts[0] for file in source.files or ()} - {"..", "__pycache__"}:
        (own / name).symlink_to(Path(str(source.locate_file(name))))


def run(*command: str, cwd: Path | None = None) -> str:
    """Run a command that must succeed; return what it prints."""
    done = subprocess.run(
        command, cwd=cwd, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment() -> dict[str, str]:
    """Return the variables of a process that finds nothing of this checkout."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
