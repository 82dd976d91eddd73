"""FastAPI with SQLAlchemy's ORM: a session by dependency, answers declared as Pydantic models."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated

from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import orm

from bench.peers import place
from bench.peers.models import Article, Session, named, newest


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    if place.THREADS:
        current_default_thread_limiter().total_tokens = place.THREADS
    yield


app = FastAPI(lifespan=lifespan)


class _FromRow(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Named(_FromRow):
    """A tag, category or author."""

    name: str
    slug: str


class Image(BaseModel):
    """An image with its URL."""

    id: str
    url: str
    alt: str


class Summary(_FromRow):
    """An article without its text."""

    id: str
    type: str
    slug: str
    title: str
    status: str
    excerpt: str | None
    language: str | None
    image: Image | None
    format: str
    authors: list[Named]
    tags: list[Named]
    categories: list[Named]
    featured: bool
    comment_policy: str
    comment_count: int
    publish_at: str
    published_at: str
    created_at: str
    updated_at: str
    url: str


class Whole(Summary):
    """An article with its text."""

    body: str
    body_html: str


class Page(_FromRow):
    """A page of articles."""

    data: list[Summary]


def session() -> Iterator[orm.Session]:
    with Session() as opened:
        yield opened


Opened = Annotated[orm.Session, Depends(session)]


@app.get("/v1/articles", response_model=Page)
def list_articles(session: Opened) -> dict[str, Sequence[Article]]:
    return {"data": session.scalars(newest()).all()}


@app.get("/v1/articles/{slug}", response_model=Whole)
def show_article(slug: str, session: Opened) -> Article:
    article = session.scalar(named(slug))
    if article is None:
        raise HTTPException(404)
    return article
