"""Contract 3.27 and 6.52–6.54: the static site over the wire, and what must never leave the machine."""

from __future__ import annotations

import pytest

from tests.contract.server import World

pytestmark = pytest.mark.only_on("sqlite")  # nothing of it reaches a database


def test_a_file_and_a_folders_index_are_served_with_validators(world: World):
    home, script = world.stranger.get("/"), world.stranger.get("/app.js")

    assert home.body == (world.site / "index.html").read_bytes()
    assert home.header("Content-Type") == "text/html; charset=utf-8"
    assert (script.header("Content-Type") or "").startswith("text/javascript")
    for answer in (home, script, world.stranger.get("/shop/")):
        assert answer.status == 200
        assert answer.header("Last-Modified")
        assert answer.header("Accept-Ranges") == "bytes"
        assert not answer.etag.startswith("W/")


def test_a_query_on_a_file_means_nothing(world: World):
    assert world.stranger.get("/app.js?v=2&v=3&%zz").status == 200


@pytest.mark.parametrize(
    "path",
    ["/.env", "/.git/config", "/.git/", "/.git", "/leak.txt", "/database", "/null", "/pipe", "/shop/.",
     "/shop/..",
     "/../outside.txt", "/..%2foutside.txt", "/%2e%2e/outside.txt", "/shop/../../outside.txt",
     "/..\\outside.txt",
     "/%2e%2e%2foutside.txt", "//etc/passwd", "/shop//index.html", "/app.js/", "/app.js%00",
     "/app.js%00.html",
     "/%00", "/kiosque.db", "/etc/passwd", "/index.html/..", "/%c0%ae%c0%ae/outside.txt", "/app.js/x",
     "/APP.JS",
     "/.%2e/outside.txt", "/%5c..%5coutside.txt", "/" + "a" * 4000, "/" + "a/" * 2000, "/shop/%2e",
     "/app%2ejs%20"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_not_a_file_of_the_site_is_not_found(world: World, method: str, path: str):
    answer = world.stranger.call(method, path)

    assert answer.status == 404
    assert b"outside" not in answer.body.replace(path.encode(), b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"])
@pytest.mark.parametrize("path", ["/", "/app.js", "/shop/"])
def test_files_are_only_read(world: World, method: str, path: str):
    before = (world.site / "app.js").read_bytes()

    answer = world.stranger.call(method, path, body=b"x", headers={"Content-Type": "text/plain"})

    answer.is_problem(405, "method-not-allowed")
    assert answer.header("Allow") == "GET, HEAD, OPTIONS"
    assert answer.header("ETag") is None
    assert (world.site / "app.js").read_bytes() == before
    options = world.stranger.call("OPTIONS", path)
    assert (options.status, options.header("Allow")) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize(
    ("value", "status", "first", "length"),
    [
        ("bytes=0-3", 206, 0, 4),
        ("bytes=-4", 206, -4, 4),
        ("bytes=20-", 206, 20, None),
        ("bytes=0-99999", 206, 0, None),
        ("BYTES=0-3", 206, 0, 4),
        ("bytes=3-1", 200, 0, None),
        ("bytes=a-b", 200, 0, None),
        ("bytes=", 200, 0, None),
        ("bytes=0-1,3-4", 200, 0, None),
        ("bytes=--1", 200, 0, None),
        ("lines=0-1", 200, 0, None),
        ("0-3", 200, 0, None),
        ("bytes=99999-", 416, 0, None),
        ("bytes=-0", 416, 0, None),
        ("bytes=" + "9" * 60 + "-", 416, 0, None),
    ],
)
def test_one_range_is_served_and_a_malformed_one_ignored(
    world: World, value: str, status: int, first: int, length: int | None
):
    whole = (world.site / "app.js").read_bytes()

    answer = world.stranger.get("/app.js", Range=value)

    assert answer.status == status
    if status == 416:
        answer.is_problem(416, "range-not-satisfiable")
        assert answer.header("Content-Range") == f"bytes */{len(whole)}"
    else:
        piece = whole[first:]
        assert answer.body == piece[: length or len(piece)]
        assert (answer.header("Content-Range") is not None) == (status == 206)


def test_if_range_gives_the_part_only_of_the_same_version(world: World):
    whole = world.stranger.get("/app.js")
    same, modified = whole.etag, whole.header("Last-Modified") or ""

    for validator, status in ((same, 206), (modified, 206), ('"x"', 200), (f"W/{same}", 200),
                              ("Mon, 01 Jan 2001 00:00:00 GMT", 200), ("nonsense", 200)):  # fmt: skip
        assert world.stranger.get("/app.js", Range="bytes=0-3", If_Range=validator).status == status


def test_a_known_file_is_not_sent_again(world: World):
    whole = world.stranger.get("/app.js")
    modified = whole.header("Last-Modified") or ""

    assert world.stranger.get("/app.js", If_None_Match=f'"x", W/{whole.etag}').status == 304
    assert world.stranger.get("/app.js", If_None_Match="*").status == 304
    assert world.stranger.get("/app.js", If_Modified_Since=modified).status == 304
    assert world.stranger.get("/app.js", If_Modified_Since=modified, If_None_Match='"x"').status == 200
    for date in ("Mon, 01 Jan 2001 00:00:00 GMT", "nonsense", "", "9" * 400, "Mon, 99 Foo 0000 99:99:99 GMT"):
        assert world.stranger.get("/app.js", If_Modified_Since=date).status == 200


def test_a_folder_without_its_slash_leads_to_it(world: World):
    answer = world.stranger.get("/shop?x=//evil.test")

    assert answer.status == 308
    assert answer.header("Location") == "/shop/?x=//evil.test"


def test_no_redirect_leaves_the_site(world: World):
    for path in (
        "//evil.test/shop",
        "/\\evil.test",
        "//evil.test/..",
        "/%2f%2fevil.test",
        "http://kiosque.test//shop",
    ):
        answer = world.stranger.get(path)
        assert answer.status == 404
    away = world.stranger.get("http://evil.test/shop")
    assert (away.status, away.header("Location")) == (308, "/shop/")


@pytest.mark.parametrize("path", ["/v1/unknown", "/v1/", "/v1/index.html", "/v1/.env"])
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_under_v1_there_are_never_pages(world: World, path: str, accept: str):
    (world.site / "v1").mkdir(exist_ok=True)
    (world.site / "v1" / "index.html").write_text("page")

    world.stranger.get(path, Accept=accept).is_problem(404, "no-such-path")


def test_a_file_of_the_site_never_stands_before_a_route(world: World):
    (world.site / "healthz").write_text("fake")

    assert world.stranger.get("/healthz").json == {"status": "ok"}
