"""The Authorization header: one Bearer token or none (RFC 6750 §2.1, contract 6.40–6.42)."""

from __future__ import annotations

import re

from api.errors import DomainError, NotAllowed, NotSignedIn
from api.web.context import Identity
from api.web.http_errors import (
    ConfirmationRequired,
    InsufficientScope,
    InvalidCredentialsFormat,
    SecondFactorMissing,
    SessionRequired,
)
from api.web.operation import Access

_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]{1,512}=*\Z")
_SECOND = re.compile(r", *[A-Za-z]+ ")
"""A second set of credentials after the first: the server joins repeated headers with a comma."""


def bearer_token(header: str | None) -> str | None:
    """The token in an Authorization header; any other header is refused."""
    if header is None:
        return None
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer":
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", scheme) or _SECOND.search(header):
            raise InvalidCredentialsFormat
        raise NotSignedIn("Only the Bearer scheme is supported.")
    if not _TOKEN.match(token.strip(" ")):
        raise InvalidCredentialsFormat
    return token.strip(" ")


def check_access(viewer: Identity | None, access: Access) -> None:
    """Raise NotSignedIn, or the reason for a 403, unless `viewer` has `access`."""
    if access.refusal is not None:
        raise access.refusal
    if not access.signed_in:
        return
    if viewer is None:
        if access.strangers:
            return
        raise NotSignedIn
    if viewer.order_id is not None:
        if access.guests:
            return
        raise _refusal_of_guest(viewer, access)
    if viewer.lacks_factor and not access.without_factor:
        raise SecondFactorMissing
    if access.by_session and viewer.scopes is not None:
        raise SessionRequired
    if access.permissions and not viewer.permissions.intersection(access.permissions):
        raise _refusal(viewer, access.permissions)
    if access.fresh and not viewer.is_fresh:
        raise ConfirmationRequired


def judged(error: DomainError, viewer: Identity | None) -> DomainError:
    """The refusal of a key whose account may do it: InsufficientScope; every other error is as it is."""
    required = error.data.get("permission") if isinstance(error, NotAllowed) else None
    if viewer is None or viewer.scopes is None or required not in viewer.role_permissions:
        return error
    detail = f"The API key lacks the scope {required}."
    return InsufficientScope(detail, scope=required, errors=error.errors, **error.data)


def is_open_to_strangers(access: Access) -> bool:
    """Whether nobody needs credentials, so that those of a guest count for nothing."""
    return access.strangers or not access.signed_in


def _refusal_of_guest(viewer: Identity, access: Access) -> DomainError:
    if access.by_session or not access.permissions:
        return SessionRequired()
    return viewer.lacking(access.permissions[0], "The token of an order does not allow this.")


def _refusal(viewer: Identity, permissions: tuple[str, ...]) -> DomainError:
    held = [permission for permission in permissions if permission in viewer.role_permissions]
    return viewer.lacking((held or permissions)[0])
