"""Authors as JSON."""

from __future__ import annotations

import msgspec

from api.articles.authors.records import CountedAuthor
from api.web.views import view_of


class AuthorView(msgspec.Struct):
    """An author, and how many published articles they have."""

    name: str
    slug: str
    count: int

    @classmethod
    def of(cls, author: CountedAuthor) -> AuthorView:
        """`author` as it is shown."""
        return view_of(cls, author)
