"""Samples of errors have what answers have: the members that are in every place where one is raised."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

import api
import api.app  # every error is imported by it
from api.errors import concrete_errors
from api.web.openapi.problems import PROBLEM
from api.web.samples import sample

KINDS = {kind.__name__: kind for kind in concrete_errors()}
AT_ONE_PLACE = ("at", "at_each")
NO_MEMBERS = {"retry_after", None}
"""A header, and what `**data` passes on."""


@lru_cache
def raised() -> list[tuple[str, set[str]]]:
    """Each place of the source where an error is made: its class, and its members of its own."""
    return list(_raised())


def _raised() -> Iterator[tuple[str, set[str]]]:
    for file in sorted(Path(api.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attribute)) if (
                    name in KINDS and attribute in AT_ONE_PLACE
                ):
                    yield name, {"errors", *(keyword.arg for keyword in node.keywords)} - NO_MEMBERS
                case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in KINDS:
                    # Of `errors` that are passed on there may be none.
                    yield name, {keyword.arg for keyword in node.keywords} - NO_MEMBERS - {"errors"}
                case ast.Raise(exc=ast.Name(id=name)) if name in KINDS:
                    yield name, set()


def test_a_member_of_a_problem_is_in_its_schema():
    members = set().union(*(own for _, own in raised()))

    assert members - PROBLEM["properties"].keys() == set()
    assert {"available", "total", "state", "allowed", "currency"} <= members


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_sample_has_the_members_that_every_such_error_has(name):
    places: dict[str, list[set[str]]] = defaultdict(list)
    for raised_name, members in raised():
        places[raised_name].append(members)
    always = set.intersection(*places[name]) if places[name] else set()

    error = sample(KINDS[name])

    assert always <= {*error.data, *(["errors"] if error.errors else [])}
