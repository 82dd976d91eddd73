"""Which coupons apply to a basket, and why the others do not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.shop.coupons import rules
from api.shop.coupons.records import Customer
from api.shop.coupons.redemptions.rules import CouponNotApplicable, redeem
from api.shop.quotes.rules import check_coupons
from api.taxonomy import rules as terms
from api.times import moment
from tests.factories import make_item, make_order, make_viewer
from tests.shop.prices import euros, make_coupon, quote


@pytest.fixture
def tx(db):
    with db.write() as tx:
        make_item(tx, sku="mug", price=2_000, categories=("Kitchen",))
        make_item(tx, sku="shirt", price=3_000, name="Shirt")
        yield tx


def reason(tx, *codes, lines=(("mug", 1),), **others):
    """The reason of the first coupon, or the discount if it applies."""
    found = quote(tx, *lines, coupons=codes, **others)
    return found.judgements[0].reason or found.sums.discount


def test_codes_compare_without_case_and_a_code_counts_once(tx):
    make_coupon(tx, "Spring")

    found = quote(tx, ("mug", 1), coupons=("SPRING", "spring", "none"))

    assert [(each.code, each.reason) for each in found.judgements] == [("Spring", None), ("none", "unknown")]
    assert found.sums.coupons == (("Spring", 200),)


def test_a_coupon_applies_from_its_start_until_its_end(tx):
    now = moment(tx.now)
    make_coupon(tx, "early", starts_at=now + timedelta(seconds=1))
    make_coupon(tx, "now", starts_at=now, ends_at=now + timedelta(seconds=1))
    make_coupon(tx, "late", ends_at=now)
    make_coupon(tx, "gone", status="retired")

    assert [reason(tx, code) for code in ("early", "now", "late", "gone")] == [
        "unknown", 200, "expired", "expired",
    ]  # fmt: skip


def test_the_minimum_is_judged_before_discounts(tx):
    make_coupon(tx, "half", percent=50)
    make_coupon(tx, "big", amount=euros(500), min_subtotal=euros(2_000))
    make_coupon(tx, "bigger", min_subtotal=euros(2_001))

    assert reason(tx, "big", "half") == 1_500
    assert reason(tx, "bigger") == "minimum"


def test_a_coupon_takes_only_off_the_items_and_categories_that_it_is_for(tx):
    make_coupon(tx, "shirts", items=("shirt",))
    make_coupon(tx, "kitchen", categories=("kitchen",))
    make_coupon(tx, "either", items=("shirt",), categories=("kitchen",))
    both = (("mug", 1), ("shirt", 1))

    assert [reason(tx, code, lines=both) for code in ("shirts", "kitchen", "either")] == [300, 200, 500]
    assert reason(tx, "shirts") == "not-for-these"


def test_a_coupon_follows_its_items_and_categories_wherever_their_slugs_go(tx):
    coupon = make_coupon(tx, "kitchen", categories=("kitchen",))
    kitchen = terms.find(tx, scope="items", kind="category", slug="kitchen")

    terms.change(tx, kitchen, {"slug": "household"}, scope="items", kind="category")

    assert reason(tx, "kitchen") == 200
    assert [aim.slug for aim in rules.find(tx, ref=coupon.id).categories] == ["household"]


def test_a_coupon_whose_category_is_gone_is_for_nothing(tx):
    coupon = make_coupon(tx, "garden", categories=(terms.one(tx, "items", "category", "Garden").slug,))
    garden = terms.find(tx, scope="items", kind="category", slug="garden")

    terms.queries.delete_term(tx, term_id=garden.id)

    assert reason(tx, "garden") == "not-for-these"
    assert [aim.slug for aim in rules.find(tx, ref=coupon.id).categories] == ["garden"]


def test_uses_count_for_all_and_for_each_customer(tx):
    ada, bea = make_viewer(tx), make_viewer(tx)
    coupon = make_coupon(tx, "twice", usage_limit=2, per_customer=1)
    for buyer in (ada, bea):
        before = [reason(tx, "twice", customer=Customer(who.id)) for who in (ada, bea)]
        order = make_order(tx, buyer, ("mug", 1))
        redeem(tx, [coupon], order_id=order.id, customer=Customer(buyer.id))
        after = reason(tx, "twice", customer=Customer(buyer.id))

        assert (before[-1], after) == ((200, "yours") if buyer is ada else (200, "used-up"))


def test_an_order_names_the_first_coupon_that_does_not_apply(tx):
    make_coupon(tx, "Spring")

    with pytest.raises(CouponNotApplicable) as refused:
        check_coupons(quote(tx, ("mug", 1), coupons=("spring", "SPRING", "winter")))

    assert refused.value.data == {"reason": "unknown"}
    assert [error.pointer for error in refused.value.errors] == ["/coupons/2"]
