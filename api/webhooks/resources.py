"""The HTTP door to webhooks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from api.errors import InvalidFormat
from api.roles import WEBHOOKS_WRITE
from api.storage import Database
from api.web import conditional
from api.web.context import Request, Response
from api.web.operation import may, operation
from api.web.paging import Page, page
from api.web.responses import answer, created, no_content
from api.webhooks import queries, records, rules
from api.webhooks.records import NewWebhook, Secret, Trial, WebhookDraft
from api.webhooks.schemas import WebhookPatch, WebhooksQuery
from api.webhooks.sender import Post


@dataclass(frozen=True, eq=False)
class Webhooks:
    db: Database
    inside: Collection[str]

    @operation(may(WEBHOOKS_WRITE), query=WebhooksQuery, returns=Page[records.Webhook])
    def on_get(self, req: Request, resp: Response, query: WebhooksQuery) -> None:
        """List webhooks, newest first."""
        with self.db.read() as tx:
            rows = queries.list_webhooks(tx, query.page(), **query.filters())
        page(req, resp, query, rows)

    @operation(
        may(WEBHOOKS_WRITE, fresh=True),
        body=WebhookDraft,
        returns=NewWebhook,
        status=201,
        errors=(InvalidFormat,),
    )
    def on_post(self, _req: Request, resp: Response, body: WebhookDraft) -> None:
        """Create a webhook, which gets the events from now on; its secret is shown only once."""
        with self.db.write() as tx:
            webhook = rules.create(tx, body, inside=self.inside)
        created(resp, webhook, location=f"/v1/webhooks/{webhook.id}")
        resp.delete_header("ETag")  # no later answer has these bytes


@dataclass(frozen=True, eq=False)
class Webhook:
    db: Database
    inside: Collection[str]

    @operation(may(WEBHOOKS_WRITE), returns=records.Webhook)
    def on_get(self, _req: Request, resp: Response, webhook: str) -> None:
        """Show a webhook."""
        with self.db.read() as tx:
            row = rules.find(tx, ref=webhook)
        answer(resp, row)

    @operation(
        may(WEBHOOKS_WRITE),
        body=WebhookPatch,
        returns=records.Webhook,
        conditional=True,
        errors=(InvalidFormat,),
    )
    def on_patch(self, req: Request, resp: Response, webhook: str, body: Any) -> None:
        """Change a webhook; `active` enables one that was disabled, for the events from now on."""
        with self.db.write() as tx:
            before = rules.find(tx, ref=webhook, lock=True)
            conditional.check(req, resp, before)
            after = rules.change(tx, before, body.changes(), inside=self.inside)
        answer(resp, after)

    @operation(may(WEBHOOKS_WRITE), status=204, conditional=True)
    def on_delete(self, req: Request, resp: Response, webhook: str) -> None:
        """Remove a webhook with its deliveries."""
        with self.db.write() as tx:
            before = rules.find(tx, ref=webhook, lock=True)
            conditional.check(req, resp, before)
            rules.delete(tx, before)
        no_content(resp)


@dataclass(frozen=True, eq=False)
class Secrets:
    db: Database

    @operation(may(WEBHOOKS_WRITE, fresh=True), returns=Secret, status=201)
    def on_post(self, _req: Request, resp: Response, webhook: str) -> None:
        """Create a new secret, shown only once; the former one signs for 24 hours more."""
        with self.db.write() as tx:
            secret = rules.rotate(tx, rules.find(tx, ref=webhook, lock=True))
        created(resp, secret)
        resp.delete_header("ETag")


@dataclass(frozen=True, eq=False)
class Tests:
    db: Database
    post: Post

    @operation(may(WEBHOOKS_WRITE), returns=Trial, slow=True, later=True)
    def on_post(self, _req: Request, resp: Response, webhook: str) -> None:
        """Post an event of the type webhook.test, once, whose outcome counts for nothing."""
        with self.db.read() as tx:
            message = rules.test_of(tx, rules.find(tx, ref=webhook))
        reply = self.post(message)
        answer(resp, Trial(reply.is_success, reply.status, reply.ms, reply.error))
        resp.delete_header("ETag")
