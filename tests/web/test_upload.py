"""Bodies that are files: who may send which, how many bytes, and what the responder gets of them."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from falcon.testing import TestClient, create_environ

from api.app import create_app
from api.web import body
from api.web.context import Request
from api.web.http_errors import BodyRequired, BodyTooLarge, IncompleteBody
from tests.factories import CHEAP_HASHER, make_account, sign_in
from tests.web.pictures import Pictures

LIMIT = 600_000
PICTURE = bytes(range(256)) * 2_000
PNG = {"Content-Type": "image/png"}


@pytest.fixture
def stranger(db, settings):
    return TestClient(
        create_app(settings, db, CHEAP_HASHER, rehearsal=[("/v1/pictures", Pictures(db, LIMIT))])
    )


@pytest.fixture
def author(db, stranger):
    with db.write() as tx:
        token = sign_in(tx, make_account(tx, role="author"))
    return TestClient(stranger.app, headers={"Authorization": f"Bearer {token}"})


def test_a_responder_gets_all_bytes_with_their_length_and_digest(author):
    answer = author.simulate_post("/v1/pictures", body=PICTURE, headers=PNG)

    assert answer.status_code == 201
    assert answer.json == {
        "length": len(PICTURE),
        "read": len(PICTURE),
        "sha256": hashlib.sha256(PICTURE).hexdigest(),
    }


@pytest.mark.parametrize(
    ("sent", "headers", "status", "code"),
    [
        (b"", PNG, 400, "body-required"),
        (b"", {}, 400, "body-required"),
        (bytes(LIMIT + 1), PNG, 413, "body-too-large"),
        (PICTURE, {"Content-Type": "image/svg+xml"}, 415, "unsupported-media-type"),
        (PICTURE, {}, 415, "unsupported-media-type"),
        (PICTURE, {**PNG, "Content-Encoding": "gzip"}, 415, "unsupported-encoding"),
    ],
)
def test_what_is_no_upload_of_the_resource_is_refused(author, sent, headers, status, code):
    answer = author.simulate_post("/v1/pictures", body=sent, headers=headers)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    if code == "unsupported-media-type":
        assert answer.headers["Accept-Post"] == "image/png, image/webp"


def test_who_may_not_upload_is_told_so_before_type_and_size(stranger):
    answer = stranger.simulate_post("/v1/pictures", body=bytes(LIMIT + 1), headers={"Content-Type": "a/b"})

    assert answer.status_code == 401


def test_an_upload_is_repeated_by_its_key_if_its_bytes_are_the_same(author):
    def send(sent):
        return author.simulate_post("/v1/pictures", body=sent, headers={**PNG, "Idempotency-Key": "one"})

    first, again, other = send(PICTURE), send(PICTURE), send(PICTURE[1:])

    assert (again.text, again.headers["Idempotent-Replayed"]) == (first.text, "true")
    assert other.json["code"] == "idempotency-key-reused"


def request(sent: io.IOBase, **environ: str) -> Request:
    return Request(create_environ(method="POST") | {"wsgi.input": sent, **environ})


def test_a_file_from_the_server_is_handed_on_as_it_is_and_at_its_beginning_each_time():
    file = io.BytesIO(PICTURE)
    req = request(file, CONTENT_LENGTH=str(len(PICTURE)))

    first = body.receive(req, LIMIT).file.read()
    again = body.receive(req, LIMIT)

    again.close()
    assert again.file is file
    assert first == again.file.read() == PICTURE


class Stream(io.RawIOBase):
    """What other servers hand over: it cannot be rewound."""

    def __init__(self, sent: bytes) -> None:
        self._sent = io.BytesIO(sent)

    def readinto(self, buffer: Any) -> int:
        return self._sent.readinto(buffer)


CHUNKED = {"HTTP_TRANSFER_ENCODING": "chunked"}


@pytest.mark.parametrize("environ", [{"CONTENT_LENGTH": str(len(PICTURE))}, CHUNKED])
def test_a_stream_is_copied_to_a_file(environ):
    uploaded = body.receive(request(Stream(PICTURE), **environ), LIMIT)

    with uploaded.file as file:
        assert file.read() == PICTURE
    assert (uploaded.length, uploaded.sha256) == (len(PICTURE), hashlib.sha256(PICTURE).digest())


@pytest.mark.parametrize(
    ("sent", "environ", "refusal"),
    [
        (PICTURE, {"CONTENT_LENGTH": str(len(PICTURE) + 1)}, IncompleteBody),
        (bytes(LIMIT + 9), CHUNKED, BodyTooLarge),
        (b"", CHUNKED, BodyRequired),
        (PICTURE, {}, BodyRequired),
    ],
)
def test_a_stream_that_ends_early_or_late_is_no_upload(sent, environ, refusal):
    with pytest.raises(refusal):
        body.receive(request(Stream(sent), **environ), LIMIT)
