"""A client that tidies nothing up, and that holds every answer against what every answer must be."""

from __future__ import annotations

import json as jsonlib
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

SECONDS = 20.0
IGNORE_CREDENTIALS = ("/v1/sessions", "/v1/accounts", "/healthz", "/readyz")
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
PROBLEM_KEYS = {"type", "title", "status", "detail", "code", "remedy", "request_id"}
TELLTALE = re.compile(
    rb"(?i)traceback|sqlite|sqlalchemy|postgres|select .* from|\.py\b|site-packages|gunicorn|falcon"
)

Headers = Mapping[str, str] | list[tuple[str, str]]


@dataclass
class Answer:
    status: int
    pairs: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.pairs if key == name.lower()]
        assert len(found) < 2, f"{name} twice"
        return found[0] if found else None

    @property
    def json(self) -> Any:
        return jsonlib.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["code"])

    @property
    def etag(self) -> str:
        etag = self.header("ETag")
        assert etag is not None
        return etag

    def errors(self) -> set[tuple[str, str]]:
        """Place and code of everything that the problem lists."""
        found = set()
        for error in self.json.get("errors", ()):
            assert error["detail"]
            assert set(error) - {"code", "detail"} in ({"pointer"}, {"parameter"}, {"header"})
            place = next(error[key] for key in ("pointer", "parameter", "header") if key in error)
            found.add((place, error["code"]))
        return found

    def is_problem(self, status: int, code: str) -> Answer:
        assert (self.status, self.code) == (status, code), self.body
        return self


@dataclass(frozen=True)
class Client:
    port: int
    token: str | None = None
    host: str = "kiosque.test"
    source: str = "127.0.0.1"
    headers: tuple[tuple[str, str], ...] = field(default=())

    def by(self, token: str | None) -> Client:
        return replace(self, token=token)

    def call(
        self, method: str, target: str, json: Any = ..., *, body: bytes | None = None, headers: Headers = ()
    ) -> Answer:
        """One request on a connection of its own, its answer checked for what all must have."""
        answer = parse(self.say(self.request(method, target, json, body=body, headers=headers)), method)
        told = {name.lower() for name, _ in (headers.items() if isinstance(headers, Mapping) else headers)}
        check(answer, method, target, credentials=self.token is not None or "authorization" in told)
        return answer

    def request(
        self, method: str, target: str, json: Any = ..., *, body: bytes | None = None, headers: Headers = ()
    ) -> bytes:
        """The bytes of a request; a header of ours gives way to one of the same name."""
        given = [*self.headers, *(headers.items() if isinstance(headers, Mapping) else headers)]
        if json is not ...:
            body = json if isinstance(json, bytes) else jsonlib.dumps(json).encode()
        ours = {"Host": self.host, "Connection": "close"}
        if self.token is not None:
            ours["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            is_picture = body.startswith(b"\x89PNG")
            ours["Content-Length"] = str(len(body))
            ours["Content-Type"] = "image/png" if is_picture else "application/json"
        names = {name.lower() for name, _ in given}
        fields = [(name, value) for name, value in ours.items() if name.lower() not in names] + given
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields if value != "-")
        return f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode() + (body or b"")

    def say(self, raw: bytes, *, end: bool = False) -> bytes:
        """Everything that comes back until the server closes."""
        with socket.create_connection(
            ("127.0.0.1", self.port), timeout=SECONDS, source_address=(self.source, 0)
        ) as connection:
            connection.sendall(raw)
            if end:
                connection.shutdown(socket.SHUT_WR)
            received = bytearray()
            while piece := connection.recv(65_536):
                received += piece
        return bytes(received)

    def get(self, target: str, **headers: str) -> Answer:
        return self.call("GET", target, headers=_dashed(headers))

    def post(self, target: str, json: Any = ..., **headers: str) -> Answer:
        return self.call("POST", target, json, headers=_dashed(headers))

    def put(self, target: str, json: Any = ..., **headers: str) -> Answer:
        return self.call("PUT", target, json, headers=_dashed(headers))

    def patch(self, target: str, json: Any = ..., **headers: str) -> Answer:
        return self.call("PATCH", target, json, headers=_dashed(headers))

    def delete(self, target: str, **headers: str) -> Answer:
        return self.call("DELETE", target, headers=_dashed(headers))


