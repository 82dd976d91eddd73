"""The decisions that the server leaves to its application: all that it knows of one besides PEP 3333."""

from collections.abc import Mapping
from typing import Any, Literal, Protocol, TypeAlias

Environ: TypeAlias = dict[str, Any]

Lane: TypeAlias = Literal["read", "write", "slow", "slower"]
"""A queue for a thread. Writes leave one thread to reads, since they may all have to wait for the same lock;
slow requests have a thread of their own and run one after the other, and so have slower ones."""

Code: TypeAlias = Literal[
    "bad-request",
    "host-required",
    "host-invalid",
    "bad-framing",
    "uri-too-long",
    "headers-too-large",
    "transfer-coding",
    "expectation-failed",
    "body-too-large",
    "incomplete-body",
    "request-timeout",
    "busy",
    "storage-unavailable",
    "shutting-down",
    "internal",
]
"""The reasons for which the server answers a request itself."""

Answer: TypeAlias = tuple[int, Mapping[str, str], bytes]
"""A status, header fields without Date, Content-Length and Connection, and a body."""


class Policy(Protocol):
    """The companion of a WSGI application. Threads and the event loop call it, so it must not block."""

    def answers_at_once(self, environ: Environ) -> bool:
        """Whether the application answers without waiting, so that it is called in the event loop itself."""

    def lane(self, environ: Environ) -> Lane:
        """The queue in which a request waits for its thread."""

    def refuse(self, code: Code, environ: Environ, *, seconds: float, started: bool) -> Answer:
        """Log and count a refusal, and return its answer.

        `environ` may lack whatever could not be read. `seconds` is the age of the request. `started`: the
        application called start_response before it failed, so it may have logged an answer of its own.
        """

    def report_failure(self, error: BaseException, environ: Environ) -> None:
        """Log an exception that the application let through; `refuse` follows unless its answer has begun."""
