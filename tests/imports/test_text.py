"""Texts of an export as Kiosque keeps them."""

from __future__ import annotations

import pytest

from api.imports import text


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://x.example/größe.png", "https://x.example/größe.png"),
        ("https://müller.example/a", "https://xn--mller-kva.example/a"),
        ("/a|b[1]100%.png", "/a%7Cb%5B1%5D100%25.png"),
        ("/a%20b?c=//é", "/a%20b?c=//é"),
        ("http://[::1", None),
        ("http://[abc]/x.png", None),
        ("https://exa℀mple.com/x.png", None),
        (f"https://{'ü' * 64}.example/", None),
        ("ftp://x.example/", None),
        (None, None),
    ],
)
def test_an_address_is_encoded_where_a_browser_would_and_left_out_where_it_leads_nowhere(given, address):
    assert text.web_address(given) == address
