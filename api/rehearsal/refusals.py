"""The refusals that can be rehearsed: the catalogue's own problems, and what a proxy says in its place."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from api.errors import DomainError, concrete_errors
from api.web.context import Request, Response
from api.web.problems import status_of
from api.web.samples import sample

REFUSAL = "kiosque.rehearsed_refusal"
"""The key of the environ with the error to answer with."""

PROXYS = (502, 504)
"""Statuses that no problem has: a proxy in front answers with them, in HTML."""

_USUAL = {
    400: "bad-request",
    401: "invalid-token",
    403: "forbidden",
    404: "not-found",
    415: "unsupported-media-type",
    422: "invalid-format",
    500: "internal",
    501: "method-not-implemented",
    503: "busy",
}
"""The problem of a status that several have; of 409 none is more usual than others."""

_HEADERS = {
    "method-not-allowed": {"Allow": "OPTIONS"},
    "precondition-failed": {"ETag": '"2b0f7ac7f6b8a0e3c1a9f3d4e5f60718"'},
    "range-not-satisfiable": {"Content-Range": "bytes */0"},
    "unsupported-media-type": {"Accept-Post": "application/json"},
}


class RaiseRefusal:
    """The middleware that refuses as a responder would, with the headers that every answer has."""

    def process_request(self, req: Request, resp: Response) -> None:
        error: DomainError | None = req.env.get(REFUSAL)
        if error is not None:
            resp.set_headers(_HEADERS.get(error.code, {}))
            raise error


def mistake_in(code: int | str) -> str | None:
    """The reason why nothing can be refused with that status or code of a problem."""
    if code in PROXYS or _kind_of(code) is not None:
        return None
    if isinstance(code, str):
        return f"No problem has the code {code!r}; /problems lists all."
    codes = [kind.code for kind in concrete_errors() if status_of(kind) == code]
    if codes:
        return f"Several problems have the status {code}, so name one by its code: {', '.join(codes)}."
    return f"No problem has the status {code}; /problems lists all."


def refusal_of(code: int | str) -> DomainError:
    """The error with that status or code, with all that its kind has; `mistake_in` knows none."""
    kind = _kind_of(code)
    assert kind is not None  # noqa: S101
    return sample(kind)


def proxys_answer(status: int, start_response: Callable[..., Any]) -> list[bytes]:
    """A proxy's own answer."""
    title = f"{status} {HTTPStatus(status).phrase}"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n".encode()
    start_response(title, [("Content-Type", "text/html"), ("Content-Length", str(len(page)))])
    return [page]


def _kind_of(code: int | str) -> type[DomainError] | None:
    kinds = concrete_errors()
    if isinstance(code, int):
        with_status = [kind.code for kind in kinds if status_of(kind) == code]
        code = with_status[0] if len(with_status) == 1 else _USUAL.get(code, "")
    return next((kind for kind in kinds if kind.code == code), None)
