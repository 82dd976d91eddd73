"""Redirects as JSON."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Self

import msgspec
from msgspec import Meta, field

from api.redirects import addresses
from api.redirects.records import Redirect, RedirectDraft, Target
from api.redirects.rules import location_of
from api.settings.public_site import PublicSite
from api.text.fields import DESTINATION, NO_CONTROL, Time, id_example
from api.web.paging import PageQuery
from api.web.views import view_of

# Percent-encoded letters by their first byte in UTF-8: control characters and what is not UTF-8 are left out.
_TAIL = "%[89ABab][0-9A-Fa-f]"
_LETTER = (
    rf"%(?:[Cc]2%[ABab][0-9A-Fa-f]|(?:[Cc][3-9A-Fa-f]|[Dd][0-9A-Fa-f]){_TAIL}"
    rf"|(?:[Ee]0%[ABab][0-9A-Fa-f]|[Ee][Dd]%[89][0-9A-Fa-f]|[Ee][1-9ABCEFabcef]{_TAIL}){_TAIL}"
    rf"|(?:[Ff]0%[9ABab][0-9A-Fa-f]|[Ff]4%8[0-9A-Fa-f]|[Ff][1-3]{_TAIL}){_TAIL}{_TAIL})"
)
_PLAIN = r"[^\s\x00-\x1f\x7f-\x9f\"#%<>\[\\\]^`{|}"
_SEGMENT = rf"(?!\.{{1,2}}(?:[/?]|\Z))(?:{_PLAIN}?/]|%(?!2[EFef]|5[Cc]|7[Ff])[2-7][0-9A-Fa-f]|{_LETTER})+"
_VALUE = rf"(?:{_PLAIN}&=]|%(?!7[Ff])[2-7][0-9A-Fa-f]|{_LETTER})"
_PAIR = rf"{_VALUE}+(?:={_VALUE}*)?"
_FROM = rf"^/(?!v1(?:[/?]|\Z))(?:{_SEGMENT}(?:/{_SEGMENT})*/?)?(?:\?{_PAIR}(?:&{_PAIR}){{0,9}})?\Z"

From = Annotated[str, Meta(max_length=600, pattern=_FROM, examples=["/2020/05/fog/"])]
"""A path outside /v1, with or without a query of up to 10 parameters."""

NOWHERE = addresses.Address("")
"""An address that no redirect has."""


class RedirectBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A redirect from an address of this site to another one, here or elsewhere."""

    from_: From = field(name="from")
    to: Annotated[str, Meta(max_length=2_000, pattern=DESTINATION, examples=["/article/?slug=fog"])]

    def draft(self) -> RedirectDraft:
        """The redirect asked for."""
        address = addresses.parsed(self.from_)
        assert address is not None  # noqa: S101  # what the pattern is for
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
