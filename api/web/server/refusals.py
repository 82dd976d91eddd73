"""Answers to requests that never reach the application, in the words of the catalogue."""

from __future__ import annotations

from email.utils import formatdate
from http import HTTPStatus

from api.database import Busy
from api.errors import DomainError
from api.ids import new_id
from api.web import problems, refusals

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


def refusal(code: str, request_id: str | None = None) -> bytes:
    """A whole answer, head and RFC 9457 body, after which the connection closes."""
    error = _ERRORS[code]()
    request_id = request_id or new_id("req")
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
    return "\r\n".join([*lines, "", ""]).encode() + body
