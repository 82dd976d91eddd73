"""The import of people as accounts without a password, which each of them sets by a reset."""

from __future__ import annotations

import msgspec

from api.accounts.profiles import emails, registration
from api.accounts.profiles.administration import NO_PASSWORD
from api.accounts.profiles.emails import Email
from api.accounts.profiles.registration import EmailTaken
from api.accounts.profiles.schemas import Name
from api.errors import InvalidFormat
from api.imports import text
from api.imports.origins import queries as origins
from api.imports.origins.records import Key, Looks
from api.imports.records import Person
from api.imports.report import DELETED, Report
from api.storage import Transaction

INVALID = "its e-mail address is none to which mail can be sent"


def bring(tx: Transaction, person: Person, report: Report) -> None:
    """Create the account of a customer, unless there is one of that e-mail or it was erased here."""
    email = person.email.strip()
    try:
        emails.check(msgspec.convert(email, Email))
    except (msgspec.ValidationError, InvalidFormat):
        report.skip("account", INVALID, person.name or email[:60])
        return
    # Not the address itself: this outlives an account that is erased.
    key = Key("account", "people", text.derived(emails.key_of(email)))
    origin = origins.find(tx, key)
    if origin is not None and origin.is_deleted:
        report.skip("account", DELETED, person.name)
        return
    try:
        account = registration.register(
            tx, email=email, name=_name(person.name, email), password_hash=NO_PASSWORD
        )
    except EmailTaken:
        report.count("accounts", "unchanged")
        return
    origins.insert_origin(tx, key, local_id=account.id, fingerprint="", looks=Looks())
    report.count("accounts", "created")


def _name(written: str, email: str) -> str:
    """The name, or else the part of the address before the @."""
    for name in (written, email.partition("@")[0]):
        try:
            return msgspec.convert(text.plain(name)[:100].strip(), Name)
        except msgspec.ValidationError:
            continue
    return "Customer"
