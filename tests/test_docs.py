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

ROOT = Path(__file__).parent.parent
CONTRACT = (ROOT / "docs/contract.md").read_text()
RULES = re.findall(r"(?m)^(?:\| |\*\*)(\d+\.\d+)(?: \||\*\*)", CONTRACT)
SECTIONS = re.findall(r"(?m)^## (\d+)\. ", CONTRACT)

NUMBER = r"\d+(?:\.\d+)?"
CITATION = re.compile(rf"\bcontract ({NUMBER}(?:(?:–|, | and ){NUMBER})*)", re.IGNORECASE)

WHO = {"account": "signed in", "session": "signed in, by session"}


def test_every_rule_of_the_contract_has_a_number_of_its_own_and_none_is_missing():
    numbers = sorted((int(section), int(rule)) for section, rule in (rule.split(".") for rule in RULES))

    for section, rules in groupby(numbers, lambda number: number[0]):
        assert str(section) in SECTIONS
        assert [rule for _, rule in rules] == list(range(1, sum(n[0] == section for n in numbers) + 1))


def test_only_rules_that_exist_are_cited():
    cited = [
        (path.relative_to(ROOT), number)
        for folder in ("api", "tests", "docs")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".md")
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


def numbers_of(citation: str) -> Iterator[str]:
    """Every number that `6.1–6.3 and 6.7` stands for."""
    for part in re.split(r", | and ", citation):
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
