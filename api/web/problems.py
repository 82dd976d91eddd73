"""The only writer of error bodies (RFC 9457), so that clients meet one shape, whatever failed."""

from __future__ import annotations

import logging
from typing import Any

import falcon
import msgspec

from api import errors
from api.errors import DomainError, FieldError
from api.web import http_errors as refusals
from api.web.context import Request, Response
from api.web.http_errors import Refusal

STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (errors.Invalid, 422),
    (errors.NotSignedIn, 401),
    (errors.NotAllowed, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.TooMany, 429),
    (errors.Unavailable, 503),
)
MEDIA_TYPE = "application/problem+json"
REALM = 'Bearer realm="kiosque"'
SAFETY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
"""Headers of every answer; pages have a Content-Security-Policy of their own."""

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


def body_of(error: DomainError, request_id: str) -> bytes:
    """The problem as JSON."""
    members: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": error.title,
        "status": status_of(error),
        "detail": error.detail,
        "code": error.code,
        "request_id": request_id,
        **error.data,
    }
    if error.errors:
        members["errors"] = [_field(field) for field in error.errors]
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


def answer(resp: Response, error: DomainError, request_id: str) -> None:
    """Make `error` the whole answer."""
    for name in _PROMISES:
        resp.delete_header(name)
    if not isinstance(error, refusals.PreconditionFailed):
        resp.delete_header("ETag")
    resp.status = status_of(error)
    resp.content_type = MEDIA_TYPE
    resp.data = body_of(error, request_id)
    resp.set_headers(headers_of(error))
    resp.set_header("Cache-Control", "no-store")


def install(app: falcon.App[Request, Response]) -> None:
    """Make this module handle every error of `app`."""
    app.add_error_handler(Exception, _unexpected)
    app.add_error_handler(falcon.HTTPError, _falcon)
    app.add_error_handler(DomainError, _domain)


def _domain(req: Request, resp: Response, error: DomainError, _params: dict[str, Any]) -> None:
    if isinstance(error, errors.Unavailable):
        log.warning("%s", error.code, extra={"request_id": req.context.request_id}, exc_info=error)
    answer(resp, error, req.context.request_id)


def _falcon(req: Request, resp: Response, error: falcon.HTTPError, _params: dict[str, Any]) -> None:
    refusal: DomainError
    if isinstance(error, falcon.HTTPRouteNotFound | falcon.HTTPNotFound):
        refusal = errors.NotFound()
    elif isinstance(error, falcon.HTTPMethodNotAllowed):
        refusal = refusals.MethodNotAllowed()
        resp.set_headers(dict(error.headers or {}))
    elif error.status_code < 500:
        refusal = refusals.BadRequest(error.title)
    else:
        _unexpected(req, resp, error, _params)
        return
    answer(resp, refusal, req.context.request_id)


def _unexpected(req: Request, resp: Response, error: Exception, _params: dict[str, Any]) -> None:
    log.error("unexpected error", extra={"request_id": req.context.request_id}, exc_info=error)
    answer(resp, refusals.Internal(), req.context.request_id)


def _field(error: FieldError) -> dict[str, str]:
    members = {"code": error.code, "detail": error.detail}
    for name in ("pointer", "parameter", "header"):
        value = getattr(error, name)
        if value is not None:
            members[name] = value
    return members
