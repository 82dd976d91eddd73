"""Link and 103: what a page loads, said before the page; nothing of other sites, a 103 to browsers only."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import falcon
import pytest
from falcon.testing import TestClient

from api.settings import SAMPLE_SITE
from api.site.files import StaticFiles
from api.site.folder import Folder
from api.web import problems
from api.web.context import Request, Response
from api.web.middleware import FORWARDING
from tests.server.process import Answer, answers, read_all
from tests.test_serving import free_port, running

NAVIGATE = {"Sec-Fetch-Mode": "navigate"}
STYLE = "</site.css>; rel=preload; as=style"


@pytest.fixture
def site(tmp_path: Path) -> TestClient:
    return visitor(tmp_path)


def visitor(folder: Path, *, behind_proxy: bool = False) -> TestClient:
    """A client of the files in `folder`, and of nothing else."""
    app = falcon.App(request_type=Request, response_type=Response)
    problems.install(app, "https://kiosque.test")
    app.add_sink(StaticFiles(Folder(folder), policy="default-src 'self'", behind_proxy=behind_proxy), "/")
    return TestClient(app)


def links(site: TestClient, folder: Path, page: str, path: str = "/index.html") -> str | None:
    file = folder / path.strip("/")
    file.parent.mkdir(exist_ok=True)
    file.write_text(page)
    return site.simulate_get(path).headers.get("Link")


def early(site: TestClient, method: str = "GET", path: str = "/", **headers: str) -> list[Any]:
    """What is said ahead of the answer."""
    said: list[Any] = []
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    site.simulate_request(method, path, headers=fields, extras={"wsgi.early_hints": said.append})
    return said


@pytest.mark.parametrize(
    ("link", "hint"),
    [
        ('<link rel="stylesheet" href="/site.css">', STYLE),
        ("<LINK REL=StyleSheet HREF=/site.css />", STYLE),
        ('<link rel="stylesheet" href="site.css">', "</shop/site.css>; rel=preload; as=style"),
        ('<link rel="stylesheet" href=" ../site.css ">', STYLE),
        ('<link rel="stylesheet" href="../../a/./b/../site.css#x">', "</a/site.css>; rel=preload; as=style"),
        (
            '<link rel="stylesheet" href="/a.css?v=2&amp;b=%20c">',
            "</a.css?v=2&b=%20c>; rel=preload; as=style",
        ),
        ('<link rel="stylesheet" href="/é b.css">', "</%C3%A9%20b.css>; rel=preload; as=style"),
        ('<link rel="stylesheet" href="/a.css" crossorigin>', "</a.css>; rel=preload; as=style; crossorigin"),
        ('<link rel="preload" href="/a.js" as="script">', "</a.js>; rel=preload; as=script"),
        (
            '<link rel="preload" href="/a.woff2" as="font" type="font/woff2" crossorigin="anonymous">',
            '</a.woff2>; rel=preload; as=font; type="font/woff2"; crossorigin',
        ),
        (
            '<link rel="preload" href="/a" as="fetch" crossorigin="use-credentials" type="a&quot;b">',
            "</a>; rel=preload; as=fetch; crossorigin=use-credentials",
        ),
        ('<link rel="modulepreload" href="/js/a.js" as="script">', "</js/a.js>; rel=modulepreload"),
        ('<base href="/x/"><base href="/y/"><link rel=stylesheet href=a>', "</x/a>; rel=preload; as=style"),
        (
            '<link rel="stylesheet" href="/a.css"><link rel="stylesheet" href="/a.css"><script>1<2</script>'
            '<style>a{}</style><link rel="modulepreload" href="/b.js">',
            "</a.css>; rel=preload; as=style, </b.js>; rel=modulepreload",
        ),
        ("<!-- a --><title>x</title><link rel=stylesheet href=/site.css><p>no head is written</p>", STYLE),
        ("<link rel=stylesheet href=/site.css><![x[ which no parser knows", STYLE),
    ],
)
def test_what_the_head_of_a_page_loads_is_a_link(site, tmp_path, link, hint):
    assert links(site, tmp_path, f"<!doctype html><html><head>{link}", "/shop/index.html") == hint


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="icon" href="/favicon.svg">',
        '<link rel="stylesheet">',
        '<link rel="stylesheet" href="">',
        '<link href="/a.css">',
        '<link rel="preload" href="/a">',
        '<link rel="preload" href="/a" as="script; rel=next">',
        '<link rel="stylesheet" href="https://cdn.test/a.css">',
        '<link rel="stylesheet" href="//cdn.test/a.css">',
        '<link rel="stylesheet" href="/&bsol;cdn.test/a.css">',
        '<link rel="stylesheet" href="\t/\n/cdn.test/a.css">',
        '<link rel="stylesheet" href="///cdn.test/a.css">',
        '<link rel="stylesheet" href="/.//cdn.test/a.css">',
        '<link rel="stylesheet" href="http://site/a.css">',
        '<link rel="stylesheet" href="data:text/css,a">',
        '<link rel="stylesheet" href="http://[">',
        '<base href="https://cdn.test/"><link rel="stylesheet" href="a.css">',
        '<base href="http://["><link rel="stylesheet" href="a.css">',
        '<link rel="stylesheet" href="/print.css" media="print">',
        '<link rel="alternate stylesheet" href="/dark.css">',
        '<link rel="stylesheet" href="/a.css" integrity="sha256-x">',
        '<noscript><link rel="stylesheet" href="/plain.css"></noscript>',
        '<template><link rel="stylesheet" href="/a.css"></template>',
        '<!-- <link rel="stylesheet" href="/a.css"> -->',
        '<script>"<link rel=stylesheet href=/a.css>"</script>',
        '<title><link rel="stylesheet" href="/a.css"></title>',
        '</head><link rel="stylesheet" href="/a.css">',
        '<body><link rel="stylesheet" href="/a.css">',
        '<p><link rel="stylesheet" href="/a.css">',
        f'<link rel="stylesheet" href="/{"a" * 600}.css">',
        f'<script>{"x" * 65_536}</script><link rel="stylesheet" href="/a.css">',
    ],
)
def test_nothing_else_is(site, tmp_path, link):
    assert links(site, tmp_path, f"<!doctype html><html><head>{link}") is None


@pytest.mark.parametrize(
    "odd", ["&#13;&#10;X-Evil: 1", "&#0;", "&gt;; rel=next", "&quot;", "&#x202e;", "\x7f"]
)
def test_a_reference_cannot_say_more_than_a_link(site, tmp_path, odd):
    link = links(site, tmp_path, f'<link rel="stylesheet" href="/a{odd}.css">')

    address, _, rest = link.removeprefix("<").partition(">")
    assert rest == "; rel=preload; as=style"
    assert address.isascii()
    assert address.isprintable()
    assert not set(address) & set('<>" \\')


def test_a_page_has_ten_links_at_most(site, tmp_path):
    link = links(site, tmp_path, "".join(f"<link rel=stylesheet href={n}.css>" for n in range(30)))

    assert [part.split(">")[0] for part in link.split(", ")] == [f"</{n}.css" for n in range(10)]


def test_a_changed_page_has_other_links(site, tmp_path):
    first = links(site, tmp_path, "<link rel=stylesheet href=/a.css>")
    second = links(site, tmp_path, "<link rel=stylesheet href=/b.css>")

    assert (first[:7], second[:7]) == ("</a.css", "</b.css")


def test_link_is_on_every_answer_that_says_what_the_page_is_and_on_no_other(site, tmp_path):
    page = "<link rel=stylesheet href=/site.css>"
    etag = links(site, tmp_path, page) and site.simulate_get("/").headers["ETag"]
    (tmp_path / "page.txt").write_text(page)

    asked = {
        "whole": site.simulate_get("/"),
        "head": site.simulate_head("/"),
        "known": site.simulate_get("/", headers={"If-None-Match": etag}),
        "part": site.simulate_get("/", headers={"Range": "bytes=0-1"}),
        "beyond": site.simulate_get("/", headers={"Range": "bytes=900-"}),
        "text": site.simulate_get("/page.txt"),
    }

    assert [answer.status_code for answer in asked.values()] == [200, 200, 304, 206, 416, 200]
    assert [name for name, answer in asked.items() if "Link" in answer.headers] == ["whole", "head", "known"]


def test_only_a_navigation_that_came_straight_is_told_early(site, tmp_path):
    links(site, tmp_path, "<link rel=stylesheet href=/site.css>")

    assert early(site, Sec_Fetch_Mode="navigate") == [[("Link", STYLE)]]
    assert early(site) == []
    assert early(site, Sec_Fetch_Mode="cors") == []
    assert early(site, "HEAD", Sec_Fetch_Mode="navigate") == []
    for name in FORWARDING:
        assert early(site, Sec_Fetch_Mode="navigate", **{name: "x"}) == []


def test_nobody_is_told_early_through_a_proxy_that_the_operator_has_named(tmp_path):
    behind = visitor(tmp_path, behind_proxy=True)

    link = links(behind, tmp_path, "<link rel=stylesheet href=/site.css>")

    assert link == STYLE
    assert early(behind, Sec_Fetch_Mode="navigate") == []


def test_a_client_that_has_gone_does_not_fail_the_answer(site, tmp_path):
    links(site, tmp_path, "<link rel=stylesheet href=/site.css>")

    def gone(_headers: object) -> None:
        raise BrokenPipeError

    assert site.simulate_get("/", headers=NAVIGATE, extras={"wsgi.early_hints": gone}).status_code == 200


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_page_that_cannot_be_read_is_not_found(site, tmp_path):
    (tmp_path / "index.html").touch(mode=0)

    assert site.simulate_get("/").status_code == 404


@pytest.mark.parametrize("page", sorted(SAMPLE_SITE.rglob("*.html")), ids=lambda page: page.parent.name)
def test_the_pages_of_the_sample_site_name_files_that_are_there(page):
    sample = visitor(SAMPLE_SITE)

    link = sample.simulate_get(f"/{page.relative_to(SAMPLE_SITE)}").headers["Link"]

    for part in link.split(", "):
        assert sample.simulate_get(part[1:].partition(">")[0]).status_code == 200


@pytest.mark.parametrize(
    "command", [("api", "serve"), ("gunicorn", "--worker-class", "gthread")], ids=["ours", "gthread"]
)
def test_a_browser_has_the_links_before_the_page_and_any_other_client_has_one_answer(tmp_path, command):
    port = free_port()

    def ask(*lines: str, method: str = "GET", version: str = "1.1") -> list[Answer]:
        head = "\r\n".join((f"{method} / HTTP/{version}", "Host: h", "Connection: close", *lines, "", ""))
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(head.encode())
            return answers(read_all(client).replace(b"HTTP/1.0 ", b"HTTP/1.1 "))

    with running(*command, folder=tmp_path, port=port, WEB_CONCURRENCY="1"):
        first, page = ask("Sec-Fetch-Mode: navigate")
        again, unchanged = ask("Sec-Fetch-Mode: navigate", f"If-None-Match: {page.headers['etag']}")
        plain, old = ask(), ask("Sec-Fetch-Mode: navigate", version="1.0")

    assert (first.status, first.headers) == (103, {"link": STYLE})
    assert (page.status, page.headers["link"]) == (200, STYLE)
    assert b"<title>Kiosque</title>" in page.body
    assert (again.status, unchanged.status, unchanged.headers["link"]) == (103, 304, STYLE)
    assert [answer.status for answer in (*plain, *old)] == [200, 200]
