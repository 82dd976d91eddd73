"""The client: lists go on by themselves, refusals are exceptions, and what is safe to repeat is repeated."""

from __future__ import annotations

import json
import random
import re
import time
import uuid
from collections.abc import Iterator, Mapping
from email.message import Message
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection, responses
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from kiosque_client import answers

REPEATABLE = ("GET", "HEAD", "PUT", "DELETE")
"""Methods of requests that come to the same if they arrive twice."""

WITHOUT_KEY = re.compile("|".join([*answers.WITHOUT_KEY, "/rehearsal/.*"]))
"""The paths where a POST may not be repeated."""

LONGEST_WAIT = 30.0
"""Seconds of Retry-After beyond which the refusal is raised instead."""

LOST = (502, 504)
"""Statuses of a proxy that got no answer."""


class Answer(NamedTuple):
    """An answer with all that it came with; `data` is decoded JSON, text, bytes, or None."""

    status: int
    headers: Message
    data: Any


class Problem(Exception):
    """A refusal (RFC 9457). `members` has all that the server sent; a proxy's refusal has no `code`."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.status, self.headers = answer.status, answer.headers
        self.members: dict[str, Any] = answer.data if isinstance(answer.data, dict) else {}
        self.code: str = self.members.get("code", "")
        self.errors: list[dict[str, str]] = self.members.get("errors", [])

    def __str__(self) -> str:
        detail = self.members.get("detail") or responses.get(self.status, "")
        places = [f"{_place(error)}: {error['detail']}" for error in self.errors]
        return "\n  ".join([f"{self.status} {self.code}: {detail}", *places])


class Client:
    """Requests by one account, or by a stranger without a `token`; threads may share it.

    `timeout` is in seconds, for each attempt; `retries` counts the attempts after the first. Every request
    has a connection of its own, so that there is nothing to close.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        timeout: float = 10,
        retries: int = 3,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.url, self.token = url.rstrip("/"), token
        self.timeout, self.retries = timeout, retries
        self.headers = dict(headers or {})

    def with_token(self, token: str | None) -> Client:
        """A client like this one with another token, or none."""
        return Client(self.url, token, timeout=self.timeout, retries=self.retries, headers=self.headers)

    def log_in(self, email: str, password: str) -> Client:
        """A client with a new session of that account."""
        login = self.post("/v1/sessions", {"email": email, "password": password})
        return self.with_token(login["token"])

    def get(self, path: str, /, **query: Any) -> Any:
        """The JSON, or the text, at that path."""
        return self.send("GET", path, query=query).data

    def every(self, path: str, /, **query: Any) -> Iterator[Any]:
        """All rows of a list, page after page."""
        page = self.get(path, **query)
        while True:
            yield from page["data"]
            if page.get("next") is not None:
                page = self.get(page["next"])
            elif "cursor" in page and page["data"]:  # events have no last page, but one that is empty
                page = self.get(path, **{**query, "after": page["cursor"]})
            else:
                return

    def post(self, path: str, body: Any = None, /, *, key: str | None = None) -> Any:
        """Create something; the same `key` again has the same answer, and no `key` is a new one."""
        if key is None and not WITHOUT_KEY.fullmatch(path):
            key = str(uuid.uuid4())
        return self.send("POST", path, body, headers={"Idempotency-Key": key} if key else {}).data

    def put(self, path: str, body: Any = None, /, *, etag: str | None = None) -> Any:
        """Set something, if it still has that ETag."""
        return self.send("PUT", path, body, headers={"If-Match": etag} if etag else {}).data

    def patch(self, path: str, body: Any, /, *, etag: str | None = None) -> Any:
        """Change those fields, if the resource still has that ETag."""
        return self.send("PATCH", path, body, headers={"If-Match": etag} if etag else {}).data

    def delete(self, path: str, /, *, etag: str | None = None) -> None:
        """Delete something, if it still has that ETag."""
        self.send("DELETE", path, headers={"If-Match": etag} if etag else {})

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Any request, with its whole answer; Problem, or OSError or HTTPException if there is none."""
        fields = {"Accept": "application/json, */*;q=0.5", **self.headers, **(headers or {})}
        if self.token is not None:
            fields["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            fields["Content-Type"] = "application/json"
        target = urlsplit(self.url).path + _target(path, query or {})
        content = None if body is None else json.dumps(body).encode()
        is_repeatable = "Idempotency-Key" in fields or (method in REPEATABLE and "If-Match" not in fields)
        was_lost = False
        for attempt in count():
            answer, is_last = None, attempt == self.retries
            try:
                answer = self._exchange(method, target, content, fields)
            except (OSError, HTTPException):
                if not is_repeatable or is_last:
                    raise
            if answer is not None:
                if answer.status == HTTPStatus.PERMANENT_REDIRECT and answer.headers["Location"][:1] == "/":
                    return self.send(method, answer.headers["Location"], body, headers=headers)
                if _is_success(answer, is_repeated_deletion=was_lost and method == "DELETE"):
                    return answer
            pause = _pause(answer, attempt, is_repeatable=is_repeatable)
            if answer is not None and (pause is None or is_last):
                raise Problem(answer)
            was_lost = was_lost or answer is None or answer.status in LOST
            time.sleep(pause or 0)
        raise AssertionError

    def _exchange(self, method: str, target: str, content: bytes | None, fields: dict[str, str]) -> Answer:
        place = urlsplit(self.url)
        kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
        connection = kind(place.netloc, timeout=self.timeout)
        try:
            connection.request(method, target, content, fields)
            response = connection.getresponse()
            return Answer(response.status, response.headers, _decoded(response.headers, response.read()))
        finally:
            connection.close()


def _place(error: Mapping[str, str]) -> str:
    return error.get("pointer") or error.get("parameter") or error.get("header") or "/"


def _target(path: str, query: Mapping[str, Any]) -> str:
    values = {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in query.items()
        if value is not None
    }
    more = f"{'&' if '?' in path else '?'}{urlencode(values, doseq=True)}" if values else ""
    return quote(path, safe="/?=&%:+-._~@!$'()*,;") + more


def _decoded(headers: Message, content: bytes) -> Any:
    if not content:
        return None
    kind = headers.get_content_type()
    if "json" in kind:
        return json.loads(content)
    return content.decode() if kind.startswith("text/") or kind.endswith("xml") else content


def _is_success(answer: Answer, *, is_repeated_deletion: bool) -> bool:
    if answer.status == HTTPStatus.NOT_FOUND:
        return is_repeated_deletion
    return answer.status < HTTPStatus.MULTIPLE_CHOICES or answer.status == HTTPStatus.NOT_MODIFIED


def _pause(answer: Answer | None, attempt: int, *, is_repeatable: bool) -> float | None:
    """The seconds after which to repeat a request, if there is any use in that."""
    if answer is None or answer.status in LOST:
        return random.uniform(0, 0.1 * 2**attempt) if is_repeatable else None  # noqa: S311  # not a secret
    seconds = answer.headers.get("Retry-After", "")  # it did nothing, so any request may come again
    return float(seconds) if seconds.isdecimal() and float(seconds) <= LONGEST_WAIT else None
