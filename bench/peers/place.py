"""The database and the site address that all peers share."""

from __future__ import annotations

import os
from urllib.parse import quote

DATABASE = os.environ.get("BENCH_DATABASE", "")
SITE = os.environ.get("BENCH_SITE", "")
THREADS = int(os.environ.get("BENCH_THREADS", "0"))
"""Threads in which FastAPI runs its functions; 0 is its default, 40."""
PAGE = 20


def article_url(slug: str) -> str:
    """The address of an article's page."""
    return f"{SITE}/article/?slug={quote(slug, safe='')}"
