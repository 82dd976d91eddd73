"""Images: as somebody asks for one, and as it is stored and shown."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import replace

from api.settings.public_site import PublicSite
from api.text.fields import NO_CONTROL, Summary, Url, id_example

_URL = Meta(examples=["https://example.org/pictures/mug-on-the-pier.jpg"])
_ALT = Meta(examples=["A blue mug on a foggy pier"])

Ref = Annotated[str, Meta(max_length=100, pattern=NO_CONTROL)]
"""An id; an impossible one is unknown, as any other."""
Alt = Annotated[Summary, _ALT]


class ImageDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """An image by address, or one that was uploaded, whose own `alt` it has unless it says another."""

    url: Annotated[Url, _URL] | None = None
    alt: Alt | None = None
    media: Annotated[Ref | None, Meta(examples=[None])] = None


def one_of_two(first: str, second: str) -> list[dict[str, Any]]:
    """The JSON schemas of an object with one of two fields: the other is absent or null."""
    return [
        {
            "type": "object",
            "required": [one],
            "properties": {one: {"type": "string"}, other: {"type": "null"}},
        }
        for one, other in ((first, second), (second, first))
    ]


_SOURCES = one_of_two("url", "media")
SentImage = Annotated[ImageDraft, Meta(extra_json_schema={"oneOf": _SOURCES})]
"""An image in a body, which has one of the two sources."""
SentImageOrNone = Annotated[
    ImageDraft | None, Meta(extra_json_schema={"oneOf": [*_SOURCES, {"type": "null"}]})
]


class ImageSize(Struct, frozen=True):
    """A size of an image that was uploaded, as WebP."""

    url: Annotated[str, _URL]
    width: Annotated[int, Meta(examples=[1600])]
    height: Annotated[int, Meta(examples=[1067])]
    bytes: Annotated[int, Meta(examples=[182_340])]


class Image(Struct, frozen=True):
    """An image; another URL, or another medium, is a new image.

    One that was uploaded has sizes, the largest first. They are stored as paths of the site.
    """

    id: Annotated[str, id_example("img")]
    url: Annotated[str, _URL]
    alt: Annotated[str, _ALT]
    media: Annotated[str | None, Meta(examples=[None])]
    sizes: Annotated[tuple[ImageSize, ...], Meta(examples=[[]])]
    width: Annotated[int | None, Meta(examples=[None])]
    height: Annotated[int | None, Meta(examples=[None])]

    def draft(self) -> ImageDraft:
        """What asks for this image."""
        return ImageDraft(None if self.media else self.url, self.alt, self.media)

    def shown(self, site: PublicSite) -> Image:
        """The image with the addresses at which the site serves its sizes."""
        if self.media is None:
            return self
        sizes = tuple(replace(size, url=site.media_url(size.url.rpartition("/")[2])) for size in self.sizes)
        return replace(self, url=sizes[0].url, sizes=sizes)
