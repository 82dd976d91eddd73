"""Contents page 1: every URL and the resource behind it."""

from __future__ import annotations

import api
from api.database import Database
from api.meta import docs, problems
from api.meta import resources as meta
from api.settings import Settings
from api.web import openapi

Route = tuple[str, object]


def routes(db: Database, settings: Settings) -> list[Route]:
    """Path → resource, grouped by feature."""
    table: list[Route] = [
        # the server itself
        ("/v1", meta.Root(settings)),
        ("/healthz", meta.Health()),
        ("/readyz", meta.Readiness(db)),
        ("/openapi.json", meta.OpenApi(lambda: openapi.describe(table, settings, api.__version__))),
        ("/docs", docs.Docs()),
        ("/docs/{name}", docs.DocsFile()),
        ("/problems", problems.Problems()),
        ("/problems/{code}", problems.Problem()),
        ("/teapot", meta.Teapot()),
    ]
    return table
