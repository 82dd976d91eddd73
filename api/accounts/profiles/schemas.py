"""What travels: accounts, logins, sessions, API keys and roles."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from api.accounts.profiles import records
from api.accounts.roles import Permission, Role, Status
from api.text.fields import NO_CONTROL, Time, Title
from api.web.paging import PageQuery

_ATOM = r"[^\s@\x00-\x1f\x7f-\x9f]"
_LABEL = r"[^\s@.\x00-\x1f\x7f-\x9f]+"

Email = Annotated[str, Meta(min_length=3, max_length=254, pattern=rf"^{_ATOM}+@{_LABEL}(\.{_LABEL})+\Z")]
NewPassword = Annotated[str, Meta(min_length=12, max_length=256, pattern=NO_CONTROL)]
Password = Annotated[str, Meta(min_length=1, max_length=256, pattern=NO_CONTROL)]
"""One that is only compared: too short is wrong like any other."""


class AccountBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A sign-up."""

    email: Email
    password: NewPassword
    name: Title


class AccountPatch(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What an owner may change."""

    name: Title | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    status: Status | UnsetType = UNSET

    def changes(self) -> dict[str, str]:
        """The fields that were sent."""
        return _sent(name=self.name, role=self.role, status=self.status)


class AccountsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Which accounts to list."""

    prefix: ClassVar[str] = "acc"
    role: Role | None = None
    status: Status | None = None


class AccountView(msgspec.Struct):
    """An account."""

    id: str
    email: str
    email_verified_at: Time | None
    name: str
    role: Role
    status: Status
    created_at: Time

    @classmethod
    def of(cls, account: records.Account) -> AccountView:
        """`account` as it is shown."""
        return msgspec.convert(account, cls, from_attributes=True)


class MePatch(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What everyone may change of their own; another e-mail needs the current password."""

    name: Title | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    current_password: Password | UnsetType = UNSET

    def changes(self) -> dict[str, str]:
        """The fields that were sent, without the password."""
        return _sent(name=self.name, email=self.email)


class PasswordBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A change of password."""

    current: Password
    new: NewPassword


class RoleView(msgspec.Struct):
    """A role and what it may do beyond what is its own."""

    role: Role
    permissions: list[Permission]


def _sent(**fields: str | UnsetType) -> dict[str, str]:
    return {name: value for name, value in fields.items() if not isinstance(value, UnsetType)}
