"""A read that begins after a write was answered shows it: on every worker, with their caches, under load."""

from __future__ import annotations

import json
import threading
from http.client import HTTPConnection
from typing import Any

from api.storage import migrations
from tests.factories import make_account, make_item, sign_in
from tests.postgres import url_of
from tests.test_serving import free_port, running

STEPS = 60
WORKERS = 3


def call(port: int, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
    """On a connection of its own, so that any worker may answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        sent = {"Content-Type": "application/json", **headers} if body is not None else headers
        connection.request(method, path, json.dumps(body) if body is not None else None, sent)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_nobody_is_shown_less_than_what_was_answered_before_they_asked(empty, tmp_path):
    skus, url = ("mug", "tea"), url_of(empty)
    migrations.upgrade(empty)
    with empty.write() as tx:
        token = sign_in(tx, make_account(tx, role="shopkeeper"))
        for sku in skus:
            make_item(tx, sku=sku, name=sku, price=0)
    written, stale, reads = dict.fromkeys(skus, 0), [], [0]
    done = threading.Event()
    port = free_port()

    def write(sku: str) -> None:
        for price in range(1, STEPS + 1):
            patch = {"price": {"amount": price, "currency": "EUR"}}
            status, variant = call(
                port, "PATCH", f"/v1/variants/{sku}", patch, Authorization=f"Bearer {token}"
            )
            assert (status, variant["price"]["amount"]) == (200, price)
            written[sku] = price

    def read(path: str) -> None:
        while not done.is_set():
            known = dict(written)
            _, shown = call(port, "GET", path)
            for item in shown.get("data", [shown]):
                variant = item["variants"][0]
                reads[0] += 1
                if variant["price"]["amount"] < known[variant["sku"]]:
                    stale.append((path, known, variant))

    options = {"KIOSQUE_DATABASE_URL": url, "WEB_CONCURRENCY": str(WORKERS)}
    with running("api", "serve", folder=tmp_path, port=port, **options):
        readers = [threading.Thread(target=read, args=(f"/v1/items{end}",)) for end in ("", "/mug", "/tea")]
        writers = [threading.Thread(target=write, args=(sku,)) for sku in skus]
        for thread in (*readers, *writers):
            thread.start()
        for thread in writers:
            thread.join()
        done.set()
        for thread in readers:
            thread.join()

    assert written == dict.fromkeys(skus, STEPS)
    assert reads[0] > STEPS
    assert stale == []
