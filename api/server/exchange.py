"""One call of the WSGI application and its answer on the wire (PEP 3333, RFC 9112 §6)."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import formatdate
from enum import Enum, auto
from functools import lru_cache
from types import SimpleNamespace, TracebackType
from typing import TYPE_CHECKING, Any

from api.server import response
from api.server.request_body import BodyError, BodyWanted

if TYPE_CHECKING:
    from api.server.server import Server

STEP = 131_072  # bytes produced in one go; then the reader of the answer must catch up

_FRAMING = response.HOP_BY_HOP | {"content-length"}  # of the answer to come, which the server frames

ExcInfo = tuple[type[BaseException], BaseException, TracebackType]


class Sign(Enum):
    """What a thread says to the connection with each piece of the answer."""

    PART = auto()  # more follows by itself
    HELD = auto()  # more follows when proceed() is called
    LAST = auto()
    BROKEN = auto()  # the answer cannot be completed: the connection must not look as if it were
    WANTED = auto()  # the application asks for a body that the client holds back


class Exchange:
    """A request in the hands of the application. Its methods run in one thread, but for the two flags."""

    def __init__(
        self,
        server: "Server",
        listener: Callable[[bytes, Sign], object],
        environ: dict[str, Any],
        *,
        http11: bool,
        close: bool,
    ) -> None:
        self.close = close  # the connection ends with this answer
        self.gone = False  # set by the connection: nobody listens any more
        self._server = server
        self._listener = listener
        self._environ = environ
        self._http11 = http11
        self._began = time.monotonic()
        self._status = ""
        self._headers: list[tuple[str, str]] = []
        self._head_sent = False
        self._blocks: Iterator[bytes] | None = None
        self._closing: Callable[[], object] | None = None
        self._bodyless = environ["REQUEST_METHOD"] == "HEAD"
        self._chunked = False
        self._missing: int | None = None  # bytes of a told Content-Length still to come
        self._sent = 0

    def begin(self) -> None:
        """Call the application; send its answer, or the first step of it."""
        self._run(self._call)

    def proceed(self) -> None:
        """Produce up to STEP bytes more of the answer."""
        self._run(self._produce)

    def abandon(self) -> None:
        """Close the application's iterator, once (PEP 3333)."""
        closing, self._closing, self._blocks = self._closing, None, None
        if closing is not None:
            try:
                closing()
            except Exception:
                self._server.log.exception("closing an answer failed")

    def _run(self, step: Callable[[], bool]) -> None:
        """One `step`, which says whether more are to follow; whatever it raises ends here."""
        try:
            if step():
                return
        except BodyWanted:
            self._tell(b"", Sign.WANTED)
        except BaseException as error:  # noqa: BLE001 (a thread must not die of it, nor the client wait)
            self._fail(error)
        self.abandon()

    def _call(self) -> bool:
        if self.gone:
            self._tell(b"", Sign.LAST)
            return False
        if time.monotonic() - self._began > self._server.limits.queue_seconds:
            self._refuse("busy")
            return False
        if self._http11:  # older clients would take it for the answer
            self._environ["wsgi.early_hints"] = self._send_hints
        result = self._server.app(self._environ, self._start_response)
        if isinstance(result, list | tuple) and not self._head_sent:
            self._send_whole(b"".join(result))
            return False
        self._closing = getattr(result, "close", None)
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
                self._tell(b"", Sign.HELD)
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
        return self._send_block  # write() of PEP 3333, for applications from before iterators

    def _send_hints(self, headers: list[tuple[str, str]]) -> None:
        """wsgi.early_hints, called as under gunicorn's own workers: a 103 ahead of the answer (RFC 8297)."""
        if not self._head_sent:
            lines = [f"{name}: {value}\r\n" for name, value in headers if response.key(name) not in _FRAMING]
            self._tell(response.checked(["HTTP/1.1 103 Early Hints\r\n", *lines]), Sign.PART)

    def _send_whole(self, body: bytes) -> None:
        head = self._head(len(body))
        if self._bodyless:
            body = b""
        self._sent = len(body)
        self._tell(head + body, Sign.LAST)

    def _send_block(self, block: bytes) -> None:
        head = b"" if self._head_sent else self._head(None)
        if self._bodyless:
            return self._tell(head, Sign.PART)
        if self._missing is not None:
            block = block[: self._missing]
            self._missing -= len(block)
        self._sent += len(block)
        if self._chunked:
            block = b"%x\r\n%b\r\n" % (len(block), block)
        return self._tell(head + block, Sign.PART)

    def _send_end(self) -> None:
        if self.gone:
            return self._tell(b"", Sign.LAST)
        head = b"" if self._head_sent else self._head(0)
        if self._missing and not self._bodyless:
            self._server.log.error("the answer is %d bytes shorter than its Content-Length", self._missing)
            return self._tell(head, Sign.BROKEN)
        return self._tell(head + (b"0\r\n\r\n" if self._chunked else b""), Sign.LAST)

    def _head(self, length: int | None) -> bytes:
        """The status line and fields; `length` is that of the body if all of it is known."""
        if not self._status:
            raise RuntimeError("the application has not called start_response")
        status, line = response.status_line(self._status)
        lines = [line]
        told: int | None = None
        dated = False
        for name, value in self._headers:
            key = response.key(name)
            if key == "content-length":
                told = response.length(value)
                continue
            if key in response.HOP_BY_HOP:  # PEP 3333 leaves the connection to the server
                self.close |= key == "connection" and "close" in value.lower()
                continue
            dated |= key == "date"
            lines.append(f"{name}: {value}\r\n")
        if not dated:
            lines.append(_date_line(int(time.time())))
        if framing := self._framing(status, told, length):
            lines.append(framing)
        if self.close or self._server.stopping:
            self.close = True
            lines.append("Connection: close\r\n")
        elif not self._http11:
            lines.append("Connection: keep-alive\r\n")
        head = response.checked(lines)
        self._head_sent = True
        return head

    def _framing(self, status: int, told: int | None, length: int | None) -> str:
        """RFC 9110 §8.6 and RFC 9112 §6: how the reader of the answer finds its end."""
        if status in (204, 304):
            self._bodyless = True
            return ""
        if self._bodyless:  # HEAD: the length that GET would tell, if it is known
            size = told if told is not None else length or None
            return "" if size is None else f"Content-Length: {size}\r\n"
        size = told if length is None else length  # a body at hand is as long as it is
        if size is not None:
            self._missing = size if length is None else 0
            return f"Content-Length: {size}\r\n"
        if self._http11:
            self._chunked = True
            return "Transfer-Encoding: chunked\r\n"
        self.close = True
        return ""

    def _fail(self, error: BaseException) -> None:
        """The answer to an error that the application did not handle itself."""
        if isinstance(error, BodyError) and not self._head_sent:
            return self._refuse(error.code)
        request_id = response.request_id(self._environ)
        asked = self._environ["REQUEST_METHOD"], self._environ["PATH_INFO"], request_id
        self._server.log.exception("the application failed: %s %r, request %s", *asked)
        if self._head_sent:
            return self._tell(b"", Sign.BROKEN)
        return self._refuse("internal", request_id)

    def _refuse(self, code: str, request_id: str | None = None) -> None:
        self.close = True
        answer = self._server.refusals.answer(
            code,
            self._environ,
            seconds=time.monotonic() - self._began,
            request_id=request_id,
            told=bool(self._status),  # the application has told the log of its own answer
        )
        self._status = answer[9:12].decode()
        self._tell(answer, Sign.LAST)

    def _tell(self, data: bytes, sign: Sign) -> None:
        self._listener(data, sign)
        if sign in (Sign.LAST, Sign.BROKEN) and self._server.logs_access:
            self._log_access()

    def _log_access(self) -> None:
        """gunicorn's own access log, for operators who turn it on."""
        answer = SimpleNamespace(status=self._status, headers=self._headers, sent=self._sent)
        told = [(k[5:].replace("_", "-"), v) for k, v in self._environ.items() if k.startswith("HTTP_")]
        taken = timedelta(seconds=time.monotonic() - self._began)
        self._server.log.access(answer, told, self._environ, taken)


@lru_cache(2)
def _date_line(second: int) -> str:
    return f"Date: {formatdate(second, usegmt=True)}\r\n"
