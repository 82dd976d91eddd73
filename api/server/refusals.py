"""Answers to requests that never reach the application, in the words of the catalogue."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from api.errors import DomainError
from api.server import response
from api.storage import Busy
from api.web import http_errors as refusals
from api.web import logs, problems
from api.web.metrics import Metrics
from api.web.middleware import KNOWN_METHODS

ROUTE = "(server)"
"""In the metrics: no route was looked for."""

_ERRORS: dict[str, type[DomainError]] = {
    error.code: error
    for error in (
        refusals.BadRequest,
        refusals.HostRequired,
        refusals.HostInvalid,
        refusals.BadFraming,
        refusals.IncompleteBody,
        refusals.RequestTimeout,
        refusals.BodyTooLarge,
        refusals.UriTooLong,
        refusals.ExpectationFailed,
        refusals.HeadersTooLarge,
        refusals.Internal,
        refusals.TransferCoding,
        refusals.ShuttingDown,
        Busy,
    )
}


class Refusals:
    """The server's own answers: each has its line in the log and its count, as the application's have."""

    def __init__(self) -> None:
        self._metrics = Metrics()  # adds up with the application's in the folder that all workers share

    def answer(
        self,
        code: str,
        environ: Mapping[str, Any],
        *,
        seconds: float,
        request_id: str | None = None,
        told: bool = False,
    ) -> bytes:
        """A whole answer, after which the connection closes; `told`: the request has had its line."""
        error = _ERRORS[code]()
        request_id = request_id or response.request_id(environ)
        status = problems.status_of(error)
        method = environ.get("REQUEST_METHOD")
        if not told:
            logs.refused(environ, request_id=request_id, status=status, code=code, seconds=seconds)
            with contextlib.suppress(OSError):  # out of descriptors: better not counted than not answered
                self._metrics.observe(method if method in KNOWN_METHODS else "other", ROUTE, status, seconds)
        head, body = _head_and_body(error, request_id)
        return head if method == "HEAD" else head + body


def _head_and_body(error: DomainError, request_id: str) -> tuple[bytes, bytes]:
    body = problems.body_of(error, request_id)
    status = HTTPStatus(problems.status_of(error))
    headers = {
        "Date": formatdate(usegmt=True),
        "Content-Type": problems.MEDIA_TYPE,
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        **problems.SAFETY_HEADERS,
        "X-Request-ID": request_id,
        **problems.headers_of(error),
        "Connection": "close",
    }
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode(), body
