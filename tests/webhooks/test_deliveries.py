"""Deliveries from the log of events to a real receiver: signed, repeated, given up, replayed."""

from __future__ import annotations

from dataclasses import replace

import pytest
import standardwebhooks
import svix

from api import times
from api.events import rules as events
from api.jobs import queries as jobs
from api.jobs.worker import Worker
from api.personal_data.rules import erase
from api.storage import Keyset
from api.tasks import tasks
from api.webhooks import rules
from api.webhooks.deliveries.rules import AT_ONCE, PAUSES
from api.webhooks.deliveries.sending import Deliverer
from api.webhooks.records import WebhookDraft
from api.webhooks.sender import Reply
from tests.factories import make_account
from tests.webhooks.conftest import TAKEN
from tests.webhooks.posting import BUSY, INSIDE, bodies, deliveries, happen


def test_an_event_arrives_as_its_owner_reads_it_and_only_once(db, work, webhook, receiver, client_as):
    happen(db)

    work()
    work()

    (body,) = bodies(receiver)
    (event,) = client_as("owner").simulate_get("/v1/events", query_string="type=account.created").json["data"]
    assert body == event | {"timestamp": event["at"]}
    (delivery,) = deliveries(db, webhook)
    (attempt,) = delivery.attempts
    assert (delivery.state, delivery.event) == ("delivered", event["id"])
    assert (attempt.status, attempt.error, attempt.excerpt) == (204, None, None)


def test_only_events_of_the_chosen_types_that_happen_after_the_webhook_arrive(db, work, start):
    before = happen(db)
    receiver = start()
    with db.write() as tx:
        rules.create(tx, WebhookDraft(url=receiver.url(), events=("account.updated",)), inside=INSIDE)
    happen(db)
    happen(db, "account.updated")

    work()

    assert [body["type"] for body in bodies(receiver)] == ["account.updated"]
    assert bodies(receiver)[0]["subject"]["id"] != before.id


def test_more_events_than_one_turn_takes_all_arrive(db, work, webhook, receiver):
    happen(db, count=AT_ONCE + 1)

    work()

    assert len(receiver.taken) == AT_ONCE + 1
    assert len({body["id"] for body in bodies(receiver)}) == AT_ONCE + 1


def test_two_workers_make_one_delivery_of_an_event(db, other_db, work, webhook, receiver, settings):
    other = Worker(other_db, tasks(other_db, replace(settings, webhook_inside=INSIDE)))
    happen(db, count=5)

    work()
    other.until_idle()

    assert len(receiver.taken) == 5


@pytest.mark.parametrize("library", [standardwebhooks.Webhook, svix.Webhook])
def test_both_secrets_verify_with_the_libraries_of_receivers(db, work, webhook, receiver, library):
    with db.write() as tx:
        secret = rules.rotate(tx, webhook).secret
    happen(db)
    work()

    _, headers, body = receiver.taken[0]

    library(webhook.secret).verify(body, headers)
    library(secret).verify(body, headers)
    with pytest.raises(Exception, match="No matching signature"):
        library("whsec_" + "A" * 44).verify(body, headers)


def test_the_former_secret_signs_for_24_hours(db, work, clock, webhook, receiver):
    with db.write() as tx:
        rules.rotate(tx, webhook)
    for hours in (0, 23.9, 0.2):
        clock.advance(hours=hours)
        happen(db)
        work()

    counts = [len(headers["webhook-signature"].split()) for _, headers, _ in receiver.taken]

    assert counts == [2, 2, 1]


def test_a_delivery_that_fails_is_tried_ten_times_over_three_days(db, work, clock, webhook, receiver):
    receiver.answer = BUSY
    began = clock()
    happen(db)
    work()
    for pause in PAUSES:
        clock.advance(seconds=pause * 0.79)
        work()
        clock.advance(seconds=pause * 0.42)
        work()

    (delivery,) = deliveries(db, webhook)
    assert (delivery.state, len(delivery.attempts), len(receiver.taken)) == ("failed", 10, 10)
    assert delivery.attempts[0].error == "503 Busy"
    assert delivery.attempts[0].excerpt == "late"
    assert len({headers["webhook-id"] for _, headers, _ in receiver.taken}) == 1
    assert len({headers["webhook-timestamp"] for _, headers, _ in receiver.taken}) == 10
    for attempt, passed in zip(delivery.attempts[1:], PAUSES, strict=True):
        at = times.seconds_between(began, attempt.at)
        began = attempt.at
        assert passed * 0.79 <= at <= passed * 1.21
    with db.read() as tx:
        assert jobs.list_jobs(tx, Keyset("job_~", 10)) == []


def test_a_receiver_that_asks_for_time_gets_it(db, work, clock, webhook, receiver):
    receiver.answer = b"HTTP/1.1 429 Slow\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n"
    happen(db)
    work()

    clock.advance(minutes=59)
    work()
    early = len(receiver.taken)
    clock.advance(minutes=2)
    work()

    assert (early, len(receiver.taken)) == (1, 2)


def test_the_retries_of_one_event_stop_no_other(db, work, webhook, receiver):
    receiver.answer = BUSY
    happen(db)
    work()
    receiver.answer = TAKEN
    happen(db)
    work()

    assert [delivery.state for delivery in deliveries(db, webhook)] == ["delivered", "pending"]


def test_a_receiver_that_keeps_an_attempt_waiting_is_left_alone_for_a_while(db, settings, clock, webhook):
    posted = []

    def post(message):
        posted.append(message)
        return Reply(error="no answer in time", ms=20_000)

    worker = Worker(db, replace(tasks(db, settings), handlers=Deliverer(db, post, "en").handlers))
    happen(db, count=3)
    worker.until_idle()
    at_first = len(posted)
    clock.advance(seconds=90)
    worker.until_idle()

    assert (at_first, len(posted)) == (1, 2)
    assert {delivery.state for delivery in deliveries(db, webhook)} == {"pending"}


def test_what_is_undone_is_never_delivered(db, work, webhook, receiver):
    def undone():
        with db.write() as tx:
            events.note(tx, "account.created", make_account(tx), actor="stranger")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    work()

    assert receiver.taken == []


def test_a_webhook_that_is_deleted_gets_nothing_more(db, work, clock, webhook, receiver):
    receiver.answer = BUSY
    happen(db)
    work()
    with db.write() as tx:
        rules.delete(tx, rules.find(tx, ref=webhook.id))
    clock.advance(days=1)

    work()

    assert len(receiver.taken) == 1
    assert deliveries(db, webhook) == []


def test_an_erased_account_leaves_deliveries_without_what_it_was_about(db, work, clock, webhook, receiver):
    receiver.answer = BUSY
    account = happen(db)
    work()
    with db.write() as tx:
        erase(tx, account)
    (emptied,) = [each for each in deliveries(db, webhook) if each.event == bodies(receiver)[0]["id"]]
    receiver.taken.clear()
    receiver.answer = TAKEN
    clock.advance(seconds=10)

    work()

    assert emptied.attempts == ()
    assert account.email not in str(receiver.taken)
    assert None in [body["data"] for body in bodies(receiver)]


def test_deliveries_go_with_their_events(db, work, clock, webhook, receiver):
    happen(db, count=2)
    work()
    clock.advance(days=events.DAYS + 1)
    happen(db)
    events.number(db)

    with db.write() as tx:
        events.sweep(tx, most=9)

    assert deliveries(db, webhook) == []
