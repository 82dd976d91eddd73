"""The declaration of a responder: one source for its access check, its decoding and its documentation."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from api.errors import DomainError

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
BODY_BYTES = 256 * 1024
LONG_BODY_BYTES = 3 * 2**20
"""Enough for 200,000 characters of any script, even escaped as JSON allows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The condition for calling an operation; `who` states it in the OpenAPI document."""

    who: str
    signed_in: bool = True
    permissions: tuple[str, ...] = ()
    """Each is sufficient."""
    guests: bool = False
    """Whether the guest of an order has access too, by its token; the rule knows which order that is."""
    strangers: bool = False
    """Whether whoever has no account has access too."""
    by_session: bool = False
    fresh: bool = False
    """Whether the session must have proved its password in the last 10 minutes."""
    without_factor: bool = False
    """Whether staff may who lack the second factor that is required of them."""
    ignores_credentials: bool = False
    local: bool = False
    """Whether a client on this machine needs no credentials."""
    refusal: type[DomainError] | None = None
    """The answer to everybody, before anything else of the request is read."""


ANYONE = Access(who="anyone", signed_in=False)
ANYONE_AS_STRANGER = Access(who="anyone", signed_in=False, ignores_credentials=True)
"""Authorization is not even read: an expired token must not keep anyone from logging in again."""


def nobody(refusal: type[DomainError]) -> Access:
    """Access for nobody: the operator has switched the operation off."""
    return Access(who="nobody", signed_in=False, ignores_credentials=True, refusal=refusal)


def may(
    *permissions: str,
    by_session: bool = False,
    fresh: bool = False,
    or_guest: bool = False,
    or_stranger: bool = False,
    without_factor: bool = False,
) -> Access:
    """Access for accounts that have one of the permissions; a refusal names the first.

    `or_guest`: also for the guest of the order, by its token. `or_stranger`: also for everybody else.
    """
    return Access(
        who=(" or ".join(permissions) or "any account")
        + (", by fresh session" if fresh else ", by session" if by_session else "")
        + (" or the order's guest" if or_guest else "")
        + (" or anyone" if or_stranger else ""),
        permissions=permissions,
        guests=or_guest,
        strangers=or_stranger,
        by_session=by_session or fresh,
        fresh=fresh,
        without_factor=without_factor,
    )


BY_SESSION = may(by_session=True)
BY_FRESH_SESSION = may(fresh=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A responder's declaration; `operation` explains its members."""

    access: Access
    summary: str
    body: type[msgspec.Struct] | None
    or_bodies: tuple[type[msgspec.Struct], ...]
    body_required: bool
    """Whether an empty body is an error, because a field is required."""
    body_bytes: int
    upload: tuple[str, ...]
    query: type[msgspec.Struct] | None
    returns: Any
    status: int
    errors: tuple[type[DomainError], ...]
    idempotent: bool
    conditional: bool
    slow: bool
    later: bool
    event: str | None
    moves: bool
    waits: bool
    repeats: bool
    kept: bool
    media_types: tuple[str, ...]


Responder = TypeVar("Responder", bound=Callable[..., None])


def operation(
    access: Access,
    *,
    body: type[msgspec.Struct] | None = None,
    or_bodies: tuple[type[msgspec.Struct], ...] = (),
    upload: tuple[str, ...] = (),
    query: type[msgspec.Struct] | None = None,
    returns: Any = None,
    status: int = 200,
    errors: tuple[type[DomainError], ...] = (),
    idempotent: bool = False,
    conditional: bool = False,
    slow: bool = False,
    event: str | None = None,
    long_text: bool = False,
    later: bool = False,
    moves: bool = False,
    waits: bool = False,
    repeats: bool = False,
    kept: bool = False,
    media_types: tuple[str, ...] = ("application/json",),
) -> Callable[[Responder], Responder]:
    """Declare a responder without wrapping it; the first line of its docstring is the OpenAPI summary.

    `or_bodies`: other forms of the body; the one that has the most of the fields that were sent counts, the
    first of equals. `upload`: the media types of a body that is a file, which the responder takes with
    `body.receive`. `idempotent`: accepts Idempotency-Key. `conditional`: accepts If-Match. `slow`: hashes a
    password, or reads as much, so it queues apart from quick requests; `later`: and apart from logins.
    `long_text`: the body may have LONG_BODY_BYTES. `moves`: answers 308 to a former name. `waits`: answers
    202 if a part of it waits for a confirmation. `repeats`: answers 200 if the same was created before.
    `kept`: the answer to a client without permissions depends only on path, query and database, so it may be
    cached for all of them. `event`: the name of its success in the security log.
    """

    def declare(responder: Responder) -> Responder:
        doc = inspect.getdoc(responder)
        if not doc:
            raise TypeError(
                f"{responder.__qualname__} needs a docstring: its summary in the OpenAPI document"
            )
        # msgspec builds its information about a Struct at the first use, and two threads doing so at once
        # crash the process (0.22). Here there is only one thread.
        for converted in (body, *or_bodies, query, returns):
            msgspec.json.Decoder(converted)
        responder.__operation__ = Operation(  # type: ignore[attr-defined]
            access=access,
            summary=doc.splitlines()[0],
            body=body,
            or_bodies=or_bodies,
            body_required=body is not None and any(f.required for f in msgspec.structs.fields(body)),
            body_bytes=LONG_BODY_BYTES if long_text else BODY_BYTES,
            upload=upload,
            query=query,
            returns=returns,
            status=status,
            errors=errors,
            idempotent=idempotent,
            conditional=conditional,
            slow=slow,
            later=later,
            event=event,
            moves=moves,
            waits=waits,
            repeats=repeats,
            kept=kept,
            media_types=media_types,
        )
        return responder

    return declare


def operation_of(resource: object, method: str) -> Operation | None:
    """The declaration of `method` (for HEAD, that of GET), or None if `resource` does not support it."""
    responder = getattr(resource, f"on_{'get' if method == 'HEAD' else method.lower()}", None)
    return getattr(responder, "__operation__", None)


def operations(resource: object) -> dict[str, Operation]:
    """Method → declaration for each responder; raises TypeError for one without a declaration."""
    declarations = {}
    for method in METHODS:
        declared = operation_of(resource, method)
        if declared is not None:
            declarations[method] = declared
        elif hasattr(resource, f"on_{method.lower()}"):
            raise TypeError(
                f"{type(resource).__qualname__}.on_{method.lower()} is not declared by @operation"
            )
    return declarations
