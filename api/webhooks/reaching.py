"""Connections to hosts of the public internet, and to no others by any detour.

A name is looked up once, all its addresses are checked, and one of those is connected to: a name that means
something else a moment later leads nowhere.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import Url

from api.webhooks.addresses import is_public
from api.webhooks.deadline import Deadline

Lookup: TypeAlias = Callable[..., Sequence[tuple[Any, ...]]]


class NotPublic(OSError):
    """The name leads to an address that is not one of the public internet."""


@dataclass(frozen=True)
class Reach:
    """The hosts that can be connected to; those `inside` may have any address."""

    inside: Collection[str] = ()
    context: ssl.SSLContext | None = None
    """By default, the certificate must be valid for the name by the authorities of the system."""
    lookup: Lookup = socket.getaddrinfo

    def connection(self, url: Url, deadline: Deadline, *, timeout: float) -> HTTPConnection:
        """A connection that is made by the first request on it, and ends at the deadline."""
        host, is_secure = host_of(url), url.scheme == "https"
        port = url.port or (443 if is_secure else 80)
        connection: _Http | _Https
        if is_secure:
            connection = _Https(host, port, timeout=timeout, ssl_context=self.context or _verifying())
        else:
            connection = _Http(host, port, timeout=timeout)
        connection.dial = lambda: self._dial(host, port, deadline, timeout)
        return connection

    def _dial(self, host: str, port: int, deadline: Deadline, timeout: float) -> socket.socket:
        """A connection to one of the addresses that were checked."""
        places = deadline.bounded(lambda: self.lookup(host, port, type=socket.SOCK_STREAM))
        for *_, address in places:
            if host not in self.inside and not is_public(str(address[0])):
                raise NotPublic(f"{host} is not on the public internet")
        error: OSError = OSError(f"{host} has no address")
        for left, (family, kind, protocol, _, address) in zip(range(len(places), 0, -1), places, strict=True):
            dialled = socket.socket(family, kind, protocol)
            dialled.settimeout(min(deadline.remaining(), timeout) / left)
            try:
                dialled.connect(address)
            except OSError as failure:
                dialled.close()
                error = failure
            else:
                dialled.settimeout(min(deadline.remaining(), timeout))
                deadline.watch(dialled)
                return dialled
        raise error


def host_of(url: Url) -> str:
    """The host as the hosts inside are written, an IPv6 address without its brackets."""
    return (url.host or "").strip("[]")


class _Http(HTTPConnection):
    dial: Callable[[], socket.socket]

    def _new_conn(self) -> socket.socket:
        return self.dial()


class _Https(HTTPSConnection):
    """With the certificate checked against the name, whatever the address."""

    dial: Callable[[], socket.socket]

    def _new_conn(self) -> socket.socket:
        return self.dial()


@cache
def _verifying() -> ssl.SSLContext:
    return ssl.create_default_context()
