"""In front of the application: answers what the cache holds, as the application would, to the byte."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from api.web import logs
from api.web.cache import PRIVATE, PUBLIC, Cache, Generation, Kept, Key, Seen
from api.web.context import Request, Response
from api.web.metrics import Metrics
from api.web.request_ids import request_id

StartResponse: TypeAlias = Callable[..., object]

_FOUND = "kiosque.found"
_OF_CONTENT = ("content-type", "content-length")
"""Left out of a 304 (RFC 9110 §15.4.5)."""


class _Found(NamedTuple):
    """What a look into the cache gave: an answer, or where the one to come belongs."""

    cache: Cache
    generation: Generation
    key: Key
    kept: Kept | None
    account: str | None
    began: float


class Front:
    """Looks into the cache for each request that it may answer, and counts how often it could."""

    def __init__(self, cache: Cache, metrics: Metrics) -> None:
        self._cache = cache
        self._metrics = metrics

    def look(self, environ: dict[str, Any]) -> bool:
        """Whether the answer is at hand. What was found stays with the request, for whoever answers it."""
        key = self._cache.key(environ)
        if key is None:
            return False
        began = time.perf_counter()
        current = self._cache.generation()
        if current is None:
            return False
        generation, now = current
        kept, account = generation.answers.get(key), None
        authorization = environ.get("HTTP_AUTHORIZATION")
        if authorization is not None:  # what everybody gets, they get too, once it is known who they are
            seen = generation.viewers.get(authorization)
            kept, account = (None, None) if seen is None or seen.until <= now else (kept, seen.account)
        self._metrics.looked_up(hit=kept is not None)
        environ[_FOUND] = _Found(self._cache, generation, key, kept, account, began)
        return kept is not None

    def look_at_once(self, environ: dict[str, Any]) -> bool:
        """`look`, if it takes no waiting: for the event loop of the server."""
        return not self._cache.waits and self.look(environ)

    def answer(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes] | None:
        """The answer, if the cache holds it (PEP 3333)."""
        if _FOUND not in environ and not self.look(environ):
            return None
        found: _Found = environ[_FOUND]
        kept = found.kept
        if kept is None:
            return None
        is_known = kept.is_known(environ.get("HTTP_IF_NONE_MATCH"))
        told = {"x-request-id": request_id(environ)}
        if "HTTP_AUTHORIZATION" in environ:
            told["cache-control"] = PRIVATE
        left_out = _OF_CONTENT if is_known else ()
        start_response(
            "304 Not Modified" if is_known else "200 OK",
            [(name, told.get(name, value)) for name, value in kept.headers if name not in left_out],
        )
        self._tell(environ, found, kept.route, told["x-request-id"], 304 if is_known else 200)
        return [] if is_known or environ["REQUEST_METHOD"] == "HEAD" else [kept.body]

    def _tell(self, environ: dict[str, Any], found: _Found, route: str, request_id: str, status: int) -> None:
        method, seconds = environ["REQUEST_METHOD"], time.perf_counter() - found.began
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
            account=found.account,
        )


def remember(req: Request) -> None:
    """Remember who sent these credentials, if the request is one that the cache may answer."""
    found: _Found | None = req.env.get(_FOUND)
    if found is not None:
        viewer = req.context.viewer
        seen = Seen(viewer.id, viewer.known_until)
        found.cache.remember(found.generation, req.env["HTTP_AUTHORIZATION"], seen)


def keep(req: Request, resp: Response) -> None:
    """Keep this 200, if it was looked for and went to somebody who may do no more than a stranger.

    Only the headers of its length are still to come.
    """
    found: _Found | None = req.env.get(_FOUND)
    etag, viewer = resp.get_header("ETag"), req.context.viewer
    if found is None or etag is None or resp.data is None or (viewer is not None and viewer.permissions):
        return
    told = {**resp.headers, "cache-control": PUBLIC, "content-length": str(len(resp.data))}
    told.setdefault("content-type", resp.options.default_media_type)
    kept = Kept(route=req.uri_template or "", headers=tuple(told.items()), body=resp.data, etag=etag)
    found.cache.keep(found.generation, found.key, kept)
