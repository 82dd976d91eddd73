"""The bytes from one client as one request after another, without sockets or clocks."""

import io
import re
from typing import BinaryIO

from api.server.body_errors import HELD, IncompleteBody, Unasked
from api.server.limits import Limits
from api.server.policy import Environ
from api.server.request_body import Body, ChunkedBody, LengthBody
from api.server.request_head import END, Head, Refused, check_unfinished, glimpse, parse_head

_EMPTY_LINES = re.compile(rb"(?:\r\n)+")  # RFC 9112 §2.2: those before a request are ignored


class Incoming:
    """Bytes in, a head and a body out; Refused or BodyError as soon as there can be none."""

    def __init__(self, limits: Limits) -> None:
        self.head: Head | None = None
        self.body: Body | None = None
        self._environ: Environ = {}  # of the request being read
        self._limits = limits
        self._buffer = bytearray()
        self._checked = 0  # bytes of the buffer in which no head ends
        self._ended = False
        self._ignored = False
        self.dropped = 0  # bytes that came when they were ignored

    def __len__(self) -> int:
        """Bytes received that belong to no request yet."""
        return len(self._buffer)

    @property
    def ended(self) -> bool:
        """Whether the client has ended its side of the connection."""
        return self._ended

    def feed(self, data: bytes) -> None:
        """Take more bytes from the client."""
        if self._ignored:
            self.dropped += len(data)
        else:
            self._buffer += data

    def end(self) -> None:
        """Take note that no more bytes follow."""
        self._ended = True

    def ignore(self) -> None:
        """Drop everything received and everything still to come."""
        self._ignored = True
        self._buffer.clear()
        if self.body is not None:
            if self.body.spool is not None:
                self.body.spool.discard()
            elif self.body.held is not None:
                self.body.held.close()
        self.body = None

    def begin(self) -> None:
        """Start the next request."""
        self.head = self.body = None
        self._environ = {}

    def read_head(self, base: Environ) -> Head | None:
        """The next head, added to the environ `base`; None while it is incomplete."""
        buffer = self._buffer
        if empty := _EMPTY_LINES.match(buffer):
            del buffer[: empty.end()]
            self._checked = 0
        end = buffer.find(END, max(self._checked - 3, 0))
        if end < 0:
            if buffer:
                check_unfinished(buffer, self._checked, self._limits)
                self._checked = len(buffer)
                if self._ended:
                    raise Refused("bad-request")
            return None
        self._environ = base.copy()
        self.head = parse_head(bytes(buffer[:end]), self._environ, self._limits)
        del buffer[: end + 4]
        self._checked = 0
        return self.head

    def environ_so_far(self) -> Environ:
        """The environ as far as the head could be read."""
        if "REQUEST_METHOD" not in self._environ:
            self._environ |= glimpse(self._buffer, self._limits)
        return self._environ

    def expect_body(self, head: Head) -> None:
        """Prepare for the body that `head` announces, if any."""
        if head.chunked:
            self.body = ChunkedBody(self._limits)
        elif head.length:
            self.body = LengthBody(head.length, self._limits)
        if self.body is not None and head.expects_continue and not self._buffer and not self._ended:
            self.body.waits = True

    @property
    def body_waits(self) -> bool:
        """Whether the application must ask for the body first, since it is large or its client waits."""
        return self.body is not None and self.body.waits

    def environ_before_body(self) -> Environ:
        """The environ with the least length of the body; a copy, since the whole body may follow."""
        assert self.body is not None  # noqa: S101
        environ = {**self._environ, "CONTENT_LENGTH": str(self.body.announced), HELD: None}
        environ["wsgi.input"] = Unasked(self.body, environ)
        return environ

    def environ_with_body(self) -> Environ:
        """The environ with the whole body."""
        stream: BinaryIO = io.BytesIO() if self.body is None else self.body.stream()
        self._environ["wsgi.input"] = stream
        return self._environ

    def admit_body(self) -> bool:
        """Read the body from now on; whether its client still waits for 100 Continue (RFC 9110 §10.1.1)."""
        assert self.head is not None  # noqa: S101
        assert self.body is not None  # noqa: S101
        self.body.waits = False
        has_begun = self._buffer or self._ended or self.body.received
        return self.head.expects_continue and not has_begun

    def read_body(self) -> bool:
        """Whether the body is complete."""
        if self.body is None:
            return True
        if self.body.feed(self._buffer):
            self._environ["CONTENT_LENGTH"] = str(self.body.received)
            return True
        if self._ended and not self.body.waits and not self.body.is_due:
            raise IncompleteBody
        return False

    def give_up_body(self) -> None:
        """Drop a body that will never be complete; the application still sees that there was one."""
        if "CONTENT_LENGTH" not in self._environ:
            self._environ["CONTENT_LENGTH"] = str(max(self.received(), 1))
        self.ignore()

    def received(self) -> int:
        """Bytes of the body that have arrived."""
        return self.body.received if self.body is not None else 0
