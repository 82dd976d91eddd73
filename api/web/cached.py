"""Answers that everybody gets, cached as bytes, which spares the application the work of making them again.

The database's change token is read before every answer from the cache, and before the data of every answer
that goes into it. An answer belongs to the generation of the token that was read first: if a commit comes in
between, no request sees that generation any more. So no answer is older than the last commit that was
acknowledged before its request came.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from api.errors import Unavailable
from api.storage.change_token import Changes, Token
from api.times import Instant
from api.web import logs
from api.web.client_address import ClientNetworks
from api.web.conditional import matches
from api.web.context import Request, Response
from api.web.metrics import Metrics
from api.web.request_ids import request_id

PUBLIC = "public, no-cache"
"""Cache-Control of what everybody gets: store it, and ask each time whether it is still current."""

PRIVATE = "private, no-store"
"""Cache-Control of every answer to a request with credentials."""

MOST_VIEWERS = 4_096

LARGEST_SHARE = 8
"""An answer larger than this part of the whole cache is not stored."""

OVERHEAD = 1_000
"""Bytes that an entry takes beside its key and its body, about."""

Key: TypeAlias = tuple[str, ...]
"""Everything in a request that its answer depends on."""

StartResponse: TypeAlias = Callable[..., object]

_LOOKUP = "kiosque.cache_lookup"
_OF_CONTENT = ("content-type", "content-length")
"""Not in a 304 (RFC 9110 §15.4.5)."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A 200 as it was sent, but for the headers at two places."""

    route: str
    headers: tuple[tuple[str, str], ...]
    request_id_at: int
    cache_control_at: int
    body: bytes
    etag: str


class Known(NamedTuple):
    """Account and credential, as the log names them: as long as nothing changes, until they expire."""

    viewer: dict[str, str | None]
    until: Instant


@dataclass(slots=True)
class Generation:
    """The answers between two changes; replaced and never emptied, so that late ones are lost with it."""

    token: Token
    since: Instant
    until: Instant | None = None
    answers: dict[Key, Stored] = field(default_factory=dict)
    viewers: dict[str, Known] = field(default_factory=dict)
    """By the Authorization header."""
    size: int = 0
    has_until: bool = False
    """Whether `until` has been read."""

    def is_current(self, token: Token, now: Instant) -> bool:
        """Whether nothing has changed since; a clock that was set back counts as a change."""
        return token == self.token and self.since <= now and (self.until is None or now < self.until)


class _Lookup(NamedTuple):
    """The cached answer for a request, or where the one to come belongs."""

    cache: Cache
    generation: Generation
    key: Key
    stored: Stored | None
    viewer: dict[str, str | None]
    began: float


