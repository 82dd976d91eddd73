"""Answers that everybody gets, kept as bytes until the database changes or the clock passes an appointment.

A look at the database's change token comes before every answer from here, and before every reading of data
whose answer is to be kept. An answer goes into the generation of the token that was seen before it was read:
when a commit came in between, that generation is already nobody's. So no answer is ever older than the last
commit that was acknowledged before its request came.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from api.errors import Unavailable
from api.storage.change_token import Changes, Token
from api.times import Instant
from api.web.conditional import matches

Key: TypeAlias = tuple[str, ...]
"""Everything in a request that its answer depends on."""

Header: TypeAlias = tuple[str, str]

PUBLIC = "public, no-cache"
"""Cache-Control of what everybody gets: keep it, and ask each time whether it still holds."""

PRIVATE = "private, no-store"
"""Cache-Control of every answer to somebody who says who they are."""

MOST_VIEWERS = 4_096

LARGEST_SHARE = 8
"""An answer larger than this part of the whole is not kept."""

OVERHEAD = 1_000
"""Bytes that an entry takes beside its key and its body, about."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A 200 as it went out, but for its X-Request-ID."""

    route: str
    headers: tuple[Header, ...]
    body: bytes
    etag: str

    def is_known(self, if_none_match: str | None) -> bool:
        """Whether the client has these bytes."""
        return if_none_match is not None and matches(if_none_match, self.etag, weak=True)


class Seen(NamedTuple):
    """Whose credentials they were, and until when nobody needs to look again if nothing changes."""

    account: str
    until: Instant


@dataclass(slots=True)
class Generation:
    """The answers between two changes; made anew, never emptied, so that late ones are lost with it."""

    token: Token
    since: Instant
    until: Instant | None = None
    answers: dict[Key, Kept] = field(default_factory=dict)
    viewers: dict[str, Seen] = field(default_factory=dict)
    """By the Authorization header."""
    size: int = 0
    is_dated: bool = False
    """Whether `until` has been looked up."""

    def holds(self, token: Token, now: Instant) -> bool:
        """Whether nothing has changed since; a clock that was set back counts as a change."""
        return token == self.token and self.since <= now and (self.until is None or now < self.until)


class Cache:
    """The answers of one process. `appointment` says when, after an instant, the next changes by itself."""

    def __init__(
        self,
        changes: Changes,
        appointment: Callable[[Instant], Instant | None],
        *,
        paths: Iterable[str],
        varying: Iterable[str],
        limit: int,
    ) -> None:
        """`paths`: templates of what may be kept; `varying`: environ keys that answers depend on."""
        self.waits = changes.waits
        self._changes = changes
        self._appointment = appointment
        self._paths = re.compile("|".join(re.sub(r"{\w+}", "[^/?]+", path) for path in paths) or r"(?!)")
        self._varying = tuple(varying)
        self._limit = limit
        self._lock = threading.Lock()
        self._generation: Generation | None = None

    def key(self, environ: Mapping[str, Any]) -> Key | None:
        """Under what the answer would be kept; None for what never is."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        target = environ.get("RAW_URI", "")
        path, _, query = target.partition("?")
        if query != environ["QUERY_STRING"] or self._paths.fullmatch(path) is None:
            return None
        return (target, *(environ.get(name, "") for name in self._varying))

    def generation(self) -> tuple[Generation, Instant] | None:
        """That of this moment, and the moment; None when the database cannot tell."""
        seen = self._changes.look()
        if seen is None:
            return None
        current = self._generation
        if current is None or not current.holds(*seen):
            # Two threads may each make one: the answers of the first are lost, never wrong.
            self._generation = current = Generation(*seen)
        return current, seen[1]

    def keep(self, generation: Generation, key: Key, kept: Kept) -> None:
        """Keep an answer that was read after `generation` was asked for; the oldest make room."""
        size = _size(key, kept)
        if size > self._limit // LARGEST_SHARE:
            return
        if not generation.is_dated:
            try:
                generation.until = self._appointment(generation.since)
            except Unavailable:
                return  # the answer itself is as good as any
            generation.is_dated = True
        with self._lock:
            if key not in generation.answers:
                generation.answers[key] = kept
                generation.size += size
            while generation.size > self._limit:
                oldest = next(iter(generation.answers))
                generation.size -= _size(oldest, generation.answers.pop(oldest))

    def remember(self, generation: Generation, authorization: str, seen: Seen) -> None:
        """Remember whose credentials these are, as was read after `generation` was asked for."""
        if len(generation.viewers) < MOST_VIEWERS:
            generation.viewers[authorization] = seen


def _size(key: Key, kept: Kept) -> int:
    return sum(map(len, key)) + len(kept.body) + OVERHEAD
