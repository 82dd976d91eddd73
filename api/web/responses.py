"""The shapes of successful answers, each written once: a view, a new thing, a page of a list, nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from api.web import json
from api.web.context import Response


def etag_of(body: bytes) -> str:
    """The strong validator of a representation, derived from its bytes alone (RFC 9110 §8.8.3)."""
    return f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


def answer(resp: Response, view: Any) -> None:
    """200 with `view` as JSON and its ETag."""
    resp.data = json.encode(view)
    resp.set_header("ETag", etag_of(resp.data))


def document(resp: Response, body: bytes, media_type: str) -> None:
    """200 with a document that is not JSON, and its ETag."""
    resp.data = body
    resp.content_type = media_type
    resp.set_header("ETag", etag_of(body))


def created(resp: Response, view: Any, *, location: str | None = None, lasts: bool = False) -> None:
    """201 with `view`, and its path in Location; `lasts`: it is never deleted, so none looks for it again."""
    answer(resp, view)
    resp.status = 201
    resp.context.created_id = None if lasts else getattr(view, "id", None)
    if location is not None:
        resp.location = location


def accepted(resp: Response, view: Any) -> None:
    """202 with `view`: it will be done once it has been answered."""
    resp.data = json.encode(view)
    resp.status = 202


def no_content(resp: Response) -> None:
    """204."""
    resp.status = 204


def listed(resp: Response, views: Sequence[Any], *, next_page: str | None) -> None:
    """200 with one page; `next_page` is the path of the next, also as a Link (RFC 8288)."""
    answer(resp, {"data": views, "next": next_page})
    if next_page is not None:
        resp.set_header("Link", f'<{next_page}>; rel="next"')


def moved(resp: Response, path: str) -> None:
    """308: the thing was renamed and is now at `path` (RFC 9110 §15.4.9)."""
    resp.status = 308
    resp.location = path
