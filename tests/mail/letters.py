"""The facts of each kind of mail, made to go wrong wherever a value is not escaped."""

from __future__ import annotations

from typing import Any

from api.mail.writing import Link

HOSTILE = "Eve *bold* [click](https://evil.example) <b>x</b> all@evil.example\r\nBcc: you@evil.example"
_LINK = Link("https://kiosque.test/reset/#token=abc_DEF-123")
_AT = "2026-11-22T09:30:00.000Z"

_EURO = {"amount": 1234, "currency": "EUR", "decimals": 2}
_UNITS = [{"quantity": 2, "name": HOSTILE}, {"quantity": 1, "name": "Mug, blue"}]
_ADDRESS = {"lines": [HOSTILE, "12 Harbour Street", "29200 Brest"], "country": "FR"}
_ORDER: dict[str, Any] = {
    "link": _LINK,
    "is_guest": True,
    "number": 1042,
    "placed_at": _AT,
    "lines": [unit | {"total": _EURO} for unit in _UNITS],
    "discount": _EURO,
    "coupons": HOSTILE,
    "shipping": {"name": HOSTILE, "price": _EURO},
    "taxes": [
        {"name": HOSTILE, "rate": 200_000, "net": _EURO, "amount": _EURO},
        {"name": "TVA", "rate": 55_000, "net": _EURO, "amount": _EURO},
    ],
    "prices_include_tax": True,
    "total": _EURO,
    "paid": _EURO,
    "due": _EURO,
    "credited": _EURO,
    "refunded": _EURO,
    "shipping_address": _ADDRESS,
    "billing_address": _ADDRESS,
    "tax_id": HOSTILE,
}
_SELLER = [HOSTILE, "1 Quay", "29200 Brest"]

FACTS: dict[str, dict[str, Any]] = {
    "verify": {"link": _LINK, "hours": 24},
    "reset": {"link": _LINK, "minutes": 30},
    "password-changed": {"link": _LINK, "at": _AT},
    "email-changed": {"link": _LINK, "days": 7},
    "login-code": {"code": "123456", "minutes": 10},
    "sign-up-taken": {"login": _LINK, "forgotten": _LINK},
    "comment-waits": {
        "link": _LINK,
        "comments": [{"author": HOSTILE, "article": HOSTILE, "excerpt": HOSTILE}] * 2,
    },
    "comment-answered": {"link": _LINK, "author": HOSTILE, "article": HOSTILE, "excerpt": HOSTILE},
    "webhook-disabled": {"host": "hooks.example", "url": HOSTILE, "reason": "failing"},
    "order-link": {"link": _LINK, "number": 1042, "days": 365},
    "receipt": _ORDER | {"seller": _SELLER},
    "payment-waits": _ORDER | {"seller": _SELLER, "instructions": [HOSTILE, "FR76 3000"], "expires_at": _AT},
    "shipped": _ORDER
    | {"sent": _UNITS, "carrier": HOSTILE, "tracking": HOSTILE, "is_whole": False, "rest": _UNITS},
    "cancelled": _ORDER | {"is_whole": True, "units": _UNITS, "reason": HOSTILE},
    "expired": _ORDER,
    "refunded": _ORDER | {"amount": _EURO, "way": HOSTILE, "reason": HOSTILE},
    "download-ready": _ORDER | {"files": [HOSTILE, "A guide"]},
    "new-login": {"link": _LINK, "at": _AT, "network": "192.0.2.0/24"},
}
COMMON = {"site": HOSTILE, "home": Link("https://kiosque.test")}
