"""The matrix of roles and permissions, and the viewer that carries it through a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from api.times import Instant

ARTICLES_WRITE = "articles:write"
ARTICLES_EDIT = "articles:edit"
COMMENTS_MODERATE = "comments:moderate"
ITEMS_WRITE = "items:write"
STOCK_WRITE = "stock:write"
ORDERS_READ = "orders:read"
ORDERS_WRITE = "orders:write"
ACCOUNTS_READ = "accounts:read"
ACCOUNTS_WRITE = "accounts:write"
METRICS_READ = "metrics:read"

Permission = Literal[
    "articles:write",
    "articles:edit",
    "comments:moderate",
    "items:write",
    "stock:write",
    "orders:read",
    "orders:write",
    "accounts:read",
    "accounts:write",
    "metrics:read",
]
Role = Literal["customer", "author", "editor", "shopkeeper", "owner"]
Status = Literal["active", "suspended"]

_EDITORIAL = frozenset((ARTICLES_WRITE, ARTICLES_EDIT, COMMENTS_MODERATE))
_SHOP = frozenset((ITEMS_WRITE, STOCK_WRITE, ORDERS_READ, ORDERS_WRITE))
_SITE = frozenset((ACCOUNTS_READ, ACCOUNTS_WRITE, METRICS_READ))

PERMISSIONS: dict[str, frozenset[str]] = {
    "customer": frozenset(),
    "author": frozenset((ARTICLES_WRITE,)),
    "editor": _EDITORIAL,
    "shopkeeper": _SHOP,
    "owner": _EDITORIAL | _SHOP | _SITE,
}
"""Role → permissions; what everyone may do with what is their own needs none."""

CUSTOMER = "customer"
OWNER = "owner"
ACTIVE = "active"
_NEVER = Instant("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who asks: an account, and the session or the API key by which it came (`scopes` is None by session)."""

    id: str
    email: str
    name: str
    role: str
    session_id: str | None = None
    scopes: frozenset[str] | None = None
    known_until: Instant = _NEVER
    """Until when these credentials need no other look, if nothing changes."""

    @property
    def role_permissions(self) -> frozenset[str]:
        """What the role alone may do."""
        return PERMISSIONS[self.role]

    @property
    def permissions(self) -> frozenset[str]:
        """What this request may do."""
        allowed = PERMISSIONS[self.role]
        return allowed if self.scopes is None else allowed & self.scopes

    def may(self, permission: str) -> bool:
        """Whether this request may do what `permission` names."""
        return permission in self.permissions


def may(viewer: Viewer | None, permission: str) -> bool:
    """Whether `viewer` may; a stranger may nothing."""
    return viewer is not None and viewer.may(permission)
