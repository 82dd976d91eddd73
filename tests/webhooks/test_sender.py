"""One attempt against a real server: who is reached, by which name, for how long."""

from __future__ import annotations

import itertools
import select
import socket
import ssl
import threading

import pytest

from api.webhooks.addresses import is_public
from api.webhooks.sender import EXCERPT_BYTES, Sender
from api.webhooks.signing import Message

HERE = frozenset({"127.0.0.1"})
INSIDE = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "localhost",
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fc00::1]", "[fec0::1]", "[::127.0.0.1]",
]  # fmt: skip
OUTSIDE = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e", "::ffff:1.1.1.1"]


def message(url: str) -> Message:
    return Message(
        url, {"webhook-id": "evt_1", "content-type": "application/json"}, b'{"type":"order.placed"}'
    )


def answers(*addresses: str):
    """A look-up of these addresses, one list after another, and the names that were asked for."""
    asked = []

    def lookup(host, port, **_):
        asked.append(host)
        address = addresses[min(len(asked), len(addresses)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in address.split()]

    return lookup, asked


@pytest.mark.parametrize("host", INSIDE)
def test_nobody_inside_is_reached_however_the_address_is_written(start, host):
    receiver = start()
    with_tls = Sender()(message(f"https://{host}:{receiver.port}/"))
    without = Sender()(message(f"http://{host}:{receiver.port}/"))

    assert with_tls.error.startswith(("NotPublic", "gaierror"))
    assert without.error == "NotPublic: only https:// leads outside"
    assert (with_tls.status, with_tls.excerpt, receiver.connections) == (None, None, 0)


@pytest.mark.parametrize("address", OUTSIDE)
def test_addresses_of_the_public_internet_are_public_in_every_form(address):
    assert is_public(address)


def test_one_private_address_among_public_ones_is_refused():
    lookup, _ = answers("93.184.215.14 10.0.0.1")

    assert Sender(lookup=lookup)(message("https://hooks.test/")).error.startswith("NotPublic")


def test_a_name_is_looked_up_once_so_what_it_means_a_moment_later_does_not_matter(start):
    receiver = start()
    lookup, asked = answers("127.0.0.1", "192.0.2.1")

    reply = Sender({"hooks.test"}, lookup=lookup)(message(receiver.url("hooks.test")))

    assert (reply.status, reply.error, asked) == (204, None, ["hooks.test"])
    assert receiver.taken[0][1]["host"] == f"hooks.test:{receiver.port}"


def test_a_host_inside_is_reached_only_by_its_exact_name(start):
    receiver = start()
    lookup, _ = answers("127.0.0.1")
    sender = Sender({"erp.internal"}, lookup=lookup)

    assert sender(message(receiver.url("erp.internal"))).status == 204
    for host in ("x.erp.internal", "erp.internal.evil.example", "internal", "erp.internal."):
        assert sender(message(receiver.url(host))).error.startswith("NotPublic")
    assert receiver.connections == 1


def test_the_next_address_is_tried_when_the_first_does_not_answer(start):
    receiver = start()

    def lookup(_host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", each)) for each in (1, port)]

    assert Sender(HERE, lookup=lookup)(message(receiver.url())).status == 204


def test_the_message_arrives_as_it_was_signed(start):
    receiver = start()

    Sender(HERE)(message(receiver.url(path="/a%20b/é?x=1")))

    line, headers, body = receiver.taken[0]
    assert line == "POST /a%20b/%C3%A9?x=1 HTTP/1.1"
    assert headers["webhook-id"] == "evt_1"
    assert body == b'{"type":"order.placed"}'


def test_a_redirect_is_a_failure_and_not_followed(start):
    target = start()
    receiver = start(f"HTTP/1.1 302 Found\r\nLocation: {target.url()}\r\n\r\n".encode())

    reply = Sender(HERE)(message(receiver.url()))

    assert (reply.status, reply.error, reply.is_success) == (302, "302 Found", False)
    assert target.connections == 0


def test_a_proxy_of_the_environment_is_not_used(start, monkeypatch):
    receiver, proxy = start(), start()
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url())

    assert Sender(HERE)(message(receiver.url())).status == 204
    assert proxy.connections == 0


def drip(start: bytes, rest: bytes):
    """Sends one byte after another, without an end."""

    def talk(connection):
        connection.sendall(start)
        for byte in itertools.cycle(rest):
            connection.sendall(bytes([byte]))
            if select.select([connection], [], [], 0.01)[0]:  # the client has gone
                return

    return talk


@pytest.mark.parametrize(
    "talk",
    [
        drip(b"HTTP/1.1 500 Oops\r\n\r\n", b"x"),
        drip(b"", b"HTTP/1.1 200 OK" * 100),
        drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["body", "status", "headers", "continue"],
)
def test_a_drip_ends_at_the_deadline_and_is_no_success(start, talk):
    receiver = start(talk)

    reply = Sender(HERE, seconds=0.3)(message(receiver.url()))

    assert (reply.status, reply.error) == (None, "no answer in time")
    assert 300 <= reply.ms < 3_000


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_receiver_that_never_answers_is_not_waited_for(start, scheme):
    receiver = start(mute=True)

    reply = Sender(HERE, seconds=0.3)(message(f"{scheme}://127.0.0.1:{receiver.port}/"))

    assert reply.error == "no answer in time"


def test_a_look_up_that_takes_too_long_is_not_waited_for():
    end = threading.Event()

    reply = Sender(lookup=lambda *_, **__: end.wait(60), seconds=0.2)(message("https://hooks.test/"))
    end.set()

    assert reply.error == "no answer in time"


def test_a_huge_answer_is_read_to_its_first_2_kilobytes(start):
    sent = []

    def talk(connection):
        connection.sendall(b"HTTP/1.1 500 Oops\r\nContent-Length: 100000000\r\n\r\n")
        for _ in range(1_000):
            connection.sendall(b"x" * 100_000)
            sent.append(100_000)

    reply = Sender(HERE)(message(start(talk).url()))

    assert (reply.status, reply.excerpt) == (500, "x" * EXCERPT_BYTES)
    assert sum(sent) < 50_000_000


def test_an_answer_is_not_unpacked(start):
    head = b"HTTP/1.1 500 Oops\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n"

    assert Sender(HERE)(message(start(head + b"\x1f\x8b\x08").url())).excerpt == "\x1f\ufffd\x08"


def test_the_answer_to_a_success_is_not_stored(start):
    reply = Sender(HERE)(message(start(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").url()))

    assert (reply.is_success, reply.excerpt) == (True, None)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), ("999999", 86_400), ("Mon, 01 Jan 2001 00:00:00 GMT", 0), ("soon", 0), ("-1", 0)],
)
def test_the_wait_that_the_receiver_asks_for_is_at_most_a_day(start, value, seconds):
    receiver = start(f"HTTP/1.1 503 Busy\r\nRetry-After: {value}\r\nContent-Length: 0\r\n\r\n".encode())

    assert Sender(HERE)(message(receiver.url())).retry_after == seconds


@pytest.fixture
def secure(start, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*map(str, certificate))
    return start(context=context)


def test_a_certificate_that_nobody_vouches_for_is_refused(secure):
    lookup, _ = answers("127.0.0.1")

    reply = Sender({"hooks.test"}, lookup=lookup)(message(secure.url("hooks.test")))

    assert "CERTIFICATE_VERIFY_FAILED" in reply.error
    assert secure.taken == []


def test_the_certificate_is_checked_against_the_name_and_not_the_address(secure, certificate):
    lookup, _ = answers("127.0.0.1")
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    sender = Sender({"hooks.test", "other.test", "127.0.0.1"}, trusting, lookup)

    assert sender(message(secure.url("hooks.test"))).status == 204
    assert "Hostname mismatch" in sender(message(secure.url("other.test"))).error
    assert "IP address mismatch" in sender(message(secure.url())).error
    assert len(secure.taken) == 1
