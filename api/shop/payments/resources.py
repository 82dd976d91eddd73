"""The HTTP door to payments: buyers begin one, shopkeepers enter what they received."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from api.accounts.limits.records import Limit
from api.accounts.limits.rules import Limits
from api.errors import InvalidFormat, NotFound, TooMany
from api.roles import ME_READ, ORDERS_PLACE, ORDERS_READ, ORDERS_WRITE, Viewer
from api.shop.coupons.redemptions.rules import CouponNotApplicable
from api.shop.money import CurrencyMismatch
from api.shop.orders import rules as orders
from api.shop.orders.records import Order
from api.shop.orders.resources import record
from api.shop.orders.states import InvalidState, refusal
from api.shop.payments import queries, rules
from api.shop.payments.calls import Calls, PaymentOpen, ProviderUnavailable
from api.shop.payments.records import MANUAL, CaptureDraft, Payment, PaymentDraft
from api.shop.payments.return_urls import ReturnUrlNotAllowed, ReturnUrls
from api.shop.payments.schemas import PaymentView
from api.shop.stock.rules import OutOfStock
from api.storage import Database, Transaction
from api.web import conditional
from api.web.client_address import ClientNetworks
from api.web.context import Request, Response
from api.web.credentials import check_access
from api.web.http_errors import IdempotencyInProgress
from api.web.idempotency import is_replay, replayable
from api.web.operation import may, operation
from api.web.paging import Page, PageQuery, page, page_of
from api.web.responses import answer, created
from api.web.validation import Required

Done = TypeVar("Done")
OF_ORDER = Limit("payments of an order", 10, 24 * 3_600)
OF_NETWORK = Limit("payments", 30, 3_600)
_MOST_CANCELLED = 3
"""Other payments of the order that are cancelled for a new one before it is refused."""


@dataclass(frozen=True, eq=False)
class Payments:
    db: Database
    calls: Calls
    return_urls: ReturnUrls
    limits: Limits
    networks: ClientNetworks

    @operation(
        may(ME_READ, ORDERS_READ, or_guest=True),
        query=page_of("pay"),
        returns=Page[PaymentView],
        errors=(NotFound,),
    )
    def on_get(self, req: Request, resp: Response, order: str, query: PageQuery) -> None:
        """List an order's payments, newest first."""
        with self.db.read() as tx:
            own = orders.find(tx, ref=order, viewer=req.context.viewer)
            rows = queries.list_payments(tx, query.page(), order_id=own.id)
        page(req, resp, query, rows, view=self.calls.view)

    @operation(
        may(ORDERS_PLACE, ORDERS_WRITE, or_guest=True),
        body=PaymentDraft,
        returns=PaymentView,
        status=201,
        errors=(
            TooMany,
            NotFound,
            ReturnUrlNotAllowed,
            CurrencyMismatch,
            OutOfStock,
            CouponNotApplicable,
            PaymentOpen,
            InvalidState,
            ProviderUnavailable,
        ),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, order: str, body: PaymentDraft) -> None:
        """Begin to pay what is due by a provider or, as a shopkeeper, record money received by hand."""
        if body.method is not None or body.amount is not None:
            self._record(req, resp, order, body)
        else:
            self._begin(req, resp, order, body)

    def _record(self, req: Request, resp: Response, order: str, body: PaymentDraft) -> None:
        with self.db.read() as tx:
            orders.find(tx, ref=order, viewer=req.context.viewer)
        check_access(req.context.viewer, may(ORDERS_WRITE))
        if body.provider != MANUAL:
            raise InvalidFormat.at("/provider", "Money that was received by hand has the provider manual.")
        if body.method is None:
            raise Required.at("/method")
        if body.amount is None:
            raise Required.at("/amount")
        amount, method = body.amount, body.method

        def create(tx: Transaction, locked: Order, *, actor: Viewer) -> Any:
            payment = rules.record(
                tx, locked, amount=amount, method=method, reference=body.reference, actor=actor
            )
            return self.calls.view(payment)

        record(self.db, req, resp, order, create)

    def _begin(self, req: Request, resp: Response, order: str, body: PaymentDraft) -> None:
        self.calls.check(body.provider, at="/provider")
        return_url = self.return_urls.check(body.return_url, order_id=order)

        def show(started: tuple[Payment, bool]) -> None:
            payment, is_new = started
            view = self.calls.view(payment)
            if is_new:
                created(resp, view, location=f"/v1/orders/{order}/payments/{payment.id}", lasts=True)
            else:
                answer(resp, view)

        _once(self.db, req, resp, lambda: self._started(req, order, body.provider, return_url), show)

    def _started(self, req: Request, ref: str, provider: str, return_url: str) -> tuple[Payment, bool]:
        """The order's one live payment by the provider, open there by now, and whether it is new."""
        viewer = req.context.viewer
        for _ in range(_MOST_CANCELLED):
            with self.db.write() as tx:
                order = orders.find(tx, ref=ref, viewer=viewer, lock=True)
                if not order.is_of(viewer):
                    check_access(viewer, may(ORDERS_WRITE))
                live = queries.find_live(tx, order_id=order.id)
                fits = live is not None and (live.provider, live.amount) == (provider, order.due)
                if live is None:
                    self.limits.use(tx, OF_ORDER, subject=order.id)
                    self.limits.use(tx, OF_NETWORK, subject=self.networks.of(req))
                    started = rules.start(
                        tx,
                        order,
                        provider=provider,
                        return_url=return_url,
                        holding=self.calls.holding,
                        actor=viewer,
                    )
                    order = orders.find_any(tx, ref=order.id)
            if live is None:
                return self.calls.proceed(started, order), True
            if fits:
                return self.calls.proceed(live, order), False
            if not self.calls.cancel(live).is_over:
                break
        raise PaymentOpen


