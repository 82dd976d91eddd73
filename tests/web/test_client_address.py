"""From which network a request is taken to come."""

from __future__ import annotations

import pytest
from falcon.testing import create_environ

from api.web.client_address import ClientNetworks
from api.web.context import Request

PROXIES = ("127.0.0.1", "10.0.0.0/8", "::1")


@pytest.mark.parametrize(
    ("peer", "forwarded", "network"),
    [
        ("192.0.2.7", None, "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", None, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", None, "192.0.2.0/24"),
        ("fe80::1%eth0", None, "fe80::/64"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.0/24"),
        ("127.0.0.1", None, "127.0.0.0/24"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.0/24"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1, 10.1.2.3", "198.51.100.0/24"),
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.0/24"),
        ("127.0.0.1", "[2001:db8::1]:4711", "2001:db8::/64"),
        ("127.0.0.1", "unknown", "127.0.0.0/24"),
        ("127.0.0.1", "198.51.100.1, nonsense", "127.0.0.0/24"),
        ("127.0.0.1", ",,,", "127.0.0.0/24"),
        ("", "198.51.100.1", "unknown"),
    ],
)
def test_only_a_trusted_proxy_is_believed(peer, forwarded, network):
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    environ = create_environ(headers=headers)
    environ["REMOTE_ADDR"] = peer

    assert ClientNetworks(PROXIES).of(Request(environ)) == network
