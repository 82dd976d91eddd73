"""The HTTP door to test payments: the page on which a buyer chooses, and the same for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args
from urllib.parse import parse_qs

from api.errors import InvalidFormat, NotFound
from api.shop.orders.states import InvalidState
from api.shop.payments.providers.test import page, rules
from api.shop.payments.providers.test.provider import PAGE
from api.shop.payments.providers.test.records import Outcome
from api.shop.payments.providers.test.schemas import OutcomeBody, TestPaymentView
from api.storage import Database
from api.web import body as bodies
from api.web.context import Request, Response
from api.web.languages import preferred
from api.web.operation import ANYONE_AS_STRANGER, operation
from api.web.responses import answer, document

FORM = "application/x-www-form-urlencoded"
FORM_BYTES = 1_024


@dataclass(frozen=True, eq=False)
class TestOutcome:
    db: Database
    is_on: bool
    """Whether the provider `test` is switched on; without it there is nothing here."""

    @operation(ANYONE_AS_STRANGER, body=OutcomeBody, returns=TestPaymentView, errors=(NotFound, InvalidState))
    def on_put(self, _req: Request, resp: Response, payment: str, body: OutcomeBody) -> None:
        """Choose how a test payment ends."""
        _check(self.is_on)
        with self.db.write() as tx:
            chosen = rules.choose(tx, ref=payment, outcome=body.outcome)
        answer(resp, TestPaymentView.of(chosen))


@dataclass(frozen=True, eq=False)
class TestPage:
    db: Database
    is_on: bool

    @operation(ANYONE_AS_STRANGER, media_types=("text/html",), errors=(NotFound,))
    def on_get(self, req: Request, resp: Response, payment: str) -> None:
        """Show the page of a test payment."""
        _check(self.is_on)
        with self.db.read() as tx:
            shown = rules.find(tx, ref=payment)
        language = preferred(req, page.LANGUAGES)
        document(resp, page.render(shown, language), "text/html; charset=utf-8")
        resp.set_headers(
            {
                "Cache-Control": "no-store",
                "Content-Language": language,
                "Content-Security-Policy": page.policy(shown),
                "Vary": "Accept-Language",
            }
        )

    @operation(
        ANYONE_AS_STRANGER,
        upload=(FORM,),
        status=303,
        media_types=("text/html",),
        errors=(NotFound, InvalidFormat),
    )
    def on_post(self, req: Request, resp: Response, payment: str) -> None:
        """Choose on the page how a test payment ends, then return to the shop."""
        _check(self.is_on)
        form = parse_qs(bodies.receive(req, FORM_BYTES).file.read().decode("utf-8", "replace"))
        outcome = _outcome(form.get("outcome", [""])[0])
        resp.status = 303
        try:
            with self.db.write() as tx:
                chosen = rules.choose(tx, ref=payment, outcome=outcome)
        except InvalidState:  # from another tab, or too late: the page says so
            resp.location = PAGE.format(payment=payment)
        else:
            resp.location = chosen.return_url if outcome != "challenge" else PAGE.format(payment=payment)


def _check(is_on: bool) -> None:
    if not is_on:
        raise NotFound


def _outcome(text: str) -> Outcome:
    for outcome in get_args(Outcome):
        if outcome == text:
            return outcome  # type: ignore[no-any-return]
    raise InvalidFormat
