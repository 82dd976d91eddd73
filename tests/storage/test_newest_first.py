"""Lists by state: page by page the same rows as the whole list has in that state, newest first."""

from __future__ import annotations

import pytest

from tests.factories import cancel, fulfil, make_account, make_item, make_order, make_viewer, pay


@pytest.fixture
def placed(db):
    """Orders in every state that a few lines lead to, in turn."""
    with db.write() as tx:
        buyer = make_viewer(tx, role="shopkeeper")
        make_item(tx, sku="mug", stock=99)
        for number in range(12):
            order = make_order(tx, buyer, ("mug", 2))
            if number % 4 == 1:
                cancel(tx, order, actor=buyer)
                continue
            if number % 4 > 1:
                pay(tx, order, 1000 * (number % 4 - 1), actor=buyer)
            if number % 3:
                fulfil(tx, order, ("mug", number % 3), actor=buyer)


@pytest.mark.parametrize(
    "wanted",
    [
        {"order_status": "open"},
        {"order_status": "completed"},
        {"order_status": "cancelled"},
        {"payment_status": "unpaid"},
        {"fulfilment_status": "none"},
        {"payment_status": "partly_paid", "fulfilment_status": "partial"},
        {"order_status": "open", "payment_status": "paid", "fulfilment_status": "partial"},
        {"order_status": "completed", "payment_status": "unpaid"},
    ],
)
def test_orders_in_a_state_are_those_of_the_whole_list(client_as, placed, wanted):
    keeper = client_as("shopkeeper")
    every = pages(keeper, "/v1/orders?limit=5")

    found = pages(
        keeper, f"/v1/orders?limit=2&{'&'.join(f'{name}={value}' for name, value in wanted.items())}"
    )

    assert len(every) == 12
    assert found == [order for order in every if wanted.items() <= order.items()]


@pytest.mark.parametrize(
    "wanted", [{"role": "author"}, {"status": "suspended"}, {"role": "customer", "status": "active"}]
)
def test_accounts_in_a_state_are_those_of_the_whole_list(client_as, db, wanted):
    with db.write() as tx:
        for number in range(12):
            role, status = ("customer", "author")[number % 2], ("active", "suspended")[number % 3 == 0]
            make_account(tx, role=role, status=status)
    owner = client_as("owner")
    every = pages(owner, "/v1/accounts?limit=5")

    found = pages(
        owner, f"/v1/accounts?limit=2&{'&'.join(f'{name}={value}' for name, value in wanted.items())}"
    )

    assert found == [account for account in every if wanted.items() <= account.items()]
    assert len(found) > 2


def pages(client, target):
    """The rows of every page."""
    rows = []
    while target is not None:
        path, _, query = target.partition("?")
        page = client.simulate_get(path, query_string=query).json
        rows += page["data"]
        target = page["next"]
    return rows
