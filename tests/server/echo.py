"""The application, its policy and the worker that the server's tests run under a real gunicorn."""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from api.server import Answer, BodyError, Code, Environ, Lane, Limits, Worker

STATUS: dict[Code, int] = {
    "bad-request": 400,
    "host-required": 400,
    "host-invalid": 400,
    "bad-framing": 400,
    "incomplete-body": 400,
    "request-timeout": 408,
    "body-too-large": 413,
    "uri-too-long": 414,
    "expectation-failed": 417,
    "headers-too-large": 431,
    "internal": 500,
    "transfer-coding": 501,
    "busy": 503,
    "shutting-down": 503,
    "storage-unavailable": 503,
}

calls = 0
closed = 0
refusals = 0


class EchoPolicy:
    """Answers a refusal with all that the server says of it."""

    def answers_at_once(self, environ: Environ) -> bool:
        return environ["PATH_INFO"] == "/at-once"

    def lane(self, environ: Environ) -> Lane:
        if environ["PATH_INFO"] == "/hold":
            return "slow"
        if environ["PATH_INFO"] == "/hold-later":
            return "slower"
        return "read" if environ["REQUEST_METHOD"] == "GET" else "write"

    def refuse(self, code: Code, environ: Environ, *, seconds: float, started: bool) -> Answer:
        global refusals
        refusals += 1
        request = {name: value for name, value in environ.items() if isinstance(value, str)}
        report = {"code": code, "environ": request, "seconds": seconds, "started": started}
        return STATUS[code], {"Content-Type": "application/json", "X-Code": code}, json.dumps(report).encode()

    def report_failure(self, error: BaseException, environ: Environ) -> None:
        print("failed at", environ["PATH_INFO"], file=sys.stderr)
        traceback.print_exception(error)