def parse(raw: bytes, method: str = "GET") -> Answer:
    """Exactly one answer."""
    head, separator, body = raw.partition(b"\r\n\r\n")
    assert separator, f"no answer in {raw!r}"
    line, *lines = head.decode("latin-1").split("\r\n")
    pairs = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in lines)]
    answer = Answer(int(line.split()[1]), pairs, body)
    length = answer.header("Content-Length")
    if method == "HEAD" or answer.status in (204, 304):
        assert body == b"", "a body where none may be"
    else:
        assert length == str(len(body)), f"{length} announced, {len(body)} sent: {raw[:200]!r}"
    return answer


def check(answer: Answer, method: str, target: str, *, credentials: bool) -> None:
    """Contract 3.16, 3.18, 3.22, 3.23 and 4.17, which hold for every response."""
    path = target.partition("?")[0]
    told = dict(answer.pairs)
    assert len(told) == len(answer.pairs), "a header twice"
    assert answer.status != 500, answer.body
    assert told["x-content-type-options"] == "nosniff"
    assert told["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in told["content-security-policy"]
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", told["x-request-id"])
    assert not re.search(r"\d", told.get("server", ""))
    assert told["date"].endswith("GMT")
    assert "set-cookie" not in told
    assert "vary" in told or answer.status in (400, 501)
    if path.startswith("/v1"):
        assert "authorization" in told["vary"].lower()
        if path.startswith("/v1/files/") and answer.status < 400 and method in ("GET", "HEAD"):
            assert told["content-security-policy"] == f"{API_POLICY}; sandbox"
            assert told["cache-control"] == "private, no-store"
        else:
            assert told["content-security-policy"] == API_POLICY
            _check_cache_of_api(answer.status, method, path, told, credentials)
    if method in ("GET", "HEAD") and answer.status in (200, 304):
        assert re.fullmatch(r'"[\x21\x23-\x7e]+"', told["etag"])
    if method == "OPTIONS" and answer.status == 204:
        assert {"GET", "HEAD", "OPTIONS"} <= set(told["allow"].split(", ")) or "OPTIONS" in told["allow"]
    if answer.status >= 400:
        check_problem(answer, told, method)


def check_problem(answer: Answer, told: dict[str, str], method: str) -> None:
    assert told["content-type"] == "application/problem+json"
    assert told["cache-control"] == "no-store"
    required = {401: "www-authenticate", 405: "allow", 412: "etag", 429: "retry-after", 503: "retry-after"}
    assert required.get(answer.status, "date") in told
    if method == "HEAD":
        return
    problem = answer.json
    assert set(problem) >= PROBLEM_KEYS
    assert problem["type"].endswith(f"/problems/{problem['code']}")
    assert problem["status"] == answer.status
    assert problem["title"]
    assert problem["detail"]
    assert problem["request_id"] == told["x-request-id"]
    assert not TELLTALE.search(answer.body), answer.body
    assert len(answer.body) < 200_000
    if "errors" in problem:
        assert problem["errors"][0]["code"] == problem["code"]
        answer.errors()


def _check_cache_of_api(status: int, method: str, path: str, told: dict[str, str], credentials: bool) -> None:
    if status >= 400 or (path, method) == ("/v1/sessions", "POST"):
        assert told["cache-control"] == "no-store"
    elif method == "OPTIONS":
        assert "public" not in told["cache-control"]
    elif credentials:
        assert told["cache-control"] == "private, no-store"
    elif method in ("GET", "HEAD"):
        assert told["cache-control"] == "public, no-cache"


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
