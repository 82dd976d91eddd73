"""The shape of the house: which way imports run, how large a room may be, what must not be in it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for path in (ROOT / "api").rglob("*.py") if path.parent.name != "versions")
CLIENT = sorted(path for path in (ROOT / "kiosque_client").glob("*.py") if path.name != "answers.py")
LONGEST = 280
"""Lines that one person reads in one sitting and keeps in mind. A file is not cut for its length: where two
ideas share it they part at any length, and one idea that is longer is a folder."""
BORROWED = ROOT / "tests" / "test_borrowed.py"
"""Tests what Kiosque uses of other packages though it is private there."""
DOCUMENTED = {"_mapping"}
"""Of SQLAlchemy's rows: private only in its spelling."""


def test_imports_run_one_way():
    linter = Path(sys.executable).parent / "lint-imports"

    run = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("source", [*SOURCES, *CLIENT], ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_can_be_read_in_one_go_and_says_why_it_exists(source):
    text = source.read_text()

    assert len(text.splitlines()) <= LONGEST
    assert text.startswith('"""'), "the module's docstring is one sentence: why the file exists"


def test_only_settings_read_the_environment():
    readers = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if re.search(r"os\.environ(?!\[\"\w+\"\] = )|os\.getenv", path.read_text())
    ]

    assert readers == ["api/settings/__init__.py", "api/settings/environ.py"]


def test_no_rule_catches_everything_in_silence():
    for path in SOURCES:
        assert not re.search(r"except( Exception)?:\s*\n\s*pass", path.read_text()), path


def test_the_root_has_doors_and_ground_only():
    modules = {path.stem for path in (ROOT / "api").glob("*.py")} - {"__init__"}

    assert modules == {
        *("__main__", "serving", "app", "routes", "sights", "tasks"),  # doors
        *("errors", "ids", "roles", "sqlite", "times"),  # ground
    }


def test_tests_look_into_nothing_private():
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != BORROWED]

    private = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in tests
        for name in foreign_names(ast.parse(path.read_text()))
        if re.match("_[a-zA-Z]", name) and name not in DOCUMENTED
    ]

    assert private == [], "test through behaviour, or give the class a public way to look"


def foreign_names(tree):
    """The names that a module imports, asks of another object or replaces in one."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name("self" | "cls") | ast.Call(ast.Name("super"))):
                pass
            case ast.Attribute(attr=name) | ast.alias(name=name):
                yield name
            case ast.Call(ast.Name("getattr" | "setattr") | ast.Attribute(attr="setattr"), arguments):
                values = [argument.value for argument in arguments if isinstance(argument, ast.Constant)]
                yield from (str(value).rpartition(".")[2] for value in values)
