"""Images by address: as somebody asks for one, and as it is stored and shown."""

from __future__ import annotations

from msgspec import Struct

from api.text.fields import Summary, Url


class ImageDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """An image by address."""

    url: Url
    alt: Summary = ""


class Image(Struct, frozen=True):
    """An image by URL; a new URL is a new image."""

    id: str
    url: str
    alt: str
