"""The HTTP door to deliveries."""

from __future__ import annotations

from dataclasses import dataclass

from api.roles import WEBHOOKS_WRITE
from api.storage import Database
from api.web import conditional
from api.web.context import Request, Response
from api.web.idempotency import replayable
from api.web.operation import may, operation
from api.web.paging import Page, page
from api.web.responses import answer
from api.webhooks import records
from api.webhooks import rules as webhooks
from api.webhooks.deliveries import queries, rules
from api.webhooks.schemas import DeliveryQuery, ReplayBody, ReplayView


@dataclass(frozen=True, eq=False)
class Deliveries:
    db: Database

    @operation(may(WEBHOOKS_WRITE), query=DeliveryQuery, returns=Page[records.Delivery])
    def on_get(self, req: Request, resp: Response, webhook: str, query: DeliveryQuery) -> None:
        """List the deliveries of a webhook, newest first."""
        with self.db.read() as tx:
            webhooks.find(tx, ref=webhook)
            rows = queries.list_deliveries(tx, query.page(), webhook_id=webhook, **query.filters())
        page(req, resp, query, rows)


@dataclass(frozen=True, eq=False)
class DeliveryAttempt:
    db: Database

    @operation(
        may(WEBHOOKS_WRITE),
        returns=records.Delivery,
        status=202,
        conditional=True,
        errors=(webhooks.WebhookDisabled,),
    )
    def on_put(self, req: Request, resp: Response, webhook: str, delivery: str) -> None:
        """Have an event delivered now, with all attempts before it."""
        with self.db.write() as tx:
            owner = webhooks.find(tx, ref=webhook, lock=True)
            before = rules.find(tx, owner, ref=delivery, lock=True)
            conditional.check(req, resp, before)
            after = rules.try_again(tx, webhooks.check_active(owner), before)
        answer(resp, after)
        resp.status = 202


@dataclass(frozen=True, eq=False)
class Replays:
    db: Database

    @operation(
        may(WEBHOOKS_WRITE),
        body=ReplayBody,
        returns=ReplayView,
        status=202,
        errors=(webhooks.WebhookDisabled,),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, webhook: str, body: ReplayBody) -> None:
        """Deliver the events of a time once more."""
        with self.db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                owner = webhooks.check_active(webhooks.find(tx, ref=webhook, lock=True))
                count = rules.replay(tx, owner, since=body.since, until=body.until)
                answer(resp, ReplayView(count))
                resp.delete_header("ETag")
                resp.status = 202
