"""Webhooks: who gets which events, by which secret they are signed, and when the server gives one up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase
from typing import Any

from msgspec import structs
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from api import times
from api.accounts.profiles import queries as accounts
from api.errors import Conflict, InvalidFormat, NotFound
from api.events import rules as events
from api.mail import rules as mail
from api.roles import ACTIVE, OWNER
from api.storage import Keyset, Transaction
from api.webhooks import queries
from api.webhooks.deliveries import queries as deliveries
from api.webhooks.records import DisabledReason, NewWebhook, Secret, Webhook, WebhookDraft
from api.webhooks.signing import Message, new_secret, signed

OVERLAP_HOURS = 24
FAILING_DAYS = 5
"""Days without a success after which a webhook is disabled; its failures lie further apart than 12 hours
then."""
MOST_OWNERS = 100


class WebhookDisabled(Conflict):
    """The webhook is disabled, so nothing is delivered to it."""

    code, title = "webhook-disabled", "Webhook disabled"
    remedy = "Test the webhook, then send PATCH with the status active."


def create(tx: Transaction, draft: WebhookDraft, *, inside: Collection[str]) -> NewWebhook:
    """A webhook that gets the events from now on; InvalidFormat."""
    _check(draft.url, draft.events, inside=inside)
    webhook = Webhook(
        id=tx.new_id("whk"),
        url=draft.url,
        events=tuple(dict.fromkeys(draft.events)),
        description=draft.description,
        status="active",
        disabled_reason=None,
        created_at=tx.now,
    )
    queries.insert_webhook(tx, webhook, position=events.last_position(tx))
    return NewWebhook(**structs.asdict(webhook), secret=_add_secret(tx, webhook))


def find(tx: Transaction, *, ref: str, lock: bool = False) -> Webhook:
    """The webhook of that id, or NotFound."""
    webhook = queries.find_webhook(tx, webhook_id=ref, lock=lock)
    if webhook is None:
        raise NotFound
    return webhook


def check_active(webhook: Webhook) -> Webhook:
    """The webhook, unless it is disabled: WebhookDisabled."""
    if webhook.status != ACTIVE:
        raise WebhookDisabled
    return webhook


def change(
    tx: Transaction, before: Webhook, changes: Mapping[str, Any], *, inside: Collection[str]
) -> Webhook:
    """The webhook with these changes; one that becomes active gets the events from now on; InvalidFormat."""
    after = structs.replace(before, **changes)
    _check(after.url, after.events, inside=inside)
    after = structs.replace(after, events=tuple(dict.fromkeys(after.events)))
    queries.update_webhook(tx, after)
    if after.status == before.status:
        return after
    if after.status == ACTIVE:
        queries.enable(tx, webhook_id=after.id, position=events.last_position(tx))
        return structs.replace(after, disabled_reason=None)
    return _disable(tx, after, None)


def rotate(tx: Transaction, webhook: Webhook) -> Secret:
    """A new secret, which signs at once; the former one signs for OVERLAP_HOURS more."""
    return Secret(_add_secret(tx, webhook))


def test_of(tx: Transaction, webhook: Webhook) -> Message:
    """An event that has not happened, in the form of those that have."""
    event_id = tx.new_id("evt")
    facts = {
        "id": event_id,
        "type": "webhook.test",
        "at": tx.now,
        "subject": {"kind": "webhook", "id": webhook.id},
        "actor": "staff",
        "data": webhook,
        "timestamp": tx.now,
    }
    secrets = queries.list_secrets(tx, webhook_id=webhook.id)
    return signed(facts, event_id, url=webhook.url, secrets=secrets, at=tx.now)


def delete(tx: Transaction, webhook: Webhook) -> None:
    """Remove a webhook; nothing more is delivered to it."""
    queries.delete_webhook(tx, webhook_id=webhook.id)


def note_success(tx: Transaction, webhook: Webhook) -> None:
    """Store that the receiver works."""
    if queries.failing_since(tx, webhook_id=webhook.id) is not None:
        queries.set_failing(tx, webhook_id=webhook.id, since=None)


def note_failure(tx: Transaction, webhook: Webhook, *, is_gone: bool, language: str) -> Webhook:
    """Store that the receiver does not work; disable the webhook if that has lasted too long."""
    since = queries.failing_since(tx, webhook_id=webhook.id)
    if is_gone:
        return _give_up(tx, webhook, "gone", language=language)
    if since is None:
        queries.set_failing(tx, webhook_id=webhook.id, since=tx.now)
    elif times.later(since, days=FAILING_DAYS) <= tx.now:
        return _give_up(tx, webhook, "failing", language=language)
    return webhook


def _give_up(tx: Transaction, webhook: Webhook, reason: DisabledReason, *, language: str) -> Webhook:
    after = _disable(tx, webhook, reason)
    events.note(tx, "webhook.disabled", after)
    page = Keyset("acc_~", MOST_OWNERS)
    for owner in accounts.list_accounts(tx, page, role=OWNER, status=ACTIVE):
        if owner.email is not None:
            mail.post(
                tx,
                "webhook-disabled",
                to=owner.email,
                language=owner.language or language,
                facts={"webhook": webhook.id},
                account_id=owner.id,
                to_staff=True,
            )
    return after


def _disable(tx: Transaction, webhook: Webhook, reason: DisabledReason | None) -> Webhook:
    queries.disable(tx, webhook_id=webhook.id, reason=reason)
    deliveries.fail_pending(tx, webhook_id=webhook.id)
    return structs.replace(webhook, status="disabled", disabled_reason=reason)


def _add_secret(tx: Transaction, webhook: Webhook) -> str:
    secret = new_secret()
    end = times.later(tx.now, hours=OVERLAP_HOURS)
    queries.replace_secret(tx, webhook_id=webhook.id, secret=secret, former_ends_at=end)
    return secret


def _check(url: str, patterns: Collection[str], *, inside: Collection[str]) -> None:
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise InvalidFormat.at("/url", "This address has no valid host or port.") from None
    if parts.scheme != "https" and (parts.host or "").strip("[]") not in inside:
        raise InvalidFormat.at("/url", "Must begin with https://, unless the operator has named the host.")
    unknown = [
        (f"/events/{index}", f"There are no events of the type {pattern}.")
        for index, pattern in enumerate(patterns)
        if not any(fnmatchcase(kind, pattern) for kind in events.TYPES)
    ]
    if unknown:
        raise InvalidFormat.at_each(unknown)
