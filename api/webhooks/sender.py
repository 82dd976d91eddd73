"""The sender: one attempt to post a message, to nobody inside and in bounded time."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeAlias

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.util import Url, parse_url

from api.webhooks.deadline import Deadline
from api.webhooks.reaching import Lookup, NotPublic, Reach, host_of
from api.webhooks.signing import Message

SECONDS = 20.0
"""For all of an attempt: look-up, connection, request and answer."""
EXCERPT_BYTES = 2_000
LONGEST_WAIT = 86_400.0
_MOST_ERROR = 300  # characters

Post: TypeAlias = "Callable[[Message], Reply]"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """The outcome of an attempt."""

    status: int | None = None
    ms: int = 0
    error: str | None = None
    excerpt: str | None = None
    retry_after: float = 0.0
    """Seconds."""

    @property
    def is_success(self) -> bool:
        """Whether the receiver has taken the message."""
        return self.error is None


def rehearse(_message: Message) -> Reply:
    """Send nothing, and have it taken."""
    return Reply(status=200)


@dataclass(frozen=True)
class Sender:
    """Posts messages; the hosts `inside` may have any address, and be spoken to without TLS."""

    inside: Collection[str] = ()
    context: ssl.SSLContext | None = None
    """By default, the certificate must be valid for the name by the authorities of the system."""
    lookup: Lookup = socket.getaddrinfo
    seconds: float = SECONDS

    def __call__(self, message: Message) -> Reply:
        """One attempt; whatever goes wrong is in the reply."""
        began = time.monotonic()
        try:
            reply = self._post(message)
        except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            reply = Reply(error=_shown(error))
        ms = round((time.monotonic() - began) * 1000)
        return Reply(**{**vars(reply), "ms": ms})

    def _post(self, message: Message) -> Reply:
        url = parse_url(message.url)
        with Deadline(self.seconds) as deadline:
            connection = self._connection(url, deadline)
            try:
                headers = {**message.headers, "connection": "close"}
                target = url.request_uri
                connection.request("POST", target, body=message.body, headers=headers, preload_content=False)
                answer = connection.getresponse()
                status, is_success = answer.status, 200 <= answer.status < 300
                excerpt = b"" if is_success else answer.read(EXCERPT_BYTES, decode_content=False)
            finally:
                connection.close()
        return Reply(
            status=status,
            error=None if is_success else f"{status} {answer.reason or ''}".strip()[:_MOST_ERROR],
            excerpt=None if is_success else excerpt.decode("utf-8", "replace"),
            retry_after=_seconds(answer.headers.get("Retry-After")),
        )

    def _connection(self, url: Url, deadline: Deadline) -> HTTPConnection:
        if url.scheme != "https" and host_of(url) not in self.inside:
            raise NotPublic("only https:// leads outside")
        return Reach(self.inside, self.context, self.lookup).connection(url, deadline, timeout=self.seconds)


def _shown(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return f"{type(error).__name__}: {error}"[:_MOST_ERROR]


def _seconds(retry_after: str | None) -> float:
    """The wait that the receiver asks for, in seconds or as a date."""
    if not retry_after:
        return 0.0
    if retry_after.isascii() and retry_after.isdigit():
        return min(float(retry_after), LONGEST_WAIT)
    try:
        wait = (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return min(max(wait, 0.0), LONGEST_WAIT)
