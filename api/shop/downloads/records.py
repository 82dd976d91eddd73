"""Downloads and their links as they are stored."""

from __future__ import annotations

from msgspec import Struct

from api.times import Instant

LINKS_PER_UNIT = 5


class Entitlement(Struct, frozen=True, kw_only=True):
    """The right of a buyer to a file of a line, a path or a medium: so many links, of which some are used.

    It is over at `expires_at`, if that is set, and as long as `revoked_at` is: the units went back. The last
    four fields are the medium's, as long as there is one.
    """

    id: str
    order_id: str
    position: int
    sku: str
    path: str | None
    media: str | None
    name: str
    limit: int
    used: int = 0
    expires_at: Instant | None = None
    revoked_at: Instant | None = None
    media_type: str | None = None
    filename: str | None = None
    bytes: int | None = None
    sha256: str | None = None

    def is_over(self, now: Instant) -> bool:
        """Whether there are no more links, and the existing ones are dead."""
        return self.revoked_at is not None or (self.expires_at is not None and self.expires_at <= now)


class Link(Struct, frozen=True):
    """A secret address of a file, which works until `expires_at`."""

    token: str
    expires_at: Instant
