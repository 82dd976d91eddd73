"""The sums of an order as the shop's tables make them: coupons, then shipping, then tax."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from api.shop.pricing.records import Tax
from api.shop.quotes.rules import check_shipping
from api.shop.shipping.rules import ShippingUnavailable
from tests.factories import make_item
from tests.nouns import Noun
from tests.shop.prices import TARIFF, euros, make_coupon, make_method, make_rate, quote

NOUN = Noun(
    fill=lambda tx, _owner: (
        make_rate(tx, "8.875", "US", region="New York"),
        make_method(tx, countries=("US",), free_over=euros(1), brackets={1: 2}),
    ),
    breaking={
        "ck_shipping_methods_free_over": "UPDATE shipping_methods SET free_over = -1",
        "ck_shipping_methods_price": "UPDATE shipping_methods SET price = -1",
        "ck_shipping_methods_status": "UPDATE shipping_methods SET status = 'lost'",
        "ck_tax_rates_region": "UPDATE tax_rates SET region = NULL",
    },
)
DESTINATION = replace(TARIFF, taxed_at_destination=True)
EXCLUDED = replace(TARIFF, prices_include_tax=False)


@pytest.fixture
def tx(db):
    with db.write() as tx:
        make_item(tx, sku="mug", price=2_000, variant={"weight_g": 500})
        make_item(tx, sku="book", price=1_000, tax_class="books", name="Book")
        make_item(tx, sku="talk", price=5_000, kind="digital", name="Talk")
        yield tx


def test_a_shop_without_tables_has_neither_tax_nor_shipping(tx):
    found = quote(tx, ("mug", 2), ("talk", 1))

    assert (found.sums.total, found.sums.tax, found.sums.shipping) == (9_000, 0, 0)
    assert not found.needs_shipping
    check_shipping(found)


def test_each_class_is_taxed_by_its_own_rate_and_shipping_with_the_class_of_its_method(tx):
    make_rate(tx, "20")
    make_rate(tx, "5.5", tax_class="books")
    make_method(tx, 600)

    found = quote(tx, ("mug", 1), ("book", 1))

    assert found.sums.taxes == (Tax("VAT", 200_000, 2_167, 433), Tax("VAT", 55_000, 948, 52))
    assert found.sums.shipping_tax == 100
    assert found.sums.total == 3_600


@pytest.mark.parametrize(
    ("region", "expected"), [(None, {"VAT"}), ("North", {"VAT"}), ("québec", {"State", "City"})]
)
def test_the_most_exact_place_wins_whole_and_its_rates_add_up(tx, region, expected):
    make_rate(tx, "1", "*", name="World")
    make_rate(tx, "5", "CA")
    make_rate(tx, "6", "CA", region="Quebec", name="State")
    make_rate(tx, "7", "CA", region="Quebec", name="City")

    found = quote(tx, ("mug", 1), tariff=DESTINATION, country="CA", region=region)

    assert {tax.name for tax in found.sums.taxes} == expected


def test_what_has_no_rate_of_its_own_is_taxed_as_everywhere(tx):
    make_rate(tx, "1", "*", name="World")
    make_rate(tx, "5", "CA", tax_class="books")

    found = quote(tx, ("mug", 1), ("book", 1), tariff=DESTINATION, country="CA")

    assert [(tax.name, tax.rate) for tax in found.sums.taxes] == [("World", 10_000), ("VAT", 50_000)]


def test_tax_is_due_at_home_unless_the_shop_is_taxed_where_it_delivers(tx):
    make_rate(tx, "20", "FR")
    make_rate(tx, "19", "DE")

    rates = [
        quote(tx, ("mug", 1), tariff=tariff, country=country).sums.taxes[0].rate
        for tariff, country in ((TARIFF, "DE"), (DESTINATION, "DE"), (DESTINATION, None))
    ]

    assert rates == [200_000, 190_000, 200_000]


def test_a_price_that_includes_tax_is_the_same_where_there_is_none(tx):
    make_rate(tx, "20", "FR")

    abroad = quote(tx, ("mug", 1), tariff=DESTINATION, country="US")

    assert (abroad.sums.total, abroad.sums.tax) == (2_000, 0)


def test_a_price_that_excludes_tax_grows_by_it(tx):
    make_rate(tx, "20", "FR")

    found = quote(tx, ("mug", 1), tariff=EXCLUDED)

    assert (found.sums.subtotal, found.sums.tax, found.sums.total) == (2_000, 400, 2_400)


def test_a_method_without_countries_goes_where_no_other_goes(tx):
    make_method(tx, 490, name="Home", countries=("FR",))
    make_method(tx, 2_000, name="World")
    make_method(tx, 900, name="Hills", countries=("CH",), regions=("Valais",))

    offers = {
        place: [
            option.method.name
            for option in quote(tx, ("mug", 1), country=place[0], region=place[1]).shipping_options
        ]
        for place in ((None, None), ("FR", None), ("US", None), ("CH", "valais"), ("CH", "Bern"))
    }

    assert offers == {
        (None, None): ["Home"],
        ("FR", None): ["Home"],
        ("US", None): ["World"],
        ("CH", "valais"): ["Hills"],
        ("CH", "Bern"): ["World"],
    }


def test_shipping_costs_the_price_of_the_method_and_that_of_the_weight(tx):
    make_method(tx, 300, brackets={5_000: 400, 1_000: 100})

    prices = [quote(tx, ("mug", units)).sums.shipping for units in (1, 2, 3, 10)]
    heavy = quote(tx, ("mug", 11))

    assert prices == [400, 400, 700, 700]
    assert heavy.shipping_options == ()
    with pytest.raises(ShippingUnavailable):
        check_shipping(heavy)


def test_shipping_is_free_when_the_goods_cost_enough_after_discounts(tx):
    make_method(tx, 490, free_over=euros(4_000))
    make_coupon(tx, "TENTH")

    assert quote(tx, ("mug", 2)).sums.shipping == 0
    assert quote(tx, ("mug", 2), coupons=("tenth",)).sums.shipping == 490


def test_a_coupon_for_free_shipping_makes_every_method_free(tx):
    make_method(tx, 490)
    make_method(tx, 990, name="Express", position=1)
    make_coupon(tx, "POST", kind="free_shipping")

    found = quote(tx, ("mug", 1), coupons=("POST",))

    assert [option.price for option in found.shipping_options] == [0, 0]
    assert (found.sums.shipping, found.sums.discount) == (0, 0)


def test_the_first_method_is_taken_unless_another_is_chosen(tx):
    express = make_method(tx, 990, name="Express", position=2)
    make_method(tx, 490, position=1)

    assert quote(tx, ("mug", 1)).shipping.method.name == "Parcel"
    assert quote(tx, ("mug", 1), shipping_method=express.id).sums.shipping == 990


@pytest.mark.parametrize("method", ["retired", "elsewhere", "unknown"])
def test_a_method_that_does_not_take_the_goods_there_cannot_be_chosen(tx, method):
    methods = {
        "retired": make_method(tx, status="retired").id,
        "elsewhere": make_method(tx, countries=("DE",)).id,
        "unknown": "shm_1",
    }
    make_method(tx, countries=("FR",))

    with pytest.raises(ShippingUnavailable):
        quote(tx, ("mug", 1), shipping_method=methods[method])


def test_amounts_from_before_the_shop_had_its_currency_hold_no_more(tx):
    make_method(tx, 490)
    make_coupon(tx, "fiver", amount=euros(500))
    make_coupon(tx, "tenth")
    tx.run(sa.text("UPDATE variants SET currency = 'CHF'"))

    found = quote(tx, ("mug", 1), tariff=replace(TARIFF, currency="CHF"), coupons=("fiver", "tenth"))

    assert (found.shipping, found.sums.shipping, found.sums.discount) == (None, 0, 200)
    assert [each.reason for each in found.judgements] == ["unknown", None]


def test_what_is_not_physical_is_not_shipped(tx):
    make_method(tx, 490, countries=("DE",))

    found = quote(tx, ("talk", 1), country="US", shipping_method="shm_1")

    assert (found.needs_shipping, found.shipping, found.sums.shipping) == (False, None, 0)
