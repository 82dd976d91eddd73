"""Fixtures: a real database of either kind, the application over it, and clients that are signed in."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
import sqlalchemy as sa
from falcon.testing import TestClient

from api import times
from api.__main__ import main
from api.app import create_app
from api.imports.origins import tables as _origins  # noqa: F401  # its tables are part of the metadata
from api.settings import SETTINGS, Settings
from api.shop.stock.tables import stock_movements
from api.shop.variants.tables import variants
from api.sights import sights
from api.storage import Database, metadata
from tests.factories import CHEAP_HASHER, SIGHT_OF, Clock, make_account, sign_in
from tests.postgres import Broom, Server, stop

KINDS = ("sqlite", "postgresql")
POSTGRES_FOLDER = pytest.StashKey[Path]()
STARTERS = {"running", "gunicorn", "server", "either", "demo", "world", "strict"}
STARTERS |= {"open_shop", "storm", "inject", "disk", "other_kind", "rehearsal", "kiosque_server", "stranger"}
"""The fixtures, and the functions called in tests, that start a server, a browser or a tracer."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=(*KINDS, "both"), default="both", help="which to run what needs a database on"
    )
    parser.addoption("--storm", action="store_true", help="storms and faults at full size: many minutes")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.register_profile(
        "shared machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("shared machine")
    config.addinivalue_line("markers", "only_on(kind): the rule is about one of the two databases")
    config.addinivalue_line("markers", "mostly_on(kind): on the other database with --storm alone")
    config.addinivalue_line("markers", "server: starts a server, a browser or a tracer (set by itself)")
    config.addinivalue_line("markers", "sized: comes at full size with --storm (set by itself)")
    told = getattr(config, "workerinput", {}).get("postgres")
    # Not in pytest's own folder: the server runs as another user when root tests.
    config.stash[POSTGRES_FOLDER] = Path(told or tempfile.mkdtemp(prefix="kiosque-postgres-"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["postgres"] = str(node.config.stash[POSTGRES_FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        stop(config.stash[POSTGRES_FOLDER])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What needs a database runs on each that was chosen; everything else once."""
    served = "world" in metafunc.fixturenames  # by one server for all tests
    if not served and not {"db", "make_empty"} & set(metafunc.fixturenames):
        return
    chosen = metafunc.config.getoption("--database")
    only = metafunc.definition.get_closest_marker("only_on")
    if only is None and not metafunc.config.getoption("--storm"):
        only = metafunc.definition.get_closest_marker("mostly_on")
    kinds = [kind for kind in KINDS if chosen in (kind, "both") and (only is None or only.args == (kind,))]
    if served:
        kinds = [pytest.param(kind, marks=pytest.mark.xdist_group(f"world on {kind}")) for kind in kinds]
    metafunc.parametrize("database", kinds, indirect=True, scope="session" if served else None)


@pytest.hookimpl(tryfirst=True)  # before pytest selects by marker
def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    for item in items:
        on_postgresql = hasattr(item, "callspec") and item.callspec.params.get("database") == "postgresql"
        if on_postgresql or STARTERS & {*item.fixturenames, *item.function.__code__.co_names}:
            item.add_marker("server")
        if "full" in item.fixturenames:
            item.add_marker("sized")


@pytest.fixture(scope="session")
def full(pytestconfig: pytest.Config) -> bool:
    """Whether storms and faults come at full size, with their figures."""
    return bool(pytestconfig.getoption("--storm"))


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Server:
    """The server that all workers share."""
    return Server(pytestconfig.stash[POSTGRES_FOLDER])


@pytest.fixture(scope="session")
def postgres_database(postgres: Server, worker_id: str) -> Iterator[tuple[str, Database, Broom]]:
    """This worker's database: its URL, opened once for all tests, and what empties it."""
    with postgres.database(f"kiosque_{worker_id}") as url:
        database, broom = Database(url), Broom(url)
        yield url, database, broom
        database.dispose()
        broom.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite file with the whole schema, copied for each test that needs one."""
    path = tmp_path_factory.mktemp("schema") / "kiosque.db"
    db = Database(f"sqlite:///{path}")
    metadata.create_all(db.engine)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.dispose()
    return path


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgresql`."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def settings(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Settings:
    environ = {"KIOSQUE_DATA": str(tmp_path), "KIOSQUE_URL": "https://kiosque.test"}
    environ["KIOSQUE_PAYMENTS"] = "manual,test"  # who names no way to pay has KIOSQUE_HOLD_MINUTES
    if database == "postgresql":
        environ["KIOSQUE_DATABASE_URL"] = request.getfixturevalue("postgres_database")[0]
    return Settings.from_env(environ)


@pytest.fixture
def db(database: str, settings: Settings, request: pytest.FixtureRequest) -> Iterator[Database]:
    if database == "postgresql":
        _, ready, broom = request.getfixturevalue("postgres_database")
        broom.sweep()
        ready.clock, ready.sight_of = times.now, sights(settings.public_site)
        yield ready
        return
    shutil.copy(request.getfixturevalue("migrated"), settings.data / "kiosque.db")
    fresh = Database(settings.database_url, synchronous="off")
    fresh.sight_of = sights(settings.public_site)
    yield fresh
    fresh.dispose()


@pytest.fixture
def clock(db: Database) -> Clock:
    """The clock of the database; it stands still until `clock.advance(seconds=1)`."""
    db.clock = Clock()
    return db.clock


@pytest.fixture
def other_db(db: Database, settings: Settings) -> Iterator[Database]:
    """The same database as another worker or node has it open."""
    other = Database(settings.database_url)
    other.sight_of = db.sight_of
    yield other
    other.dispose()


@pytest.fixture
def make_empty(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], Database]]:
    """`make_empty()` is a database without any table."""
    with ExitStack() as used:

        def make() -> Database:
            name = f"empty_{uuid4().hex}"
            url = f"sqlite:///{tmp_path / name}.db"
            if database == "postgresql":
                server = request.getfixturevalue("postgres")
                url = used.enter_context(server.database(name, template="template0"))
            made = Database(url, synchronous="off")
            made.sight_of = SIGHT_OF
            used.callback(made.dispose)
            return made

        yield make


@pytest.fixture
def empty(make_empty: Callable[[], Database]) -> Database:
    """A database without any table."""
    return make_empty()


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


@pytest.fixture
def left(db: Database) -> Callable[[], dict[str, int]]:
    """`left()` is sku → units available, after holding the counter of each against its ledger."""

    def look() -> dict[str, int]:
        summed = (
            sa.select(sa.func.coalesce(sa.func.sum(stock_movements.c.delta), 0))
            .where(stock_movements.c.variant_id == variants.c.id)
            .scalar_subquery()
        )
        with db.read() as tx:
            rows = tx.rows(sa.select(variants.c.sku, variants.c.available, summed))
        assert [row[1] for row in rows] == [row[2] for row in rows], "the ledger does not add up"
        return {sku: available for sku, available, _ in rows}

    return look


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Runs `kiosque …` in an empty folder: (exit code, standard output, standard error)."""
    for setting in SETTINGS.values():
        monkeypatch.delenv(setting.variable, raising=False)
    monkeypatch.setenv("KIOSQUE_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["kiosque", *arguments])
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code: Any = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return command
