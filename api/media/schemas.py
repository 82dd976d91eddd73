"""Media as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal, Self

from msgspec import Meta, Struct

from api.errors import UnknownField
from api.media.records import Caption, Credit, FileName, Medium
from api.media.uses import TWO_SOURCES, Use
from api.settings.public_site import PublicSite
from api.text.fields import Search, Time, id_example
from api.text.images import Alt, ImageDraft
from api.web.paging import PageQuery
from api.web.patches import patch_of
from api.web.validation import Required
from api.web.views import view_of

MediaType = Literal[
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/avif",
    "image/gif",
    "application/pdf",
    "application/epub+zip",
    "application/zip",
    "audio/mpeg",
    "video/mp4",
]

_URL = Meta(examples=["https://example.org/media/boat-1600-3f2a9c51d0e84b7790b1a2c3d4e5f607.webp"])


class UploadQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """The name of the file; paths before it mean nothing."""

    filename: FileName = "file"


class MediaQuery(PageQuery):
    prefix: ClassVar[str] = "med"
    q: Search | None = None
    type: MediaType | None = None
    picture: bool | None = None
    unused: bool | None = None

    def filters(self) -> dict[str, Any]:
        """The filters that were sent; one that is false is its opposite."""
        filters = super().filters()
        for name, opposite in (("picture", "file"), ("unused", "used")):
            if filters.get(name) is False:
                del filters[name]
                filters[opposite] = True
        return filters


class MediumBody(Struct, forbid_unknown_fields=True, kw_only=True):
    filename: FileName
    alt: Alt
    caption: Caption
    credit: Credit


MediumPatch = patch_of(MediumBody, alt=Alt | None, caption=Caption | None, credit=Credit | None)


class SizeView(Struct):
    """A public file of a picture, as WebP."""

    url: Annotated[str, _URL]
    width: Annotated[int, Meta(examples=[1600])]
    height: Annotated[int, Meta(examples=[1067])]
    bytes: Annotated[int, Meta(examples=[182_340])]


class MediumView(Struct, kw_only=True):
    """A picture, or a private file to sell."""

    id: Annotated[str, id_example("med")]
    filename: Annotated[str, Meta(examples=["boat.jpg"])]
    type: Annotated[MediaType, Meta(examples=["image/jpeg"])]
    bytes: Annotated[int, Meta(examples=[4_310_225])]
    sha256: Annotated[
        str, Meta(examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])
    ]
    width: Annotated[int | None, Meta(examples=[6000])]
    """Of a picture as it is seen, right way up."""
    height: Annotated[int | None, Meta(examples=[4000])]
    alt: Annotated[str, Meta(examples=["A blue boat on a grey sea"])]
    caption: Annotated[str, Meta(examples=["The ferry, an hour late."])]
    credit: Annotated[str, Meta(examples=["Ada Brandt"])]
    sizes: list[SizeView]
    """The largest first; none of a file that is no picture."""
    url: Annotated[str | None, _URL]
    """The largest size."""
    created_at: Time
    version: Annotated[int, Meta(examples=[1])]

    @classmethod
    def of(cls, medium: Medium, site: PublicSite, **others: Any) -> Self:
        """`medium` as it is shown; `site` has its files."""
        sizes = [
            SizeView(site.media_url(size.file), size.width, size.height, size.bytes) for size in medium.sizes
        ]
        return view_of(cls, medium, sizes=sizes, url=sizes[0].url if sizes else None, **others)


class UsedMediumView(MediumView, kw_only=True):
    """A medium, and what shows it."""

    uses: list[Use]
    """Those that the viewer may see, at most 20."""
    uses_count: Annotated[int, Meta(ge=0, examples=[1])]
    """Of all that there are."""


def check_sources(images: Iterable[tuple[str, ImageDraft]]) -> None:
    """Refuse an image, at its pointer, that has no source or two. Raises Required, UnknownField."""
    for pointer, image in images:
        if image.url is None and image.media is None:
            raise Required.at(f"{pointer}/url", "An image needs a `url`, or the id of a picture as `media`.")
        if image.url is not None and image.media is not None:
            raise UnknownField.at(f"{pointer}/url", TWO_SOURCES)
