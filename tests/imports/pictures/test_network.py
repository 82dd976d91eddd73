"""The network: bounds of time and size, redirects, and nobody inside is reached."""

from __future__ import annotations

import gzip
import io
import socket
import threading

import pytest

from api.imports.pictures import getting
from api.imports.pictures.getting import NotFetched
from api.imports.pictures.network import MOST_REDIRECTS, MOST_SILENT, Network
from api.webhooks.reaching import Reach
from tests.imports.pictures.conftest import HERE


def read(network, address):
    target = io.BytesIO()
    network.copy(address, target)
    return target.getvalue()


def missed(network, address):
    with pytest.raises(NotFetched) as error:
        network.copy(address, io.BytesIO())
    return error.value


def leading_to(*addresses: str):
    """A look-up of these addresses, one after another."""
    left = list(addresses)

    def lookup(_host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (left.pop(0), port))]

    return lookup


def test_a_picture_is_read_from_where_it_has_moved_to(old_site, network):
    old_site.files = {"/a.jpg": "/b/c.jpg", "/b/c.jpg": old_site.url("/d.jpg"), "/d.jpg": b"bytes"}

    assert read(network, old_site.url("/a.jpg")) == b"bytes"


@pytest.mark.parametrize("location", ["http://[::1", "http://[no]/a.jpg", "http://a:b/", "file:///a.jpg"])
def test_a_picture_that_has_moved_to_no_address_is_missed_alone(old_site, network, location):
    old_site.files = {"/a.jpg": location}

    assert missed(network, old_site.url("/a.jpg")).outcome == getting.NO_SITE


def test_redirects_end(old_site, network):
    old_site.files = {"/a.jpg": "/a.jpg"}

    assert missed(network, old_site.url("/a.jpg")).outcome == getting.REDIRECTS
    assert len(old_site.requests) == MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1", "0x7f000001"]
)
def test_nobody_inside_is_asked(old_site, host):
    assert missed(Network(), f"http://{host}:{old_site.server_port}/a.jpg").outcome in (
        getting.PRIVATE,
        getting.NO_HOST,
    )
    assert old_site.requests == []


@pytest.mark.parametrize(
    "target", ["http://localhost:{}/b.jpg", "//[::1]:{}/b.jpg", "https://10.0.0.1/b.jpg"]
)
def test_nobody_inside_is_asked_after_a_redirect(old_site, network, target):
    old_site.files = {"/a.jpg": target.format(old_site.server_port), "/b.jpg": b"secret"}

    assert missed(network, old_site.url("/a.jpg")).outcome == getting.PRIVATE
    assert old_site.requests == ["/a.jpg"]


def test_nobody_inside_is_asked_when_a_name_changes_its_meaning(old_site):
    old_site.files = {"/b.jpg": b"secret"}
    network = Network(Reach(lookup=leading_to("127.0.0.1", "10.0.0.1")))

    outcomes = [missed(network, f"http://old.test:{old_site.server_port}/b.jpg").outcome for _ in range(2)]

    assert (outcomes, old_site.requests) == ([getting.PRIVATE] * 2, [])


@pytest.mark.parametrize(
    "scheme", ["file:///etc/passwd", "ftp://old.example/a.jpg", "/a.jpg", "", "http://", "https://[x"]
)
def test_nothing_but_http_is_an_address(network, scheme):
    assert missed(network, scheme).outcome == getting.NO_SITE


def test_a_redirect_leads_to_nothing_but_http(old_site, network):
    old_site.files = {"/a.jpg": "file:///etc/passwd"}

    assert missed(network, old_site.url("/a.jpg")).outcome == getting.NO_SITE


@pytest.mark.parametrize(
    ("status", "is_final"), [(404, True), (403, True), (410, True), (429, False), (503, False)]
)
def test_a_refusal_is_known_by_its_status(old_site, network, status, is_final):
    old_site.files = {"/a.jpg": status}

    error = missed(network, old_site.url("/a.jpg"))

    assert (error.outcome, error.is_final) == (str(status), is_final)


def test_a_picture_that_says_it_is_too_large_is_not_read(old_site, network):
    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 25000001\r\n\r\n")

    old_site.files = {"/a.jpg": answer}

    assert missed(network, old_site.url("/a.jpg")).outcome == getting.TOO_LARGE


@pytest.mark.parametrize("packed", [False, True])
def test_a_picture_that_does_not_end_is_cut_at_25_megabytes(old_site, network, packed):
    def answer(handler):
        coding = b"Content-Encoding: gzip\r\n" if packed else b""
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + coding + b"\r\n")
        if packed:
            handler.wfile.write(gzip.compress(bytes(getting.MOST_BYTES + 1), 1))
            return
        while True:
            handler.wfile.write(bytes(1_000_000))

    old_site.files = {"/a.jpg": answer}
    old_site.handle_error = lambda *_: None
    target = io.BytesIO()

    with pytest.raises(NotFetched, match=getting.TOO_LARGE):
        network.copy(old_site.url("/a.jpg"), target)
    assert len(target.getvalue()) <= getting.MOST_BYTES


def test_a_picture_that_is_cut_short_is_none(old_site, network):
    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

    old_site.files = {"/a.jpg": answer}

    error = missed(network, old_site.url("/a.jpg"))

    assert (error.outcome, error.is_final) == (getting.NO_CONNECTION, False)


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"])
def test_a_server_that_falls_silent_is_not_waited_for(old_site, begun):
    def answer(handler):
        handler.wfile.write(begun)
        old_site.ended.wait(60)

    old_site.files = {"/a.jpg": answer}
    network = Network(Reach({HERE}), silence=0.2)

    assert missed(network, old_site.url("/a.jpg")).outcome == getting.TIMED_OUT


def test_a_picture_that_comes_drop_by_drop_ends_at_the_deadline(old_site):
    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not old_site.ended.wait(0.01):
            handler.wfile.write(b"x")

    old_site.files = {"/a.jpg": answer}
    old_site.handle_error = lambda *_: None
    network = Network(Reach({HERE}), seconds=0.3)

    assert missed(network, old_site.url("/a.jpg")).outcome == getting.TIMED_OUT


def test_a_host_without_an_address_is_said_and_not_looked_up_for_ever():
    looked_up = []

    def lookup(host, *_, **__):
        looked_up.append(host)
        raise socket.gaierror(-2, "Name or service not known")

    network = Network(Reach(lookup=lookup))
    outcomes = [missed(network, f"https://gone.example/{number}.jpg").outcome for number in range(5)]

    assert outcomes == [getting.NO_HOST] * MOST_SILENT + [getting.NO_CONNECTION] * 2
    assert looked_up == ["gone.example"] * MOST_SILENT


def test_a_look_up_that_takes_too_long_is_not_waited_for():
    end = threading.Event()
    network = Network(Reach(lookup=lambda *_, **__: end.wait(60)), seconds=0.2)

    assert missed(network, "https://gone.example/a.jpg").outcome == getting.TIMED_OUT
    end.set()
