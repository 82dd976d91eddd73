"""Tax rates, as they are stored and shown."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from api.settings.countries import CODES
from api.shop.pricing.rates import Percent
from api.shop.variants.records import TaxClass
from api.text.fields import Label, id_example

EVERYWHERE = "*"

Place = Annotated[
    str,
    Meta(
        pattern=rf"^(\*|{'|'.join(CODES)})\Z",
        description="A country by its code of ISO 3166-1; `*`: wherever there is no rate of its own.",
        examples=["FR"],
    ),
]


class TaxRateDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tax on goods of a class, in a country or in a region of it; several of one place add up."""

    tax_class: TaxClass = field(name="class")
    country: Place
    region: Annotated[Label | None, Meta(examples=[None])] = None
    name: Annotated[Label, Meta(examples=["VAT"])]
    rate: Percent


class TaxRate(Struct, frozen=True):
    """A tax rate."""

    id: Annotated[str, id_example("tax")]
    tax_class: Annotated[str, Meta(examples=["standard"])] = field(name="class")
    country: Annotated[str, Meta(examples=["FR"])]
    region: Annotated[str | None, Meta(examples=[None])]
    name: Annotated[str, Meta(examples=["VAT"])]
    rate: Annotated[str, Meta(examples=["20"])]
