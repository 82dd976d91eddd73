"""The pages to which a provider may send buyers back."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from api.errors import Conflict


class ReturnUrlNotAllowed(Conflict):
    """The return_url is neither on the shop's own site nor on one that may call it."""

    code, title = "return-url-not-allowed", "Return URL not allowed"
    remedy = "Use the origin of KIOSQUE_URL, or have the operator add yours to KIOSQUE_CORS_ORIGINS."


@dataclass(frozen=True, slots=True)
class ReturnUrls:
    """`url` is the shop's own address, `origins` those that browsers may call it from."""

    url: str
    origins: frozenset[str]

    def check(self, return_url: str | None, *, order_id: str, at: str = "/return_url") -> str:
        """The page to return to, by default that of the order; ReturnUrlNotAllowed."""
        if return_url is None:
            return f"{self.url}/order/?order={order_id}"
        if _origin(return_url) not in {_origin(self.url), *map(_origin, self.origins)}:
            raise ReturnUrlNotAllowed.at(at)
        return return_url


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").lower(), port
