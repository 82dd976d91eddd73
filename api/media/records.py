"""Media as they are stored and shown."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api.text.fields import Title, id_example
from api.text.images import Alt
from api.times import Instant

Caption = Annotated[Alt, Meta(examples=["The ferry, an hour late."])]
Credit = Annotated[Alt, Meta(examples=["Ada Brandt"])]
FileName = Annotated[Title, Meta(examples=["boat.jpg"])]


class Size(Struct, frozen=True):
    """One of the public files of a picture; `file` is the last part of its address."""

    file: str
    width: int
    height: int
    bytes: int


class Content(Struct, frozen=True, kw_only=True):
    """The bytes of a medium, described; only a picture has a width, a height and sizes."""

    type: str
    bytes: int
    sha256: str
    width: int | None = None
    height: int | None = None
    sizes: tuple[Size, ...] = ()


class Words(Struct, frozen=True, kw_only=True):
    """The texts that people give to a medium."""

    filename: str
    alt: str = ""
    caption: str = ""
    credit: str = ""


class Medium(Struct, frozen=True, kw_only=True):
    """A picture or a file."""

    id: Annotated[str, id_example("med")]
    account_id: str | None
    filename: str
    type: str
    bytes: int
    sha256: str
    width: int | None
    height: int | None
    alt: str
    caption: str
    credit: str
    sizes: tuple[Size, ...]
    created_at: Instant
    version: int

    @property
    def is_image(self) -> bool:
        """Whether it is a picture, and no file to sell."""
        return self.width is not None
