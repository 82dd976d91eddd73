"""Preconditions (RFC 9110 §13): they keep a client from overwriting a version that it has not seen."""

from __future__ import annotations

from typing import Any

from api.web import json
from api.web.context import Request, Response
from api.web.http_errors import PreconditionFailed
from api.web.responses import etag_of


def check(req: Request, resp: Response, current: Any) -> None:
    """Refuse a write when If-Match or If-None-Match fails for `current`, the view that GET answers.

    Where the view has a `version`, "v<version>" stands for it in If-Match: it fails only if the thing itself
    has changed, and not what is shown beside it, such as a count.
    """
    match, none_match = req.get_header("If-Match"), req.get_header("If-None-Match")
    if match is None and none_match is None:
        return
    etag = etag_of(json.encode(current))
    version = f'"v{getattr(current, "version", None)}"'  # an ETag is longer, so none is mistaken for it
    stale = match is not None and not any(matches(match, tag, weak=False) for tag in (etag, version))
    if stale or (none_match is not None and matches(none_match, etag, weak=True)):
        resp.set_header("ETag", etag)
        raise PreconditionFailed


def not_modified(req: Request, resp: Response) -> None:
    """Turn a 200 to GET into 304 when the client already has these bytes."""
    etag, known = resp.get_header("ETag"), req.get_header("If-None-Match")
    if etag and known is not None and matches(known, etag, weak=True):
        resp.status = 304
        close = getattr(resp.stream, "close", None)
        if close is not None:
            close()
        resp.data = resp.text = resp.stream = None
        resp.delete_header("Content-Type")


def matches(header: str, etag: str, *, weak: bool) -> bool:
    """Whether `etag` is in a list of validators, or the list is `*`; strong comparison unless `weak`."""
    if header.strip() == "*":
        return True
    candidates = (candidate.strip() for candidate in header.split(","))
    return any((candidate.removeprefix("W/") if weak else candidate) == etag for candidate in candidates)
