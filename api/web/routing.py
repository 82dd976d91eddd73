"""Falcon's router with HEAD, OPTIONS and retries of writes added, so that no resource implements them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from falcon.routing import CompiledRouter

from api.web import body
from api.web.context import Request, Response
from api.web.operation import operations

WRITING = ("POST", "PUT", "PATCH", "DELETE")

Attempt: TypeAlias = Callable[[Callable[[], None]], None]


class Router(CompiledRouter):
    """Refuses undeclared responders at start, and lets `attempt` call each one that writes."""

    def __init__(self, attempt: Attempt) -> None:
        super().__init__()
        self._attempt = attempt

    def map_http_methods(self, resource: object, **kwargs: Any) -> Any:
        """The declared responders, plus HEAD for GET, and OPTIONS."""
        declared = operations(resource)
        methods: dict[str, Any] = dict(super().map_http_methods(resource, **kwargs))
        for method in methods.keys() & set(WRITING):
            methods[method] = _attempted(methods[method], self._attempt)
        if "GET" in methods:
            methods["HEAD"] = methods["GET"]
        headers = {"Allow": ", ".join([*sorted(methods), "OPTIONS"])}
        for method in ("POST", "PATCH"):
            if method in declared and (declared[method].body is not None or declared[method].upload):
                headers |= body.accepted(method, declared[method])
        methods["OPTIONS"] = _options(headers)
        return methods


def _attempted(responder: Callable[..., None], attempt: Attempt) -> Callable[..., None]:
    """The responder, called again when its transaction must be retried, each time with a fresh answer.

    This is why a responder may have no effects other than its transactions, nor change request or body.
    """

    def respond(req: Request, resp: Response, **params: Any) -> None:
        before = resp.headers

        def act() -> None:
            resp.status, resp.data = 200, None
            for name in resp.headers.keys() - before.keys():
                resp.delete_header(name)
            responder(req, resp, **params)

        attempt(act)

    return respond


def _options(headers: dict[str, str]) -> Any:
    def on_options(_req: Request, resp: Response, **_params: str) -> None:
        resp.status = 204
        resp.set_headers(headers)

    return on_options
