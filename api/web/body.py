"""The only reader of request bodies, so that no path accepts one that is too large, cut off or not JSON."""

from __future__ import annotations

import errno
import re
from typing import Any

import falcon
import msgspec
from gunicorn.http.errors import ParseException

from api.web import json, validation
from api.web.context import Request, Response
from api.web.http_errors import (
    BadFraming,
    BodyRequired,
    BodyTooLarge,
    IncompleteBody,
    Refusal,
    RequestTimeout,
    UnsupportedEncoding,
    UnsupportedMediaType,
)
from api.web.operation import BODY_BYTES, Operation

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


def media_types(method: str) -> tuple[str, ...]:
    """The media types that a body sent with `method` may have."""
    return (MERGE_PATCH, JSON) if method == "PATCH" else (JSON,)


def accepted(method: str) -> dict[str, str]:
    """The header that lists them (RFC 5789 §3.1, W3C LDP §7.1, RFC 9110 §12.5.1)."""
    names = {"PATCH": "Accept-Patch", "POST": "Accept-Post"}
    return {names.get(method, "Accept"): ", ".join(media_types(method))}


def check_headers(req: Request, resp: Response, declared: Operation) -> None:
    """Refuse a body by its headers, before a byte of it is read."""
    coding = req.get_header("Content-Encoding")
    if coding is not None and coding.strip().lower() not in ("", "identity"):
        raise UnsupportedEncoding
    if req.content_type is None and not _has_body(req):
        if declared.body_required or req.method == "PATCH":
            raise BodyRequired
        return
    if not _is_json(req.content_type or "", media_types(req.method)):
        resp.set_headers(accepted(req.method))
        raise UnsupportedMediaType


def decode(
    req: Request,
    expected: type[msgspec.Struct],
    *,
    required: bool,
    limit: int = BODY_BYTES,
    or_expected: type[msgspec.Struct] | None = None,
) -> Any:
    """The body as `expected`, or as the other form if it has a field that only that has.

    Its bytes stay on the request for the idempotency record.
    """
    req.context.body = read(req, limit)
    if not req.context.body:
        if required or req.method == "PATCH":
            raise BodyRequired
        return expected()
    value = json.decode(req.context.body)
    if or_expected is not None and isinstance(value, dict):
        own = {*or_expected.__struct_fields__} - {*expected.__struct_fields__}
        expected = or_expected if own & value.keys() else expected
    try:
        return msgspec.convert(value, expected)
    except msgspec.ValidationError:
        raise validation.refusal(value, expected) from None


def read(req: Request, limit: int = BODY_BYTES) -> bytes:
    """All bytes of the body; raises BodyTooLarge, IncompleteBody or RequestTimeout.

    Our own server hands over whole bodies, or raises an OSError on reading. Under another one the stream may
    end early without an error (RFC 9112 §8), so the bytes are counted here.
    """
    length = _content_length(req)
    if length is None and not req.env.get("HTTP_TRANSFER_ENCODING"):
        return b""
    if length is not None and length > limit:
        raise _too_large(limit)
    try:
        body: bytes = req.env["wsgi.input"].read(limit + 1 if length is None else length)
    except OSError as error:
        raise _reason(error, limit) from None
    except ParseException:  # gunicorn's own parser, under gthread: a chunk is malformed
        raise BadFraming from None
    if len(body) > limit:
        raise _too_large(limit)
    if length is not None and len(body) < length:
        raise IncompleteBody
    return body


_DIGITS = re.compile(r"[0-9]+")


def _has_body(req: Request) -> bool:
    return bool(req.env.get("HTTP_TRANSFER_ENCODING")) or bool(_content_length(req))


def _content_length(req: Request) -> int | None:
    digits = req.env.get("CONTENT_LENGTH") or None
    if digits is None:
        return None
    if not _DIGITS.fullmatch(digits):
        raise BadFraming
    # Python parses no number of more than 4,300 digits; one of more than 19 is too large anyway.
    return int(digits.lstrip("0")[:19] or "0")


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"The body has more than {limit:,} bytes.")


def _reason(error: OSError, limit: int) -> Refusal:
    """Servers raise the errors of a socket here; ours raises EMSGSIZE for a body that is too large."""
    if isinstance(error, TimeoutError):
        return RequestTimeout()
    return _too_large(limit) if error.errno == errno.EMSGSIZE else IncompleteBody()


def _is_json(content_type: str, allowed: tuple[str, ...]) -> bool:
    media_type, parameters = falcon.parse_header(content_type)
    charset = parameters.get("charset", "utf-8")
    return media_type.lower() in allowed and charset.strip("\"' ").lower() in ("utf-8", "utf8")
