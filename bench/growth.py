"""The cost of a hundred times more rows: each question, sent alternately to a small and a large database.

The application is called directly, without a server, and without the read cache, which would hide the cost.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import falcon.testing

from api import sqlite
from api.app import create_app
from api.ids import new_id
from api.settings import Settings
from api.storage import open_database
from api.web.paging import time_cursor
from bench.contenders import CACHE_OFF
from bench.filling import COMMON, RARE, Site, fill
from bench.importing import measure_imports

SMALL = 1_000
PAGE, DEEP = 20, 1_000
"""Rows of a page, and the number of pages before the deep one."""
SECONDS = 0.7
"""Calls of each question in each round, on both sides together."""

Say = Callable[[str], None]
Environ = dict[str, Any]
Ask = Callable[[], Environ]


@dataclass(frozen=True, slots=True)
class Asked:
    """The application with one of the databases, and the requests for it."""

    app: Callable[..., Any]
    questions: Mapping[str, Ask]


def measure(folder: Path, *, large: int, posts: int, rounds: int, say: Say) -> dict[str, Any]:
    """Milliseconds of each question in each round, small and large, and the cost of imports."""
    sites = {}
    for size in (SMALL, large):
        began = time.monotonic()
        sites[size] = fill(folder / str(size), size)
        say(f"filled a database of {size:,} articles and items in {time.monotonic() - began:.0f} s")
    small, large_site = (_opened(site) for site in sites.values())
    found: dict[str, dict[str, list[float]]] = {}
    for name in small.questions:
        found[name] = _contest(name, small, large_site, rounds)
        ratio = statistics.median(found[name]["large"]) / statistics.median(found[name]["small"])
        say(f"{name:40} {statistics.median(found[name]['small']):8.2f} ms  × {ratio:.2f}")
    folders = [site.folder for site in sites.values()]
    imports = measure_imports(folder, *folders, posts=posts, say=say)
    return {"sizes": [SMALL, large], "questions": found, "imports": imports}


def _opened(site: Site) -> Asked:
    settings = Settings.from_env({"KIOSQUE_DATA": str(site.folder), **CACHE_OFF})
    settings = replace(settings, url="http://kiosque.test", limits="off")
    app = create_app(settings, open_database(settings))
    return Asked(app, _questions(site))


def _questions(site: Site) -> dict[str, Ask]:
    chance = random.Random(3)
    signed = {"Authorization": f"Bearer {site.token}"}
    deep = min(PAGE * DEEP, site.size // 2)
    article, item = _positions(site, deep)

    def one(kind: str) -> Environ:
        return _get(f"/v1/{kind}s/{kind}-{chance.randrange(site.size) + 1}")

    def order() -> Environ:
        lines = [{"sku": f"sku-{chance.randrange(site.size) + 1}", "quantity": 1}]
        body = json.dumps({"lines": lines})
        given = {"Content-Type": "application/json", "Idempotency-Key": new_id("key")}
        return _environ("POST", "/v1/orders", signed | given, body)

    return {
        "articles, first page": lambda: _get("/v1/articles"),
        f"articles, {DEEP:,} pages deep": lambda: _get(f"/v1/articles?after={article}"),
        "articles of a tag, first page": lambda: _get("/v1/articles?tag=term-7"),
        "one article": lambda: one("article"),
        "articles that hold a rare word": lambda: _get(f"/v1/articles?q={RARE}"),
        "articles that hold a common word": lambda: _get(f"/v1/articles?q={COMMON}"),
        "items, first page": lambda: _get("/v1/items"),
        f"items, {DEEP:,} pages deep": lambda: _get(f"/v1/items?after={item}"),
        "one item": lambda: one("item"),
        "place an order": order,
        "my orders": lambda: _get("/v1/me/orders", signed),
    }


def _positions(site: Site, deep: int) -> tuple[str, str]:
    """The cursors after that many articles and items."""
    connection: Any = sqlite.driver.connect(str(site.path))
    at, article = connection.execute(
        "SELECT listed_at, id FROM articles ORDER BY listed_at DESC LIMIT 1 OFFSET ?", (deep - 1,)
    ).fetchone()
    item = connection.execute(
        "SELECT substr(id, 5) FROM items ORDER BY id DESC LIMIT 1 OFFSET ?", (deep - 1,)
    ).fetchone()[0]
    connection.close()
    return f"0{time_cursor(at, article)}", f"0{item}"


def _contest(name: str, small: Asked, large: Asked, rounds: int) -> dict[str, list[float]]:
    """The median of each round, in milliseconds."""
    sides = {"small": small, "large": large}
    medians: dict[str, list[float]] = {side: [] for side in sides}
    for asked in sides.values():
        for _ in range(20):
            _timed(asked, name)
    for _ in range(rounds):
        times: dict[str, list[float]] = {side: [] for side in sides}
        end = time.monotonic() + SECONDS
        while time.monotonic() < end or len(times["large"]) < 5:
            for side, asked in sides.items():
                times[side].append(_timed(asked, name))
        for side in sides:
            medians[side].append(statistics.median(times[side]) * 1000)
    return medians


def _timed(asked: Asked, name: str) -> float:
    environ = asked.questions[name]()
    statuses: list[str] = []
    began = time.perf_counter()
    body = b"".join(asked.app(environ, lambda status, _headers, _trace=None: statuses.append(status)))
    taken = time.perf_counter() - began
    if not statuses[0].startswith("20") or not body:
        raise RuntimeError(f"{name}: {statuses[0]} {body[:500]!r}")
    return taken


def _get(target: str, headers: Mapping[str, str] | None = None) -> Environ:
    return _environ("GET", target, headers or {})


def _environ(method: str, target: str, headers: Mapping[str, str], body: str = "") -> Environ:
    parts = urlsplit(target)
    return falcon.testing.create_environ(
        path=parts.path, query_string=parts.query, method=method, headers=dict(headers), body=body
    )
