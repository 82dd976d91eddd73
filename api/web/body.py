"""The one reader of request bodies: bounded, whole or refused, JSON as a schema wants it."""

from __future__ import annotations

from typing import TypeVar

import falcon
import msgspec

from api.web import json, validation
from api.web.context import Request
from api.web.operation import Operation
from api.web.refusals import (
    BodyRequired,
    BodyTooLarge,
    IncompleteBody,
    UnsupportedEncoding,
    UnsupportedMediaType,
)

LIMIT = 256 * 1024
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"

Body = TypeVar("Body", bound=msgspec.Struct)


def media_types(method: str) -> tuple[str, ...]:
    """What a body sent with `method` may call itself."""
    return (MERGE_PATCH, JSON) if method == "PATCH" else (JSON,)


def check_headers(req: Request, declared: Operation) -> None:
    """Refuse a body by what its headers say, before a byte of it is read."""
    coding = req.get_header("Content-Encoding")
    if coding is not None and coding.strip().lower() not in ("", "identity"):
        raise UnsupportedEncoding
    if req.content_type is None and not _has_body(req):
        if declared.body_required or req.method == "PATCH":
            raise BodyRequired
        return
    if not _is_json(req.content_type or "", media_types(req.method)):
        raise UnsupportedMediaType


def decode(req: Request, expected: type[Body], *, required: bool) -> Body:
    """The body as `expected`, its bytes kept on the request for the idempotency record."""
    req.context.body = read(req)
    if not req.context.body:
        if required or req.method == "PATCH":
            raise BodyRequired
        return expected()
    value = json.decode(req.context.body)
    try:
        return msgspec.convert(value, expected)
    except msgspec.ValidationError:
        raise validation.refusal(value, expected) from None


def read(req: Request) -> bytes:
    """All bytes of the body; BodyTooLarge or IncompleteBody when they are not all here.

    Streams under WSGI may end early without a word (RFC 9112 §8), so they are counted here.
    """
    stream = req.env["wsgi.input"]
    told = req.env.get("CONTENT_LENGTH") or None
    if told is None:
        if not req.env.get("HTTP_TRANSFER_ENCODING"):
            return b""
        body: bytes = stream.read(LIMIT + 1)
        if len(body) > LIMIT:
            raise BodyTooLarge
        return body
    if int(told) > LIMIT:
        raise BodyTooLarge
    body = stream.read(int(told))
    if len(body) < int(told):
        raise IncompleteBody
    return body


def _has_body(req: Request) -> bool:
    return bool(req.env.get("HTTP_TRANSFER_ENCODING")) or (req.env.get("CONTENT_LENGTH") or "0") != "0"


def _is_json(content_type: str, allowed: tuple[str, ...]) -> bool:
    media_type, parameters = falcon.parse_header(content_type)
    charset = parameters.get("charset", "utf-8")
    return media_type.lower() in allowed and charset.strip("\"' ").lower() in ("utf-8", "utf8")
