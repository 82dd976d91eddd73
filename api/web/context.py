"""The context of one request: its id, its viewer and its body, typed for mypy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import falcon

from api.errors import NotAllowed
from api.times import Instant
from api.web.upload import Upload


class Identity(Protocol):
    """The viewer as far as the web edge needs to know it; its real type is `api.roles.Viewer`."""

    @property
    def account_id(self) -> str | None:
        """None for the guest of an order."""

    @property
    def order_id(self) -> str | None:
        """The one order that a guest may touch; None for an account."""

    @property
    def session_id(self) -> str | None: ...

    @property
    def key_id(self) -> str | None: ...

    @property
    def permissions(self) -> frozenset[str]:
        """The role's permissions, limited to the key's scopes."""

    @property
    def role_permissions(self) -> frozenset[str]:
        """The role's permissions, whatever the key's scopes."""

    @property
    def sees_more(self) -> bool:
        """Whether public paths may answer otherwise than to a stranger."""

    @property
    def scopes(self) -> frozenset[str] | None:
        """None for a session."""

    @property
    def is_fresh(self) -> bool:
        """Whether the session has proved in the last 10 minutes whose it is."""

    @property
    def lacks_factor(self) -> bool:
        """Whether the account lacks the second factor that is required of it."""

    @property
    def known_until(self) -> Instant:
        """The time until which the credentials are valid, if nothing in the database changes."""

    def lacking(self, permission: str, detail: str = ..., /) -> NotAllowed:
        """The refusal of what needs `permission`, which the role does not have."""


@dataclass(slots=True)
class RequestContext:
    """`viewer` is an Identity, or None without credentials; Any, since responders need its real type.

    `client` is the network that the request comes from; `facts` are members of the line in the security log,
    if the operation has one, and `event` is its name where the status does not say enough.
    """

    request_id: str = ""
    started: float = 0.0
    client: str = "unknown"
    viewer: Any = None
    body: bytes = b""
    upload: Upload | None = None
    event: str | None = None
    facts: dict[str, str | None] = field(default_factory=dict)


class Request(falcon.Request):
    """Falcon's request with our context."""

    context_type = RequestContext
    context: RequestContext  # type: ignore[assignment]

    @property
    def accept(self) -> str:
        """The header in lower case: media types have no case (RFC 9110 §8.3.1), but Falcon compares it."""
        return super().accept.lower()

    @property
    def accepted_codings(self) -> set[str]:
        """The codings that Accept-Encoding names and does not exclude."""
        accepted = set()
        for part in (self.get_header("Accept-Encoding") or "").lower().split(","):
            coding, _, parameter = part.partition(";")
            quality = parameter.replace(" ", "").removeprefix("q=")
            if quality not in ("0", "0.0", "0.00", "0.000"):
                accepted.add(coding.strip())
        return accepted


Response = falcon.Response
