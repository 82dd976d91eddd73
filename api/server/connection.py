"""One client's connection: its requests, its deadlines, and the end that each of them leads to."""

import asyncio
import math
from collections.abc import Callable

from api.server import environ as environs
from api.server.body_errors import BodyError, BodyTimeout, NotStored, Unreadable
from api.server.delivery import Delivery
from api.server.exchange import Progress
from api.server.incoming import Incoming
from api.server.pace import Outgoing
from api.server.policy import Code, Environ
from api.server.request_head import Refused
from api.server.service import Service
from api.server.state import State
from api.server.watch import WAITING, Watch

PIPELINED = 65_536  # bytes received in advance while a request is being answered


class Connection(asyncio.Protocol):
    """HTTP/1.1 between one client and the application (RFC 9112); requests are answered in order."""

    def __init__(
        self,
        service: Service,
        *,
        opened: Callable[["Connection"], None],
        closed: Callable[["Connection"], None],
    ) -> None:
        self._service = service
        self._limits = service.limits
        self._opened, self._closed = opened, closed
        self._transport: asyncio.Transport
        self._environ: Environ = service.base_environ
        self._incoming = Incoming(service.limits)
        self.watch = Watch(service.limits, service.loop.time, self._incoming)
        self._outgoing: Outgoing
        self._delivery: Delivery | None = None
        self._reading = True

    # Called by the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 (for the type only)
        self._transport = transport
        self._outgoing = self.watch.outgoing = Outgoing(transport)
        self._environ = self._service.base_environ | environs.of_connection(transport)
        self._opened(self)

    def data_received(self, data: bytes) -> None:
        self._incoming.feed(data)
        if self.watch.state not in WAITING:
            self._advance()
        if len(self._incoming) > PIPELINED and self.watch.state in WAITING:
            self._reading = False
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """A client may end its side after its request, and still read (RFC 9112 §9.6)."""
        self._incoming.end()
        if self.watch.state is State.CLOSING:
            return False
        if self.watch.state not in WAITING:
            self._advance()
        return True  # we choose when to end ours

    def pause_writing(self) -> None:
        self._outgoing.paused = True
        self.watch.await_reader()

    def resume_writing(self) -> None:
        self._outgoing.paused = False
        if self.watch.state is State.BUSY:
            self.watch.deadline = math.inf
            if self._delivery is None:
                self._next()
            else:
                self._delivery.resume()

    def connection_lost(self, _exc: Exception | None) -> None:
        self.watch.enter(State.CLOSING)
        if self._delivery is not None:
            self._delivery.abandon()
        self._incoming.ignore()
        self._closed(self)

    # Called by the server

    def expire(self) -> None:
        """Act on a deadline that has passed."""
        if self.watch.prolong(is_stopping=self._service.is_stopping):
            return
        if self.watch.state is State.IDLE:
            self._close()
        elif self.watch.state is State.HEAD:
            self._refuse("request-timeout")
        elif self.watch.state is State.BODY:
            self._ask_without_body(BodyTimeout())
        else:
            self._transport.abort()

    def stop(self) -> None:
        """Leave a client that has not asked for anything only a moment to do so: the worker is stopping."""
        watch = self.watch
        if watch.state is State.IDLE or (watch.state is State.HEAD and not len(self._incoming)):
            watch.state = State.IDLE
            watch.deadline = min(watch.deadline, self._service.loop.time() + self._limits.stop_seconds)

    def abort(self) -> None:
        """End it now, with an answer to a client whose request is incomplete."""
        state = self.watch.state
        if state in (State.BODY, State.STORING) or (state is State.HEAD and len(self._incoming)):
            self._refuse("request-timeout")
        self.watch.enter(State.CLOSING)
        self._transport.abort()

    # Receiving a request

    def _advance(self) -> None:
        try:
            if self.watch.state is State.BODY:
                self._read_body()
            elif self.watch.state is not State.CLOSING:
                self._read_head()
        except Refused as refused:
            self._refuse(refused.code)
        except BodyError as error:
            self._ask_without_body(error)

    def _read_head(self) -> None:
        incoming = self._incoming
        head = incoming.read_head(self._environ)
        if head is None:
            self._read_on()
            if incoming.ended:
                self._close()
            elif len(incoming) and self.watch.state is State.IDLE:
                self.watch.enter(State.HEAD, self._limits.head_seconds)
            return
        if self._service.has_stopped_for(self._limits.stop_seconds):
            raise Refused("shutting-down")
        incoming.expect_body(head)
        if incoming.body is None:
            self._ask()
        else:
            self._read_body()

    def _read_body(self) -> None:
        is_whole, body = self._incoming.read_body(), self._incoming.body
        if body is not None and body.spool is not None and body.is_due:
            self.watch.enter(State.STORING)
            body.spool.write(body.block, self._stored)
        elif is_whole:
            self._ask()
        elif self._incoming.body_waits:
            self._ask_before_body()
        else:  # only now: what has been received in advance comes first
            self._read_on()
            if self.watch.state is not State.BODY:
                self.watch.await_body()

    def _stored(self, error: OSError | None) -> None:
        """Go on with the body after one of its blocks."""
        if self.watch.state is not State.STORING:
            return  # the client has left
        if error is not None:
            self._service.log.error("a request body could not be stored: %s", error)
            self._ask_without_body(NotStored())
        elif (body := self._incoming.body) is not None:
            body.forget_block()
            self.watch.await_body()
            self._advance()

    # Asking the application

    def _ask(self) -> None:
        head = self._incoming.head
        assert head is not None  # noqa: S101
        if self._submit(self._incoming.environ_with_body(), close=not head.keep_alive):
            self._incoming.body = None  # it is closed when the answer is complete

    def _ask_without_body(self, reason: BodyError) -> None:
        """Let the application answer what precedes the body (401, 403, 404); reading it raises `reason`."""
        self._incoming.give_up_body()
        environ = self._incoming.environ_so_far()
        self._submit({**environ, "wsgi.input": Unreadable(reason)}, close=True)

    def _ask_before_body(self) -> None:
        """The application may answer at once if it does not need the body (RFC 9110 §10.1.1)."""
        self._submit(self._incoming.environ_before_body(), close=True)

    def _submit(self, environ: Environ, *, close: bool) -> bool:
        service, policy, head = self._service, self._service.policy, self._incoming.head
        assert head is not None  # noqa: S101
        lane = None if policy.answers_at_once(environ) else policy.lane(environ)
        if lane is not None and service.pool.waiting(lane) >= self._limits.queue:
            self._refuse("busy")
            return False
        self.watch.enter(State.BUSY)
        close = close or not self._limits.keepalive_seconds
        self._delivery = Delivery(
            service, self._outgoing, self._answered, environ, lane, http11=head.http11, close=close
        )
        return True

    def _answered(self, progress: Progress, close: bool) -> None:
        self._delivery = None
        self._service.answered += 1
        if progress is Progress.NEEDS_BODY:
            self._continue()
        elif progress is Progress.BROKEN or close:
            self._close()
        elif not self._outgoing.paused:
            self._next()

    def _continue(self) -> None:
        """The application needs the body, so the client may send it."""
        body = self._incoming.body
        if body is not None and body.is_large:
            body.spool = self._service.spools.open(body.held)
            if body.spool is None:
                self._refuse("busy")
                return
        if self._incoming.admit_body():
            self._outgoing.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.watch.await_body()
        self._advance()

    def _next(self) -> None:
        self._incoming.begin()
        self.watch.enter(State.IDLE, self._limits.keepalive_seconds)
        if len(self._incoming) or self._incoming.ended:
            self._advance()
        else:
            self._read_on()

    # Ending it

    def _refuse(self, code: Code) -> None:
        """Answer in the application's place, then close."""
        environ = self._environ | self._incoming.environ_so_far()
        seconds = 0.0 if self.watch.state is State.IDLE else self._service.loop.time() - self.watch.since
        _, answer = self._service.refuse(code, environ, seconds=seconds)
        self._outgoing.write(answer)
        self._close()

    def _close(self) -> None:
        """End our side, then read on for a moment: closing at once would reset the connection, and the
        client could lose the answer (RFC 9112 §9.6)."""
        self._incoming.ignore()
        self.watch.linger()
        if self._outgoing.unsent():
            self.watch.await_reader()
        if self._incoming.ended:
            self._transport.close()
            return
        self._read_on()
        self._outgoing.end()

    # Reading and writing

    def _read_on(self) -> None:
        if not self._reading:
            self._reading = True
            self._transport.resume_reading()
