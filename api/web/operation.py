"""One declaration for each responder, read three times: to guard it, to decode for it, to document it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from api.errors import DomainError

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may call: anyone, an account, one that holds a permission, one by session and not by key."""

    who: str
    signed_in: bool = True
    permission: str | None = None
    by_session: bool = False
    ignores_credentials: bool = False
    local: bool = False
    """Whether a caller on this machine needs none of it."""


ANYONE = Access(who="anyone", signed_in=False)
ANYONE_AS_STRANGER = Access(who="anyone", signed_in=False, ignores_credentials=True)
"""Authorization is not even read: an expired token must not keep anyone from signing in again."""
SIGNED_IN = Access(who="signed in")
BY_SESSION = Access(who="signed in, by session", by_session=True)


def may(permission: str) -> Access:
    """Access for accounts that hold `permission`."""
    return Access(who=permission, permission=permission)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What a responder promises."""

    access: Access
    summary: str
    body: type[msgspec.Struct] | None
    body_required: bool
    """Whether an empty body is an error: when a field of it must be there."""
    query: type[msgspec.Struct] | None
    returns: Any
    status: int
    errors: tuple[type[DomainError], ...]
    idempotent: bool
    conditional: bool
    slow: bool
    moves: bool
    kept: bool
    media_types: tuple[str, ...]


Responder = TypeVar("Responder", bound=Callable[..., None])


def operation(
    access: Access,
    *,
    body: type[msgspec.Struct] | None = None,
    query: type[msgspec.Struct] | None = None,
    returns: Any = None,
    status: int = 200,
    errors: tuple[type[DomainError], ...] = (),
    idempotent: bool = False,
    conditional: bool = False,
    slow: bool = False,
    moves: bool = False,
    kept: bool = False,
    media_types: tuple[str, ...] = ("application/json",),
) -> Callable[[Responder], Responder]:
    """Declare a responder and wrap nothing: `idempotent` takes Idempotency-Key, `conditional` If-Match.

    `slow`: hashes a password, so the server has it wait apart from what is quick. `moves`: answers 308 to a
    former name. `kept`: what a stranger gets depends on path, query and database alone, so it may be kept;
    whoever has no permission gets the same.
    """

    def declare(responder: Responder) -> Responder:
        doc = inspect.getdoc(responder)
        if not doc:
            raise TypeError(
                f"{responder.__qualname__} needs a docstring: it is its line in the documentation"
            )
        # msgspec builds what it needs to know of a Struct at its first use: two threads at once end the
        # process (0.22). Here there is one thread.
        for converted in (body, query, returns):
            msgspec.json.Decoder(converted)
        responder.__operation__ = Operation(  # type: ignore[attr-defined]
            access=access,
            summary=doc.splitlines()[0],
            body=body,
            body_required=body is not None and any(f.required for f in msgspec.structs.fields(body)),
            query=query,
            returns=returns,
            status=status,
            errors=errors,
            idempotent=idempotent,
            conditional=conditional,
            slow=slow,
            moves=moves,
            kept=kept,
            media_types=media_types,
        )
        return responder

    return declare


def operation_of(resource: object, method: str) -> Operation | None:
    """What `resource` declares for `method` (HEAD is GET's), or None when it does not answer it."""
    responder = getattr(resource, f"on_{'get' if method == 'HEAD' else method.lower()}", None)
    return getattr(responder, "__operation__", None)


def operations(resource: object) -> dict[str, Operation]:
    """Method → declaration for each responder; TypeError for one that nobody declared."""
    found = {}
    for method in METHODS:
        declared = operation_of(resource, method)
        if declared is not None:
            found[method] = declared
        elif hasattr(resource, f"on_{method.lower()}"):
            raise TypeError(
                f"{type(resource).__qualname__}.on_{method.lower()} is not declared by @operation"
            )
    return found
