"""How three parsers read one stream of bytes: ours, httptools (llhttp) and h11."""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import NamedTuple

import h11
import httptools

from api.server.body_errors import BodyError, BodyTooLarge
from api.server.incoming import Incoming
from api.server.limits import Limits
from api.server.policy import Code
from api.server.pool import Pool
from api.server.request_body import Body
from api.server.request_head import Refused
from api.server.spool import Spools


class Request(NamedTuple):
    method: str
    target: str
    body: bytes


class Disk:
    """Writes the blocks of large bodies as a worker does, one after the other."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._pool = Pool(1, self._loop)
        self.spools = Spools(None, 64, self._pool)

    def write(self, body: Body) -> None:
        assert body.spool is not None
        done = self._loop.create_future()
        body.spool.write(body.block, done.set_result)
        assert self._loop.run_until_complete(done) is None
        body.forget_block()

    def close(self) -> None:
        self._pool.close()
        self._loop.close()


def read_by_us(raw: bytes, limits: Limits, disk: Disk) -> tuple[list[Request], Code | None]:
    """The requests in `raw` that the application would see, and how the connection is refused after them."""
    incoming, found = Incoming(limits), list[Request]()
    incoming.feed(raw)
    incoming.end()
    try:
        while (head := incoming.read_head({})) is not None:
            incoming.expect_body(head)
            body = _body_of(incoming, limits, disk)
            found.append(Request(head.environ["REQUEST_METHOD"], head.environ["RAW_URI"], body))
            if not head.keep_alive:
                break
            incoming.begin()
    except (Refused, BodyError) as error:
        return found, error.code
    finally:
        incoming.ignore()
    return found, None


def _body_of(incoming: Incoming, limits: Limits, disk: Disk) -> bytes:
    is_whole, body = incoming.read_body(), incoming.body
    while body is not None and (body.is_due or not is_whole):
        if body.is_due:
            disk.write(body)
        elif body.announced > limits.body_bytes:
            raise BodyTooLarge
        else:
            body.spool = disk.spools.open()
            incoming.admit_body()
        is_whole = incoming.read_body()
    if body is None:
        return b""
    with body.stream() as stream:
        return stream.read()


def read_by_llhttp(raw: bytes) -> list[Request]:
    """Those that are complete when it stops, at the end or at an error."""
    collected = _Collected()
    parser = collected.parser = httptools.HttpRequestParser(collected)
    with contextlib.suppress(httptools.HttpParserError, httptools.HttpParserUpgrade):
        parser.feed_data(raw)
    return collected.found


class _Collected:
    parser: httptools.HttpRequestParser

    def __init__(self) -> None:
        self.found: list[Request] = []
        self._target, self._body = b"", b""

    def on_message_begin(self) -> None:
        self._target, self._body = b"", b""

    def on_url(self, piece: bytes) -> None:
        self._target += piece

    def on_body(self, piece: bytes) -> None:
        self._body += piece

    def on_message_complete(self) -> None:
        method = self.parser.get_method().decode()
        self.found.append(Request(method, self._target.decode("latin-1"), self._body))


def read_by_h11(raw: bytes) -> list[Request]:
    """Those that are complete when it stops, at the end or at an error.

    It refuses the empty lines that RFC 9112 §2.2 has a server skip, so they are taken from each request here.
    """
    found = list[Request]()
    with contextlib.suppress(h11.RemoteProtocolError):
        while raw := re.sub(rb"\A(?:\r\n)+", b"", raw):
            connection = h11.Connection(h11.SERVER, 100_000)
            connection.receive_data(raw)
            connection.receive_data(b"")
            head, body = connection.next_event(), b""
            while isinstance(event := connection.next_event(), h11.Data):
                body += event.data
            if not (isinstance(head, h11.Request) and isinstance(event, h11.EndOfMessage)):
                break
            found.append(Request(head.method.decode(), head.target.decode("latin-1"), body))
            connection.send(h11.Response(status_code=204, headers=[]))  # declines an upgrade
            if connection.their_state is not h11.DONE:
                break
            raw = connection.trailing_data[0]
    return found
