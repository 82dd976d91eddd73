"""What travels with one request: its id, who asks, the bytes of its body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import falcon

from api.times import Instant


class Identity(Protocol):
    """Who asks, as far as the web edge needs to know; features make and read the whole of it."""

    @property
    def id(self) -> str: ...

    @property
    def permissions(self) -> frozenset[str]:
        """What this request may do: the role's permissions, cut down to the key's scopes."""

    @property
    def role_permissions(self) -> frozenset[str]:
        """What the role alone may do."""

    @property
    def scopes(self) -> frozenset[str] | None:
        """None for a session."""

    @property
    def known_until(self) -> Instant:
        """Until when the same credentials name them, if nothing in the database changes."""


@dataclass(slots=True)
class RequestContext:
    """`viewer` is None for a stranger; its real type is the feature's that made it."""

    request_id: str = ""
    started: float = 0.0
    viewer: Any = None
    body: bytes = b""


class Request(falcon.Request):
    """Falcon's request with our context."""

    context_type = RequestContext
    context: RequestContext  # type: ignore[assignment]


Response = falcon.Response
