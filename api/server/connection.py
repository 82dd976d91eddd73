"""One client's connection: its requests, its deadlines, and the end that each of them leads to."""

import asyncio
import io
import math
from collections.abc import Callable

from api.server import environ as environs
from api.server.delivery import Delivery
from api.server.exchange import Progress
from api.server.incoming import Incoming
from api.server.pace import UNREAD, Outgoing, Pace
from api.server.policy import Code, Environ
from api.server.request_body import BodyError, BodyTimeout, ContinueRequired, Unreadable
from api.server.request_head import Refused
from api.server.service import Service
from api.server.state import State

PIPELINED = 65_536  # bytes received in advance while a request is being answered


class Connection(asyncio.Protocol):
    """HTTP/1.1 between one client and the application (RFC 9112); requests are answered in order.

    A deadline is a number that Server.sweep() compares with the clock: cheaper than a timer for each request.
    """

    def __init__(
        self,
        service: Service,
        *,
        opened: Callable[["Connection"], None],
        closed: Callable[["Connection"], None],
    ) -> None:
        self.state = State.HEAD
        self.since = service.loop.time()
        self.deadline = self.since + service.limits.head_seconds
        self._service = service
        self._limits = service.limits
        self._time = service.loop.time
        self._opened, self._closed = opened, closed
        self._transport: asyncio.Transport
        self._environ: Environ = service.base_environ
        self._incoming = Incoming(service.limits)
        self._pace = Pace(service.limits, service.loop.time)
        self._outgoing: Outgoing
        self._delivery: Delivery | None = None
        self._reading = True

    # Called by the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 (for the type only)
        self._transport = transport
        self._outgoing = Outgoing(transport)
        self._environ = self._service.base_environ | environs.of_connection(transport)
        self._opened(self)

    def data_received(self, data: bytes) -> None:
        self._incoming.feed(data)
        if self.state is not State.BUSY:
            self._advance()
        elif len(self._incoming) > PIPELINED:
            self._reading = False
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """A client may end its side after its request, and still read (RFC 9112 §9.6)."""
        self._incoming.end()
        if self.state is State.CLOSING:
            return False
        if self.state is not State.BUSY:
            self._advance()
        return True  # we choose when to end ours

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
        self._closed(self)

    # Called by the server

    def expire(self) -> None:
        """Act on a deadline that has passed."""
        if self.state is State.IDLE:
            self._close()
        elif self.state is State.HEAD:
            self._refuse("request-timeout")
        elif self.state is State.BODY:
            if self._pace.is_met(received := self._incoming.received()):
                self.deadline = self._time() + self._pace.start(received)
            else:
                self._ask_without_body(BodyTimeout())
        elif self._outgoing.unsent() and self._pace.is_met(self._outgoing.acknowledged()):
            self._await_reader()
        elif self.state is State.CLOSING and self._is_sending():
            self.deadline += self._limits.linger_seconds
        else:
            self._transport.abort()

    def stop(self) -> None:
        """Leave a client that has not asked for anything only a moment to do so: the worker is stopping."""
        if self.state is State.IDLE or (self.state is State.HEAD and not len(self._incoming)):
            self.state = State.IDLE
            self.deadline = min(self.deadline, self._time() + self._limits.stop_seconds)

    def waits_since(self) -> float:
        """The moment from which nobody but the client could go on; infinite while somebody else has to."""
        if self.state is State.BODY or self._outgoing.unsent():
            return self._pace.began
        return math.inf if self.state is State.BUSY else self.since

    def rate(self) -> float:
        """Bytes a second of late, of a body or of an answer that only its client keeps waiting."""
        if self.state is State.BODY:
            return self._pace.rate(self._incoming.received())
        if self._outgoing.unsent():
            return self._pace.rate(self._outgoing.acknowledged(), free=UNREAD)
        return 0.0

    def abort(self) -> None:
        """End it now, with an answer to a client whose request is incomplete."""
        if self.state is State.BODY or (self.state is State.HEAD and len(self._incoming)):
            self._refuse("request-timeout")
        self._enter(State.CLOSING, math.inf)
        self._transport.abort()

    # Receiving a request

    def _advance(self) -> None:
        try:
            if self.state is State.BODY:
                self._read_body()
            elif self.state is not State.CLOSING:
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
            elif len(incoming) and self.state is State.IDLE:
                self._enter(State.HEAD, self._limits.head_seconds)
            return
        if self._service.has_stopped_for(self._limits.stop_seconds):
            raise Refused("shutting-down")
        incoming.expect_body(head)
        self._read_body()

    def _read_body(self) -> None:
        if self._incoming.read_body():
            self._ask()
        elif self._incoming.body_waits:
            self._ask_before_body()
        elif self.state is not State.BODY:
            self._await_body()

    def _await_body(self) -> None:
        self._read_on()
        self._enter(State.BODY, self._pace.start(self._incoming.received()))

    # Asking the application

    def _ask(self) -> None:
        head, body = self._incoming.head, self._incoming.body
        assert head is not None  # noqa: S101
        self._incoming.body = None
        self._submit(head.environ, io.BytesIO(body.data if body else b""), close=not head.keep_alive)

    def _ask_without_body(self, reason: BodyError) -> None:
        """Let the application answer what precedes the body (401, 403, 404); reading it raises `reason`."""
        self._incoming.give_up_body()
        self._submit(self._incoming.environ_so_far(), Unreadable(reason), close=True)

    def _ask_before_body(self) -> None:
        """The application may answer at once if it does not need the body (RFC 9110 §10.1.1)."""
        self._submit(self._incoming.environ_before_body(), Unreadable(ContinueRequired()), close=True)

    def _submit(self, environ: Environ, body: object, *, close: bool) -> None:
        service, policy, head = self._service, self._service.policy, self._incoming.head
        assert head is not None  # noqa: S101
        lane = None if policy.answers_at_once(environ) else policy.lane(environ)
        if lane is not None and service.pool.waiting(lane) >= self._limits.queue:
            self._refuse("busy")
            return
        environ["wsgi.input"] = body
        self._enter(State.BUSY, math.inf)
        close = close or not self._limits.keepalive_seconds
        self._delivery = Delivery(
            service, self._outgoing, self._answered, environ, lane, http11=head.http11, close=close
        )

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
        if self._incoming.admit_body():
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

    def _refuse(self, code: Code) -> None:
        """Answer in the application's place, then close."""
        environ = self._environ | self._incoming.environ_so_far()
        seconds = 0.0 if self.state is State.IDLE else self._time() - self.since
        _, answer = self._service.refuse(code, environ, seconds=seconds)
        self._outgoing.write(answer)
        self._close()

    def _close(self) -> None:
        """End our side, then read on for a moment: closing at once would reset the connection, and the
        client could lose the answer (RFC 9112 §9.6)."""
        self._incoming.ignore()
        self._enter(State.CLOSING, self._limits.linger_seconds)
        self._pace.start(self._incoming.dropped)
        if self._outgoing.unsent():
            self._await_reader()
        if self._incoming.ended:
            self._transport.close()
            return
        self._read_on()
        self._outgoing.end()

    def _is_sending(self) -> bool:
        """Whether a client goes on with a body that nobody wants, and so has yet to look for its answer."""
        is_late = self._service.is_stopping or self._time() > self.since + self._limits.linger_most_seconds
        return not is_late and self._pace.rate(self._incoming.dropped) >= self._limits.pace_bytes

    def _enter(self, state: State, seconds: float) -> None:
        self.state = state
        self.since = self._time()
        self.deadline = self.since + seconds

    # Reading and writing

    def _read_on(self) -> None:
        if not self._reading:
            self._reading = True
            self._transport.resume_reading()

    def _await_reader(self) -> None:
        self.deadline = self._time() + self._pace.start(self._outgoing.acknowledged())
