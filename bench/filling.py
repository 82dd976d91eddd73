"""Databases of any size, filled by bulk SQL, since Kiosque's own rules would take hours for large ones."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api import sqlite
from api.articles.writing.drafts import typeset
from api.settings import Settings
from api.storage import migrations
from bench.rows import BODY, STOCK, sign_up
from bench.words import text

STATEMENTS = Path(__file__).with_suffix(".sql")
BODIES = 400
"""The number of different words."""
RARE, COMMON = "lighthouse", "harbour"
"""A word in exactly twenty articles, and one in every twentieth article."""


@dataclass(frozen=True, slots=True)
class Site:
    """A filled database: `article-1`, …, `item-1` with the sku `sku-1` …; ten orders of each."""

    folder: Path
    size: int
    """The number of articles, and of items."""
    token: str
    """The token of a customer with fifty orders."""

    @property
    def path(self) -> Path:
        """The path of the SQLite file."""
        return self.folder / "kiosque.db"


def fill(folder: Path, size: int) -> Site:
    """Write a site with `size` articles and items into an empty folder."""
    folder.mkdir()
    db = migrations.migrated(Settings.from_env({"KIOSQUE_DATA": str(folder)}))
    with db.write() as tx:
        site = Site(folder, size, sign_up(tx, "buyer@kiosque.test"))
    db.dispose()
    connection: Any = sqlite.driver.connect(str(site.path), isolation_level=None)
    for pragma in ("synchronous = off", "cache_size = -500000", "temp_store = memory"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    _write_texts(connection)
    for statement in STATEMENTS.read_text().split(";\n"):
        connection.execute(statement, {"size": size, "stock": STOCK, "rare": RARE, "common": COMMON})
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return site


def _write_texts(connection: Any) -> None:
    chance = random.Random(7)
    connection.execute("CREATE TEMP TABLE texts (n INTEGER PRIMARY KEY, source, html, words)")
    for number in range(BODIES):
        body = typeset(text(chance, BODY), "markdown")
        row = (number, body.source, body.html, body.words)
        connection.execute("INSERT INTO texts VALUES (?, ?, ?, ?)", row)
