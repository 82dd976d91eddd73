"""Accounts and roles as JSON; the view of an account is its record."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from api.accounts.profiles.emails import Email
from api.roles import Permission, Role, Status
from api.settings.types import LANGUAGE
from api.text.fields import NO_CONTROL, PersonName, Search
from api.web.paging import PageQuery
from api.web.patches import Patch

_PASSWORD_EXAMPLES = ["paper-lantern-42"]

Name = Annotated[PersonName, Meta(examples=["Ada Brandt"])]
NewPassword = Annotated[
    str, Meta(min_length=12, max_length=256, pattern=NO_CONTROL, examples=_PASSWORD_EXAMPLES)
]
Password = Annotated[str, Meta(min_length=1, max_length=256, pattern=NO_CONTROL, examples=_PASSWORD_EXAMPLES)]
"""A password that is only compared, so that a short one is as wrong as any other."""


LanguageTag = Annotated[str, Meta(max_length=35, pattern=LANGUAGE, examples=["fr"])]


class AccountBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A sign-up."""

    email: Email
    password: NewPassword
    name: Name


class AccountPatch(Patch):
    """Changes that an owner may make to an account."""

    name: Name | UnsetType = UNSET
    role: Annotated[Role | UnsetType, Meta(examples=["customer"])] = UNSET
    status: Status | UnsetType = UNSET


class AccountsQuery(PageQuery):
    prefix: ClassVar[str] = "acc"
    email: Annotated[Search, Meta(description="In any spelling that means the same mailbox.")] | None = None
    q: Annotated[Search, Meta(description="A part of the name or of the e-mail.")] | None = None
    role: Role | None = None
    status: Status | None = None


class MePatch(Patch):
    """Changes that people may make to their own account; another e-mail needs the current password."""

    name: Name | UnsetType = UNSET
    language: LanguageTag | UnsetType | None = UNSET
    email: Email | UnsetType = UNSET
    current_password: Password | UnsetType = UNSET


class PasswordBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A change of password, which ends the API keys unless `keep_keys`."""

    current: Password
    new: Annotated[NewPassword, Meta(examples=["violet-harbour-91"])]
    keep_keys: Annotated[bool, Meta(examples=[False])] = False


class RoleView(msgspec.Struct):
    """A role and its permissions."""

    role: Role
    permissions: Annotated[list[Permission], Meta(examples=[["articles:write"]])]
