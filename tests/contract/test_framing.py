"""Contract 6.1–6.15 over the real application: one problem, nothing stored. tests/web has every spelling."""

from __future__ import annotations

import json

import pytest

from tests.contract.client import parse
from tests.contract.server import World

pytestmark = pytest.mark.only_on("sqlite")  # nothing of it reaches a database

BODY = b'{"title": "Smuggled", "body": "x"}'
LENGTH = f"Content-Length: {len(BODY)}"


def raw(world: World, *lines: str, line: str = "POST /v1/articles HTTP/1.1", body: bytes = BODY) -> bytes:
    token = world.staff["author"].token
    head = (line, f"Authorization: Bearer {token}", "Content-Type: application/json", *lines)
    return "\r\n".join((*head, "", "")).encode("latin-1") + body


@pytest.mark.parametrize(
    ("lines", "statuses", "code"),
    [
        ((LENGTH,), (400,), "host-required"),
        (("Host: a b", LENGTH), (400,), "host-invalid"),
        (("Host: a/b", LENGTH), (400,), "host-invalid"),
        (("Host: me@h", LENGTH), (400,), "host-invalid"),
        (("Host: h:port", LENGTH), (400,), "host-invalid"),
        (("Host: h:99999", LENGTH), (400,), "host-invalid"),
        (("Host: h", "Host: h", LENGTH), (400,), "bad-request"),
        (("Host: h", "Content-Type: application/json", LENGTH), (400,), "bad-request"),
        (("Host: h", "X-Y : z", LENGTH), (400,), "bad-request"),
        (("Host: h", "X-Y: z\r\n folded", LENGTH), (400,), "bad-request"),
        (("Host: h", "X-Y: \x00", LENGTH), (400,), "bad-request"),
        (("Host: h", LENGTH, "Transfer-Encoding: chunked"), (400,), "bad-framing"),
        (("Host: h", LENGTH, LENGTH), (400,), "bad-framing"),
        (("Host: h", "Content-Length: +34"), (400,), "bad-framing"),
        (("Host: h", "Content-Length: -34"), (400,), "bad-framing"),
        (("Host: h", "Content-Length: 34, 34"), (400,), "bad-framing"),
        (("Host: h", "Content-Length: 0x22"), (400,), "bad-framing"),
        (("Host: h", "Transfer-Encoding: gzip, chunked"), (400, 501), "transfer-coding"),
        (("Host: h", "Transfer-Encoding: identity"), (400, 501), "transfer-coding"),
        (("Host: h", "Expect: the-worst", LENGTH), (417,), "expectation-failed"),
        (("Host: h", LENGTH, "X-Long: " + "y" * 8190), (431,), "headers-too-large"),
        (("Host: h", LENGTH, *(f"X-{n}: y" for n in range(64))), (431,), "headers-too-large"),
    ],
)
def test_a_request_that_is_not_clear_is_one_problem_and_stores_nothing(
    world: World, lines: tuple[str, ...], statuses: tuple[int, ...], code: str
):
    answer = parse(world.stranger.say(raw(world, *lines)))

    assert answer.status in statuses
    assert answer.code == code
    assert answer.header("Connection") == "close"
    assert answer.header("Cache-Control") == "no-store"
    assert answer.header("Content-Type") == "application/problem+json"
    assert answer.json["request_id"] == answer.header("X-Request-ID")
    drafts = world.client("author").get("/v1/articles?status=draft&limit=100").json["data"]
    assert "Smuggled" not in {draft["title"] for draft in drafts}


@pytest.mark.parametrize(
    ("line", "statuses", "code"),
    [
        ("POST /v1/articles HTTP/2.0", (400, 505), "bad-request"),
        ("POST /v1/articles HTTP/0.9", (400, 505), "bad-request"),
        ("post /v1/articles HTTP/1.1", (400,), "bad-request"),
        ("Post /v1/articles HTTP/1.1", (400,), "bad-request"),
        ("POST /v1/art\x01icles HTTP/1.1", (400,), "bad-request"),
        ("POST /v1/articles?" + "q" * 8190 + " HTTP/1.1", (414,), "uri-too-long"),
    ],
)
def test_a_request_line_that_is_not_one_is_refused(
    world: World, line: str, statuses: tuple[int, ...], code: str
):
    answer = parse(world.stranger.say(raw(world, "Host: h", LENGTH, line=line)))

    assert answer.status in statuses
    assert answer.code == code
    assert answer.header("Connection") == "close"


@pytest.mark.parametrize("size", [b"x", b"-1", b"0x22", b"+22", b" 22", b"22 ", b"2_2", b"", b"f" * 40])
def test_a_bad_chunk_is_bad_framing(world: World, size: bytes):
    body = size + b"\r\n" + BODY + b"\r\n0\r\n\r\n"

    answer = parse(world.stranger.say(raw(world, "Host: h", "Transfer-Encoding: chunked", body=body)))

    assert (answer.status, answer.code) in ((400, "bad-framing"), (413, "body-too-large"))
    assert answer.header("Connection") == "close"


@pytest.mark.parametrize("length", ["Content-Length: 99", "Transfer-Encoding: chunked"])
def test_a_body_that_ends_early_is_incomplete_and_stores_nothing(world: World, length: str):
    body = b'63\r\n{"title": "Smuggled"' if "chunked" in length else BODY

    answer = parse(world.stranger.say(raw(world, "Host: h", length, body=body), end=True))

    assert (answer.status, answer.code) == (400, "incomplete-body")
    assert answer.header("Connection") == "close"


