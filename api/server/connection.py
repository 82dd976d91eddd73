"""One client's connection: how long it may take, and what it gets."""

import asyncio
import io
import math
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from api.server import environ as shared
from api.server.delivery import Delivery
from api.server.exchange import Sign
from api.server.incoming import Incoming
from api.server.pace import Outgoing, Pace
from api.server.request_body import BodyError, BodyTimeout, BodyWanted, Unreadable
from api.server.request_head import Head, Refused

if TYPE_CHECKING:
    from api.server.server import Server

PIPELINED = 65_536  # bytes kept for later while a request is being answered
HIGH_WATER = 65_536  # bytes of an answer waiting for the client, beyond which no more is produced


class State(Enum):
    IDLE = auto()  # between two requests
    HEAD = auto()  # a head is due
    BODY = auto()  # a body is due
    BUSY = auto()  # the application has the request, or the client has not read the answer yet
    CLOSING = auto()  # nothing more is answered


class Connection(asyncio.Protocol):
    """HTTP/1.1 between one client and the application (RFC 9112); requests are answered in order.

    A deadline is a number that Server.sweep() looks at: cheaper than a timer for each request.
    """

    def __init__(self, server: "Server") -> None:
        self.state = State.HEAD
        self.since = server.loop.time()
        self.deadline = self.since + server.limits.head_seconds
        self._server = server
        self._limits = server.limits
        self._transport: asyncio.Transport
        self._base: dict[str, Any] = server.environ
        self._incoming = Incoming(server.limits)
        self._pace = Pace(server.limits)
        self._outgoing: Outgoing
        self._delivery: Delivery | None = None
        self._reading = True

    # What the transport reports

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 (for the type only)
        self._transport = transport
        self._outgoing = Outgoing(transport)
        transport.set_write_buffer_limits(high=HIGH_WATER)
        self._base = self._server.environ | shared.addresses(transport)
        self._server.opened(self)
        if self._server.stopping:
            self.stop()

    def data_received(self, data: bytes) -> None:
        self._incoming.feed(data)
        if self.state is not State.BUSY:
            self._advance()
        elif len(self._incoming) > PIPELINED:
            self._reading = False
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """A client may end its side once it has asked, and still read (RFC 9112 §9.6)."""
        self._incoming.end()
        if self.state is State.CLOSING:
            return False
        if self.state is not State.BUSY:
            self._advance()
        return True  # the end is ours to choose

    def pause_writing(self) -> None:
        self._outgoing.paused = True
        self._await_reader()

    def resume_writing(self) -> None:
        self._outgoing.paused = False
        if self.state is State.BUSY:
            self.deadline = math.inf
            if self._delivery is None:
                self._next()
            else:
                self._delivery.resume()

    def connection_lost(self, _exc: Exception | None) -> None:
        self._enter(State.CLOSING, math.inf)
        if self._delivery is not None:
            self._delivery.abandon()
        self._server.closed(self)

    # What the server tells

    def expire(self) -> None:
        """The deadline has passed."""
        if self.state is State.IDLE:
            self._close()
        elif self.state is State.HEAD:
            self._refuse("request-timeout")
        elif self.state is State.BODY:
            if self._pace.is_kept(received := self._incoming.received()):
                self.deadline = self._server.loop.time() + self._pace.start(received)
            else:
                self._ask_without_body(BodyTimeout())
        elif self._outgoing.unsent() and self._pace.is_kept(self._outgoing.read()):
            self._await_reader()
        else:
            self._transport.abort()

    def stop(self) -> None:
        """The worker is stopping: a client that has asked for nothing has only a moment left to ask."""
        if self.state is State.IDLE or (self.state is State.HEAD and not len(self._incoming)):
            self.state = State.IDLE
            self.deadline = min(self.deadline, self._server.loop.time() + self._limits.stop_seconds)

    def is_waiting(self) -> bool:
        """Whether only the client's own interest keeps the connection open."""
        return self.state in (State.IDLE, State.HEAD) or (
            self.state is State.CLOSING and not self._outgoing.unsent()
        )

    def abort(self) -> None:
        """End it now; a client that was due a request is told so."""
        if self.state is State.HEAD and len(self._incoming):
            self._refuse("request-timeout")
        self._enter(State.CLOSING, math.inf)
        self._transport.abort()

    # Taking a request in

    def _advance(self) -> None:
        try:
            if self.state is State.BODY:
                if self._incoming.read_body():
                    self._ask()
            elif self.state is not State.CLOSING:
                self._read_head()
        except Refused as refused:
            self._refuse(refused.code)
        except BodyError as error:
            self._ask_without_body(error)

    def _read_head(self) -> None:
        incoming = self._incoming
        head = incoming.read_head(self._base)
        if head is None:
            self._read_on()
            if incoming.ended:
                self._close()
            elif len(incoming) and self.state is State.IDLE:
                self._enter(State.HEAD, self._limits.head_seconds)
            return
        if self._server.stopped_for(self._limits.stop_seconds):
            raise Refused("shutting-down")
        incoming.expect_body(head)
        if head.expects_continue and incoming.body and not len(incoming) and not incoming.ended:
            self._ask_before_body(head)
        elif incoming.read_body():
            self._ask()
        else:
            self._await_body()

    def _await_body(self) -> None:
        self._read_on()
        self._enter(State.BODY, self._pace.start(self._incoming.received()))

    # Having it answered

    def _ask(self) -> None:
        head, body = self._incoming.head, self._incoming.body
        assert head is not None  # noqa: S101
        self._incoming.body = None
        self._submit(head, head.environ, io.BytesIO(body.data if body else b""), close=not head.keep_alive)

    def _ask_without_body(self, reason: BodyError) -> None:
        """Let the application answer what comes before the body (401, 403, 404); reading raises `reason`."""
        head = self._incoming.head
        assert head is not None  # noqa: S101
        self._incoming.give_up_body(reason)
        self._submit(head, head.environ, Unreadable(reason), close=True)

    def _ask_before_body(self, head: Head) -> None:
        """RFC 9110 §10.1.1: the application may answer at once what the client need not send a body for."""
        environ = {"CONTENT_LENGTH": "1", **head.environ}  # a copy: it may be called once more
        self._submit(head, environ, Unreadable(BodyWanted()), close=True)

    def _submit(self, head: Head, environ: dict[str, Any], body: object, *, close: bool) -> None:
        server = self._server
        at_hand = server.is_at_hand(environ)
        if not at_hand and server.pool.waiting(server.line(environ)) >= self._limits.queue:
            self._refuse("busy")
            return
        environ["wsgi.input"] = body
        self._enter(State.BUSY, math.inf)
        close = close or not self._limits.keepalive_seconds
        self._delivery = Delivery(
            server,
            self._outgoing,
            self._answered,
            environ,
            http11=head.http11,
            close=close,
            at_hand=at_hand,
        )

    def _answered(self, sign: Sign, close: bool) -> None:
        self._delivery = None
        self._server.served += 1
        if sign is Sign.WANTED:
            self._continue()
        elif sign is Sign.BROKEN or close:
            self._close()
        elif not self._outgoing.paused:
            self._next()

    def _continue(self) -> None:
        """RFC 9110 §10.1.1: the application wants the body, so the client may send it."""
        if not len(self._incoming) and not self._incoming.ended:
            self._outgoing.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._await_body()
        self._advance()

    def _next(self) -> None:
        self._incoming.begin()
        self._enter(State.IDLE, self._limits.keepalive_seconds)
        if len(self._incoming) or self._incoming.ended:
            self._advance()
        else:
            self._read_on()

    # Ending it

    def _refuse(self, code: str) -> None:
        """Answer in the application's place; one answer, then the connection closes."""
        asked = self._base | self._incoming.asked()
        seconds = 0.0 if self.state is State.IDLE else self._server.loop.time() - self.since
        self._outgoing.write(self._server.refusals.answer(code, asked, seconds=seconds))
        self._close()

    def _close(self) -> None:
        """End our side, then read on for a moment: closing at once would reset the connection, and the
        client could lose the answer (RFC 9112 §9.6)."""
        self._incoming.ignore()
        self._enter(State.CLOSING, self._limits.linger_seconds)
        if self._outgoing.unsent():
            self._await_reader()
        if self._incoming.ended:
            self._transport.close()
            return
        self._read_on()
        try:
            self._transport.write_eof()
        except OSError:  # the client has reset the connection, and we are about to be told
            self._transport.abort()

    def _enter(self, state: State, seconds: float) -> None:
        self.state = state
        self.since = self._server.loop.time()
        self.deadline = self.since + seconds

    # Reading and writing

    def _read_on(self) -> None:
        if not self._reading:
            self._reading = True
            self._transport.resume_reading()

    def _await_reader(self) -> None:
        self.deadline = self._server.loop.time() + self._pace.start(self._outgoing.read())
