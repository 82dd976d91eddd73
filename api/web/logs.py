"""Logs on standard error: JSON lines for machines, readable lines on a terminal, never a secret in either."""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Mapping
from typing import Any, TextIO
from urllib.parse import unquote_to_bytes

import msgspec

from api import times
from api.web.context import Identity
from api.web.query import SECRETS, name_of

SECRET_NAMES = SECRETS | {
    "apikey", "auth", "authorization", "bearer", "client_secret", "code", "credentials", "id_token", "jwt",
    "key", "pass", "passwd", "passphrase", "pwd", "refresh_token", "secret", "session", "sessionid", "sig",
    "signature",
}  # fmt: skip

_encode = msgspec.json.Encoder().encode
_access = logging.getLogger("kiosque.access")
_security = logging.getLogger("kiosque.security")
_OURS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_AUTHORITY = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]*://[^/?]*")
_FILE_LINK = re.compile(r"(?<=/v1/files/).*|kof_[\w-]*", re.IGNORECASE | re.DOTALL)
"""The secret part of a link to a file that was bought, however the rest is spelt."""
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Characters that could act on the terminal of whoever reads the log, Unicode's bidi controls included."""


def access(
    *,
    request_id: str,
    method: str | None,
    route: str | None,
    path: str | None,
    query: str,
    status: int,
    seconds: float,
    client: str,
    account: str | None = None,
    **more: str | None,
) -> None:
    """Log one request that was answered; `client` is the network that it came from."""
    if not _access.isEnabledFor(logging.INFO):
        return
    _access.handle(
        _Line(
            request_id=request_id,
            method=method,
            route=route,
            path=without_links(path) if path else path,
            query=redacted(query) if query else "",
            status=status,
            duration_ms=round(seconds * 1000, 2),
            client=client,
            account=account,
            **more,
        )
    )


def viewer_of(viewer: Identity | None) -> dict[str, str | None]:
    """Who made a request: the account, and its session or its API key; or the order of a guest."""
    if viewer is None:
        return {"account": None}
    if viewer.order_id is not None:
        return {"account": None, "order": viewer.order_id}
    return {
        "account": viewer.account_id,
        **({"key": viewer.key_id} if viewer.key_id else {"session": viewer.session_id}),
    }


def security(event: str, **facts: str | None) -> None:
    """Log one event that an investigation would ask for; no facts that are secret or personal."""
    _security.info("%s", event, extra=facts)


def at_shell(event: str, command: str, **facts: str | None) -> None:
    """Log one event that a command has caused: a line like that of a request, which it has not."""
    security(event, request_id=None, client=None, path=command, account=None, **facts)


def refused(
    environ: Mapping[str, Any], *, request_id: str, status: int, code: str, seconds: float, client: str
) -> None:
    """Log a request that never reached the application; what is unknown is null."""
    path, _, query = _AUTHORITY.sub("", environ.get("RAW_URI", ""), 1).partition("?")
    access(
        request_id=request_id,
        method=environ.get("REQUEST_METHOD"),
        route=None,
        path=unquote_to_bytes(path.encode("latin-1")).decode("utf-8", "replace") or None,
        query=query,
        status=status,
        seconds=seconds,
        code=code,
        client=client,
    )


def redacted(query_string: str) -> str:
    """A query string without the values of parameters that have secret names."""
    return "&".join(
        f"{part.partition('=')[0]}=[redacted]"
        if name_of(part).lower().replace("-", "_") in SECRET_NAMES
        else part
        for part in query_string.split("&")
    )


def without_links(path: str) -> str:
    """A path without the secret of a link to a file."""
    plain = path.lower()
    if path.isascii() and "kof_" not in plain and "/v1/files/" not in plain:  # a fifth of a search
        return path
    return _FILE_LINK.sub("[redacted]", path)


def configuration() -> dict[str, Any]:
    """The `dictConfig` of this process, gunicorn's loggers included."""
    formatter = ReadableFormatter if sys.stderr.isatty() else JsonFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"stderr": {"()": StandardError, "formatter": "line", "stream": "ext://sys.stderr"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "kiosque": {"level": "INFO"},
            "gunicorn.error": {"level": "INFO", "propagate": True, "handlers": []},
            "gunicorn.access": {"level": "CRITICAL", "propagate": False, "handlers": []},
        },
    }


class StandardError(logging.StreamHandler[TextIO]):
    """Writes to standard error, which flushes each line by itself."""

    def flush(self) -> None:
        """Nothing: to flush once more takes as long as to encode a line."""


class _Line(logging.LogRecord):
    """A record of the access log. Python's own looks up caller, thread and process: half of the cost."""

    def __init__(self, **extra: Any) -> None:
        self.__dict__ |= _BLANK
        self.created = time.time()
        self.extra = extra


_BLANK = vars(logging.LogRecord(_access.name, logging.INFO, "", 0, "request", None, None))


class JsonFormatter(logging.Formatter):
    """Members: time, level, logger, message, then the `extra` of the call."""

    def format(self, record: logging.LogRecord) -> str:
        members = {
            "time": times.now(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_extra(record),
        }
        if record.exc_info:
            members["trace"] = self.formatException(record.exc_info)
        line = _encode(members).decode()
        # JSON has escaped all other control characters of ASCII.
        return line if line.isascii() and "\x7f" not in line else _without_controls(line)


class ReadableFormatter(logging.Formatter):
    """A line for people: time, status, method, path, duration."""

    def format(self, record: logging.LogRecord) -> str:
        extra = _extra(record)
        if record.name == _access.name:
            query = f"?{extra['query']}" if extra["query"] else ""
            return _without_controls(
                f"{times.now()[11:19]}  {extra['status']}  {extra['method'] or '–':6} {extra['path'] or '–'}"
                f"{query}  {extra['duration_ms']} ms  {extra['account'] or extra.get('code') or '–'}"
            )
        line = f"{times.now()[11:19]}  {record.levelname.lower()}  {record.getMessage()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _without_controls(line: str) -> str:
    """The line with control characters escaped as in JSON, which has escaped some of them already."""
    if line.isprintable():  # five times as fast as searching for each
        return line
    return _CONTROLS.sub(lambda control: f"\\u{ord(control[0]):04x}", line)


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    if isinstance(record, _Line):
        return record.extra
    return {name: value for name, value in vars(record).items() if name not in _OURS}
