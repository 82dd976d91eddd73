"""One error of each kind, with all the members that its kind has in answers, for the OpenAPI document and for
rehearsals."""

from __future__ import annotations

from typing import Any

from api import errors
from api.errors import DomainError, FieldError

_MEMBERS: dict[str, dict[str, Any]] = {
    "coupon-not-applicable": {"reason": "expired"},
    "currency-mismatch": {"currency": "EUR"},
    "duplicate-key": {"key": "title"},
    "forbidden": {"permission": "accounts:write", "roles": ["owner"]},
    "in-use": {"uses": [{"kind": "item", "id": "itm_01kb2v9r5e8x4m7t3w6y0z1a2c", "title": "Mug"}]},
    "insufficient-scope": {"scope": "me:read", "permission": "me:read", "roles": ["owner"]},
    "invalid-json": {"offset": 0},
    "invalid-state": {"state": "cancelled", "allowed": []},
    "out-of-stock": {"available": {"mug": 0}},
    "too-many-units": {"max": 10},
    "second-factor-required": {"challenge": "kc_dGlkZSBhbmQgdGltZSB3YWl0IGZvciBub2JvZHkgaGVyZQ"},
    "price-changed": {
        "total": {"amount": 1_000, "currency": "EUR"},
        "quote": {"total": {"amount": 1_000, "currency": "EUR"}},
    },
}
_POINTERS = {
    "address-required": "/shipping_address",
    "amount-required": "/compare_at",
    "coupon-invalid": "/percent",
    "coupon-not-applicable": "/coupons/0",
    "email-required": "/email",
    "email-taken": "/email",
    "external-url-required": "/external_url",
    "options-mismatch": "/options",
    "out-of-stock": "/lines/0",
    "refund-ambiguous": "/amount",
    "return-url-not-allowed": "/return_url",
    "shipping-unavailable": "/shipping_method",
    "sku-taken": "/variants/0/sku",
    "slug-taken": "/slug",
    "too-many-units": "/lines/0/quantity",
    "unknown-author": "/authors/0",
    "unknown-item": "/lines/0/sku",
    "unknown-media": "/image/media",
    "unknown-parent": "/parent",
    "unknown-term": "/parent",
    "weak-password": "/password",
}
_PARAMETERS = {
    "invalid-cursor": "after",
    "invalid-parameter": "limit",
    "repeated-parameter": "limit",
    "secret-in-url": "token",
    "unknown-parameter": "limit",
}
_HEADERS = {"idempotency-key-invalid": "Idempotency-Key"}


def sample(kind: type[DomainError]) -> DomainError:
    """An error of this kind."""
    if issubclass(kind, errors.TooMany):
        return kind(retry_after=1)
    place = FieldError(
        code=kind.code,
        detail=kind.meaning(),
        pointer=_POINTERS.get(kind.code, "" if issubclass(kind, errors.Invalid) else None),
        parameter=_PARAMETERS.get(kind.code),
        header=_HEADERS.get(kind.code),
    )
    has_place = (place.pointer, place.parameter, place.header) != (None, None, None)
    return kind(errors=(place,) if has_place else (), **_MEMBERS.get(kind.code, {}))
