"""CORS (the Fetch standard): it lets pages of the allowed origins call the API and read its answers."""

from __future__ import annotations

from api.settings import Settings
from api.web.context import Request, Response
from api.web.operation import METHODS

EXPOSED = "ETag, Link, Location, Retry-After, X-Request-ID, Idempotent-Replayed"
REQUEST_HEADERS = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-ID, "
    "traceparent, tracestate"  # ignored, but pages that trace send them to everybody
)
PREFLIGHT = ("Access-Control-Request-Method", "Access-Control-Request-Headers")
PREFLIGHT_SECONDS = 600


class Cors:
    """Adds the headers that let an allowed origin read the answer; every other origin gets none.

    It runs after Envelope, since it appends to the Vary that Envelope sets.
    """

    def __init__(self, settings: Settings) -> None:
        self._origins = settings.cors_origins

    def process_response(self, req: Request, resp: Response, _resource: object, _succeeded: bool) -> None:
        origin = req.get_header("Origin")
        preflight = req.method == "OPTIONS" and req.get_header("Access-Control-Request-Method") is not None
        if self._origins or preflight:
            resp.append_header("Vary", ", ".join(("Origin", *PREFLIGHT)) if preflight else "Origin")
        if origin is None or origin.lower() not in self._origins:
            return
        resp.set_header("Access-Control-Allow-Origin", origin)
        resp.set_header("Access-Control-Expose-Headers", EXPOSED)
        if preflight:
            if resp.status_code == 404:  # a page is to read the 404 that follows, not an error of CORS
                resp.status, resp.data = 204, None
                resp.delete_header("Content-Type")
                resp.set_header("Allow", ", ".join((*METHODS, "OPTIONS")))
            resp.set_header("Access-Control-Allow-Methods", resp.get_header("Allow") or "")
            resp.set_header("Access-Control-Allow-Headers", REQUEST_HEADERS)
            resp.set_header("Access-Control-Max-Age", str(PREFLIGHT_SECONDS))
