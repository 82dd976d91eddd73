"""The HTTP door to orders without an account."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from api.accounts import letters
from api.accounts.limits.rules import Limits
from api.accounts.sessions.logins import EmailNotVerified
from api.accounts.verification.schemas import CheckMailView
from api.errors import NotFound, TooMany
from api.roles import ME_WRITE, ORDERS_PLACE, ORDERS_WRITE
from api.settings.public_site import PublicSite
from api.shop.guests import links, rules, tokens
from api.shop.guests.schemas import ClaimedView, GuestOrderView, OrderLinkBody
from api.shop.orders import resources as orders
from api.shop.orders import rules as order_rules
from api.shop.orders.records import OrderDraft
from api.shop.orders.schemas import OrderView
from api.storage import Database, Transaction
from api.web import conditional, json
from api.web.client_address import ClientNetworks
from api.web.context import Request, Response
from api.web.idempotency import replayable
from api.web.languages import preferred
from api.web.operation import ANYONE_AS_STRANGER, may, operation
from api.web.responses import accepted, answer, no_content


@dataclass(frozen=True, eq=False)
class Orders(orders.Orders):
    """The orders of a shop that needs no account."""

    networks: ClientNetworks

    @operation(
        may(ORDERS_PLACE, or_stranger=True),
        body=OrderDraft,
        returns=GuestOrderView,
        status=201,
        errors=(*orders.PLACING, rules.EmailRequired),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, body: OrderDraft) -> None:
        """Place an order: all its lines are taken from stock, or none; with `email`, without an account."""
        if req.context.viewer is not None:
            return super().on_post(req, resp, body)
        self._check(body)
        network = self.networks.of(req)
        with self.db.write() as tx:
            with replayable(tx, req, resp) as replayed:
                if not replayed:
                    guest = rules.admit(tx, email=body.email, network=network, limited=self._is_limited)
                    self._create(tx, req, resp, body, buyer=guest)
                    rules.note_network(tx, guest.id, network=network)
            _add_token(tx, resp, is_replay=replayed)
        return self._finish(resp, body, replayed=replayed)


@dataclass(frozen=True, eq=False)
class AccessTokens:
    db: Database

    @operation(
        may(ORDERS_WRITE), status=204, errors=(NotFound,), conditional=True, event="order-tokens-ended"
    )
    def on_delete(self, req: Request, resp: Response, order: str) -> None:
        """End all tokens of an order, those in mails too."""
        with self.db.write() as tx:
            found = order_rules.find(tx, ref=order, viewer=req.context.viewer)
            conditional.check(req, resp, OrderView.of(found, viewer=req.context.viewer))
            tokens.end(tx, order_id=found.id)
        req.context.facts = {"order": found.id}
        no_content(resp)


@dataclass(frozen=True, eq=False)
class OrderLinks:
    db: Database
    networks: ClientNetworks
    limits: Limits
    site: PublicSite

    @operation(
        ANYONE_AS_STRANGER,
        body=OrderLinkBody,
        returns=CheckMailView,
        status=202,
        errors=(TooMany,),
        event="order-link-asked",
    )
    def on_post(self, req: Request, resp: Response, body: OrderLinkBody) -> None:
        """Have a link to an order sent to its e-mail, if number and e-mail belong together."""
        network = self.networks.of(req)
        letters.check(self.db, self.limits, email=body.email, network=network)
        with self.db.write() as tx:
            letters.count(tx, self.limits, email=body.email, network=network)
            language = preferred(req, self.site.languages)
            links.ask(tx, number=body.number, email=body.email, language=language)
        accepted(resp, CheckMailView())


@dataclass(frozen=True, eq=False)
class OrderClaims:
    db: Database

    @operation(may(ME_WRITE), returns=ClaimedView, errors=(EmailNotVerified,), event="orders-claimed")
    def on_post(self, req: Request, resp: Response) -> None:
        """Make orders yours that were placed without an account and with your verified e-mail."""
        viewer = req.context.viewer
        with self.db.write() as tx:
            claimed = rules.claim(tx, viewer=viewer)
        answer(resp, ClaimedView([OrderView.of(order, viewer=viewer) for order in claimed]))


def _add_token(tx: Transaction, resp: Response, *, is_replay: bool) -> None:
    """Add a fresh token to the answer, after that was stored for replays; its ETag is that of the order."""
    order = msgspec.json.decode(resp.data or b"")
    issue = tokens.issue_again if is_replay else tokens.issue
    token = issue(tx, order_id=order["id"])
    if token is not None:
        resp.data = json.encode(order | {"access_token": token})
