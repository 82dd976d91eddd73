"""Downloads and links as buyers see them."""

from __future__ import annotations

from typing import Annotated, Any, Self

from msgspec import Meta, Struct

from api.shop.downloads.files import Files, type_of
from api.shop.downloads.records import Entitlement, Link
from api.text.fields import Time, id_example
from api.web.views import view_of


class DownloadExport(Struct, frozen=True, kw_only=True):
    """A file that somebody has bought, as it is stored."""

    id: Annotated[str, id_example("ent")]
    sku: Annotated[str, Meta(examples=["guide"])]
    name: Annotated[str, Meta(examples=["Caring for enamel"])]
    limit: Annotated[int, Meta(description="Links in all.", examples=[5])]
    used: Annotated[int, Meta(description="Links that were made.", examples=[1])]
    expires_at: Annotated[Time | None, Meta(description="Its end, such as a refund.", examples=[None])]

    @classmethod
    def of(cls, entitlement: Entitlement, **others: Any) -> Self:
        """The view of a download."""
        return view_of(
            cls, entitlement, expires_at=entitlement.revoked_at or entitlement.expires_at, **others
        )


class DownloadView(DownloadExport, frozen=True, kw_only=True):
    """A file that the buyer of an order may download; `bytes` is null while it is not there."""

    type: Annotated[str, Meta(examples=["application/pdf"])]
    bytes: Annotated[int | None, Meta(examples=[482113])]

    @classmethod
    def at(cls, entitlement: Entitlement, *, files: Files) -> Self:
        """The view of a download, which is one of these files."""
        return cls.of(entitlement, type=type_of(entitlement), bytes=files.length(entitlement))


class LinkView(Struct, frozen=True):
    """A link to a file, for whoever has it."""

    url: Annotated[
        str,
        Meta(examples=["https://kiosque.example/v1/files/kof_TBi6iCTUPdbqR_Pjzk4VH-UgJOiXwmtpgyR0sfnKnzU"]),
    ]
    expires_at: Time

    @classmethod
    def of(cls, link: Link, site: str) -> Self:
        """The view of a link."""
        return cls(f"{site}/v1/files/{link.token}", link.expires_at)
