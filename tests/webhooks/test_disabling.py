"""Webhooks that are disabled, enabled again, and catch up by a replay."""

from __future__ import annotations

from datetime import timedelta

from api import times
from api.events import rules as events
from api.mail import queries as mails
from api.webhooks import rules
from api.webhooks.deliveries.rules import AT_ONCE, replay
from tests.factories import make_account
from tests.webhooks.conftest import TAKEN
from tests.webhooks.posting import BUSY, INSIDE, bodies, deliveries, find, happen


def test_a_receiver_that_is_gone_disables_its_webhook_and_owners_are_told(db, work, webhook, receiver):
    with db.write() as tx:
        owner = make_account(tx, role="owner")
        make_account(tx, role="owner", status="suspended")
    receiver.answer = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
    happen(db, count=2)

    work()

    assert (find(db, webhook).status, find(db, webhook).disabled_reason) == ("disabled", "gone")
    assert len(receiver.taken) == 1
    assert {delivery.state for delivery in deliveries(db, webhook)} == {"failed"}
    events.number(db)
    with db.read() as tx:
        (mail,) = mails.list_kept(tx, most=10)
        (event,), _ = events.read(tx, after=0, types=["webhook.disabled"], subject=webhook.id, most=10)
    assert (mail.kind, mail.to) == ("webhook-disabled", owner.email)
    assert "410 (Gone)" in mail.text
    assert (event.event.actor, event.event.data["disabled_reason"]) == ("system", "gone")


def test_a_webhook_is_disabled_after_five_days_without_a_success(db, work, clock, webhook, receiver):
    receiver.answer = BUSY
    statuses = []
    for _ in range(6):
        happen(db)
        work()
        statuses.append(find(db, webhook).status)
        clock.advance(days=1)

    assert statuses == ["active"] * 5 + ["disabled"]
    assert find(db, webhook).disabled_reason == "failing"


def test_one_success_begins_the_five_days_again(db, work, clock, webhook, receiver):
    for answer in (BUSY, BUSY, BUSY, TAKEN, BUSY, BUSY, BUSY):
        receiver.answer = answer
        happen(db)
        work()
        clock.advance(days=1)

    assert find(db, webhook).status == "active"


def test_a_webhook_that_is_enabled_again_gets_the_events_from_then_on_and_replays_the_rest(
    db, work, webhook, receiver
):
    with db.write() as tx:
        rules.change(tx, find(db, webhook), {"status": "disabled"}, inside=INSIDE)
    missed = happen(db)
    work()
    with db.write() as tx:
        rules.change(tx, rules.find(tx, ref=webhook.id), {"status": "active"}, inside=INSIDE)
    later = happen(db)
    work()
    at_first = [body["subject"]["id"] for body in bodies(receiver)]

    with db.write() as tx:
        since = times.moment(tx.now) - timedelta(hours=1)
        count = replay(tx, rules.find(tx, ref=webhook.id), since=since, until=None)
    work()

    assert at_first == [later.id]
    assert count == 2
    assert [body["subject"]["id"] for body in bodies(receiver)] == [later.id, missed.id, later.id]


def test_a_long_replay_is_done_in_parts(db, work, webhook, receiver):
    happen(db, count=2 * AT_ONCE + 1)
    work()
    receiver.taken.clear()

    with db.write() as tx:
        since = times.moment(tx.now) - timedelta(hours=1)
        count = replay(tx, rules.find(tx, ref=webhook.id), since=since, until=None)
    work()

    assert count == 2 * AT_ONCE + 1
    assert len(receiver.taken) == 2 * AT_ONCE + 1
    assert len(deliveries(db, webhook)) == 2 * AT_ONCE + 1
