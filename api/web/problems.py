"""The only writer of error bodies (RFC 9457), so that clients meet one shape, whatever failed."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import falcon
import msgspec

from api import errors
from api.errors import DomainError, FieldError
from api.web import http_errors as refusals
from api.web.context import Request, Response
from api.web.credentials import judged
from api.web.http_errors import Refusal

STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (errors.Invalid, 422),
    (errors.NotSignedIn, 401),
    (errors.NotAllowed, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.Gone, 410),
    (errors.TooMany, 429),
    (errors.Unavailable, 503),
)
MEDIA_TYPE = "application/problem+json"
REALM = 'Bearer realm="kiosque"'
ECHO = 100
"""Characters of a client's own input that a problem may echo."""

_PROMISES = ("Location", "Link", "Idempotent-Replayed")
"""Headers of a successful answer that was ready when its transaction failed."""

log = logging.getLogger("kiosque.problems")


def status_of(error: DomainError | type[DomainError]) -> int:
    """The HTTP status of an error: its own, or that of its base class."""
    kind = error if isinstance(error, type) else type(error)
    if issubclass(kind, Refusal):
        return kind.status
    return next(status for base, status in STATUS if issubclass(kind, base))


def shown(text: str) -> str:
    """A client's own input, truncated to what a problem may echo."""
    return text if len(text) <= ECHO else text[: ECHO - 1] + "…"


def type_of(error: DomainError | type[DomainError], site: str) -> str:
    """The address of the page that explains the error, on the site at `site`."""
    return f"{site}/problems/{error.code}"


def body_of(error: DomainError, request_id: str, site: str) -> bytes:
    """The problem as JSON."""
    members: dict[str, Any] = {
        "type": type_of(error, site),
        "title": error.title,
        "status": status_of(error),
        "detail": error.detail,
        "code": error.code,
        "remedy": error.remedy,
        "request_id": request_id,
        **error.data,
    }
    if error.errors:
        members["errors"] = [_field(field) for field in error.errors]
    if error.errors_left_out:
        members["errors_left_out"] = error.errors_left_out
    return msgspec.json.encode(members)


def headers_of(error: DomainError) -> dict[str, str]:
    """The headers of this error, besides those of every answer."""
    headers = dict(error.headers) if isinstance(error, Refusal) else {}
    if isinstance(error, errors.NotSignedIn):
        headers["WWW-Authenticate"] = REALM + error.challenge
    if isinstance(error, refusals.InsufficientScope):
        headers["WWW-Authenticate"] = f'{REALM}, error="insufficient_scope", scope="{error.data["scope"]}"'
    if isinstance(error, errors.TooMany | errors.Unavailable):
        headers["Retry-After"] = str(error.retry_after)
    return headers


def install(app: falcon.App[Request, Response], site: str) -> None:
    """Make every error of `app`, whose public address is `site`, the whole answer to its request."""
    handlers = _Handlers(site)
    app.add_error_handler(Exception, handlers.unexpected)
    app.add_error_handler(falcon.HTTPError, handlers.falcon)
    app.add_error_handler(DomainError, handlers.domain)


@dataclass(frozen=True, slots=True)
class _Handlers:
    site: str

    def domain(self, req: Request, resp: Response, error: DomainError, _params: dict[str, Any]) -> None:
        if isinstance(error, errors.Unavailable):
            log.warning("%s", error.code, extra={"request_id": req.context.request_id}, exc_info=error)
        self._answer(req, resp, judged(error, req.context.viewer))

    def falcon(self, req: Request, resp: Response, error: falcon.HTTPError, params: dict[str, Any]) -> None:
        if isinstance(error, falcon.HTTPRouteNotFound | falcon.HTTPNotFound):
            self._answer(req, resp, errors.NotFound())
        elif isinstance(error, falcon.HTTPMethodNotAllowed):
            resp.set_headers(dict(error.headers or {}))
            self._answer(req, resp, refusals.MethodNotAllowed())
        elif error.status_code < 500:
            self._answer(req, resp, refusals.BadRequest(error.title))
        else:
            self.unexpected(req, resp, error, params)

    def unexpected(self, req: Request, resp: Response, error: Exception, _params: dict[str, Any]) -> None:
        log.error("unexpected error", extra={"request_id": req.context.request_id}, exc_info=error)
        self._answer(req, resp, refusals.Internal())

    def _answer(self, req: Request, resp: Response, error: DomainError) -> None:
        for name in _PROMISES:
            resp.delete_header(name)
        if not isinstance(error, refusals.PreconditionFailed):
            resp.delete_header("ETag")
        resp.status = status_of(error)
        resp.content_type = MEDIA_TYPE
        resp.data = body_of(error, req.context.request_id, self.site)
        resp.set_headers(headers_of(error))
        resp.set_header("Cache-Control", "no-store")


def _field(error: FieldError) -> dict[str, str]:
    members = {"code": error.code, "detail": error.detail}
    for name in ("pointer", "parameter", "header"):
        value = getattr(error, name)
        if value is not None:
            members[name] = value
    return members
