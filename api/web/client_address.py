"""The client's network: the peer's, or the one that a trusted proxy reports. Logins are throttled by it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

from api.web.context import Request

Address = IPv4Address | IPv6Address


class ClientNetworks:
    """Finds a client's network; `proxies` are the addresses or networks whose X-Forwarded-For is trusted."""

    def __init__(self, proxies: Iterable[str]) -> None:
        self._proxies = [ipaddress.ip_network(proxy, strict=False) for proxy in proxies]

        self._network_of = lru_cache(1_024)(self._network)

    def of(self, req: Request) -> str:
        """The /24 (IPv4) or /64 (IPv6) that one client may control; `unknown` on a Unix socket."""
        return self.of_environ(req.env)

    def of_environ(self, environ: Mapping[str, Any]) -> str:
        """The same by the environ of a request (PEP 3333)."""
        return self._network_of(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""))

    def is_by_proxy(self, req: Request) -> bool:
        """Whether a trusted proxy has forwarded the request."""
        peer = _read(req.env.get("REMOTE_ADDR", ""))
        return peer is not None and self._is_ours(peer)

    def _network(self, peer: str, forwarded: str) -> str:
        address = self._client(peer, forwarded)
        if address is None:
            return "unknown"
        if isinstance(address, IPv4Address):
            return str(IPv4Network((int(address), 24), strict=False))
        return str(IPv6Network((int(address), 64), strict=False))

    def _client(self, peer: str, forwarded: str) -> Address | None:
        address = _read(peer)
        hops = forwarded.split(",")
        # Each proxy appends its peer, so the last address that is not one of our proxies is the client.
        while hops and address is not None and self._is_ours(address):
            hop = _read(hops.pop())
            if hop is None:
                break
            address = hop
        return address

    def _is_ours(self, address: Address) -> bool:
        return any(address in network for network in self._proxies)


def _read(text: str) -> Address | None:
    """The address in `1.2.3.4`, `1.2.3.4:567`, `::1` or `[::1]:567`; IPv4 written as IPv6 is IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
