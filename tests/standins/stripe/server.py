"""The HTTP server of the stand-in: keys of idempotency and faults, in front of an account."""

from __future__ import annotations

import copy
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from tests.standins.stripe.account import Account, Refusal, Thing

KEY_SECONDS = 86_400
"""For which a key is remembered."""

Fault = Literal["lost", "500", "429", "down", "slow"]
"""`lost`: it is done, and the answer never comes; `500`: it is not done, and the key is spoilt."""


@dataclass
class Server:
    """Each fault happens once, to the first request whose method and path contain its text."""

    account: Account = field(default_factory=Account)
    faults: list[tuple[Fault, str]] = field(default_factory=list)
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    """Method, path and key of all that was done."""
    forms: list[Thing] = field(default_factory=list)
    """The parameters of each of them."""
    url: str = ""
    slow_seconds: float = 0.0

    def __post_init__(self) -> None:
        self._keys: dict[str, tuple[Any, int, Thing, float]] = {}

    @contextmanager
    def serving(self) -> Iterator[Server]:
        """Listen on a port of its own while the block lasts."""
        http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        http.daemon_threads = True
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{http.server_port}"
        try:
            yield self
        finally:
            http.shutdown()
            http.server_close()
            thread.join()

    def answer(self, method: str, path: str, form: Thing, headers: Any) -> tuple[int, Thing, bool] | None:
        """Status, body and whether it is an old answer; None is silence."""
        with self.account.lock:
            fault = self._fault(method, path)
            if fault == "down":
                return None
            if fault == "429":
                return 429, Refusal("Too many requests", "rate_limit").body, False
            if headers["Authorization"] != f"Bearer {self.account.key}":
                return 401, Refusal("Invalid API Key provided").body, False
            status, body, is_old = self._keyed(method, path, form, headers["Idempotency-Key"], fault == "500")
        if fault == "slow":
            time.sleep(self.slow_seconds)
        return None if fault == "lost" else (status, body, is_old)

    def _keyed(
        self, method: str, path: str, form: Thing, key: str | None, fails: bool
    ) -> tuple[int, Thing, bool]:
        fingerprint = (path, json.dumps(form, sort_keys=True))
        if key in self._keys and self.account.now() - self._keys[key][3] < KEY_SECONDS:
            known, status, body, _ = self._keys[key]
            if known != fingerprint:
                return 400, _OTHER_PARAMETERS.body, False
            return status, body, True
        self.requests.append((method, path, key))
        self.forms.append(form)
        try:
            body = _FAILURE.body if fails else copy.deepcopy(self._dispatch(method, path, form))
            status = 500 if fails else 200
        except Refusal as refusal:
            status, body = refusal.status, refusal.body
        if key is not None and (status == 200 or status >= 500):
            self._keys[key] = (fingerprint, status, body, self.account.now())
        return status, body, False

    def _dispatch(self, method: str, path: str, form: Thing) -> Thing:
        for verb, pattern, act in _ROUTES:
            match = re.fullmatch(pattern, path)
            if match and verb == method:
                return act(self.account, form, *match.groups())  # type: ignore[no-any-return]
        raise Refusal(f"Unrecognized request URL ({method}: {path}).", status=404)

    def _fault(self, method: str, path: str) -> Fault | None:
        for fault in self.faults:
            if fault[1] in f"{method} {path}":
                self.faults.remove(fault)
                return fault[0]
        return None


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"] or 0)).decode())

        def log_message(self, *_: Any) -> None:
            pass

        def _answer(self, form: str) -> None:
            answer = server.answer(self.command, urlsplit(self.path).path, nested(form), self.headers)
            if answer is None:
                self.close_connection = True
                return
            status, thing, is_old = answer
            body = json.dumps(thing).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if is_old:
                self.send_header("Idempotent-Replayed", "true")
            if status >= 400:
                self.send_header("Stripe-Should-Retry", "false")
            self.end_headers()
            self.wfile.write(body)

    return Handler


_FAILURE = Refusal("An unknown error occurred.", type="api_error")
_OTHER_PARAMETERS = Refusal("Keys must come with the same parameters.", type="idempotency_error")


def nested(form: str) -> Thing:
    """`a[b][0]=c` as `{"a": {"b": {"0": "c"}}}`."""
    made: Thing = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        *path, last = re.findall(r"[^\[\]]+", name)
        inner = made
        for part in path:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return made


_ROUTES: tuple[tuple[str, str, Callable[..., Thing]], ...] = (
    ("POST", r"/v1/checkout/sessions", Account.create_session),
    ("GET", r"/v1/checkout/sessions/(\w+)", Account.retrieve_session),
    ("POST", r"/v1/checkout/sessions/(\w+)/expire", Account.expire_session),
    ("GET", r"/v1/payment_intents/(\w+)", Account.retrieve_intent),
    ("POST", r"/v1/payment_intents/(\w+)/capture", Account.capture_intent),
    ("POST", r"/v1/payment_intents/(\w+)/cancel", Account.cancel_intent),
    ("POST", r"/v1/refunds", Account.create_refund),
    ("GET", r"/v1/refunds", Account.list_refunds),
    ("GET", r"/v1/disputes", Account.list_disputes),
)
