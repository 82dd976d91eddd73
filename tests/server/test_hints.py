"""wsgi.early_hints: called alike under our worker and gunicorn's own, a 103 only where it is understood."""

from __future__ import annotations

import pytest

from tests.server.process import Gunicorn, answers, gunicorn, refused

OURS, GTHREAD = "tests.server.echo.QuickWorker", "gthread"


@pytest.fixture(scope="module", params=[OURS, GTHREAD], ids=["ours", "gthread"])
def either(request, tmp_path_factory):
    with gunicorn(tmp_path_factory.mktemp("server"), worker_class=request.param) as server:
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with gunicorn(tmp_path_factory.mktemp("server")) as server:
        yield server


def ask(target: str, *, method: str = "GET", version: str = "1.1") -> bytes:
    return f"{method} {target} HTTP/{version}\r\nHost: h\r\nConnection: close\r\n\r\n".encode()


def test_each_hint_is_a_103_ahead_of_the_answer_and_none_comes_after_its_head(either: Gunicorn):
    first, second, final = answers(either.say(ask("/hints")))

    assert [answer.status for answer in (first, second, final)] == [103, 103, 200]
    assert first.headers == {"link": "</a.css>; rel=preload; as=style"}
    assert second.headers == {"link": "</b.js>; rel=modulepreload", "x-two": "2"}
    assert final.body == b"halfhalf"
    assert "link" not in final.headers


def test_http_1_0_is_not_given_what_it_does_not_know(either: Gunicorn):
    raw = either.say(ask("/hints", version="1.0"))

    assert b" 103 " not in raw
    assert raw.endswith(b"\r\n\r\nhalfhalf")


@pytest.mark.parametrize("query", ["value=a%0d%0aX-Evil:%201", "value=a%00", "name=X%20Y", "name=X:%0d%0aY"])
def test_a_hint_cannot_say_more_than_a_field(server: Gunicorn, query: str):
    refused(server.say(ask(f"/hints?{query}")), 500, "internal")


@pytest.mark.parametrize("name", ["Content-Length", "Transfer-Encoding", "Connection"])
def test_a_hint_cannot_frame_the_answer(server: Gunicorn, name: str):
    first, _, final = answers(server.say(ask(f"/hints?name={name}&value=5")))

    assert (first.status, first.headers) == (103, {})
    assert final.body == b"halfhalf"


def test_a_hint_leaves_the_connection_fit_for_the_next_request(server: Gunicorn):
    keep = b"GET /hints HTTP/1.1\r\nHost: h\r\n\r\n"

    statuses = [answer.status for answer in answers(server.say(keep + ask("/hints")))]

    assert statuses == [103, 103, 200, 103, 103, 200]
