"""The import contracts of pyproject.toml are closed: a new file is held to them from its first import."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SPEAKERS = ("queries.py", "tables.py")
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT (OR \w+ )?INTO|UPDATE\s+\S+\s+SET|DELETE FROM|(CREATE|ALTER|DROP) TABLE"
    r"|PRAGMA)\b",
    re.DOTALL,
)

WRONG = {
    "events/rules.py": ("falcon", "Only api.web and the application know falcon"),
    "events/mailing.py": ("sqlalchemy", "Only queries and tables speak SQL"),
    "events/queries.py": ("api.web.paging", "Only doors know api.web"),
    "shop/returns/rules.py": ("falcon", "Only api.web and the application know falcon"),
    "shop/returns/resources.py": ("sqlalchemy", "Only queries and tables speak SQL"),
    "shop/returns/refunds.py": ("api.web.context", "Only doors know api.web"),
    "shop/returns/queries.py": ("api.storage.engines", "Storage has a face"),
    "shop/returns/records.py": ("api.server.pool", "Only serving knows the server"),
    "site/rehearsing.py": ("api.rehearsal.seeds", "Only the command line knows the rehearsal"),
    "meta/clients.py": ("kiosque_client.client", "The server knows nothing of the client"),
    "server/clock.py": ("api.times", "The server knows nothing of what it serves"),
}
"""A new file of a new or an old feature, what it must not import, and the contract that says so."""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Contract → the imports that break it in a copy of the package with all of WRONG in it."""
    folder = tmp_path_factory.mktemp("copy")
    for package in ("api", "kiosque_client"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, (imported, _) in WRONG.items():
        path = folder / "api" / name
        path.parent.mkdir(exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(f"import {imported}\n")
    linter = Path(sys.executable).parent / "lint-imports"
    run = subprocess.run([linter, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)
    broken = run.stdout.partition("Broken contracts")[2]
    return dict(re.findall(r"^([^\n-]+)\n-+\n\n(.+?)\n\n\n", broken, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("name", WRONG)
def test_a_new_file_is_held_to_the_contracts_from_its_first_import(report, name):
    imported, contract = WRONG[name]
    module = "api." + name.removesuffix(".py").replace("/", ".")

    assert f"{module} -> {imported} (l.1)" in report[contract]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT id\n FROM orders",
        "INSERT INTO orders (id) VALUES (:id)",
        "UPDATE orders SET state = 1",
        "DELETE FROM orders",
        "PRAGMA quick_check",
        "CREATE TABLE orders (id TEXT)",
    ],
)
def test_sql_is_recognized(statement):
    assert sql_in(f'"""{statement}"""\n\nRUN = {statement!r}\n') == [statement]


def test_sql_as_text_stands_in_queries_tables_and_storage_alone():
    elsewhere = {
        str(path.relative_to(ROOT)): found
        for path in (ROOT / "api").rglob("*.py")
        if not path.name.endswith(SPEAKERS)
        and "storage" not in path.parts
        and (found := sql_in(path.read_text()))
    }

    assert elsewhere == {}


def sql_in(source):
    """The strings of a module that are SQL, without its docstrings."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in prose]
    return [node.value for node in constants if isinstance(node.value, str) and SQL.search(node.value)]
