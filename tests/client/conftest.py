"""A project that has Kiosque from a wheel, in an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path
from typing import TypeAlias

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
SOURCES = ("api", "kiosque_client", "pyproject.toml", "README.md", "LICENSE")

Run: TypeAlias = Callable[..., str]

collect_ignore = ["stranger"]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout, built from a copy of what it is made of."""
    folder, target = tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder)
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", target, folder)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def stranger(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """`stranger("-k", "session")` runs the tests of the project in `stranger`, and returns what it prints."""
    project = tmp_path_factory.mktemp("stranger") / "project"
    shutil.copytree(ROOT / "tests/client/stranger", project, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "tests/imports/fixtures/shop.csv", project / "tests")
    python = environment(project / ".venv", wheel, "pytest", "pytest-xdist")

    def run(*options: str) -> str:
        environ = {
            name: value for name, value in os.environ.items() if not name.startswith(("KIOSQUE", "PYTEST"))
        }
        command = [python, "-m", "pytest", *options]
        tests = subprocess.run(
            command,
            cwd=project,
            env=environ | {"PYTHONPATH": "."},  # so that `api` is the project's own in every process
            capture_output=True,
            text=True,
            check=False,
        )
        assert tests.returncode == 0, tests.stdout + tests.stderr
        return tests.stdout

    return run


def environment(folder: Path, wheel: Path, *names: str) -> Path:
    """The Python of a new environment with the wheel and those packages, and with all that these require."""
    venv.create(folder)
    python = folder / "bin" / "python"
    pip("--python", python, "install", "--no-deps", wheel)
    (packages,) = folder.glob("lib/python*/site-packages")
    for name in required_by("kiosque-server", *names) - {"kiosque-server"}:
        for top in {file.parts[0] for file in distribution(name).files or ()} - {"..", "__pycache__"}:
            if not (packages / top).exists():
                (packages / top).symlink_to(distribution(name).locate_file(top))
    return python


def required_by(*names: str) -> set[str]:
    """Those packages and whatever they require here."""
    required, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name not in required:
            required.add(name)
            requirements = map(Requirement, distribution(name).requires or ())
            waiting += [
                each.name for each in requirements if not each.marker or each.marker.evaluate({"extra": ""})
            ]
    return required


def pip(*arguments: str | Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments],
        env={**os.environ, "PIP_NO_INDEX": "1"},
        check=True,
        capture_output=True,
    )
