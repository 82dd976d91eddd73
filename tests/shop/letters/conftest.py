"""A shop that is paid by hand and by the test provider, and the mails that it writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from falcon.testing import TestClient

from api.jobs.worker import Worker
from api.mail import queries
from api.settings import Settings
from api.storage import Keyset
from api.tasks import tasks
from tests.factories import make_item

ADA = "ada@kiosque.test"
PATIENCE = 180
WAYS = ("verify", "sign-up-taken", "new-login")


class Written(NamedTuple):
    """A mail about an order."""

    kind: str
    to: str | None
    subject: str
    text: str


@pytest.fixture
def settings(settings) -> Settings:
    return replace(
        settings,
        payments=("manual", "test"),
        seller="Harbour Mugs\n1 Quay, Brest\nFR 40 303 265 045",
        transfer_text="Transfer it to:\nFR76 3000 4000 0300",
        languages=("en", "fr"),
    )


@pytest.fixture
def place(db, client, clock) -> Callable[..., dict[str, Any]]:
    """Places an order of mugs at 20.00, of five in stock; by a stranger unless `by` says otherwise."""

    def place(quantity: int = 1, *, by: TestClient = client, language: str = "en", **fields: Any) -> Any:
        contact = {"email": ADA} if by is client else {}
        body = {"lines": [{"sku": "mug", "quantity": quantity}], **contact, **fields}
        placed = by.simulate_post("/v1/orders", json=body, headers={"Accept-Language": language})
        assert placed.status_code == 201, placed.text
        return placed.json

    with db.write() as tx:
        make_item(tx, sku="mug", name="Mug", stock=5, price=2000)
    return place


@pytest.fixture
def mails(db, settings) -> Callable[[], list[Written]]:
    """The mails about orders that have gone out by now, oldest first."""

    def written() -> list[Written]:
        Worker(db, tasks(db, settings)).until_idle()
        with db.read() as tx:
            listed = queries.list_mails(tx, Keyset("mail_~", 100), state="kept")
            texts = [(mail, queries.find_text(tx, mail_id=mail.id)) for mail in reversed(listed)]
        return [
            Written(mail.kind, mail.to, mail.subject or "", text)
            for mail, text in texts
            if text is not None and mail.kind not in WAYS
        ]

    return written


@pytest.fixture
def receive(keeper) -> Callable[..., None]:
    """Writes down money that was received by hand for an order."""

    def receive(order: dict[str, Any], amount: int | None = None) -> None:
        sent = {"amount": order["total"]["amount"] if amount is None else amount, "currency": "EUR"}
        body = {"method": "transfer", "amount": sent}
        answer = keeper.simulate_post(f"/v1/orders/{order['id']}/payments", json=body)
        assert answer.status_code == 201, answer.text

    return receive