@dataclass(frozen=True, eq=False)
class OnePayment:
    db: Database
    calls: Calls

    @operation(may(ME_READ, ORDERS_READ, or_guest=True), returns=PaymentView, errors=(NotFound,))
    def on_get(self, req: Request, resp: Response, order: str, payment: str) -> None:
        """Read a payment of an order."""
        answer(resp, self.calls.view(_find(self.db, req, order, payment, may_pay=False)))


@dataclass(frozen=True, eq=False)
class PaymentReturn:
    db: Database
    calls: Calls

    @operation(
        may(ORDERS_PLACE, ORDERS_WRITE, or_guest=True),
        returns=PaymentView,
        errors=(NotFound,),
        conditional=True,
    )
    def on_put(self, req: Request, resp: Response, order: str, payment: str) -> None:
        """Look at the provider, since the buyer is back from there; what is known if it does not answer."""
        known = _find(self.db, req, order, payment)
        conditional.check(req, resp, self.calls.view(known))
        with suppress(ProviderUnavailable):
            known = self.calls.look(known) if known.is_live else known
        answer(resp, self.calls.view(known))


@dataclass(frozen=True, eq=False)
class PaymentCancellation:
    db: Database
    calls: Calls

    @operation(
        may(ORDERS_PLACE, ORDERS_WRITE, or_guest=True),
        returns=PaymentView,
        errors=(NotFound, InvalidState, ProviderUnavailable),
        conditional=True,
    )
    def on_put(self, req: Request, resp: Response, order: str, payment: str) -> None:
        """Give up a payment that is open; again changes nothing."""
        known = _find(self.db, req, order, payment)
        conditional.check(req, resp, self.calls.view(known))
        after = self.calls.cancel(known)
        if not after.is_over:
            raise _refusal(self.db, req, after, "The money has come, or is on its way.")
        answer(resp, self.calls.view(after))


@dataclass(frozen=True, eq=False)
class Captures:
    db: Database
    calls: Calls

    @operation(
        may(ORDERS_WRITE),
        body=CaptureDraft,
        returns=PaymentView,
        status=201,
        errors=(NotFound, CurrencyMismatch, InvalidState, ProviderUnavailable),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, order: str, payment: str, body: CaptureDraft) -> None:
        """Take what is reserved, or a part of it, once; the rest is let go."""
        _once(
            self.db,
            req,
            resp,
            lambda: self._captured(req, order, payment, body),
            lambda after: created(resp, self.calls.view(after), lasts=True),
        )

    def _captured(self, req: Request, order: str, payment: str, body: CaptureDraft) -> Payment:
        known = _find(self.db, req, order, payment)
        amount = body.amount.amount if body.amount else known.amount
        if body.amount is not None and body.amount.currency != known.currency:
            raise CurrencyMismatch(currency=known.currency)
        if known.state != "authorised" or amount > known.amount:
            raise _refusal(self.db, req, known, "Only what is reserved can be captured, once.")
        after = self.calls.capture(known, amount=amount)
        if after.captured != amount:
            raise _refusal(self.db, req, after, "The provider has not captured that much.")
        return after


def _once(
    db: Database, req: Request, resp: Response, call: Callable[[], Done], show: Callable[[Done], None]
) -> None:
    """Store for the key what `show` says of a call to a provider, which no transaction may hold open."""
    with db.read() as tx:
        is_answered = is_replay(tx, req)
    called = None if is_answered else call()
    with db.write() as tx, replayable(tx, req, resp) as replayed:
        if replayed:
            return
        if called is None:  # the first answer was deleted just now, being too old
            raise IdempotencyInProgress
        show(called)


def _find(db: Database, req: Request, order: str, payment: str, *, may_pay: bool = True) -> Payment:
    """The payment, if the viewer may see it and, with `may_pay`, act on it; NotFound."""
    viewer = req.context.viewer
    with db.read() as tx:
        own = orders.find(tx, ref=order, viewer=viewer)
        if may_pay and not own.is_of(viewer):
            check_access(viewer, may(ORDERS_WRITE))
        found = queries.find_payment(tx, ref=payment, order_id=own.id)
    if found is None:
        raise NotFound
    return found


def _refusal(db: Database, req: Request, payment: Payment, detail: str) -> InvalidState:
    with db.read() as tx:
        order = orders.find_any(tx, ref=payment.order_id)
    return refusal(order, detail, state=payment.state, actor=req.context.viewer)
