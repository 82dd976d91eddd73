"""Fixtures of the cache: the application with it and without, and something for every path that is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api import times
from api.app import create_app
from tests.factories import (
    CHEAP_HASHER,
    make_account,
    make_article,
    make_comment,
    make_item,
    make_viewer,
    sign_in,
)
from tests.web.cached import ORIGIN


@pytest.fixture
def apps(db, settings):
    """The application with its cache and without."""
    allowing = replace(settings, cors_origins=frozenset([ORIGIN]), hosts=frozenset(["falconframework.org"]))
    return [create_app(replace(allowing, cache_bytes=size), db, CHEAP_HASHER) for size in (2**20, 0)]


@pytest.fixture
def shelf(db):
    """Something for every path that may be kept."""
    with db.write() as tx:
        author = make_viewer(tx, role="author")
        articles = [
            make_article(tx, author=author, title=title, tags=("Été",), categories=("Notes",))
            for title in ("Fog", "Brume d'été", "Late")
        ]
        make_article(tx, author=author, title="Tomorrow", publish_at=times.later(tx.now, days=1))
        make_item(tx, sku="mug", stock=3)
        make_item(tx, sku="cup", name="Cup", status="draft")
        for status in ("approved", "spam"):
            make_comment(tx, articles[0], author=author, status=status)
    return articles


@pytest.fixture
def tokens(db):
    """Role → the Authorization header of somebody who has it."""
    with db.write() as tx:
        return {
            role: f"Bearer {sign_in(tx, make_account(tx, role=role))}"
            for role in ("customer", "editor", "shopkeeper")
        }
