"""The addresses that a webhook may reach: those of the public internet, and no others by any detour."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Whether an IP address, and every IPv4 address that it stands for, is one of the public internet."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    inner = list(_inside(address))
    if not all(is_public(str(each)) for each in inner):
        return False
    is_only_another_form = address.ipv4_mapped is not None or address in _NAT64
    return is_only_another_form or (address in _UNICAST and (bool(inner) or address.is_global))


def _inside(address: IPv6Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses to which packets for this one may go: mapped, 6to4, Teredo, NAT64."""
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if address in _NAT64:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
