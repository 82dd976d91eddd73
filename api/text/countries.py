"""Countries by their codes, as answers and bodies have them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from api.settings.countries import CODES

Country = Annotated[
    str,
    Meta(pattern=rf"^({'|'.join(CODES)})\Z", description="A country by its code of ISO 3166-1, or XK."),
]
