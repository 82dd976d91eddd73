"""Fixtures: a real database, the application over it, and clients that are signed in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from falcon.testing import TestClient

from api.app import create_app
from api.database import Database, metadata
from api.settings import Settings
from tests.factories import CHEAP_HASHER, make_account, sign_in


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database file with the whole schema, copied for each test that needs one."""
    path = tmp_path_factory.mktemp("schema") / "kiosque.db"
    db = Database(f"sqlite:///{path}")
    metadata.create_all(db.engine)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.dispose()
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_env({"KIOSQUE_DATA": str(tmp_path), "KIOSQUE_URL": "https://kiosque.test"})


@pytest.fixture
def db(migrated: Path, tmp_path: Path, settings: Settings) -> Iterator[Database]:
    shutil.copy(migrated, tmp_path / "kiosque.db")
    database = Database(settings.database_url, synchronous="off")
    yield database
    database.dispose()


@pytest.fixture
def client(db: Database, settings: Settings) -> TestClient:
    """A stranger's client of the whole application."""
    return TestClient(create_app(settings, db, CHEAP_HASHER))


@pytest.fixture
def client_as(client: TestClient, db: Database) -> Callable[..., TestClient]:
    """`client_as("editor")` is the client of a fresh account with that role."""

    def signed_in(role: str = "customer", **fields: str) -> TestClient:
        with db.write() as tx:
            token = sign_in(tx, make_account(tx, role=role, **fields))
        return TestClient(client.app, headers={"Authorization": f"Bearer {token}"})

    return signed_in
