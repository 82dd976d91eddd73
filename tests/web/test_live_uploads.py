"""Files sent to Kiosque's own worker: nothing is received from whoever may not send it, and memory stays."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.settings import Settings
from api.storage import migrations
from tests.factories import make_account, sign_in
from tests.server.process import CHUNKED, Answer, Gunicorn, answers, gunicorn, post, wait_until
from tests.web.pictures import LIMIT

MB = 2**20
CONTENT = os.urandom(MB) * 40
LENGTH = f"Content-Length: {len(CONTENT)}"


class Live:
    def __init__(self, server: Gunicorn, data: Path, token: str) -> None:
        self.server, self.data, self.token = server, data, token

    def send(self, *lines: str, body: bytes = b"", path: str = "/v1/pictures") -> Answer:
        """The only answer, after which the connection ends."""
        (answer,) = answers(self.server.say(post(*lines, "Connection: close", path=path, body=body)))
        return answer

    def send_as_author(self, *lines: str, body: bytes = b"", path: str = "/v1/pictures") -> Answer:
        return self.send(f"Authorization: Bearer {self.token}", *lines, body=body, path=path)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    data = tmp_path_factory.mktemp("data") / "bodies"
    environ = {"KIOSQUE_DATA": str(data), "KIOSQUE_JOBS": "elsewhere"}
    db = migrations.migrated(Settings.from_env(environ))
    with db.write() as tx:
        token = sign_in(tx, make_account(tx, role="author"))
    db.dispose()
    with gunicorn(
        tmp_path_factory.mktemp("server"),
        "tests.web.pictures:application()",
        environ=environ,
        worker_class="api.serving.Worker",
    ) as server:
        yield Live(server, data, token)


@pytest.mark.parametrize("path", ["/v1/pictures", "/v1/articles", "/v1/sessions/current"])
@pytest.mark.parametrize("framing", [LENGTH, CHUNKED])
def test_a_stranger_is_refused_before_a_byte_is_received(live: Live, path: str, framing: str):
    begun = b"%x\r\n" % len(CONTENT) if framing is CHUNKED else b""

    answer = live.send(framing, "Content-Type: image/png", body=begun, path=path)

    assert answer.status in (401, 405)
    assert live.server.files() == []


@pytest.mark.parametrize(
    ("lines", "path", "status", "code"),
    [
        ((LENGTH, "Content-Type: image/svg+xml"), "/v1/pictures", 415, "unsupported-media-type"),
        ((f"Content-Length: {LIMIT + 1}", "Content-Type: image/png"), "/v1/pictures", 413, "body-too-large"),
        ((LENGTH, "Content-Type: application/json"), "/v1/articles", 413, "body-too-large"),
        ((LENGTH, "Content-Type: application/json"), "/v1/items", 403, "forbidden"),
        ((LENGTH,), "/v1/nowhere", 404, "no-such-path"),
    ],
)
def test_what_the_head_rules_out_is_refused_before_a_byte_is_received(
    live: Live, lines: tuple[str, ...], path: str, status: int, code: str
):
    answer = live.send_as_author(*lines, path=path)

    assert (answer.status, answer.json["code"]) == (status, code)


def test_a_stranger_who_sends_all_of_it_has_the_answer_and_takes_no_memory(live: Live):
    before = live.server.memory()

    answer = live.send(LENGTH, "Content-Type: image/png", body=CONTENT)

    assert (answer.status, answer.json["code"]) == (401, "authentication-required")
    assert live.server.memory() < before + 2 * MB


@pytest.mark.parametrize("framing", [LENGTH, CHUNKED])
def test_a_file_of_40_mb_arrives_whole_and_takes_no_memory(live: Live, framing: str):
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(CONTENT), CONTENT) if framing is CHUNKED else CONTENT
    live.send_as_author("Content-Length: 3", "Content-Type: image/png", body=b"png")
    before = live.server.memory()

    answer = live.send_as_author(framing, "Content-Type: image/png", body=body)

    assert answer.status == 201
    assert answer.json["length"] == answer.json["read"] == len(CONTENT)
    assert answer.json["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert live.server.memory() < before + 4 * MB
    wait_until(lambda: live.server.files() == [])
