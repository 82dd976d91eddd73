"""What one client sends, as one request after the other; knows nothing of sockets and time."""

from typing import Any

from api.server.limits import Limits
from api.server.request_body import BodyError, ChunkedBody, IncompleteBody, LengthBody
from api.server.request_head import END, Head, Refused, check_unfinished, glimpse, parse_head


class Incoming:
    """Bytes in, a head and a body out; Refused or BodyError as soon as there can be none."""

    def __init__(self, limits: Limits) -> None:
        self.head: Head | None = None
        self.body: LengthBody | ChunkedBody | None = None
        self._environ: dict[str, Any] = {}  # of the request being read
        self._limits = limits
        self._buffer = bytearray()
        self._seen = 0  # bytes of the buffer known to hold no end of a head
        self._ended = False
        self._ignored = False

    def __len__(self) -> int:
        """Bytes received that belong to no request yet."""
        return len(self._buffer)

    @property
    def ended(self) -> bool:
        """Whether the client has said that it sends nothing more."""
        return self._ended

    def feed(self, data: bytes) -> None:
        """More bytes from the client."""
        if not self._ignored:
            self._buffer += data

    def end(self) -> None:
        """No more bytes from the client."""
        self._ended = True

    def ignore(self) -> None:
        """Nothing that has come or will come matters any more."""
        self._ignored = True
        self._buffer.clear()

    def begin(self) -> None:
        """Forget the request that was answered."""
        self.head = self.body = None
        self._environ = {}

    def read_head(self, base: dict[str, Any]) -> Head | None:
        """The head on top of the environ `base`, when it is complete."""
        buffer = self._buffer
        while buffer.startswith(b"\r\n"):  # RFC 9112 §2.2: empty lines before the request
            del buffer[:2]
            self._seen = 0
        end = buffer.find(END, max(self._seen - 3, 0))
        if end < 0:
            if buffer:
                check_unfinished(buffer, self._seen, self._limits)
                self._seen = len(buffer)
                if self._ended:
                    raise Refused("bad-request")
            return None
        self._environ = base.copy()
        self.head = parse_head(bytes(buffer[:end]), self._environ, self._limits)
        del buffer[: end + 4]
        self._seen = 0
        return self.head

    def asked(self) -> dict[str, Any]:
        """The environ as far as the head could be read, for a refusal to look at."""
        if "REQUEST_METHOD" not in self._environ:
            self._environ |= glimpse(self._buffer, self._limits)
        return self._environ

    def expect_body(self, head: Head) -> None:
        """Prepare for the body that `head` tells of, if any."""
        if head.chunked:
            self.body = ChunkedBody(self._limits.body_bytes)
        elif head.length:
            self.body = LengthBody(head.length, self._limits.body_bytes)

    def read_body(self) -> bool:
        """Whether the body is complete."""
        if self.body is None:
            return True
        if self.body.feed(self._buffer):
            self._environ["CONTENT_LENGTH"] = str(len(self.body.data))
            return True
        if self._ended:
            raise IncompleteBody
        return False

    def give_up_body(self, _reason: BodyError) -> None:
        """The body will never be whole; the application still sees that there was one."""
        if "CONTENT_LENGTH" not in self._environ:
            self._environ["CONTENT_LENGTH"] = str(max(self.received(), 1))
        self.ignore()

    def received(self) -> int:
        """Bytes of the body that have arrived."""
        return len(self.body.data) if self.body is not None else 0
