"""News of providers: an event leaves a look at its payment behind, once, whoever brings it and how often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api import times
from api.jobs import rules as jobs
from api.jobs.records import Job
from api.jobs.worker import Handler, Outcome
from api.shop.payments.news import queries
from api.shop.payments.port import LOOK, Hint, Provider
from api.storage import Transaction
from api.times import Instant

KEPT_DAYS = 40
"""Providers repeat an event for some days; Stripe's list of events goes back 30."""

FIND: Final = "payment.find"
"""The kind of the job that finds the payment behind a provider's own name: `{provider, about}`."""


def receive(tx: Transaction, hint: Hint, *, provider: str, due_at: Instant | None = None) -> None:
    """Have the payment looked at, now or at `due_at`. News of a payment that is not ours leaves nothing."""
    if hint.payment is not None and not queries.is_payment(tx, provider=provider, payment_id=hint.payment):
        return
    if not queries.insert_event(tx, provider=provider, event_id=hint.event):
        return
    if hint.payment is not None:
        jobs.leave(tx, LOOK, {"payment": hint.payment}, due_at=due_at)
    elif hint.about is not None:
        jobs.leave(tx, FIND, {"provider": provider, "about": hint.about}, due_at=due_at)


def finder(providers: Mapping[str, Provider]) -> Handler:
    """The handler of FIND: asks the provider which payment its name stands for."""

    def act(job: Job) -> Outcome:
        name = job.facts["provider"]
        if name not in providers:
            raise jobs.GiveUp(f"{name} is not switched on")
        payment_id = providers[name].payment_of(job.facts["about"])
        if payment_id is None:
            return None

        def look(tx: Transaction) -> None:
            if queries.is_payment(tx, provider=name, payment_id=payment_id):
                jobs.leave(tx, LOOK, {"payment": payment_id})

        return look

    return Handler(act)


def sweep(tx: Transaction, *, most: int) -> int:
    """Delete at most so many of the events that no provider repeats any more, and return how many."""
    return queries.delete_old_events(tx, before=times.later(tx.now, days=-KEPT_DAYS), most=most)
