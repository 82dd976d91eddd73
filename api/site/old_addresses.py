"""Redirects of the site: where a request of an address without a file is sent."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from api.errors import NotFound, Unavailable
from api.redirects import addresses
from api.redirects import rules as redirects
from api.redirects.addresses import Address
from api.settings.public_site import PublicSite
from api.site.folder import Folder
from api.storage import Database


@dataclass(frozen=True, eq=False)
class OldAddresses:
    """A file wins over a redirect, except on the front page over those with a query, such as `/?p=7`."""

    db: Database
    site: PublicSite
    folder: Folder

    def location(self, path: str, query: str) -> str | None:
        """Where a request is sent, if it is."""
        address = addresses.requested(path, query)
        if not address.is_storable or not self._queries(address):
            return None
        with self.db.read() as tx:
            return redirects.resolve(tx, address, site=self.site, queries_of=self._queries)

    def location_of_front(self, query: str) -> str | None:
        """Likewise for the front page, which is shown even while the database is not there."""
        with suppress(Unavailable):
            return self.location("/", query)
        return None

    def _queries(self, address: Address) -> Sequence[str]:
        if not self._is_served(address.path):
            return address.queries
        return [query for query in address.queries if query and address.path == "/"]

    def _is_served(self, path: str) -> bool:
        for name in (path, f"{path}/"):
            with suppress(NotFound):
                self.folder.at(name)
                return True
        return False
