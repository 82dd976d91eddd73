"""Documentation that lies fails the build: the contract says what the server does, and is cited correctly."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from falcon.testing import TestClient

from api.cli import kiosque

ROOT = Path(__file__).parent.parent
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")} - {ROOT / "CHANGELOG.md"})
"""Without the changelog, which also names what is no longer there."""

CONTRACT = (ROOT / "docs/contract.md").read_text()
RULES = re.findall(r"(?m)^(?:\| |\*\*)(\d+\.\d+)(?: \||\*\*)", CONTRACT)
SECTIONS = re.findall(r"(?m)^## (\d+)\. ", CONTRACT)

NUMBER = r"\d+(?:\.\d+)?"
CITATION = re.compile(rf"\bcontract\s+({NUMBER}(?:(?:–|,\s+|\s+and\s+){NUMBER})*)", re.IGNORECASE)

WHO = {"session": "any account, by session", "fresh session": "any account, by fresh session"}


def test_every_rule_of_the_contract_has_a_number_of_its_own_and_none_is_missing():
    numbers = sorted((int(section), int(rule)) for section, rule in (rule.split(".") for rule in RULES))

    for section, rules in groupby(numbers, lambda number: number[0]):
        assert str(section) in SECTIONS
        assert [rule for _, rule in rules] == list(range(1, sum(n[0] == section for n in numbers) + 1))


def test_only_rules_that_exist_are_cited():
    sources = [path for folder in ("api", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]

    cited = [
        (path.relative_to(ROOT), number)
        for path in (*sources, *PAGES)
        for citation in CITATION.findall(path.read_text())
        for number in numbers_of(citation)
    ]

    assert cited
    assert [(path, number) for path, number in cited if number not in (*RULES, *SECTIONS)] == []


def test_the_contract_lists_every_operation_and_who_may_call_it(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "api", "routes"],
        env={**os.environ, "KIOSQUE_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    running = {tuple(re.split(r" {2,}", line, maxsplit=3)[:3]) for line in run.stdout.splitlines()}
    assert {(method, path, WHO.get(who, who)) for method, path, who, _ in operations()} == running


@pytest.mark.only_on("sqlite")
def test_the_contract_has_the_status_of_every_success(client: TestClient):
    paths = client.simulate_get("/openapi.json").json["paths"]

    for method, path, _, status in operations():
        assert path == "/teapot" or status in paths[path][method.lower()]["responses"], path


@pytest.mark.only_on("sqlite")
def test_the_contract_lists_every_problem_with_its_status(client: TestClient):
    problems = {
        problem["code"]: problem["status"] for problem in client.simulate_get("/problems").json["data"]
    }

    listed: dict[str, set[int]] = {}
    for cells in table(6):
        for code in re.findall(r"`([a-z-]+)`", cells[3]):
            listed.setdefault(code, set()).update(map(int, re.findall(r"\d{3}", cells[2])))
    assert listed.keys() == problems.keys()
    assert {code for code, status in problems.items() if status not in listed[code]} == set()


@pytest.mark.only_on("sqlite")
def test_the_contract_has_the_matrix_of_roles(client: TestClient):
    roles = client.simulate_get("/v1/roles").json["data"]

    columns = ("customer", "author", "editor", "shopkeeper", "owner")
    listed = {role: set() for role in columns}
    for cells in table(5):
        for role, mark in zip(columns, cells[2:], strict=True):
            listed[role] |= set(re.findall(r"^`([a-z:]+)`", cells[1])) if mark else set()
    assert {row["role"]: set(row["permissions"]) for row in roles} == listed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_target_and_command_that_a_page_names_exists(page: Path):
    text, makefile = page.read_text(), (ROOT / "Makefile").read_text()

    links = re.findall(r"\]\(([^)#:]+)", text)
    targets = set(re.findall(r"(?m)(?:^|`)make ([a-z]+)", text))
    commands = set(re.findall(r"(?m)(?:^|`|bin/|=\S+ )kiosque ([a-z][a-z-]*)", text))

    assert [link for link in links if not (page.parent / link).exists()] == []
    assert [path for path in named_paths(text) if not is_there(path)] == []
    assert targets - set(re.findall(r"(?m)^([a-z]+):", makefile)) == set()
    assert commands - kiosque.commands.keys() == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_can_be_read_in_a_terminal(page: Path):
    lines = page.read_text().splitlines()

    assert [line for line in lines if len(line) > 110 and not line.startswith("|")] == []


def named_paths(text: str) -> list[str]:
    """What looks like a path of the repository, or the name of a file in it, in code of a page."""
    top = "|".join(re.escape(path.name) for path in ROOT.iterdir() if path.is_dir() and path.name != ".git")
    return re.findall(rf"`((?:{top})/[\w./-]*|[\w.-]+\.(?:py|md|toml|json|txt))`", text)


def is_there(path: str) -> bool:
    """Whether the path, or somewhere a file of that name, exists."""
    if "/" in path:
        return (ROOT / path).exists()
    return (ROOT / path).exists() or any(any((ROOT / top).rglob(path)) for top in ("api", "tests", "docs"))


def numbers_of(citation: str) -> Iterator[str]:
    """Every number that `6.1–6.3 and 6.7` stands for."""
    for part in re.split(r",\s+|\s+and\s+", citation):
        first, _, last = part.partition("–")
        section, _, rule = first.partition(".")
        if not last:
            yield first
        else:
            assert last.startswith(f"{section}."), f"{part}: a range stays in one section"
            yield from (f"{section}.{n}" for n in range(int(rule), int(last.partition(".")[2]) + 1))


def table(section: int) -> Iterator[list[str]]:
    """The cells of every row of a section."""
    for row in re.findall(rf"(?m)^\| {section}\.\d+ \|.*\|$", CONTRACT):
        yield [cell.strip() for cell in row.strip("|").split("|")]


def operations() -> Iterator[tuple[str, str, str, str]]:
    """Method, path, who and status of each, without those that differ by a parameter only."""
    for _, operation, who, status, _ in table(2):
        method, path = re.findall(r"^`([A-Z]+) (\S+)`", operation)[0]
        if "?" not in path:
            yield method, path, who.replace("`", ""), status
