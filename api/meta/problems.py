"""The catalogue of problems, made from the error classes, so that none is missing; as JSON or a page."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from html import escape
from typing import Annotated

import msgspec
from msgspec import Meta

from api.errors import DomainError, NotFound, concrete_errors
from api.web.context import Request, Response
from api.web.operation import ANYONE, operation
from api.web.paging import Page
from api.web.problems import status_of, type_of
from api.web.responses import answer, document, listed

HTML = "text/html; charset=utf-8"
STYLE = (
    "body{font:1rem/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}code{font-size:.95em}h2{margin:2rem 0 0}p{margin:.3rem 0}"
)
POLICY = (
    "default-src 'none'; frame-ancestors 'none'; style-src "
    f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
)


class ProblemView(msgspec.Struct):
    """A kind of problem: its meaning, and what a client can do about it."""

    type: Annotated[str, Meta(examples=[type_of(NotFound, "https://example.org")])]
    code: Annotated[str, Meta(examples=[NotFound.code])]
    status: Annotated[int, Meta(examples=[status_of(NotFound)])]
    title: Annotated[str, Meta(examples=[NotFound.title])]
    meaning: Annotated[str, Meta(examples=[NotFound.meaning()])]
    remedy: Annotated[str, Meta(examples=[NotFound.remedy])]


@dataclass(frozen=True, eq=False)
class Problems:
    """/problems"""

    site: str

    @operation(ANYONE, returns=Page[ProblemView], media_types=("application/json", "text/html"))
    def on_get(self, req: Request, resp: Response) -> None:
        """List every problem that the server can answer with."""
        views = [_view(error, self.site) for error in concrete_errors()]
        if _wants_page(req):
            _page(resp, "Problems", views)
        else:
            listed(resp, views, next_page=None)


@dataclass(frozen=True, eq=False)
class Problem:
    """/problems/{code}"""

    site: str

    @operation(ANYONE, returns=ProblemView, media_types=("application/json", "text/html"))
    def on_get(self, req: Request, resp: Response, code: str) -> None:
        """Explain a problem and what to do about it."""
        error = next((error for error in concrete_errors() if error.code == code), None)
        if error is None:
            raise NotFound
        view = _view(error, self.site)
        if _wants_page(req):
            _page(resp, view.title, [view])
        else:
            answer(resp, view)


def _view(error: type[DomainError], site: str) -> ProblemView:
    return ProblemView(
        type=type_of(error, site),
        code=error.code,
        status=status_of(error),
        title=error.title,
        meaning=error.meaning(),
        remedy=error.remedy,
    )


def _wants_page(req: Request) -> bool:
    return req.client_prefers(("application/json", "text/html")) == "text/html"


def _page(resp: Response, title: str, views: list[ProblemView]) -> None:
    sections = "".join(
        f"<h2 id={escape(view.code)}>{escape(view.title)}</h2>"
        f"<p><code>{view.status} {escape(view.code)}</code></p>"
        f"<p>{escape(view.meaning)}</p><p><strong>What to do:</strong> {escape(view.remedy)}</p>"
        for view in views
    )
    html = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)} · Kiosque</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f'<h1>{escape(title)}</h1><p><a href="/problems">All problems</a></p>{sections}</html>'
    )
    document(resp, html.encode(), HTML)
    resp.set_header("Content-Security-Policy", POLICY)
