"""Kiosque's answers, log lines and metrics for requests that the HTTP server refuses by itself."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Mapping
from typing import Any, Literal

from api.errors import DomainError
from api.storage import Busy, StorageUnavailable
from api.web import http_errors, logs, problems
from api.web.client_address import ClientNetworks
from api.web.metrics import Metrics
from api.web.middleware import KNOWN_METHODS
from api.web.request_ids import request_id
from api.web.safety import safety_headers

ROUTE = "(server)"
"""The route in the metrics of requests that were never routed."""

ERRORS: dict[str, type[DomainError]] = {
    error.code: error
    for error in (
        http_errors.BadRequest,
        http_errors.HostRequired,
        http_errors.HostInvalid,
        http_errors.BadFraming,
        http_errors.IncompleteBody,
        http_errors.RequestTimeout,
        http_errors.BodyTooLarge,
        http_errors.UriTooLong,
        http_errors.ExpectationFailed,
        http_errors.HeadersTooLarge,
        http_errors.Internal,
        http_errors.TransferCoding,
        http_errors.ShuttingDown,
        Busy,
        StorageUnavailable,
    )
}

_READING = frozenset(("GET", "HEAD", "OPTIONS"))

log = logging.getLogger("kiosque.server")


class ServerPolicy:
    """Implements the protocol `Policy` of `api.server`; neither side imports the other."""

    def __init__(
        self,
        answers_at_once: Callable[[dict[str, Any]], bool],
        lanes: Mapping[tuple[str, str], Literal["slow", "slower"]],
        metrics: Metrics,
        networks: ClientNetworks,
        site: str,
    ) -> None:
        """`lanes`: of slow requests, by method and path; `site`: its public address."""
        self.answers_at_once = answers_at_once
        self._lanes = lanes
        self._metrics = metrics
        self._networks = networks
        self._site = site

    def lane(self, environ: dict[str, Any]) -> Literal["read", "write", "slow", "slower"]:
        """The queue of a request; hashing a password has one of its own, so that it delays no read."""
        method = environ["REQUEST_METHOD"]
        lane = self._lanes.get(("GET" if method == "HEAD" else method, environ["PATH_INFO"]))
        return lane or ("read" if method in _READING else "write")

    def refuse(
        self, code: str, environ: dict[str, Any], *, seconds: float, started: bool
    ) -> tuple[int, dict[str, str], bytes]:
        """A problem, logged and counted here unless the application, once `started`, does both itself."""
        error, known_as = ERRORS[code](), request_id(environ)
        status = problems.status_of(error)
        if not started:
            logs.refused(
                environ,
                request_id=known_as,
                status=status,
                code=code,
                seconds=seconds,
                client=self._networks.of_environ(environ),
            )
            method = environ.get("REQUEST_METHOD")
            with contextlib.suppress(
                OSError
            ):  # out of file descriptors: answering matters more than counting
                self._metrics.observe(method if method in KNOWN_METHODS else "other", ROUTE, status, seconds)
        headers = {
            "Content-Type": problems.MEDIA_TYPE,
            "Cache-Control": "no-store",
            **safety_headers(self._site),
            "X-Request-ID": known_as,
            **problems.headers_of(error),
        }
        return status, headers, problems.body_of(error, known_as, self._site)

    def report_failure(self, error: BaseException, environ: dict[str, Any]) -> None:
        """Log the error under the request id of the answer."""
        request = {"method": environ["REQUEST_METHOD"], "path": environ["PATH_INFO"]}
        log.error(
            "the application failed", extra={"request_id": request_id(environ), **request}, exc_info=error
        )
