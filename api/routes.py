"""Contents page 1: every URL and the resource behind it."""

from __future__ import annotations

from api.database import Database
from api.meta import resources as meta
from api.settings import Settings

Route = tuple[str, object]


def routes(db: Database, settings: Settings) -> list[Route]:  # noqa: ARG001
    """Path → resource, grouped by feature."""
    return [
        # the server itself
        ("/healthz", meta.Health()),
        ("/readyz", meta.Readiness(db)),
        ("/teapot", meta.Teapot()),
    ]
