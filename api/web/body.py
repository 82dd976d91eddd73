"""The only reader of request bodies, so that no path accepts one that is too large, cut off or not JSON."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import falcon
import msgspec
from gunicorn.http.errors import ParseException

from api.storage import StorageUnavailable
from api.web import json, upload, validation
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
from api.web.upload import Places, Upload

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"

BODY_LIMIT = "kiosque.body_limit"
"""The key by which our server learns how many bytes it may receive."""
HELD = "kiosque.held"
"""The key of what our server closes once it has done with the body, there before it asks for one."""


def media_types(method: str, declared: Operation) -> tuple[str, ...]:
    """The media types that a body sent with `method` may have."""
    return declared.upload or ((MERGE_PATCH, JSON) if method == "PATCH" else (JSON,))


def accepted(method: str, declared: Operation) -> dict[str, str]:
    """The header that lists them (RFC 5789 §3.1, W3C LDP §7.1, RFC 9110 §12.5.1)."""
    names = {"PATCH": "Accept-Patch", "POST": "Accept-Post"}
    return {names.get(method, "Accept"): ", ".join(media_types(method, declared))}


def check_headers(req: Request, resp: Response, declared: Operation) -> None:
    """Refuse a body by its headers, before a byte of it is read."""
    coding = req.get_header("Content-Encoding")
    if coding is not None and coding.strip().lower() not in ("", "identity"):
        raise UnsupportedEncoding
    if req.content_type is None and not _has_body(req):
        if declared.upload or declared.body_required or req.method == "PATCH":
            raise BodyRequired
        return
    if not _is_accepted(req.content_type or "", media_types(req.method, declared)):
        resp.set_headers(accepted(req.method, declared))
        raise UnsupportedMediaType


def media_type(req: Request) -> str:
    """The media type of the body, without its parameters."""
    name: str = falcon.parse_header(req.content_type or "")[0]
    return name.lower()


def decode(
    req: Request,
    expected: type[msgspec.Struct],
    *,
    required: bool,
    limit: int = BODY_BYTES,
    or_expected: Sequence[type[msgspec.Struct]] = (),
) -> Any:
    """The body as `expected`, or as another form if that has more of its fields.

    Its bytes stay on the request for the idempotency record.
    """
    req.context.body = read(req, limit)
    if not req.context.body:
        if required or req.method == "PATCH":
            raise BodyRequired
        return expected()
    value = json.decode(req.context.body)
    if or_expected and isinstance(value, dict):
        expected = max((expected, *or_expected), key=lambda form: len(value.keys() & form.__struct_fields__))
    try:
        return msgspec.convert(value, expected)
    except msgspec.ValidationError:
        raise validation.refusal(value, expected) from None


def read(req: Request, limit: int = BODY_BYTES) -> bytes:
    """All bytes of the body; raises BodyTooLarge, IncompleteBody or RequestTimeout.

    Our own server hands over whole bodies, or raises an OSError on reading. Under another one the stream may
    end early without an error (RFC 9112 §8), so the bytes are counted here.
    """
    length = _length_within(req, limit)
    if length is None and not req.env.get("HTTP_TRANSFER_ENCODING"):
        return b""
    with _reading(req, limit):
        body: bytes = req.env["wsgi.input"].read(limit + 1 if length is None else length)
    _check_whole(len(body), length, limit)
    return body


def receive(req: Request, limit: int, places: Places | None = None) -> Upload:
    """The body as a file at its beginning, of at most `limit` bytes; raises like `read`, and BodyRequired.

    The responder of an `upload` calls it, once it has refused what it can by the head alone: of a body over
    256 KiB our server receives nothing before. Called again, it returns the same file. With `places` an
    account takes one until its body has been used, or given up; raises TooMany if none is left.
    """
    uploaded = req.context.upload
    if uploaded is None:
        length = _length_within(req, limit)
        if not _has_body(req):
            raise BodyRequired
        if places is not None and HELD in req.env:
            req.env[HELD] = places.take(req.context.viewer.id)
        with _reading(req, limit):
            uploaded = upload.received(req.env["wsgi.input"], length, limit)
        try:
            _check_whole(uploaded.length, length, limit)
            if not uploaded.length:
                raise BodyRequired
        except Refusal:
            uploaded.close()
            raise
        req.context.upload = uploaded  # until the answer is complete: see Outcome
    uploaded.file.seek(0)
    return uploaded


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


def _length_within(req: Request, limit: int) -> int | None:
    length = _content_length(req)
    if length is not None and length > limit:
        raise _too_large(limit)
    return length


def _check_whole(size: int, length: int | None, limit: int) -> None:
    if size > limit:
        raise _too_large(limit)
    if length is not None and size < length:
        raise IncompleteBody


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"The body has more than {limit:,} bytes.")


@contextmanager
def _reading(req: Request, limit: int) -> Iterator[None]:
    """Servers raise the errors of a socket on reading; ours also EMSGSIZE, when a body is too large."""
    req.env[BODY_LIMIT] = limit
    try:
        yield
    except TimeoutError:
        raise RequestTimeout from None
    except OSError as error:
        if error.errno == errno.EMSGSIZE:
            raise _too_large(limit) from None
        if error.errno in _FULL_OR_FAILING:
            raise StorageUnavailable from error
        raise IncompleteBody from None
    except ParseException:  # gunicorn's own parser, under gthread: a chunk is malformed
        raise BadFraming from None


_FULL_OR_FAILING = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)  # a disk that takes a large body


def _is_accepted(content_type: str, allowed: tuple[str, ...]) -> bool:
    media_type, parameters = falcon.parse_header(content_type)
    media_type = media_type.lower()
    if media_type not in allowed:
        return False
    charset = parameters.get("charset", "utf-8")
    return "json" not in media_type or charset.strip("\"' ").lower() in ("utf-8", "utf8")
