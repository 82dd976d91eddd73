"""What happens beside requests: the cost of an event and a job, of mails, webhooks, a mirror and idleness.

`python -m bench.background` prints a line for each. Orders without events, with them, and with a job are
placed in turn; of a machine that others use too, the fastest tenth says more than the median. With `--idle
SECONDS` a server without a request is observed for so long.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from unittest import mock

from api.accounts import commands
from api.accounts.profiles.queries import find_login
from api.events import rules as events
from api.jobs import rules as jobs
from api.mail.writing import Link, Templates
from api.roles import Viewer
from api.settings import Settings
from api.settings.shop import Tariff
from api.shop.orders import placement
from api.shop.orders.records import LineDraft, OrderDraft
from api.sights import sights
from api.storage import Database, migrations
from bench.contenders import kiosque_over
from bench.orders import postgresql_urls
from bench.rows import fill_shop, sign_up
from bench.servers import Server, running

ORDERS, CHANGES, POSTS = 1_000, 1_000, 100
BETWEEN = 0.2
"""Seconds from one change to the next, of which a webhook hears."""
OWNER = "owner@kiosque.test"
MAIL = {"link": Link("https://example.org/reset/#token=abc"), "minutes": 30, "site": "Kiosque"}


def main() -> None:
    """Measure everything on SQLite, and orders on PostgreSQL too."""
    parser = argparse.ArgumentParser(prog="python -m bench.background")
    parser.add_argument("--idle", type=int, default=60, help="seconds of idleness (60)")
    idle = parser.parse_args().idle
    _measure_mails()
    with tempfile.TemporaryDirectory(prefix="kiosque-bench-") as name:
        folder = Path(name)
        _measure_orders("SQLite", f"sqlite:///{folder / 'orders.db'}")
        with postgresql_urls(folder) as urls:
            _measure_orders("PostgreSQL", urls[0])
        url = f"sqlite:///{folder / 'served.db'}"
        token = _with_an_owner(url)
        alone = {"WEB_CONCURRENCY": "1", "KIOSQUE_WEBHOOK_INSIDE": "127.0.0.1"}
        with running(kiosque_over(folder, url, **alone), folder) as server:
            _measure_idleness(server, idle)
            _measure_mirror(server, token)
            _measure_webhook(server, token)


def _measure_orders(name: str, url: str) -> None:
    db = _opened(url)
    shop = fill_shop(db)
    with db.read() as tx:
        login = find_login(tx, email_key="buyer0@kiosque.test")
    assert login is not None
    account = login.account
    buyer = Viewer(id=account.id, email=account.email or "", name=account.name, role=account.role)
    silent = mock.patch.object(events, "note_each")
    kinds = ("no event", "events", "events and a job")
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(ORDERS):
        draft = OrderDraft(lines=(LineDraft(sku=shop.skus[number % len(shop.skus)], quantity=1),))
        for kind in kinds[number % 3 :] + kinds[: number % 3]:
            if kind == "no event":
                with silent:
                    seconds[kind].append(_order(db, draft, buyer))
            else:
                seconds[kind].append(_order(db, draft, buyer, with_job=kind.endswith("job")))
    db.dispose()
    for which, at in (("fastest tenth", 0), ("median", 4)):
        bare, noted, left = (quantiles(seconds[kind], n=10)[at] * 1e6 for kind in kinds)
        costs = f"its 2 events {noted - bare:+,.0f} µs, a job {left - noted:+,.0f} µs"
        _say(f"order, {name}", f"{bare:,.0f} µs, {costs} ({which})")


def _order(db: Database, draft: OrderDraft, buyer: Viewer, *, with_job: bool = False) -> float:
    began = time.perf_counter()
    with db.write() as tx:
        order = placement.place(tx, draft, buyer=buyer, tariff=Tariff(currency="EUR"))
        if with_job:
            jobs.leave(tx, "nothing", {"order": order.id})
    return time.perf_counter() - began


def _measure_mails() -> None:
    templates, facts = Templates(), MAIL | {"home": Link("https://example.org")}
    seconds = [_timed(lambda: templates.write("reset", ["fr"], facts)) for _ in range(CHANGES)]
    _say("mails written", f"{1 / median(seconds):,.0f} a second")


def _with_an_owner(url: str) -> str:
    """The token of an owner, in an empty database."""
    db = _opened(url)
    with db.write() as tx:
        token = sign_up(tx, OWNER)
    commands.set_role(db, email=OWNER, role="owner")
    db.dispose()
    return token


def _opened(url: str) -> Database:
    settings = Settings.from_env({"KIOSQUE_DATABASE_URL": url})
    db = migrations.migrated(settings)
    db.sight_of = sights(settings.public_site)
    return db


def _measure_idleness(server: Server, seconds: int) -> None:
    before = server.cpu()
    time.sleep(seconds)
    used = server.cpu() - before
    _say("idle server", f"{used / seconds:.2%} of a core over {seconds} s, one worker and its master")


def _measure_mirror(server: Server, token: str) -> None:
    cursor, requests, read = _call(server, token, "GET", "/v1/events?after=now")["cursor"], 0, 0
    for number in range(CHANGES):
        _call(server, token, "PATCH", "/v1/me", {"name": f"Ada {number}"})
    time.sleep(1)  # an event may be shown so much later
    began = time.perf_counter()
    while read < CHANGES:
        page = _call(server, token, "GET", f"/v1/events?limit=100&after={cursor}")
        cursor, requests, read = page["cursor"], requests + 1, read + len(page["data"])
    seconds = time.perf_counter() - began
    _say("mirror", f"{requests} requests for {CHANGES:,} changes, {seconds * 1000:,.0f} ms")


def _measure_webhook(server: Server, token: str) -> None:
    with _receiver() as (port, seconds):
        url = f"http://127.0.0.1:{port}/"
        _call(server, token, "POST", "/v1/webhooks", {"url": url, "events": ["account.updated"]})
        for number in range(POSTS):
            _call(server, token, "PATCH", "/v1/me", {"name": f"Eve {number}"})
            time.sleep(BETWEEN)
        for _ in range(100):
            if len(seconds) < POSTS:
                time.sleep(BETWEEN)
    half, most = median(seconds), quantiles(seconds, n=100)[98]
    _say(
        "webhook",
        f"{len(seconds)} of {POSTS} posts, {half * 1000:,.0f} ms after the change, p99 {most * 1000:,.0f} ms",
    )


@contextmanager
def _receiver() -> Iterator[tuple[int, list[float]]]:
    """A server for webhooks: its port, and the seconds from each event to its post."""
    seconds: list[float] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            at = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["timestamp"]
            seconds.append((datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        yield receiver.server_port, seconds
        receiver.shutdown()


def _call(server: Server, token: str, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        said = answer.read()
        assert answer.status < 300, said
        return json.loads(said)
    finally:
        connection.close()


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _say(name: str, figures: str) -> None:
    print(f"{name:18} {figures}", flush=True)


if __name__ == "__main__":
    main()
