"""What the queries of terms return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Shelf = Literal["articles", "items"]
Kind = Literal["tag", "category"]


@dataclass(frozen=True, slots=True)
class Term:
    """A tag, or a category with its parent."""

    id: str
    name: str
    slug: str
    parent_id: str | None = None
