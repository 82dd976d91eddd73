"""The checks before every responder and the headers and log line after it, so that no route forgets one."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from api.errors import NotFound
from api.settings import Settings
from api.web import body, cached, conditional, credentials, idempotency, logs, query
from api.web.cached import PRIVATE, PUBLIC
from api.web.client_address import ClientNetworks
from api.web.context import Identity, Request, Response
from api.web.http_errors import MethodNotImplemented, Misdirected, NoSuchPath, NotAcceptable
from api.web.metrics import Metrics
from api.web.operation import METHODS, Operation, operation_of
from api.web.request_ids import request_id
from api.web.safety import RESOURCE_POLICY, is_for_every_site, safety_headers

KNOWN_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"))

PROBES = ("/healthz", "/readyz", "/metrics")
"""Paths whose clients know the server by its address, not by a name: they are answered whatever Host."""

FORWARDING = (
    "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP",
    "X-Forwarded", "X-Client-IP", "X-Cluster-Client-IP", "X-Original-Forwarded-For",
    "X-Envoy-External-Address",
    "CF-Connecting-IP", "CDN-Loop", "True-Client-IP", "Fastly-Client-IP", "Fly-Client-IP", "X-Azure-ClientIP",
)  # fmt: skip
"""Headers by which a proxy shows itself."""

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})|%00|\x00|%2[fF]")


class Outcome:
    """The last step of every answer: cache it, turn it into a 304, count it, log it."""

    def __init__(self, metrics: Metrics, networks: ClientNetworks) -> None:
        self._metrics = metrics
        self._networks = networks

    def process_request(self, req: Request, _resp: Response) -> None:
        req.context.started = time.perf_counter()
        req.context.request_id = request_id(req.env)
        req.context.client = self._networks.of_environ(req.env)

    def process_response(self, req: Request, resp: Response, resource: object, _succeeded: bool) -> None:
        if resp.status_code == 200 and req.method in ("GET", "HEAD"):
            cached.store(req, resp)
            conditional.not_modified(req, resp)
        context = req.context
        if context.upload is not None:
            context.upload.close()
        seconds = time.perf_counter() - context.started
        method = req.method if req.method in KNOWN_METHODS else "other"
        self._metrics.observe(method, req.uri_template, resp.status_code, seconds)
        client, viewer = context.client, logs.viewer_of(context.viewer)
        logs.access(
            request_id=context.request_id,
            method=req.method,
            route=req.uri_template,
            path=req.path,
            query=req.query_string,
            status=resp.status_code,
            seconds=seconds,
            client=client,
            **viewer,
        )
        event = context.event or _event(operation_of(resource, req.method), resp)
        if event is not None:
            known = {"request_id": context.request_id, "client": client, "path": req.path, **viewer}
            logs.security(event, **known | context.facts)


class Envelope:
    """The headers that every answer of the site at that address has."""

    def __init__(self, site: str) -> None:
        self._safety = safety_headers(site)

    def process_response(self, req: Request, resp: Response, _resource: object, _succeeded: bool) -> None:
        resp.set_header("X-Request-ID", req.context.request_id)
        for name, value in (
            *self._safety.items(),
            ("Cache-Control", _cache_control(req, resp)),
            ("Vary", "Accept, Authorization"),
        ):
            if resp.get_header(name) is None:
                resp.set_header(name, value)


class Gate:
    """Checks each request, in order: host, method, path, credentials, access, body (contract 3.25)."""

    def __init__(self, settings: Settings, identify: Callable[[str], Identity]) -> None:
        self._hosts = settings.hosts
        self._behind_proxy = bool(settings.proxy)
        self._identify = identify

    def process_request(self, req: Request, resp: Response) -> None:
        if (
            self._hosts
            and req.path not in PROBES
            and not _is_answered(req.env.get("HTTP_HOST", ""), self._hosts)
        ):
            raise Misdirected
        if req.method not in KNOWN_METHODS:
            raise MethodNotImplemented
        if req.path == "*":  # RFC 9110 §9.3.7: OPTIONS of the server as a whole
            resp.status = 204
            resp.set_header("Allow", ", ".join((*METHODS, "HEAD", "OPTIONS")))
            resp.complete = True
            return
        _check_path(req)

    def process_resource(
        self, req: Request, resp: Response, resource: object, params: dict[str, Any]
    ) -> None:
        declared = operation_of(resource, req.method)
        if declared is None:
            return  # OPTIONS, or a method that the router refuses with 405
        if is_for_every_site(req.method, declared):
            resp.set_header(RESOURCE_POLICY, "cross-origin")
        query.refuse_secrets(req.query_string)
        self._admit(req, declared)
        _negotiate(req, declared)
        if declared.body is not None or declared.upload:
            body.check_headers(req, resp, declared)
        if declared.idempotent:
            idempotency.key_of(req)
        parameters = query.decode(req.query_string, declared.query or query.NoQuery)
        if declared.query is not None:
            params["query"] = parameters
        if declared.body is not None:
            params["body"] = body.decode(
                req,
                declared.body,
                required=declared.body_required,
                limit=declared.body_bytes,
                or_expected=declared.or_bodies,
            )

    def _is_local(self, req: Request) -> bool:
        """Whether the client is on this machine, not behind a proxy on it."""
        is_loopback = req.env.get("REMOTE_ADDR", "") in ("127.0.0.1", "::1")
        return is_loopback and not self._behind_proxy and not _came_forwarded(req)

    def _admit(self, req: Request, declared: Operation) -> None:
        if not declared.access.ignores_credentials:
            token = credentials.bearer_token(req.get_header("Authorization"))
            viewer = None if token is None else self._identify(token)
            if viewer is not None and (declared.access.signed_in or not viewer.lacks_factor):
                req.context.viewer = viewer
                cached.remember(req)
        access, viewer = declared.access, req.context.viewer
        if viewer is not None and viewer.order_id is not None and credentials.is_open_to_strangers(access):
            req.context.viewer = viewer = None  # what is public, a guest sees as any stranger does
        if not (access.local and self._is_local(req)):
            credentials.check_access(viewer, access)


def _event(declared: Operation | None, resp: Response) -> str | None:
    """The event for the security log: what happened, or that somebody failed to prove who they are."""
    if declared is None or declared.event is None:
        return None
    if resp.status_code < 300:
        return None if resp.get_header("Idempotent-Replayed") else declared.event
    return f"{declared.event}-failed" if declared.slow and resp.status_code in (401, 403, 429) else None


def _came_forwarded(req: Request) -> bool:
    return any(req.get_header(name) is not None for name in FORWARDING)


def _cache_control(req: Request, resp: Response) -> str:
    if req.get_header("Authorization") is not None:
        return PRIVATE
    if req.method in ("GET", "HEAD") and resp.status_code in (200, 304, 308):
        return PUBLIC
    return "no-store"


def _is_answered(host: str, answered: frozenset[str]) -> bool:
    host = host.lower()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return host in answered or name in answered


def _check_path(req: Request) -> None:
    """Refuse spellings that decode to another path, or to none (RFC 3986 §2 and §6)."""
    target = req.env.get("RAW_URI") or quote_from_bytes(req.env["PATH_INFO"].encode("latin-1"))
    path = re.sub(r"\A[A-Za-z][A-Za-z0-9+.-]*://[^/?]*", "", target).partition("?")[0]
    decoded = unquote_to_bytes(path)
    if _BAD_ESCAPE.search(path) or b"/../" in decoded + b"/" or b"/./" in decoded + b"/":
        raise NotFound
    if path.startswith("/v1/") and ("//" in path or path.endswith("/")):
        raise NoSuchPath
    if "//" in path:
        raise NotFound
    try:
        decoded.decode("utf-8")
    except UnicodeDecodeError:
        raise NotFound from None


def _negotiate(req: Request, declared: Operation) -> None:
    if declared.media_types == ("application/json",) and not req.client_accepts("application/json"):
        raise NotAcceptable
