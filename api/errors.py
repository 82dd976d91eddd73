"""The ways in which Kiosque refuses, in words of the domain: the web edge gives each its status.

A concrete error stands beside the rule that raises it. Its docstring says what it means, `remedy` what the
client can do, and together they are the page `/problems/<code>`.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One thing wrong with one field: `pointer` (RFC 6901) into the body, or a `parameter`, or a `header`."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None


class OperatorError(Exception):
    """What the person at the shell has to mend, in a sentence that stands alone."""


class DomainError(Exception):
    """A refusal with a stable `code`; keyword data travel to the client as members of the problem."""

    code: ClassVar[str]
    title: ClassVar[str]
    remedy: ClassVar[str]

    def __init__(
        self, detail: str | None = None, *, errors: tuple[FieldError, ...] = (), **data: Any
    ) -> None:
        self.detail = detail or self.meaning()
        self.errors = errors
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
    """A value breaks a rule that the OpenAPI document states."""


class UnknownField(Invalid):
    """The schema has no such field, or does not let clients set it."""

    code, title = "unknown-field", "Unknown field"
    remedy = "Leave the field out."


class NotSignedIn(DomainError):
    """This needs an account: no credentials came with the request."""

    code = "authentication-required"
    title = "Sign in first"
    remedy = "Send `Authorization: Bearer <token>` with a token from POST /v1/sessions, or an API key."
    challenge: ClassVar[str] = ""
    """What WWW-Authenticate says besides the realm (RFC 6750 §3)."""


class NotAllowed(DomainError):
    """The account is known, but its role may not do this."""

    code = "forbidden"
    title = "Not allowed"
    remedy = "Ask an owner for the role that may; GET /v1/roles lists them."


class NotFound(DomainError):
    """There is nothing here that you may see."""

    code = "not-found"
    title = "Not found"
    remedy = "Check the path; what belongs to others, or was deleted, answers the same."


class Conflict(DomainError):
    """The request is well formed, but what is stored stands against it."""


class TooMany(DomainError):
    """Too many tries in too short a time."""

    code = "too-many-requests"
    title = "Too many requests"
    remedy = "Wait for as many seconds as Retry-After says."

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(f"Too many tries. Try again in {retry_after} s.")
        self.retry_after = retry_after


class Unavailable(DomainError):
    """The server cannot do this at the moment; nothing was changed, or replaying with the same key tells."""

    retry_after: ClassVar[int]


def concrete_errors(kind: type[DomainError] = DomainError) -> list[type[DomainError]]:
    """Every imported error that has a code of its own, in order of the code."""
    found = {kind} if "code" in vars(kind) else set()
    for subclass in kind.__subclasses__():
        found.update(concrete_errors(subclass))
    return sorted(found, key=lambda error: error.code)
