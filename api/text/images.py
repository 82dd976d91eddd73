"""Images by address: as somebody asks for one, and as it is stored and shown."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api.text.fields import Summary, Url, id_example

_URL = Meta(examples=["https://example.org/pictures/mug-on-the-pier.jpg"])
_ALT = Meta(examples=["A blue mug on a foggy pier"])

Alt = Annotated[Summary, _ALT]


class ImageDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """An image by address."""

    url: Annotated[Url, _URL]
    alt: Alt = ""


class Image(Struct, frozen=True):
    """An image by URL; a new URL is a new image."""

    id: Annotated[str, id_example("img")]
    url: Annotated[str, _URL]
    alt: Annotated[str, _ALT]
