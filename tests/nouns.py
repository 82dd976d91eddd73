"""What the tests of one noun contribute to the tests that go through everything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Noun:
    """`NOUN = Noun(…)` in any test file: a new noun need not edit the tables of others."""

    roles: str = ""
    """Lines for the matrix of tests/contract/test_roles.py."""
    bodies: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    """Method and path → a valid body, or a function of the world that makes one."""
    makers: Mapping[str, Callable[..., str]] = field(default_factory=dict)
    """A place in a path, such as `{order}` → what makes something real for it: (world, owner, state) → id."""
    breaking: Mapping[str, str] = field(default_factory=dict)
    """The name of a CHECK → an UPDATE that it refuses."""
    fill: Callable[..., object] | None = None
    """(tx, owner): put a row into each table, for the tests of backups."""


@cache
def nouns() -> tuple[Noun, ...]:
    """Those of all test files."""
    return tuple(
        import_module(".".join(("tests", *path.relative_to(TESTS).with_suffix("").parts))).NOUN
        for path in sorted(TESTS.rglob("test_*.py"))
        if re.search(r"^NOUN = ", path.read_text(), re.MULTILINE)
    )
