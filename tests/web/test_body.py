"""The reader of bodies by itself, as under a server that passes Content-Length on as the client wrote it."""

from __future__ import annotations

import errno

import pytest
from falcon.testing import create_environ
from hypothesis import example, given
from hypothesis import strategies as st

from api.storage import StorageUnavailable
from api.web import body
from api.web.context import Request
from api.web.http_errors import BadFraming, BodyTooLarge, IncompleteBody, RequestTimeout
from api.web.operation import BODY_BYTES


def request(content_length: str, sent: bytes) -> Request:
    return Request(create_environ(method="POST", body=sent) | {"CONTENT_LENGTH": content_length})


@given(st.integers(0, 40), st.binary(max_size=100))
def test_leading_zeros_change_no_length(zeros: int, sent: bytes):
    assert body.read(request("0" * zeros + str(len(sent)), sent + b"more")) == sent


@given(st.integers(BODY_BYTES + 1).map(str))
@example("9" * 4301)
def test_a_length_over_the_limit_is_too_large_however_long_it_is(length: str):
    with pytest.raises(BodyTooLarge):
        body.read(request(length, b""))


@pytest.mark.parametrize("length", ["+5", "-5", "5_0", "5.0", " 5", "five", "²", "٥"])
def test_a_length_that_is_not_all_digits_is_bad_framing(length: str):
    with pytest.raises(BadFraming):
        body.read(request(length, b"hello"))


@pytest.mark.parametrize(
    ("failure", "refusal"),
    [
        (TimeoutError(), RequestTimeout),
        (ConnectionResetError(), IncompleteBody),
        (OSError(errno.EMSGSIZE, "too large"), BodyTooLarge),
        (OSError(errno.ENOSPC, "the disk is full"), StorageUnavailable),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_for_the_reason_that_the_server_has(
    failure: OSError, refusal: type[Exception]
):
    class Broken:
        def read(self, _size: int) -> bytes:
            raise failure

    req = request("5", b"")
    req.env["wsgi.input"] = Broken()

    with pytest.raises(refusal):
        body.read(req)
