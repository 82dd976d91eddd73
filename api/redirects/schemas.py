"""Redirects as JSON."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Self

import msgspec
from msgspec import Meta, field

from api.errors import InvalidFormat
from api.redirects import addresses
from api.redirects.records import Redirect, RedirectDraft, Target
from api.redirects.rules import location_of
from api.settings.public_site import PublicSite
from api.text.fields import DESTINATION, NO_CONTROL, SITE_PATH, Time, id_example
from api.web.paging import PageQuery
from api.web.views import view_of

From = Annotated[
    str,
    Meta(
        max_length=600,
        pattern=SITE_PATH,
        examples=["/2020/05/fog/"],
        description="A path outside /v1, without // and dot segments, with a query of up to 10 parameters.",
    ),
]
NOWHERE = addresses.Address("")
"""An address that no redirect has."""


class RedirectBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A redirect from an address of this site to another one, here or elsewhere."""

    from_: From = field(name="from")
    to: Annotated[str, Meta(max_length=2_000, pattern=DESTINATION, examples=["/article/?slug=fog"])]

    def draft(self) -> RedirectDraft:
        """The redirect asked for. Raises InvalidFormat."""
        address = addresses.parsed(self.from_)
        if address is None:
            raise InvalidFormat.at("/from", "Must be the path of a page, as in /2020/05/fog/ or /?p=7.")
        return RedirectDraft(address, self.to)


class RedirectsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """A page of redirects; `from` is the whole address, `target` the id of what they lead to."""

    prefix: ClassVar[str] = "red"
    from_: Annotated[str, Meta(max_length=600, pattern=NO_CONTROL)] | None = field(name="from", default=None)
    target: Annotated[str, Meta(max_length=100, pattern=NO_CONTROL)] | None = None

    def filters(self) -> dict[str, Any]:
        """The filters that were sent, by name."""
        filters = super().filters()
        if self.from_ is not None:
            filters["address"] = addresses.parsed(filters.pop("from_")) or NOWHERE
        return filters


class RedirectView(msgspec.Struct, kw_only=True):
    """A redirect; one of an import leads to the page of its `target`, or nowhere while that is not public."""

    id: Annotated[str, id_example("red")]
    from_: Annotated[str, Meta(examples=["/2020/05/fog"])] = field(name="from")
    to: Annotated[str | None, Meta(examples=["/article/?slug=fog"])]
    target: Annotated[Target | None, Meta(examples=[None])]
    created_at: Time

    @classmethod
    def of(cls, redirect: Redirect, *, site: PublicSite) -> Self:
        """`redirect` as it is shown."""
        return view_of(
            cls,
            redirect,
            from_=str(redirect.address),
            to=location_of(redirect, site),
            target=redirect.thing.target if redirect.thing else None,
        )
