"""Deliveries: every event after a webhook's position gets one, which is tried until it is taken.

They are made by a chore and not by the transactions in which things happen, so that an order costs nothing
more. An attempt that fails leaves the job of the next one; a delivery knows its latest job, and those of
others do nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from functools import partial

from msgspec import structs

from api import times
from api.errors import NotFound
from api.events import queries as log
from api.events import rules as events
from api.events.records import EventType
from api.ids import first_id
from api.jobs import rules as jobs
from api.roles import ACTIVE
from api.storage import Database, Transaction
from api.times import Instant
from api.webhooks import queries as webhooks
from api.webhooks import rules
from api.webhooks.deliveries import queries
from api.webhooks.records import Attempt, Delivery, Due, Webhook
from api.webhooks.sender import Reply

JOB, REPLAY = "webhook", "webhook-replay"
PAUSES = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds before each further attempt, as Standard Webhooks 1.0 suggest."""
REST = 60
"""Seconds in which a receiver is left alone that has kept an attempt waiting."""
AT_ONCE = 200
MOST_ATTEMPTS = 20
GONE = 410


def fan_out(db: Database) -> bool:
    """Make deliveries of some events that have none yet; whether there may be more."""
    with db.read() as tx:
        if not webhooks.is_any_behind(tx):
            return False
    return db.attempt(partial(_fan_out, db))


def _fan_out(db: Database) -> bool:
    with db.write() as tx:
        behind = webhooks.lock_next_behind(tx)
        if behind is None:
            return False
        webhook, position = behind
        last = events.last_position(tx)
        page = queries.list_after(tx, position=position, types=_types_of(webhook), most=AT_ONCE)
        _begin(tx, webhook, (event_id for _, event_id in page))
        webhooks.advance(tx, webhook_id=webhook.id, position=page[-1][0] if len(page) == AT_ONCE else last)
    return True


def replay(tx: Transaction, webhook: Webhook, *, since: datetime, until: datetime | None) -> int:
    """Deliver what happened in that time once more; returns how many events that is."""
    after = first_id("evt", since)
    before = first_id("evt", until or times.moment(tx.now), milliseconds=1)
    jobs.leave(tx, REPLAY, {"webhook": webhook.id, "after": after, "before": before})
    return queries.count_between(tx, after=after, before=before, types=_types_of(webhook))


def replay_some(tx: Transaction, facts: Mapping[str, str]) -> None:
    """Begin some of the deliveries of a replay, and leave the rest to another job."""
    webhook = webhooks.find_webhook(tx, webhook_id=facts["webhook"], lock=True)
    if webhook is None or webhook.status != ACTIVE:
        return
    page = queries.list_between(
        tx, after=facts["after"], before=facts["before"], types=_types_of(webhook), most=AT_ONCE
    )
    _begin(tx, webhook, page)
    if len(page) == AT_ONCE:
        jobs.leave(tx, REPLAY, {**facts, "after": page[-1]})


def find(tx: Transaction, webhook: Webhook, *, ref: str, lock: bool = False) -> Delivery:
    """The webhook's delivery of that id, or NotFound."""
    delivery = queries.find_delivery(tx, webhook_id=webhook.id, delivery_id=ref, lock=lock)
    if delivery is None:
        raise NotFound
    return delivery


def try_again(tx: Transaction, webhook: Webhook, delivery: Delivery) -> Delivery:
    """Have an event delivered now, with all attempts before it."""
    after = structs.replace(delivery, state="pending")
    job_id = _leave(tx, webhook.id, delivery.event)
    queries.update_delivery(tx, after, tries=0, job_id=job_id)
    return after


def find_due(tx: Transaction, *, webhook_id: str, event_id: str, job_id: str) -> Due | None:
    """What the attempt of that job needs; None if it has become needless."""
    webhook = webhooks.find_webhook(tx, webhook_id=webhook_id)
    if webhook is None or webhook.status != ACTIVE:
        return None
    pending = queries.find_by_job(tx, webhook_id=webhook_id, event_id=event_id, job_id=job_id)
    event = log.find_event(tx, event_id=event_id)
    if pending is None or event is None:
        return None
    secrets = webhooks.list_secrets(tx, webhook_id=webhook_id)
    return Due(job_id, webhook, secrets, event, tx.now)


def note_attempt(tx: Transaction, due: Due, reply: Reply, *, language: str) -> None:
    """Store an attempt, and leave the next one if there is to be any."""
    webhook = webhooks.find_webhook(tx, webhook_id=due.webhook.id, lock=True)
    pending = _pending(tx, due)
    if webhook is None or pending is None:
        return
    delivery, tries = pending
    attempt = Attempt(at=due.at, status=reply.status, ms=reply.ms, error=reply.error, excerpt=reply.excerpt)
    delivery = structs.replace(delivery, attempts=(*delivery.attempts, attempt)[-MOST_ATTEMPTS:])
    if reply.is_success:
        rules.note_success(tx, webhook)
        queries.update_delivery(tx, structs.replace(delivery, state="delivered"), tries=tries, job_id=None)
        return
    webhook = rules.note_failure(tx, webhook, is_gone=reply.status == GONE, language=language)
    if webhook.status != ACTIVE or tries >= len(PAUSES):
        failed = structs.replace(delivery, state="failed")
        queries.update_delivery(tx, failed, tries=tries + 1, job_id=None)
        return
    pause = max(PAUSES[tries] * random.uniform(0.8, 1.2), reply.retry_after)  # noqa: S311
    job_id = _leave(tx, webhook.id, due.event.id, due_at=times.later(tx.now, seconds=pause))
    queries.update_delivery(tx, delivery, tries=tries + 1, job_id=job_id)


def put_off(tx: Transaction, due: Due) -> None:
    """Leave the attempt for later, without counting it."""
    pending = _pending(tx, due)
    if pending is not None:
        delivery, tries = pending
        due_at = times.later(tx.now, seconds=REST * random.uniform(0.8, 1.2))  # noqa: S311
        job_id = _leave(tx, due.webhook.id, due.event.id, due_at=due_at)
        queries.update_delivery(tx, delivery, tries=tries, job_id=job_id)


def forget(tx: Transaction, *, account_id: str) -> None:
    """Remove what receivers have answered to events about an account that is being erased."""
    queries.empty_deliveries(tx, account_id=account_id)


def _pending(tx: Transaction, due: Due) -> tuple[Delivery, int] | None:
    return queries.find_by_job(tx, webhook_id=due.webhook.id, event_id=due.event.id, job_id=due.job_id)


def _begin(tx: Transaction, webhook: Webhook, event_ids: Iterable[str]) -> None:
    pairs = [(event_id, _leave(tx, webhook.id, event_id)) for event_id in event_ids]
    queries.begin(tx, webhook_id=webhook.id, jobs=pairs)


def _leave(tx: Transaction, webhook_id: str, event_id: str, *, due_at: Instant | None = None) -> str:
    return jobs.leave(tx, JOB, {"webhook": webhook_id, "event": event_id}, due_at=due_at)


def _types_of(webhook: Webhook) -> list[EventType]:
    return [kind for kind in events.TYPES if any(fnmatchcase(kind, each) for each in webhook.events)]