def test_a_chunked_body_is_as_good_as_one_with_a_length(world: World):
    pieces = b"".join(b"%x;ext=1\r\n%b\r\n" % (1, BODY[n : n + 1]) for n in range(len(BODY)))
    body = (pieces + b"0\r\nTrailer: x\r\n\r\n").replace(b"Smuggled", b"Chunked!")

    answer = parse(
        world.stranger.say(
            raw(world, "Host: h", "Connection: close", "Transfer-Encoding: chunked", body=body)
        )
    )

    assert answer.status == 201


def test_what_follows_a_refused_body_is_not_a_request(world: World):
    smuggled = b"GET /v1/me HTTP/1.1\r\nHost: h\r\n\r\n"

    answer = parse(
        world.stranger.say(
            raw(world, "Host: h", "Content-Length: 0", "Transfer-Encoding: chunked", body=smuggled)
        )
    )

    assert answer.code == "bad-framing"


@pytest.mark.parametrize("told", [True, False])
def test_a_body_over_256_kib_is_refused_and_the_connection_closes(world: World, told: bool):
    body = b'{"title": "' + b"a" * (256 * 1024) + b'"}'
    framing = f"Content-Length: {len(body)}" if told else "Transfer-Encoding: chunked"
    sent = body if told else b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in (body[:9000], body[9000:]))

    said = raw(
        world,
        "Host: h",
        framing,
        line="POST /v1/orders HTTP/1.1",
        body=sent + (b"" if told else b"0\r\n\r\n"),
    )
    answer = parse(world.stranger.say(said))

    assert (answer.status, answer.code) == (413, "body-too-large")
    assert answer.header("Connection") == "close"


def test_a_body_of_exactly_256_kib_is_read(world: World):
    body = b'{"title": "A", "body": "' + b"a" * (256 * 1024 - 26) + b'"}'
    assert len(body) == 256 * 1024

    answer = world.client("author").call("POST", "/v1/articles", body=body)

    assert answer.errors() == {("/body", "too-long")}


LONG = {"POST": ["/v1/articles", "/v1/items"], "PATCH": ["/v1/articles/{}", "/v1/items/{}"]}


def test_200_000_characters_of_any_script_are_taken_however_they_are_escaped(world: World):
    escaped = json.dumps({"title": "Long", "body": "😀" * 200_000, "format": "markdown"}).encode()

    answer = world.client("author").call("POST", "/v1/articles", body=escaped)

    assert len(escaped) > 2_400_000
    assert (answer.status, len(answer.json["body"])) == (201, 200_000)


@pytest.mark.parametrize(("method", "path"), [(method, path) for method in LONG for path in LONG[method]])
def test_3_mib_are_read_where_a_text_is_long_and_not_a_byte_more(world: World, method: str, path: str):
    body = b'{"x": "' + b"a" * (3 * 2**20 - 9) + b'"}'

    client = world.client("owner")
    assert client.call(method, path.format("none"), body=body).errors() >= {("/x", "unknown-field")}
    client.call(method, path.format("none"), body=body + b" ").is_problem(413, "body-too-large")


@pytest.mark.parametrize("framing", ["Content-Length: 3000000", "Transfer-Encoding: chunked"])
def test_a_body_over_256_kib_is_not_waited_for_where_the_request_is_refused_anyway(
    world: World, framing: str
):
    begun = "2dc6c0\r\n" if "chunked" in framing else ""
    refused = {
        (401, "authentication-required"): "/v1/articles",
        (404, "no-such-path"): "/v1/nothing",
        (405, "method-not-allowed"): "/v1/roles",
        (415, "unsupported-media-type"): "/v1/sessions",
    }

    for expected, path in refused.items():
        head = f"POST {path} HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n{framing}\r\n\r\n{begun}"
        answer = parse(world.stranger.say(head.encode()))
        assert (answer.status, answer.code) == expected
        assert answer.header("Connection") == "close"


@pytest.mark.parametrize("upgrade", ["websocket", "h2c", "anything"])
def test_an_upgrade_is_answered_as_plain_http(world: World, upgrade: str):
    answer = world.stranger.call(
        "GET", "/v1/roles", headers={"Upgrade": upgrade, "Connection": "Upgrade, close"}
    )

    assert answer.status == 200


@pytest.mark.parametrize(
    "headers",
    [{"X-HTTP-Method-Override": "DELETE"}, {"X-HTTP-Method": "DELETE"}, {"X-Method-Override": "DELETE"}],
)
def test_no_header_overrides_the_method(world: World, headers: dict[str, str]):
    assert world.stranger.call("GET", "/v1/roles", headers=headers).status == 200
    assert world.stranger.call("POST", "/v1/roles", headers=headers).status == 405


def test_no_header_of_a_proxy_changes_anything_when_none_is_trusted(world: World):
    plain = world.stranger.get("/v1")

    told = world.stranger.call(
        "GET",
        "/v1",
        headers={
            "Script-Name": "/v1",
            "X-Forwarded-Proto": "gopher",
            "X-Forwarded-Host": "evil.test",
            "X-Forwarded-Prefix": "/evil",
            "Forwarded": "host=evil.test",
            "X-Original-URL": "/v1/accounts",
            "X-Rewrite-URL": "/v1/accounts",
            "Host": "evil.test",
        },
    )

    assert (told.status, told.body) == (200, plain.body)
