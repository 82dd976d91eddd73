"""A fresh install gets the very releases that were tested, and no release that may break it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = PROJECT["project"]["optional-dependencies"]
LOCKS = {"run": ["postgres", "stripe", "s3"], "dev": ["postgres", "stripe", "s3", "dev"], "bench": ["bench"]}
"""Which extras each file in `requirements/` holds, beside what Kiosque always needs."""


def required_by(*extras: str) -> list[Requirement]:
    """All that pyproject.toml names for an installation with these extras."""
    lines = PROJECT["build-system"]["requires"] + PROJECT["project"]["dependencies"]
    return [Requirement(line) for line in lines + [line for extra in extras for line in EXTRAS[extra]]]


def locked(name: str) -> dict[str, str]:
    """Package → version."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def test_every_extra_has_a_lock():
    assert {extra for extras in LOCKS.values() for extra in extras} == set(EXTRAS)


@pytest.mark.parametrize("requirement", required_by(*EXTRAS), ids=str)
def test_a_dependency_is_bounded_on_both_sides(requirement):
    operators = {specifier.operator for specifier in requirement.specifier}

    assert operators == {">=", "<"}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_every_dependency_at_a_release_that_its_bounds_allow(name):
    versions = locked(name)

    refused = [
        str(requirement)
        for requirement in required_by(*LOCKS[name])
        if not requirement.specifier.contains(versions.get(requirement.name, "0"))
    ]

    assert refused == [], "`make lock` renews requirements/"


def test_locks_agree_on_what_they_share():
    versions = {(package, version) for name in LOCKS for package, version in locked(name).items()}

    assert len(versions) == len({package for package, _ in versions})


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_releases_and_hashes_and_no_place_to_fetch_them_from(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()

    for line in text.replace("\\\n", "").splitlines():
        assert line.startswith("#") or re.fullmatch(
            r"[a-z0-9-]+==\S+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+", line
        )
