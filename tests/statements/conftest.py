"""Fixtures: the crowd, and what a request says to its database, word for word."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from falcon.testing import Result, TestClient
from sqlalchemy import event

from api import sqlite
from api.accounts.profiles import queries as account_queries
from api.app import create_app
from api.settings import Settings
from api.storage import Database
from tests.factories import CHEAP_HASHER, SIGHT_OF, sign_in
from tests.statements import crowd

EVERY = 100
"""Instructions of SQLite's machine between two looks at it."""


@dataclass
class Said:
    """What a database was told."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    looks: int = 0

    @property
    def instructions(self) -> int:
        """How much SQLite did, about."""
        return self.looks * EVERY

    def forget(self) -> None:
        """Begin anew."""
        self.statements.clear()
        self.looks = 0

    def look(self) -> None:
        self.looks += 1


@dataclass(frozen=True)
class Site:
    """A database file with the crowd in it, and the ids of some of the few."""

    path: Path
    names: dict[str, str]


Ask = Callable[..., Result]


@pytest.fixture(scope="session")
def site(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    path = tmp_path_factory.mktemp("crowd") / "kiosque.db"
    shutil.copy(migrated, path)
    db = Database(f"sqlite:///{path}", synchronous="off")
    db.sight_of = SIGHT_OF
    names = crowd.fill(db)
    db.dispose()
    return Site(path, names)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, cache_bytes=0)


@pytest.fixture
def db(site: Site, settings: Settings) -> Iterator[Database]:
    shutil.copy(site.path, settings.data / "kiosque.db")
    opened = Database(settings.database_url, synchronous="off")
    opened.sight_of = SIGHT_OF
    yield opened
    opened.dispose()


@pytest.fixture
def said(db: Database) -> Said:
    """What `db` is told from now on, by SQLAlchemy or without it."""
    said = Said()

    class Cursor(sqlite.driver.Cursor):
        def execute(self, statement: str, parameters: Any = ()) -> Any:
            said.statements.append((statement, parameters))
            return super().execute(statement, parameters)

        def executemany(self, statement: str, rows: Any) -> Any:
            rows = list(rows)
            said.statements.append((statement, rows[0]))
            return super().executemany(statement, rows)

    class Connection(sqlite.driver.Connection):
        def cursor(self) -> Any:
            return super().cursor(Cursor)

    def connect(_dialect: Any, _record: Any, where: Any, how: Any) -> Any:
        connection = sqlite.driver.connect(*where, factory=Connection, **how)
        connection.set_progress_handler(said.look, EVERY)
        return connection

    event.listen(db.engine, "do_connect", connect)
    return said


@pytest.fixture
def ask(db: Database, settings: Settings, site: Site, said: Said) -> Ask:
    """`ask("editor", "GET", "/v1/comments")`: what is said meanwhile is in `said`."""
    app = create_app(settings, db, CHEAP_HASHER)

    def ask(who: str | None, method: str, target: str, **request: Any) -> Result:
        headers = request.pop("headers", {})
        if who is not None:
            headers["Authorization"] = f"Bearer {_token(db, who)}"
        client = TestClient(app, headers=headers)
        path, _, query = target.format_map(site.names).partition("?")
        with db.read():  # opens the connection
            said.forget()
        return client.simulate_request(method, path, query_string=query, **request)

    return ask


def _token(db: Database, who: str) -> str:
    with db.write() as tx:
        found = account_queries.find_login(tx, email_key=crowd.email(who))
        assert found is not None
        return sign_in(tx, found.account)
