"""Logs: one JSON object a line on standard error, or a readable line on a terminal; never a secret."""

from __future__ import annotations

import logging
import sys
from typing import Any

import msgspec

from api import times
from api.web.context import Request, Response
from api.web.query import SECRETS, name_of

SECRET_NAMES = SECRETS | {"secret", "key"}

_access = logging.getLogger("kiosque.access")
_OURS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def access(req: Request, resp: Response, *, seconds: float) -> None:
    """One line for a request that was answered."""
    viewer = req.context.viewer
    _access.info(
        "request",
        extra={
            "request_id": req.context.request_id,
            "method": req.method,
            "route": req.uri_template,
            "path": req.path,
            "query": redacted(req.query_string),
            "status": resp.status_code,
            "duration_ms": round(seconds * 1000, 2),
            "account": viewer.id if viewer else None,
        },
    )


def redacted(query_string: str) -> str:
    """A query string without the values of secret names."""
    return "&".join(
        f"{part.partition('=')[0]}=[redacted]" if name_of(part).lower() in SECRET_NAMES else part
        for part in query_string.split("&")
    )


def configuration() -> dict[str, Any]:
    """The `dictConfig` of this process, gunicorn's loggers included."""
    formatter = ReadableFormatter if sys.stderr.isatty() else JsonFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}
        },
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "kiosque": {"level": "INFO"},
            "gunicorn.error": {"level": "INFO", "propagate": True, "handlers": []},
            "gunicorn.access": {"level": "CRITICAL", "propagate": False, "handlers": []},
        },
    }


class JsonFormatter(logging.Formatter):
    """time, level, logger, message, then whatever the call added."""

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
        return msgspec.json.encode(members).decode()


class ReadableFormatter(logging.Formatter):
    """A line for people: what was asked, what was answered, how long it took."""

    def format(self, record: logging.LogRecord) -> str:
        extra = _extra(record)
        if record.name == _access.name:
            query = f"?{extra['query']}" if extra["query"] else ""
            return (
                f"{times.now()[11:19]}  {extra['status']}  {extra['method']:6} {extra['path']}{query}"
                f"  {extra['duration_ms']} ms  {extra['account'] or '–'}"
            )
        line = f"{times.now()[11:19]}  {record.levelname.lower()}  {record.getMessage()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _OURS}
