"""Authors as JSON."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from api.articles.authors.records import CountedAuthor
from api.web.views import view_of


class AuthorView(msgspec.Struct):
    """An author, and how many published articles they have."""

    name: Annotated[str, Meta(examples=["Ada Brandt"])]
    slug: Annotated[str, Meta(examples=["ada-brandt"])]
    count: Annotated[int, Meta(examples=[12])]

    @classmethod
    def of(cls, author: CountedAuthor) -> AuthorView:
        """`author` as it is shown."""
        return view_of(cls, author)
