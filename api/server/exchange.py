"""One call of the WSGI application, and its answer as bytes on the wire (PEP 3333, RFC 9112 §6)."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from enum import Enum, auto
from types import SimpleNamespace, TracebackType
from typing import TypeAlias

from api.server import response
from api.server.body_errors import BodyError, ContinueRequired
from api.server.policy import Code, Environ
from api.server.service import Service

STEP = 131_072  # bytes produced in one go; then the client must catch up

_NOT_IN_HINTS = response.HOP_BY_HOP | {"content-length"}

ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType]


class Progress(Enum):
    """The state of an answer after each of its pieces."""

    GOES_ON = auto()  # the next piece follows by itself
    PAUSED = auto()  # the next piece follows a call of proceed()
    COMPLETE = auto()
    BROKEN = auto()  # it cannot be completed: the connection must not look as if it were
    NEEDS_BODY = auto()  # the application reads a body that the client has not sent yet


class Exchange:
    """A request that the application answers. Methods run in one thread at a time; `gone` is the loop's."""

    def __init__(
        self,
        service: Service,
        send: Callable[[bytes, Progress], object],
        environ: Environ,
        *,
        http11: bool,
        close: bool,
    ) -> None:
        self.close = close  # the connection ends with this answer
        self.gone = False  # set by the connection when its client has left
        self._service = service
        self._send = send
        self._environ = environ
        self._input = environ["wsgi.input"]
        self._http11 = http11
        self._began = time.monotonic()
        self._status = ""
        self._headers: list[tuple[str, str]] = []
        self._head_sent = False
        self._blocks: Iterator[bytes] | None = None
        self._close_blocks: Callable[[], object] | None = None
        self._bodyless = environ["REQUEST_METHOD"] == "HEAD"
        self._chunked = False
        self._missing: int | None = None  # bytes of the announced Content-Length still to come
        self._sent = 0

    def begin(self) -> None:
        """Call the application; send its answer, or the first step of it."""
        self._run(self._call)

    def proceed(self) -> None:
        """Send up to STEP bytes more of the answer."""
        self._run(self._produce)

    def abandon(self) -> None:
        """Close the application's iterator, once (PEP 3333), and the body."""
        close, self._close_blocks, self._blocks = self._close_blocks, None, None
        if close is not None:
            try:
                close()
            except Exception:
                self._service.log.exception("closing an answer failed")
        self._input.close()

    def _run(self, step: Callable[[], bool]) -> None:
        """Take one `step`, which returns whether another follows; whatever it raises ends here."""
        try:
            if step():
                return
        except ContinueRequired:
            self._emit(b"", Progress.NEEDS_BODY)
        except BaseException as error:  # noqa: BLE001 (a thread must not die of it, nor the client wait)
            self._fail(error)
        self.abandon()

    def _call(self) -> bool:
        if self.gone:
            self._emit(b"", Progress.COMPLETE)
            return False
        if time.monotonic() - self._began > self._service.limits.queue_seconds:
            self._refuse("busy")
            return False
        if self._http11:  # an older client would take a 103 for the answer
            self._environ["wsgi.early_hints"] = self._send_hints
        result = self._service.app(self._environ, self._start_response)
        if isinstance(result, list | tuple) and not self._head_sent:
            self._send_whole(b"".join(result))
            return False
        self._close_blocks = getattr(result, "close", None)  # optional in PEP 3333
        self._blocks = iter(result)
        return self._produce()

    def _produce(self) -> bool:
        size = 0
        for block in self._blocks or ():
            if block:
                self._send_block(block)
                size += len(block)
            if self.gone or (self._head_sent and (self._bodyless or self._missing == 0)):
                break
            if size >= STEP:
                self._emit(b"", Progress.PAUSED)
                return True
        self._send_end()
        return False

    def _start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
    ) -> Callable[[bytes], None]:
        if exc_info is not None and self._head_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        if exc_info is None and self._status:
            raise RuntimeError("start_response was called twice")
        self._status, self._headers = status, headers
        return self._send_block  # write() of PEP 3333, for applications older than iterators

    def _send_hints(self, headers: list[tuple[str, str]]) -> None:
        """wsgi.early_hints, called as under gunicorn's own workers: a 103 before the answer (RFC 8297)."""
        if self._head_sent:
            return
        hints = [(name, value) for name, value in headers if response.lower_name(name) not in _NOT_IN_HINTS]
        lines = ["HTTP/1.1 103 Early Hints\r\n", *(f"{name}: {value}\r\n" for name, value in hints)]
        self._emit(response.encode(lines), Progress.GOES_ON)

    def _send_whole(self, body: bytes) -> None:
        head = self._head(len(body))
        if self._bodyless:
            body = b""
        self._sent = len(body)
        self._emit(head + body, Progress.COMPLETE)

    def _send_block(self, block: bytes) -> None:
        head = b"" if self._head_sent else self._head(None)
        if self._bodyless:
            return self._emit(head, Progress.GOES_ON)
        if self._missing is not None:
            block = block[: self._missing]
            self._missing -= len(block)
        self._sent += len(block)
        if self._chunked:
            block = b"%x\r\n%b\r\n" % (len(block), block)
        return self._emit(head + block, Progress.GOES_ON)

    def _send_end(self) -> None:
        if self.gone:
            return self._emit(b"", Progress.COMPLETE)
        head = b"" if self._head_sent else self._head(0)
        if self._missing and not self._bodyless:
            self._service.log.error("the answer is %d bytes shorter than its Content-Length", self._missing)
            return self._emit(head, Progress.BROKEN)
        return self._emit(head + (b"0\r\n\r\n" if self._chunked else b""), Progress.COMPLETE)

    def _head(self, length: int | None) -> bytes:
        """The status line and fields; `length` is that of the body if all of it is known."""
        if not self._status:
            raise RuntimeError("the application has not called start_response")
        status, line = response.status_line(self._status)
        lines = [line]
        announced: int | None = None
        dated = False
        for name, value in self._headers:
            key = response.lower_name(name)
            if key == "content-length":
                announced = response.content_length(value)
                continue
            if key in response.HOP_BY_HOP:  # PEP 3333 leaves the connection to the server
                self.close |= key == "connection" and "close" in value.lower()
                continue
            dated |= key == "date"
            lines.append(f"{name}: {value}\r\n")
        if not dated:
            lines.append(response.date_line())
        if framing := self._framing(status, announced, length):
            lines.append(framing)
        if self.close or self._service.is_stopping:
            self.close = True
            lines.append("Connection: close\r\n")
        elif not self._http11:
            lines.append("Connection: keep-alive\r\n")
        head = response.encode(lines)
        self._head_sent = True
        return head

    def _framing(self, status: int, announced: int | None, length: int | None) -> str:
        """The field by which a client finds the end of the answer (RFC 9110 §8.6, RFC 9112 §6)."""
        if status in (204, 304):
            self._bodyless = True
            return ""
        if self._bodyless:  # HEAD: the length that GET would have, if it is known
            size = announced if announced is not None else length or None
            return "" if size is None else f"Content-Length: {size}\r\n"
        size = announced if length is None else length  # a complete body is as long as it is
        if size is not None:
            self._missing = size if length is None else 0
            return f"Content-Length: {size}\r\n"
        if self._http11:
            self._chunked = True
            return "Transfer-Encoding: chunked\r\n"
        self.close = True
        return ""

    def _fail(self, error: BaseException) -> None:
        """Answer for an application that raised `error`."""
        if isinstance(error, BodyError) and not self._head_sent:
            return self._refuse(error.code)
        if isinstance(error, ConnectionAbortedError):  # the application's way to answer no further
            return self._emit(b"", Progress.BROKEN)
        self._service.policy.report_failure(error, self._environ)
        if self._head_sent:
            return self._emit(b"", Progress.BROKEN)
        return self._refuse("internal")

    def _refuse(self, code: Code) -> None:
        self.close = True
        seconds = time.monotonic() - self._began
        status, answer = self._service.refuse(
            code, self._environ, seconds=seconds, started=bool(self._status)
        )
        self._status = str(status)
        self._emit(answer, Progress.COMPLETE)

    def _emit(self, data: bytes, progress: Progress) -> None:
        self._send(data, progress)
        if progress in (Progress.COMPLETE, Progress.BROKEN) and self._service.logs_access:
            self._log_access()

    def _log_access(self) -> None:
        """gunicorn's own access log, for operators who turn it on."""
        answer = SimpleNamespace(status=self._status, headers=self._headers, sent=self._sent)
        fields = [(k[5:].replace("_", "-"), v) for k, v in self._environ.items() if k.startswith("HTTP_")]
        taken = timedelta(seconds=time.monotonic() - self._began)
        self._service.log.access(answer, fields, self._environ, taken)