class QuickWorker(Worker):
    """The server with deadlines that a test can wait for."""

    def policy(self) -> EchoPolicy:
        return EchoPolicy()

    def folder(self) -> Path | None:
        return Path(os.environ["TEST_FOLDER"]) if "TEST_FOLDER" in os.environ else None

    limits = Limits(
        head_seconds=1.0,
        pace_seconds=float(os.environ.get("TEST_PACE_SECONDS", "0.5")),
        linger_seconds=0.5,
        linger_most_seconds=2.0,
        stop_seconds=0.5,
        large_bodies=int(os.environ.get("TEST_LARGE_BODIES", "64")),
        queue=int(os.environ.get("TEST_QUEUE", "128")),
        queue_seconds=float(os.environ.get("TEST_QUEUE_SECONDS", "10")),
    )


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A resource for each thing that a server can get wrong."""
    global calls
    query = dict(parse_qsl(environ["QUERY_STRING"]))
    page = environ["PATH_INFO"].strip("/").partition("/")[0]
    if page == "calls":
        return _json(start_response, {"calls": calls, "closed": closed, "refusals": refusals})
    calls += 1
    return _PAGES.get(page, _echo)(environ, start_response, query)


def _json(start_response: Callable[..., Any], value: object, status: str = "200 OK") -> list[bytes]:
    body = json.dumps(value).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _echo(environ: dict[str, Any], start_response: Callable[..., Any], _query: dict[str, str]) -> list[bytes]:
    try:
        body = environ["wsgi.input"].read()
    except BodyError as error:
        return _json(start_response, {"code": error.code}, "418 In the application")
    request = {k: v for k, v in environ.items() if isinstance(v, str)}
    return _json(start_response, {**request, "body": body.decode("latin-1")})


def _unasked(
    _environ: dict[str, Any], start_response: Callable[..., Any], _query: dict[str, str]
) -> list[bytes]:
    return _json(start_response, {}, "401 Unauthorized")


def _upload(
    environ: dict[str, Any], start_response: Callable[..., Any], query: dict[str, str]
) -> list[bytes]:
    environ["kiosque.body_limit"] = int(query["limit"])
    if "hold" in query and "kiosque.held" in environ:
        environ["kiosque.held"] = held = Path(query["hold"]).open("ab")  # noqa: SIM115 (the server closes it)
        fcntl.flock(held, fcntl.LOCK_EX)
    stream, digest, size = environ["wsgi.input"], hashlib.sha256(), 0
    try:
        while block := stream.read(65_536):
            digest.update(block)
            size += len(block)
    except BodyError as error:
        return _json(start_response, {"code": error.code}, "418 In the application")
    is_file = isinstance(stream, io.BufferedReader)
    stream.seek(0)
    found = {"is_file": is_file, "size": size, "sha256": digest.hexdigest(), "first": stream.read(1)[0]}
    return _json(start_response, {**found, "length": environ["CONTENT_LENGTH"]})


def _greedy(
    environ: dict[str, Any], start_response: Callable[..., Any], _query: dict[str, str]
) -> list[bytes]:
    environ["wsgi.input"].read()
    return _json(start_response, {})


def _wait(_environ: dict[str, Any], start_response: Callable[..., Any], query: dict[str, str]) -> list[bytes]:
    Path(query["begun"]).touch()
    while not Path(query["until"]).exists():
        time.sleep(0.005)
    return _json(start_response, {"waited": True})


def _stream(
    environ: dict[str, Any], start_response: Callable[..., Any], query: dict[str, str]
) -> Iterator[bytes]:
    headers = [("Content-Type", "text/plain")]
    if "length" in query:
        headers.append(("Content-Length", query["length"]))
    start_response("200 OK", headers)
    try:
        for number in range(int(query["blocks"])):
            if query.get("fail") == str(number):
                raise RuntimeError("on purpose")
            if query.get("pause") == str(number):
                _wait(environ, lambda *_: None, query)
            yield b"x" * int(query["size"])
    finally:
        global closed
        closed += 1


def _file(
    environ: dict[str, Any], start_response: Callable[..., Any], query: dict[str, str]
) -> Iterable[bytes]:
    size = int(query["size"])
    start_response("200 OK", [("Content-Length", query.get("length", str(size)))])
    wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](io.BytesIO(b"f" * size), 512)
    return wrapped


def _status(
    _environ: dict[str, Any], start_response: Callable[..., Any], query: dict[str, str]
) -> list[bytes]:
    start_response(query["line"], [("Content-Length", "5"), ("ETag", '"e"')])
    return [b"hello"]


def _header(
    _environ: dict[str, Any], start_response: Callable[..., Any], query: dict[str, str]
) -> list[bytes]:
    start_response("200 OK", [(query.get("name", "X-Name"), query["value"])])
    return [b"hello"]


def _raise(
    _environ: dict[str, Any], _start_response: Callable[..., Any], _query: dict[str, str]
) -> list[bytes]:
    raise RuntimeError("on purpose")


def _abort(
    _environ: dict[str, Any], _start_response: Callable[..., Any], _query: dict[str, str]
) -> list[bytes]:
    raise ConnectionAbortedError


def _exit(
    _environ: dict[str, Any], _start_response: Callable[..., Any], _query: dict[str, str]
) -> list[bytes]:
    raise SystemExit(3)


def _write(
    _environ: dict[str, Any], start_response: Callable[..., Any], _query: dict[str, str]
) -> list[bytes]:
    write = start_response("200 OK", [])
    write(b"one ")
    write(b"two ")
    return [b"three"]


def _hints(
    environ: dict[str, Any], start_response: Callable[..., Any], query: dict[str, str]
) -> Iterator[bytes]:
    hint = environ.get("wsgi.early_hints", lambda _headers: None)
    name, value = query.get("name", "Link"), query.get("value", "</a.css>; rel=preload; as=style")
    hint([(name, value)])
    hint([("Link", "</b.js>; rel=modulepreload"), ("X-Two", "2")])
    start_response("200 OK", [("Content-Length", "8")])
    yield b"half"
    hint([("Link", "</late.css>; rel=preload; as=style")])
    yield b"half"


_PAGES = {
    "unasked": _unasked,
    "greedy": _greedy,
    "upload": _upload,
    "wait": _wait,
    "hold": _wait,
    "hold-later": _wait,
    "stream": _stream,
    "file": _file,
    "status": _status,
    "header": _header,
    "raise": _raise,
    "abort": _abort,
    "exit": _exit,
    "write": _write,
    "hints": _hints,
}
