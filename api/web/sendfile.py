"""Files that nginx in front sends by itself, once Kiosque has said who may have them (X-Accel-Redirect)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from api.web.client_address import ClientNetworks
from api.web.context import Request

_UNSEEN = ("If-Match", "If-Unmodified-Since")
"""Conditions that nginx would refuse, since it adds our ETag after it has looked at them."""


@dataclass(frozen=True)
class Sendfile:
    """`location` is the internal one of nginx where it finds the data, or empty if it sends none."""

    location: str
    networks: ClientNetworks

    def place(self, req: Request, path: str | None) -> str | None:
        """Where nginx finds the file at that path below the data; None if this request is not for it."""
        is_asked = self.location and path is not None and self.networks.is_by_proxy(req)
        if not is_asked or any(req.get_header(name) is not None for name in _UNSEEN):
            return None
        return self.location + quote(path or "")
