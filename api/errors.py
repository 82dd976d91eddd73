"""The base classes of the errors that clients see; they know no HTTP, so that rules can raise them.

A concrete error stands beside the rule that raises it. Its docstring is its meaning and `remedy` is what the
client can do; together they are the page `/problems/<code>`.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar, Self

MOST_ERRORS = 100
"""Errors in single fields that one error names; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One error in one place: a `pointer` (RFC 6901) into the body, a `parameter` or a `header`."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None


class OperatorError(Exception):
    """A failure that the person at the shell can fix, explained in one self-contained sentence."""


class DomainError(Exception):
    """An error with a stable `code`; keyword data become members of the problem."""

    code: ClassVar[str]
    title: ClassVar[str]
    remedy: ClassVar[str]

    def __init__(self, detail: str | None = None, *, errors: Iterable[FieldError] = (), **data: Any) -> None:
        self.detail = detail or self.meaning()
        remaining = iter(errors)
        self.errors = tuple(islice(remaining, MOST_ERRORS))
        self.errors_left_out = sum(1 for _ in remaining)
        self.data = data
        super().__init__(self.detail)

    @classmethod
    def at(cls, pointer: str, detail: str | None = None, **data: Any) -> Self:
        """This error at one field of the body; `pointer` as in RFC 6901."""
        return cls.at_each([(pointer, detail or cls.meaning())], **data)

    @classmethod
    def at_each(cls, places: Iterable[tuple[str, str]], **data: Any) -> Self:
        """This error at several fields of the body: pointer and detail of each, the most important first."""
        errors = tuple(
            FieldError(code=cls.code, detail=detail, pointer=pointer) for pointer, detail in places
        )
        return cls(errors[0].detail, errors=errors, **data)

    @classmethod
    def meaning(cls) -> str:
        """The docstring on one line."""
        return " ".join((inspect.getdoc(cls) or "").split())


class Invalid(DomainError):
    """A value breaks a rule stated in the OpenAPI document."""


class InvalidFormat(Invalid):
    """The string does not match the field's format."""

    code, title = "invalid-format", "Invalid format"
    remedy = "See the field's pattern, format or list of values in /openapi.json."


class OutOfRange(Invalid):
    """The number or time is smaller or larger than the field allows."""

    code, title = "out-of-range", "Out of range"
    remedy = "Stay within the bounds that /openapi.json states for the field."


class UnknownField(Invalid):
    """The schema has no such field, or clients cannot set it."""

    code, title = "unknown-field", "Unknown field"
    remedy = "Remove the field."


class NotSignedIn(DomainError):
    """This requires an account, and the request has no credentials."""

    code = "authentication-required"
    title = "Authentication required"
    remedy = "Send `Authorization: Bearer <token>` with a token from POST /v1/sessions, or an API key."
    challenge: ClassVar[str] = ""
    """The parameters of WWW-Authenticate after the realm (RFC 6750 §3)."""


class InvalidToken(NotSignedIn):
    """The token is unknown, expired or revoked, or its account is suspended."""

    code, title = "invalid-token", "Invalid token"
    remedy = "Log in again with POST /v1/sessions, or create another API key."
    challenge = ', error="invalid_token"'


class NotAllowed(DomainError):
    """Your role does not allow this."""

    code = "forbidden"
    title = "Not allowed"
    remedy = "Ask an owner for a role that allows it; GET /v1/roles lists what each role allows."


class NotFound(DomainError):
    """There is nothing here, or nothing that you may see."""

    code = "not-found"
    title = "Not found"
    remedy = "Check the path; things that were deleted or belong to someone else answer the same."


class Conflict(DomainError):
    """The request is well formed, but conflicts with the current state."""


class Gone(DomainError):
    """There was such a thing, and it will not come back."""


class TooMany(DomainError):
    """Too many attempts in too short a time."""

    code = "too-many-requests"
    title = "Too many requests"
    remedy = "Wait for the seconds in Retry-After, then try again."

    def __init__(self, detail: str = "Too many attempts.", *, retry_after: int) -> None:
        super().__init__(f"{detail} Try again in {retry_after} s.")
        self.retry_after = retry_after


class Unavailable(DomainError):
    """The server cannot do this right now. Nothing was changed; if a write's outcome is unclear, retrying it
    with the same Idempotency-Key will tell."""

    retry_after: ClassVar[int]


def concrete_errors(kind: type[DomainError] = DomainError) -> list[type[DomainError]]:
    """Every imported error that has a code of its own, sorted by code."""
    errors = {kind} if "code" in vars(kind) else set()
    for subclass in kind.__subclasses__():
        errors.update(concrete_errors(subclass))
    return sorted(errors, key=lambda error: error.code)
