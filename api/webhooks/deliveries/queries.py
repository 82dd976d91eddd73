"""The SQL of deliveries."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from api.events.tables import IS_NUMBERED, events
from api.storage import Among, Keyset, Row, Transaction
from api.webhooks.records import Attempt, Delivery, DeliveryState
from api.webhooks.tables import webhook_deliveries as deliveries

_ATTEMPTS = msgspec.json.Decoder(tuple[Attempt, ...])
_OF_WEBHOOK = deliveries.c.webhook_id == sa.bindparam("webhook")
_OF_TYPES = Among(events.c.type, "types")

_AFTER = (
    sa.select(events.c.position, events.c.id)
    .where(events.c.position > sa.bindparam("after"), _OF_TYPES)
    .order_by(events.c.position)
    .limit(sa.bindparam("most"))
)


def list_after(tx: Transaction, *, position: int, types: Collection[str], most: int) -> list[tuple[int, str]]:
    """Position and id of the next events of these types, oldest first."""
    rows = tx.rows(_AFTER, after=position, types=list(types), most=most)
    return [(row.position, row.id) for row in rows]


_IS_BETWEEN = (
    (events.c.id > sa.bindparam("after")) & (events.c.id < sa.bindparam("before")) & _OF_TYPES & IS_NUMBERED
)
_BETWEEN = sa.select(events.c.id).where(_IS_BETWEEN).order_by(events.c.id).limit(sa.bindparam("most"))
_COUNT_BETWEEN = sa.select(sa.func.count()).select_from(events).where(_IS_BETWEEN)


def list_between(tx: Transaction, *, after: str, before: str, types: Collection[str], most: int) -> list[str]:
    """The ids of events of these types between two ids, oldest first."""
    rows = tx.rows(_BETWEEN, after=after, before=before, types=list(types), most=most)
    return [row.id for row in rows]


def count_between(tx: Transaction, *, after: str, before: str, types: Collection[str]) -> int:
    """The number of events of these types between two ids."""
    return int(tx.value(_COUNT_BETWEEN, after=after, before=before, types=list(types)))


_NEW = insert(deliveries)  # SQLite knows PostgreSQL's form
_BEGIN = _NEW.on_conflict_do_update(
    index_elements=["webhook_id", "event_id"],
    set_={"state": _NEW.excluded.state, "tries": _NEW.excluded.tries, "job_id": _NEW.excluded.job_id},
)


def begin(tx: Transaction, *, webhook_id: str, jobs: Iterable[tuple[str, str]]) -> None:
    """Have events delivered, again if they were before; `jobs` are pairs of an event and its job."""
    tx.run_many(
        _BEGIN,
        [
            {
                "id": tx.new_id("dlv"),
                "webhook_id": webhook_id,
                "event_id": event_id,
                "state": "pending",
                "tries": 0,
                "attempts": "[]",
                "job_id": job_id,
            }
            for event_id, job_id in jobs
        ],
    )


_DELIVERY = [deliveries.c[name] for name in ("id", "event_id", "state", "attempts")]
_BY_ID = sa.select(*_DELIVERY).where(_OF_WEBHOOK, deliveries.c.id == sa.bindparam("delivery"))


def find_delivery(
    tx: Transaction, *, webhook_id: str, delivery_id: str, lock: bool = False
) -> Delivery | None:
    """The webhook's delivery of that id."""
    statement = _BY_ID.with_for_update() if lock else _BY_ID
    row = tx.row(statement, webhook=webhook_id, delivery=delivery_id)
    return _delivery(row) if row else None


_OF_JOB = sa.select(*_DELIVERY, deliveries.c.tries).where(
    _OF_WEBHOOK,
    deliveries.c.event_id == sa.bindparam("event"),
    deliveries.c.job_id == sa.bindparam("job"),
    deliveries.c.state == sa.literal_column("'pending'"),
)


def find_by_job(
    tx: Transaction, *, webhook_id: str, event_id: str, job_id: str
) -> tuple[Delivery, int] | None:
    """The pending delivery whose attempt is that job, and how often it was tried since it was begun."""
    row = tx.row(_OF_JOB, webhook=webhook_id, event=event_id, job=job_id)
    return (_delivery(row), row.tries) if row else None


_LIST = (
    sa.select(*_DELIVERY)
    .where(_OF_WEBHOOK, deliveries.c.id < sa.bindparam("before"))
    .order_by(deliveries.c.id.desc())
    .limit(sa.bindparam("most"))
)
_OF_STATE = deliveries.c.state == sa.bindparam("sought")


def list_deliveries(
    tx: Transaction, page: Keyset[str], *, webhook_id: str, state: DeliveryState | None = None
) -> list[Delivery]:
    """A page of the webhook's deliveries, newest first."""
    statement, values = (_LIST.where(_OF_STATE), {"sought": state}) if state else (_LIST, {})
    rows = tx.rows(statement, webhook=webhook_id, before=page.position, most=page.most, **values)
    return [_delivery(row) for row in rows]


def _delivery(row: Row) -> Delivery:
    attempts = _ATTEMPTS.decode(row.attempts)
    return Delivery(id=row.id, event=row.event_id, state=row.state, attempts=attempts)


_UPDATE = (
    sa.update(deliveries)
    .where(deliveries.c.id == sa.bindparam("delivery"))
    .values(
        state=sa.bindparam("new_state"),
        tries=sa.bindparam("new_tries"),
        attempts=sa.bindparam("new_attempts"),
        job_id=sa.bindparam("new_job"),
    )
)


def update_delivery(tx: Transaction, delivery: Delivery, *, tries: int, job_id: str | None) -> None:
    """Store what has become of the delivery, and the job of its next attempt."""
    tx.run(
        _UPDATE,
        delivery=delivery.id,
        new_state=delivery.state,
        new_tries=tries,
        new_attempts=msgspec.json.encode(delivery.attempts).decode(),
        new_job=job_id,
    )


_FAIL_PENDING = (
    sa.update(deliveries)
    .where(_OF_WEBHOOK, deliveries.c.state == sa.literal_column("'pending'"))
    .values(state="failed", job_id=None)
)


def fail_pending(tx: Transaction, *, webhook_id: str) -> None:
    """Give up what the webhook has not got yet."""
    tx.run(_FAIL_PENDING, webhook=webhook_id)


_EMPTY = (
    sa.update(deliveries)
    .where(deliveries.c.event_id.in_(sa.select(events.c.id).where(events.c.about == sa.bindparam("account"))))
    .values(attempts="[]")
)


def empty_deliveries(tx: Transaction, *, account_id: str) -> None:
    """Remove what receivers have answered to events about the account."""
    tx.run(_EMPTY, account=account_id)


_IS_DELIVERED = deliveries.c.state == sa.literal_column("'delivered'")
_DELIVERED = (
    sa.select(deliveries.c.webhook_id, *_DELIVERY)
    .where(_IS_DELIVERED)
    .order_by(deliveries.c.id)
    .limit(sa.bindparam("most"))
)
_DELETE_DELIVERED = sa.delete(deliveries).where(_IS_DELIVERED)


def list_delivered(tx: Transaction, *, most: int) -> list[tuple[str, Delivery]]:
    """Deliveries that have arrived, oldest first, each with the id of its webhook."""
    return [(row.webhook_id, _delivery(row)) for row in tx.rows(_DELIVERED, most=most)]


def delete_delivered(tx: Transaction) -> None:
    """Forget the deliveries that have arrived."""
    tx.run(_DELETE_DELIVERED)
