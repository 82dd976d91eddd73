"""Falcon's router, taught that HEAD is GET without a body and that OPTIONS has nothing to say but Allow."""

from __future__ import annotations

from typing import Any

from falcon.routing import CompiledRouter

from api.web import body
from api.web.context import Request, Response
from api.web.operation import operations


class Router(CompiledRouter):
    """Refuses at start what @operation does not declare."""

    def map_http_methods(self, resource: object, **kwargs: Any) -> Any:
        """Every declared responder, HEAD beside GET, and an OPTIONS that names them all."""
        declared = operations(resource)
        methods: dict[str, Any] = dict(super().map_http_methods(resource, **kwargs))
        if "GET" in methods:
            methods["HEAD"] = methods["GET"]
        headers = {"Allow": ", ".join([*sorted(methods), "OPTIONS"])}
        for method, header in (("POST", "Accept-Post"), ("PATCH", "Accept-Patch")):
            if method in declared and declared[method].body is not None:
                headers[header] = ", ".join(body.media_types(method))
        methods["OPTIONS"] = _options(headers)
        return methods


def _options(headers: dict[str, str]) -> Any:
    def on_options(_req: Request, resp: Response, **_params: str) -> None:
        resp.status = 204
        resp.set_headers(headers)

    return on_options
