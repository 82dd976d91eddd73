"""Bodies that an application cannot read: one that never comes whole, or that is still to be asked for."""

import errno
from collections.abc import Iterator
from typing import IO, ClassVar, NoReturn, Protocol

from api.server.policy import Code, Environ

BODY_LIMIT = "kiosque.body_limit"
"""The key of the environ under which an application may say, before it reads, how many bytes it takes."""


HELD = "kiosque.held"
"""The key of the environ, None in it before a body is asked for, under which an application may leave a file
that is closed once the body has been used or given up, such as a lock."""


class BodyError(OSError):
    """Raised when the application reads a body that did not arrive whole.

    An OSError of the kind that reading from a socket raises, so that an application can handle it without
    an import from here.
    """

    code: ClassVar[Code]


class BodyTooLarge(BodyError):
    """The body is larger than the limit, by its Content-Length or as counted on arrival."""

    code = "body-too-large"

    def __init__(self) -> None:
        super().__init__(errno.EMSGSIZE, "the request body is too large")


class IncompleteBody(BodyError, ConnectionError):
    """The client ended its side of the connection before the end of the body."""

    code = "incomplete-body"


class BodyTimeout(BodyError, TimeoutError):
    """The body arrived more slowly than the server allows."""

    code = "request-timeout"


class NotStored(BodyError):
    """The disk did not take a large body."""

    code = "storage-unavailable"

    def __init__(self) -> None:
        super().__init__(errno.EIO, "the request body could not be stored")


class ContinueRequired(BaseException):
    """The application reads a body that is large, or that the client sends only after 100 Continue.

    A BaseException, because it must pass through the application's error handling to the server, which then
    asks for the body and calls the application once more. So an application must read the body before it
    changes anything.
    """


class Unreadable:
    """A wsgi.input that raises `reason` on every read."""

    def __init__(self, reason: BaseException) -> None:
        self._reason = reason

    def read(self, _size: int = -1, /) -> bytes:
        self._fail()

    def readline(self, _size: int = -1, /) -> bytes:
        self._fail()

    def readlines(self, _hint: int = -1, /) -> list[bytes]:
        self._fail()

    def __iter__(self) -> Iterator[bytes]:
        self._fail()

    def close(self) -> None:
        """There is nothing to close."""

    def _fail(self) -> NoReturn:
        raise self._reason


class Unasked(Unreadable):
    """The wsgi.input of a body that is received only if the application reads it, and within its limit."""

    def __init__(self, body: "Announced", environ: Environ) -> None:
        super().__init__(ContinueRequired())
        self._body = body
        self._environ = environ

    def _fail(self) -> NoReturn:
        self._body.limit = self._environ.get(BODY_LIMIT, self._body.limit)
        self._body.held = self._environ.get(HELD)
        if self._body.announced > self._body.limit:
            raise BodyTooLarge
        super()._fail()


class Announced(Protocol):
    """A body of which the client has announced so many bytes, or more, and the application takes so many."""

    announced: int
    limit: int
    held: IO[bytes] | None