class Cache:
    """The cached answers of one process; `next_change` is when one changes without a commit."""

    def __init__(
        self,
        changes: Changes,
        next_change: Callable[[Instant], Instant | None],
        metrics: Metrics,
        networks: ClientNetworks,
        *,
        paths: Iterable[str],
        varying: Iterable[str],
        limit: int,
    ) -> None:
        """`paths`: templates of what may be cached; `varying`: environ keys that answers depend on."""
        self._changes = changes
        self._next_change = next_change
        self._metrics = metrics
        self._networks = networks
        self._paths = re.compile("|".join(re.sub(r"{\w+}", "[^/?]+", path) for path in paths) or r"(?!)")
        self._varying = tuple(varying)
        self._limit = limit
        self._lock = threading.Lock()
        self._generation: Generation | None = None

    def look_up(self, environ: dict[str, Any]) -> bool:
        """Whether the answer is in the cache. The result stays with the request, for whoever answers it."""
        key = self._key(environ)
        if key is None:
            return False
        began = time.perf_counter()
        current = self.generation()
        if current is None:
            return False
        generation, now = current
        stored, viewer = generation.answers.get(key), logs.viewer_of(None)
        authorization = environ.get("HTTP_AUTHORIZATION")
        if authorization is not None:  # the viewer must be known: invalid credentials are refused
            known = generation.viewers.get(authorization)
            if known is None or known.until <= now:
                stored = None
            else:
                viewer = known.viewer
        self._metrics.looked_up(hit=stored is not None)
        environ[_LOOKUP] = _Lookup(self, generation, key, stored, viewer, began)
        return stored is not None

    def look_up_at_once(self, environ: dict[str, Any]) -> bool:
        """`look_up`, if it takes no waiting: for the event loop of the server."""
        return not self._changes.waits and self.look_up(environ)

    def answer(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes] | None:
        """The answer (PEP 3333), None if it is not in the cache."""
        if _LOOKUP not in environ and not self.look_up(environ):
            return None
        lookup: _Lookup = environ[_LOOKUP]
        stored = lookup.stored
        if stored is None:
            return None
        if_none_match = environ.get("HTTP_IF_NONE_MATCH")
        is_known = if_none_match is not None and matches(if_none_match, stored.etag, weak=True)
        headers, its_id = list(stored.headers), request_id(environ)
        headers[stored.request_id_at] = "x-request-id", its_id
        if "HTTP_AUTHORIZATION" in environ:
            headers[stored.cache_control_at] = "cache-control", PRIVATE
        if is_known:
            headers = [header for header in headers if header[0] not in _OF_CONTENT]
        start_response("304 Not Modified" if is_known else "200 OK", headers)
        self._report(environ, lookup, stored.route, its_id, 304 if is_known else 200)
        return [] if is_known or environ["REQUEST_METHOD"] == "HEAD" else [stored.body]

    def generation(self) -> tuple[Generation, Instant] | None:
        """The current generation and the time; None when the database cannot tell."""
        seen = self._changes.look()
        if seen is None:
            return None
        current = self._generation
        if current is None or not current.is_current(*seen):
            # Two threads may each make one: the answers of the first are lost, never wrong.
            self._generation = current = Generation(*seen)
        return current, seen[1]

    def store(self, generation: Generation, key: Key, answer: Stored) -> None:
        """Store an answer whose data were read after `generation` was; the oldest make room."""
        size = _size(key, answer)
        if size > self._limit // LARGEST_SHARE:
            return
        if not generation.has_until:
            try:
                generation.until = self._next_change(generation.since)
            except Unavailable:
                return  # the answer itself is as good as any
            generation.has_until = True
        with self._lock:
            if key not in generation.answers:
                generation.answers[key] = answer
                generation.size += size
            while generation.size > self._limit:
                oldest = next(iter(generation.answers))
                generation.size -= _size(oldest, generation.answers.pop(oldest))

    def _key(self, environ: Mapping[str, Any]) -> Key | None:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        target = environ.get("RAW_URI", "")
        path, _, query = target.partition("?")
        if query != environ["QUERY_STRING"] or self._paths.fullmatch(path) is None:
            return None
        return (target, *[environ.get(name, "") for name in self._varying])

    def _report(
        self, environ: dict[str, Any], lookup: _Lookup, route: str, request_id: str, status: int
    ) -> None:
        method, seconds = environ["REQUEST_METHOD"], time.perf_counter() - lookup.began
        self._metrics.observe(method, route, status, seconds)
        path = environ["PATH_INFO"]
        logs.access(
            request_id=request_id,
            method=method,
            route=route,
            path=path if path.isascii() else path.encode("latin-1").decode("utf-8", "replace"),
            query=environ["QUERY_STRING"],
            status=status,
            seconds=seconds,
            client=self._networks.of_environ(environ),
            **lookup.viewer,
        )


def remember(req: Request) -> None:
    """Remember whose credentials these are, if the cache may answer the request.

    Not those of a viewer who may do more than a stranger: sources and unused tags are not in the cache.
    """
    lookup: _Lookup | None = req.env.get(_LOOKUP)
    viewer = req.context.viewer
    if lookup is not None and not viewer.sees_more and len(lookup.generation.viewers) < MOST_VIEWERS:
        lookup.generation.viewers[req.env["HTTP_AUTHORIZATION"]] = Known(
            logs.viewer_of(viewer), viewer.known_until
        )


def store(req: Request, resp: Response) -> None:
    """Store this 200 if the cache may answer the request and its viewer may do no more than a stranger.

    Only the headers of its length are still to come.
    """
    lookup: _Lookup | None = req.env.get(_LOOKUP)
    etag, viewer = resp.get_header("ETag"), req.context.viewer
    if lookup is None or etag is None or resp.data is None or (viewer is not None and viewer.sees_more):
        return
    headers = {**resp.headers, "cache-control": PUBLIC, "content-length": str(len(resp.data))}
    headers.setdefault("content-type", resp.options.default_media_type)
    names = list(headers)
    answer = Stored(
        route=req.uri_template or "",
        headers=tuple(headers.items()),
        request_id_at=names.index("x-request-id"),
        cache_control_at=names.index("cache-control"),
        body=resp.data,
        etag=etag,
    )
    lookup.cache.store(lookup.generation, lookup.key, answer)


def _size(key: Key, answer: Stored) -> int:
    return sum(map(len, key)) + len(answer.body) + OVERHEAD
