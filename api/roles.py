"""The matrix of roles and permissions, and the viewer that carries it through a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from api.errors import NotAllowed
from api.times import Instant

ME_READ: Final = "me:read"
ME_WRITE: Final = "me:write"
ORDERS_PLACE: Final = "orders:place"
COMMENTS_WRITE: Final = "comments:write"
ARTICLES_WRITE: Final = "articles:write"
ARTICLES_EDIT: Final = "articles:edit"
COMMENTS_MODERATE: Final = "comments:moderate"
MEDIA_WRITE: Final = "media:write"
ITEMS_WRITE: Final = "items:write"
STOCK_WRITE: Final = "stock:write"
SHOP_WRITE: Final = "shop:write"
ORDERS_READ: Final = "orders:read"
ORDERS_WRITE: Final = "orders:write"
ACCOUNTS_READ: Final = "accounts:read"
ACCOUNTS_WRITE: Final = "accounts:write"
METRICS_READ: Final = "metrics:read"
JOBS_WRITE: Final = "jobs:write"
REDIRECTS_WRITE: Final = "redirects:write"
EVENTS_READ: Final = "events:read"
MAILS_READ: Final = "mails:read"
WEBHOOKS_WRITE: Final = "webhooks:write"
AUDIT_READ: Final = "audit:read"
SETTINGS_READ: Final = "settings:read"
IMPORTS_WRITE: Final = "imports:write"

Permission = Literal[
    "me:read",
    "me:write",
    "orders:place",
    "comments:write",
    "articles:write",
    "articles:edit",
    "comments:moderate",
    "media:write",
    "items:write",
    "stock:write",
    "shop:write",
    "orders:read",
    "orders:write",
    "accounts:read",
    "accounts:write",
    "metrics:read",
    "jobs:write",
    "redirects:write",
    "events:read",
    "mails:read",
    "webhooks:write",
    "audit:read",
    "settings:read",
    "imports:write",
]
Role = Literal["customer", "author", "editor", "shopkeeper", "owner"]
Status = Literal["active", "suspended"]

_EDITORIAL: frozenset[Permission] = frozenset(
    (
        EVENTS_READ,
        ARTICLES_WRITE,
        ARTICLES_EDIT,
        COMMENTS_MODERATE,
        MEDIA_WRITE,
        REDIRECTS_WRITE,
    )
)
_SHOP: frozenset[Permission] = frozenset(
    (
        EVENTS_READ,
        MEDIA_WRITE,
        ITEMS_WRITE,
        STOCK_WRITE,
        SHOP_WRITE,
        ORDERS_READ,
        ORDERS_WRITE,
    )
)
_SITE: frozenset[Permission] = frozenset(
    (
        ACCOUNTS_READ,
        ACCOUNTS_WRITE,
        METRICS_READ,
        JOBS_WRITE,
        MAILS_READ,
        WEBHOOKS_WRITE,
        AUDIT_READ,
        SETTINGS_READ,
        IMPORTS_WRITE,
    )
)

OWN: frozenset[Permission] = frozenset((ME_READ, ME_WRITE, ORDERS_PLACE, COMMENTS_WRITE))
"""The permissions for what is one's own, which every role has, and an API key only by name."""

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    "customer": OWN,
    "author": OWN | {ARTICLES_WRITE, MEDIA_WRITE},
    "editor": OWN | _EDITORIAL,
    "shopkeeper": OWN | _SHOP,
    "owner": OWN | _EDITORIAL | _SHOP | _SITE,
}
"""Role → permissions."""

CUSTOMER: Final = "customer"
OWNER: Final = "owner"
ACTIVE: Final = "active"
_NEVER = Instant("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """The account that makes a request, by session or by API key (`scopes` is None for a session).

    Or the guest of one order, by its token: whoever placed it without an account, and is permitted nothing.
    """

    id: str
    """That of the account; a guest has the id of the order, which no account has."""
    email: str
    name: str
    role: Role
    session_id: str | None = None
    key_id: str | None = None
    scopes: frozenset[str] | None = None
    is_fresh: bool = False
    """Whether the session has proved its password in the last 10 minutes."""
    order_id: str | None = None
    """The order of a guest; None for an account."""
    lacks_factor: bool = False
    """Whether the account lacks the second factor that is required of it."""
    known_until: Instant = _NEVER
    """The instant until which these credentials need no new check, if nothing changes."""

    @classmethod
    def guest(cls, *, order_id: str, email: str) -> Viewer:
        """The guest of that order."""
        return cls(id=order_id, email=email, name="", role=CUSTOMER, order_id=order_id)

    @property
    def account_id(self) -> str | None:
        """The id of the account; None for a guest."""
        return None if self.order_id else self.id

    @property
    def role_permissions(self) -> frozenset[str]:
        """The permissions of the role alone."""
        return frozenset() if self.order_id else PERMISSIONS[self.role]

    @property
    def permissions(self) -> frozenset[str]:
        """The permissions of this request."""
        allowed = self.role_permissions
        return allowed if self.scopes is None else allowed & self.scopes

    @property
    def sees_more(self) -> bool:
        """Whether public paths may answer otherwise than to a stranger."""
        return not self.permissions <= OWN

    def may(self, permission: str) -> bool:
        """Whether this request has the permission."""
        return permission in self.permissions

    @staticmethod
    def lacking(permission: str, detail: str = "Your role does not allow this.") -> NotAllowed:
        """The refusal of what needs `permission`, with the roles that have it."""
        roles = [role for role, permissions in PERMISSIONS.items() if permission in permissions]
        needed = f"It needs the permission {permission}, which these roles have: {', '.join(roles)}."
        return NotAllowed(f"{detail} {needed}", permission=permission, roles=roles)


def may(viewer: Viewer | None, permission: str) -> bool:
    """Whether `viewer` has the permission; a stranger has none."""
    return viewer is not None and viewer.may(permission)
