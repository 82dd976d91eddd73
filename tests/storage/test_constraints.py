"""What the database itself refuses, whatever the code above it gets wrong: the same on both."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from api import storage
from api.accounts.throttle import rules as throttle
from tests.factories import (
    fulfil,
    make_article,
    make_comment,
    make_item,
    make_order,
    make_viewer,
    pay,
    refund,
)
from tests.nouns import nouns

BREAKING = {
    "ck_accounts_role": "UPDATE accounts SET role = 'king'",
    "ck_accounts_erased_at": "UPDATE accounts SET erased_at = '2026-11-22T09:30:00.000Z'",
    "ck_accounts_status": "UPDATE accounts SET status = 'asleep'",
    "ck_articles_comment_count": "UPDATE articles SET comment_count = -1",
    "ck_articles_comment_policy": "UPDATE articles SET comment_policy = 'maybe'",
    "ck_articles_featured": "UPDATE articles SET featured = 2",
    "ck_articles_unannounced": "UPDATE articles SET unannounced = 2",
    "ck_articles_format": "UPDATE articles SET format = 'rtf'",
    "ck_articles_listed_at": "UPDATE articles SET listed_at = '2001-01-01T00:00:00.000Z'",
    "ck_articles_type": "UPDATE articles SET type = 'poem'",
    "ck_comments_status": "UPDATE comments SET status = 'loved'",
    "ck_fulfilment_lines_quantity": "UPDATE fulfilment_lines SET quantity = 0",
    "ck_items_description_format": "UPDATE items SET description_format = 'rtf'",
    "ck_items_external_url": "UPDATE items SET external_url = 'https://example.org'",
    "ck_items_kind": "UPDATE items SET kind = 'idea'",
    "ck_items_slug": "UPDATE items SET slug = NULL",
    "ck_items_status": "UPDATE items SET status = 'lost'",
    "ck_login_failures_failures": "UPDATE login_failures SET failures = -1",
    "ck_order_events_kind": "UPDATE order_events SET kind = 'forgotten'",
    "ck_order_lines_discount": "UPDATE order_lines SET discount = -1",
    "ck_order_lines_fulfilled": "UPDATE order_lines SET fulfilled = 3",
    "ck_order_lines_physical": "UPDATE order_lines SET physical = 2",
    "ck_order_lines_returned": "UPDATE order_lines SET returned = -1",
    "ck_order_lines_tax": "UPDATE order_lines SET tax = -1",
    "ck_order_lines_quantity": "UPDATE order_lines SET quantity = 0, total = 0, fulfilled = 0",
    "ck_order_lines_total": "UPDATE order_lines SET total = 1",
    "ck_orders_expires_at": "UPDATE orders SET expires_at = ''",
    "ck_orders_fulfilment_status": "UPDATE orders SET fulfilment_status = 'lost'",
    "ck_orders_is_cancelled": "UPDATE orders SET order_status = 'cancelled'",
    "ck_orders_is_completed": "UPDATE orders SET order_status = 'completed'",
    "ck_orders_is_expired": "UPDATE orders SET order_status = 'expired', fulfilment_status = 'none'",
    "ck_orders_is_paid": "UPDATE orders SET payment_status = 'paid'",
    "ck_orders_order_status": "UPDATE orders SET order_status = 'lost'",
    "ck_orders_credited": "UPDATE orders SET credited = -1",
    "ck_orders_discount": "UPDATE orders SET discount = -1, total = total + 1",
    "ck_orders_prices_include_tax": "UPDATE orders SET prices_include_tax = 2",
    "ck_orders_refunded": "UPDATE orders SET refunded = -1",
    "ck_orders_shipping": "UPDATE orders SET shipping = -1, total = total - 1",
    "ck_orders_tax": "UPDATE orders SET shipping_tax = 1",
    "ck_orders_payment_status": "UPDATE orders"
    " SET payment_status = 'promised', paid = 0, refunded = 0, credited = 0",
    "ck_orders_total": "UPDATE orders SET total = 2001",
    "ck_payments_amount": "UPDATE payments SET amount = 0",
    "ck_payments_captured": "UPDATE payments SET captured = amount + 1",
    "ck_payments_is_captured": "UPDATE payments SET state = 'failed'",
    "ck_payments_refunded": "UPDATE payments SET refunded = -1",
    "ck_payments_state": "UPDATE payments SET state = 'promised', captured = 0, refunded = 0",
    "ck_refunds_amount": "UPDATE refunds SET amount = 0, credited = 0",
    "ck_refunds_credited": "UPDATE refunds SET credited = -1",
    "ck_refunds_state": "UPDATE refunds SET state = 'promised'",
    "ck_stock_movements_delta": "INSERT INTO stock_movements (id, variant_id, delta, reason, created_at)"
    " SELECT 'mov_1', id, 0, 'adjust', '' FROM variants",
    "ck_stock_movements_order_id": "INSERT INTO stock_movements (id, variant_id, delta, reason, created_at)"
    " SELECT 'mov_1', id, -1, 'order', '' FROM variants",
    "ck_stock_movements_reason": "INSERT INTO stock_movements (id, variant_id, delta, reason, created_at)"
    " SELECT 'mov_1', id, 1, 'magic', '' FROM variants",
    "ck_terms_kind": "UPDATE terms SET kind = 'mood'",
    "ck_terms_shelf": "UPDATE terms SET shelf = 'attic'",
    "ck_variants_available": "UPDATE variants SET available = -1",
    "ck_variants_compare_at": "UPDATE variants SET compare_at = -1",
    "ck_variants_price": "UPDATE variants SET price = 100000000001",
    "ck_variants_tracked": "UPDATE variants SET tracked = 2, available = 0",
    "ck_variants_untracked": "UPDATE variants SET tracked = 0",
} | {check: statement for noun in nouns() for check, statement in noun.breaking.items()}
"""Each breaks one CHECK and no other."""

ALSO_REFUSED = [
    "UPDATE stock_movements SET delta = 9",
    "DELETE FROM stock_movements",
    "UPDATE variants SET available = 'many'",
    "UPDATE variants SET item_id = 'itm_1'",
    "UPDATE order_lines SET variant_id = 'var_1'",
    "UPDATE stock_movements SET order_id = 'ord_1'",
    "DELETE FROM variants",
    "DELETE FROM orders",
    "INSERT INTO variants (id, item_id, sku, sku_key, options, price, currency, tracked, available, position)"
    " SELECT 'var_1', item_id, 'MUG', sku_key, options, price, currency, tracked, available, 1 FROM variants",
]


@pytest.fixture
def filled(db):
    """A database with a row in every table that has a CHECK."""
    with db.write() as tx:
        someone = make_viewer(tx, role="owner")
        article = make_article(tx, author=someone, tags=("fog",))
        make_comment(tx, article, author=someone)
        throttle.claim(tx, email_key="ada@kiosque.test", network="192.0.2.0/24")
        make_item(tx, sku="mug", stock=5, price=1000)
        order = make_order(tx, someone, ("mug", 2))
        refund(tx, pay(tx, order, 500, actor=someone), 100, actor=someone)
        fulfil(tx, order, ("mug", 1), actor=someone)
        for noun in nouns():
            if noun.fill:
                noun.fill(tx, someone)
    return db


def test_no_check_is_missing_here():
    checks = {
        constraint.name
        for table in storage.metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }

    assert BREAKING.keys() == checks


def test_every_check_is_held_by_the_database(filled):
    refusals = {name: refusal(filled, statement) for name, statement in BREAKING.items()}

    assert {name: said for name, said in refusals.items() if name not in said} == {}


def test_the_ledger_is_append_only_and_nothing_points_to_what_is_not_there(filled):
    refusals = {statement: refusal(filled, statement) for statement in ALSO_REFUSED}

    assert {statement for statement, said in refusals.items() if not said} == set()
    assert "append-only" in refusals[ALSO_REFUSED[0]]
    assert "append-only" in refusals[ALSO_REFUSED[1]]


def refusal(db, statement):
    """What the database says to the statement; nothing when it does as it is told."""
    try:
        with db.write() as tx:
            tx.run(sa.text(statement))
    except sa.exc.DBAPIError as error:
        return str(error.orig)
    return ""
