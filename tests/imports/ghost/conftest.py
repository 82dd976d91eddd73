"""Fixtures: an account to erase, and who else is there."""

import pytest

from api.imports import ghost
from api.imports.records import Article, Export
from tests.imports.conftest import FIXTURES, NOW


@pytest.fixture(scope="module")
def site() -> Export:
    return ghost.read(FIXTURES / "ghost.json", now=NOW)


@pytest.fixture(scope="module")
def articles(site: Export) -> dict[str, Article]:
    return {article.slug or "": article for article in site.articles}
