"""The HTTP door to cancellations."""

from __future__ import annotations

from dataclasses import dataclass

from api.audit import rules as audit
from api.audit.resources import origin_of
from api.errors import NotFound
from api.roles import ORDERS_PLACE, ORDERS_WRITE, Viewer
from api.shop.cancellations import rules
from api.shop.cancellations.records import CancellationDraft
from api.shop.orders import rules as orders
from api.shop.orders.schemas import OrderView
from api.shop.orders.states import InvalidState
from api.shop.payments import queries
from api.shop.payments.calls import Calls, ProviderUnavailable
from api.shop.variants.rules import UnknownItem
from api.storage import Database
from api.web import conditional
from api.web.context import Request, Response
from api.web.credentials import check_access
from api.web.operation import may, operation
from api.web.responses import answer


@dataclass(frozen=True, eq=False)
class Cancellation:
    db: Database
    calls: Calls

    @operation(
        may(ORDERS_PLACE, ORDERS_WRITE, or_guest=True),
        body=CancellationDraft,
        returns=OrderView,
        errors=(NotFound, UnknownItem, InvalidState, ProviderUnavailable),
        conditional=True,
        event="order-cancelled",
    )
    def on_put(self, req: Request, resp: Response, order: str, body: CancellationDraft) -> None:
        """Cancel an order and return its stock: buyers until it is paid, shopkeepers until it is sent."""
        viewer = req.context.viewer
        self._end_payment(viewer, order, body)
        with self.db.write() as tx:
            before = orders.find(tx, ref=order, viewer=viewer, lock=True)
            if not before.is_of(viewer):
                check_access(viewer, may(ORDERS_WRITE))
            conditional.check(req, resp, OrderView.of(before, viewer=viewer))
            after = rules.cancel(tx, before, body, actor=viewer)
            if after is not before and not before.is_of(viewer):
                audit.note(tx, "cancellation", origin_of(req), subject=before.account_id, order=before.id)
            answer(resp, OrderView.of(after, viewer=viewer))
        req.context.facts = {"order": before.id, "subject": before.account_id}

    def _end_payment(self, viewer: Viewer, ref: str, body: CancellationDraft) -> None:
        """Cancel a payment that is under way at its provider first: the money may have come by then."""
        with self.db.read() as tx:
            order = orders.find(tx, ref=ref, viewer=viewer)
            live = queries.find_live(tx, order_id=order.id)
        if live is not None and rules.may_cancel(order, body, actor=viewer):
            self.calls.cancel(live)
