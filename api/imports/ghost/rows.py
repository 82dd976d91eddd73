"""The tables of a Ghost export that are read, with the types they have had since version 1."""

from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from api.imports.errors import ImportRefused

Id = str | int | None
Flag = bool | int | None
Text = str | None
When = str | int | None


class _Row(msgspec.Struct, kw_only=True):
    """A row; as ids, 1 and "1" are the same."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            if name.endswith("id") and (value := getattr(self, name)) is not None:
                setattr(self, name, str(value))

    def is_empty(self) -> bool:
        """Whether nothing in it says anything."""
        return not any(msgspec.structs.astuple(self))


R = TypeVar("R", bound=_Row)


class Post(_Row, kw_only=True):
    id: Id = None
    title: Text = None
    slug: Text = None
    html: Text = None
    lexical: Text = None
    mobiledoc: Text = None
    markdown: Text = None
    feature_image: Text = None
    image: Text = None
    featured: Flag = False
    type: Text = None
    page: Flag = False
    status: Text = None
    visibility: Text = None
    locale: Text = None
    author_id: Id = None
    created_at: When = None
    updated_at: When = None
    published_at: When = None
    custom_excerpt: Text = None
    meta_description: Text = None


class User(_Row, kw_only=True):
    id: Id = None
    name: Text = None
    slug: Text = None


class Tag(_Row, kw_only=True):
    id: Id = None
    name: Text = None
    slug: Text = None
    visibility: Text = None


class PostAuthor(_Row, kw_only=True):
    post_id: Id = None
    author_id: Id = None
    sort_order: int | None = 0


class PostTag(_Row, kw_only=True):
    post_id: Id = None
    tag_id: Id = None
    sort_order: int | None = 0


class PostMeta(_Row, kw_only=True):
    post_id: Id = None
    feature_image_alt: Text = None
    meta_description: Text = None
    email_only: Flag = None


class Tables(msgspec.Struct, kw_only=True):
    """The part of `data` that is read."""

    posts: list[Post | None] | None
    users: list[User | None] | None = None
    tags: list[Tag | None] | None = None
    posts_authors: list[PostAuthor | None] | None = None
    posts_tags: list[PostTag | None] | None = None
    posts_meta: list[PostMeta | None] | None = None


class _Flat(msgspec.Struct):
    data: Tables


class _Wrapped(msgspec.Struct):
    db: list[_Flat]


def is_export(document: object) -> bool:
    """Whether this has one of the two shapes of a Ghost export: `db[0].data.posts` or `data.posts`."""
    return "posts" in dict(_plain_tables(document))


def tables(document: object, path: str) -> Tables:
    """The tables as typed rows; refused with the JSON path of the first error."""
    try:
        if isinstance(document, dict) and "db" in document:
            return msgspec.convert(document, _Wrapped).db[0].data
        return msgspec.convert(document, _Flat).data
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at ")
        raise refused(path, place.strip("`") or "$", reason) from error


def filled(table: list[R | None] | None) -> list[R]:
    """The rows of a table that hold anything."""
    return [row for row in table or () if row is not None and not row.is_empty()]


def table_sizes(document: object) -> Iterator[tuple[str, int]]:
    """Every table with rows, read or not, and their number."""
    for name, rows in _plain_tables(document):
        if isinstance(rows, list) and rows:
            yield name, len(rows)


def rows_of(document: object, table: str) -> list[dict[str, Any]]:
    """The rows of a table with all their fields."""
    rows = dict(_plain_tables(document)).get(table)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def place(document: object, table: str, index: int, field: str) -> str:
    """The JSON path of a field."""
    prefix = "$.db[0]" if isinstance(document, dict) and "db" in document else "$"
    return f"{prefix}.data.{table}[{index}].{field}"


def refused(path: str, place: str, reason: object) -> ImportRefused:
    """A refusal with a JSON path instead of a line."""
    return ImportRefused(path, f"{place}: {str(reason).rstrip('.')}.")


def _plain_tables(document: object) -> Iterator[tuple[str, object]]:
    if isinstance(document, dict) and isinstance(document.get("db"), list) and document["db"]:
        document = document["db"][0]
    data = document.get("data") if isinstance(document, dict) else None
    if isinstance(data, dict):
        yield from data.items()
