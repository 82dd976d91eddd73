"""The documentation page, to read and try the API, with everything it needs on this server and no CDN."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from api.errors import NotFound
from api.web.context import Request, Response
from api.web.operation import ANYONE, operation
from api.web.responses import document

# Swagger UI styles its elements from its script and draws its icons as data: URLs.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# A browser that finds other bytes in them than these hashes say runs none of it: they come from a package.
PAGE = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kiosque API</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/docs/swagger_style.css"
  integrity="sha256-GsMk99zSfkuThrS9ZCEnHsFH6SKiLAW6JLEVFemqYyE=">
<div id="swagger-ui"></div>
<script src="/docs/swagger_bundle.js"
  integrity="sha256-BQvEFe5wSNzYgWgmePcgJk59peNz90YdfFjHVTBSVfc="></script>
<script src="/docs/start.js"></script>
</html>
"""
START = b"""const dark = matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.classList.toggle("dark-mode", dark);
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
});
"""
MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
PACKAGED = ("swagger_bundle.js", "swagger_style.css")


class Docs:
    """/docs"""

    @operation(ANYONE, media_types=("text/html",))
    def on_get(self, _req: Request, resp: Response) -> None:
        """Show the page to read and try the API."""
        document(resp, PAGE, "text/html; charset=utf-8")
        resp.set_header("Content-Security-Policy", POLICY)


class DocsFile:
    """/docs/{name}"""

    @operation(ANYONE, media_types=("text/javascript", "text/css"))
    def on_get(self, req: Request, resp: Response, name: str) -> None:
        """Send a script or stylesheet of the documentation page."""
        if name == "start.js":
            document(resp, START, MEDIA_TYPES[".js"])
        elif name not in PACKAGED:
            raise NotFound
        elif "gzip" in req.accepted_codings:
            document(resp, _compressed(name), MEDIA_TYPES[Path(name).suffix])
            resp.set_header("Content-Encoding", "gzip")
        else:
            document(resp, _content(name), MEDIA_TYPES[Path(name).suffix])
        resp.set_header("Vary", "Accept-Encoding, Authorization")


def _content(name: str) -> bytes:
    # Importing the package would load nine megabytes of templates into every worker.
    spec = find_spec("offapi")
    if spec is None or spec.submodule_search_locations is None:
        raise NotFound
    return (Path(spec.submodule_search_locations[0]) / name).read_bytes()


@cache
def _compressed(name: str) -> bytes:
    return gzip.compress(_content(name), mtime=0)
