"""The application as one request after another meets it, and what the tests of its cache share."""

from __future__ import annotations

import re
from typing import Any

from falcon.testing import create_environ

from api import times
from api.app import App
from api.shop.variants import queries as variant_queries
from api.storage import Transaction

ORIGIN = "https://shop.example"
GENERATED = re.compile(rb"(?<=req_)\w{26}")
"""Of a request id that the application made: no two answers have the same."""


class Answer:
    def __init__(self, app: App, target: str, method: str = "GET", **headers: str | None) -> None:
        path, _, query = target.partition("?")
        fields = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        environ = create_environ(
            path, query_string=query, method=method, headers=fields, remote_addr="127.0.0.1"
        )
        environ["RAW_URI"] = target
        started: list[Any] = []
        self.at_hand = app.is_at_hand(environ)
        blocks = app(environ, lambda status, headers, _exc=None: started.extend((status, headers)))
        self.body = GENERATED.sub(b"", b"".join(blocks))
        self.status = started[0]
        self.headers = [(name, GENERATED.sub(b"", value.encode()).decode()) for name, value in started[1]]

    def __eq__(self, other: object) -> bool:
        return vars(self) | {"at_hand": None} == vars(other) | {"at_hand": None}


class Clock:
    def __init__(self) -> None:
        self._now = times.now()

    def __call__(self) -> times.Instant:
        return self._now

    def ahead(self, **delta: float) -> None:
        self._now = times.later(self._now, **delta)


def set_price(tx: Transaction, price: int) -> None:
    mug = variant_queries.find_variant(tx, key="mug", hidden=True)
    assert mug is not None
    variant_queries.update_variant(tx, variant_id=mug.id, price=price)
