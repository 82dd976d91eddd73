"""The sums of an order: every answer adds up, also where other shops lost a cent."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.shop.pricing.arithmetic import half_up, share
from api.shop.pricing.rates import WHOLE
from api.shop.pricing.records import Coupon, Line, Rate, Tax
from api.shop.pricing.sums import discounted, price

CLASSES = ("standard", "reduced", "books")
LINE = st.builds(
    Line,
    quantity=st.integers(1, 50),
    unit_price=st.one_of(st.integers(0, 5), st.integers(0, 10**6)),
    tax_class=st.sampled_from(CLASSES),
)
RATE = st.builds(
    Rate, name=st.sampled_from(["VAT", "City"]), rate=st.sampled_from([0, 55_000, 88_750, 190_000, 255_000])
)
RATES = st.dictionaries(
    st.sampled_from(CLASSES), st.lists(RATE, max_size=2, unique_by=lambda rate: rate.name)
)


@st.composite
def baskets(draw):
    """Lines, coupons on some of them, and what else a sum depends on."""
    lines = draw(st.lists(LINE, min_size=1, max_size=8))
    some = st.lists(st.sampled_from(range(len(lines))), unique=True).map(tuple)
    code = st.text("ABc", min_size=1, max_size=3)
    kinds = st.one_of(
        st.builds(Coupon, code, st.just("percent"), percent=st.integers(1, 100), lines=some),
        st.builds(Coupon, code, st.just("fixed"), amount=st.integers(0, 10**6), lines=some),
        st.builds(Coupon, code, st.just("free_shipping")),
    )
    coupons = draw(st.lists(kinds, max_size=5))
    terms = {
        "rates": draw(RATES),
        "include_tax": draw(st.booleans()),
        "shipping": draw(st.integers(0, 3_000)),
        "shipping_class": draw(st.sampled_from(CLASSES)),
    }
    return lines, coupons, terms


def priced(lines, coupons=(), **terms):
    return price(lines, discounted(lines, coupons), **terms)


@given(baskets())
def test_every_order_adds_up(basket):
    lines, coupons, terms = basket

    order = priced(lines, coupons, **terms)

    assert [line.total for line in order.lines] == [line.quantity * line.unit_price for line in lines]
    assert order.subtotal == sum(line.total for line in order.lines)
    assert order.discount == sum(line.discount for line in order.lines)
    assert order.discount == sum(amount for _, amount in order.coupons)
    assert order.tax == sum(line.tax for line in order.lines) + order.shipping_tax
    assert order.tax == sum(tax.amount for tax in order.taxes)
    on_top = 0 if terms["include_tax"] else order.tax
    assert order.total == order.subtotal - order.discount + order.shipping + on_top


@given(baskets())
def test_no_line_falls_below_nothing_and_none_is_reduced_by_a_coupon_for_others(basket):
    lines, coupons, terms = basket

    order = priced(lines, coupons, **terms)

    reducible = {index for coupon in coupons for index in coupon.lines}
    for index, line in enumerate(order.lines):
        assert 0 <= line.discount <= (line.total if index in reducible else 0)
        assert 0 <= line.tax <= line.total - line.discount or not terms["include_tax"]
        assert line.tax >= 0


@given(baskets())
def test_the_tax_of_an_order_is_rounded_once_for_each_rate(basket):
    lines, coupons, terms = basket

    order = priced(lines, coupons, **terms)

    amounts = [line.total - line.discount for line in order.lines] + [order.shipping]
    classes = [line.tax_class for line in lines] + [terms["shipping_class"]]
    exact, all_rates = Fraction(0), set()
    for amount, tax_class in zip(amounts, classes, strict=True):
        rates = tuple(terms["rates"].get(tax_class, ()))
        all_rates |= {*rates}
        together = sum(rate.rate for rate in rates)
        exact += Fraction(amount * together, WHOLE + together * terms["include_tax"])
    assert abs(order.tax - exact) <= Fraction(len(all_rates), 2)


@given(baskets(), st.data())
def test_however_an_order_is_cancelled_or_refunded_by_quantity_the_cuts_sum_to_it(basket, data):
    lines, coupons, terms = basket
    order = priced(lines, coupons, **terms)

    for line, sums in zip(lines, order.lines, strict=True):
        parts = {sums.total: 0, sums.discount: 0, sums.tax: 0}
        settled = 0
        while settled < line.quantity:
            units = data.draw(st.integers(1, line.quantity - settled))
            for amount in parts:
                parts[amount] += share(amount, settled=settled, units=units, of=line.quantity)
            settled += units

        assert all(amount == cut for amount, cut in parts.items())


def vat(percent, **classes):
    return {name: [Rate("VAT", rate * 10_000)] for name, rate in {"standard": percent, **classes}.items()}


def test_shipping_and_lines_of_one_rate_are_taxed_together():
    """100.01 where each is rounded by itself."""
    lines = [Line(1, 4500), Line(1, 4900)]

    order = priced(lines, rates=vat(21), include_tax=True, shipping=600)

    assert order.total == 10_000
    assert order.taxes == (Tax("VAT", 210_000, 8_264, 1_736),)


def test_two_lines_cost_as_much_as_one_of_two_units():
    one = priced([Line(2, 435)], rates=vat(21), include_tax=False)
    two = priced([Line(1, 435), Line(1, 435)], rates=vat(21), include_tax=False)

    assert one.total == two.total == 1_053
    assert [line.tax for line in two.lines] == [92, 91]


def test_a_discount_that_cannot_be_divided_loses_no_cent():
    coupon = Coupon("ONE", "fixed", amount=100, lines=(0, 1, 2))

    order = priced([Line(1, 100)] * 3, [coupon], rates={}, include_tax=True)

    assert [line.discount for line in order.lines] == [34, 33, 33]
    assert order.total == 200


def test_percentages_come_first_by_code_each_of_what_is_left_and_amounts_last():
    coupons = [
        Coupon("A-FIVER", "fixed", amount=500, lines=(0,)),
        Coupon("c-half", "percent", percent=50, lines=(0,)),
        Coupon("B-TENTH", "percent", percent=10, lines=(0,)),
    ]

    order = priced([Line(1, 10_000)], coupons, rates={}, include_tax=True)

    assert order.coupons == (("B-TENTH", 1_000), ("c-half", 4_500), ("A-FIVER", 500))
    assert order.total == 4_000


def test_an_amount_takes_off_no_more_than_the_lines_it_is_for():
    coupon = Coupon("TENNER", "fixed", amount=1_000, lines=(1,))

    order = priced([Line(1, 5_000), Line(1, 300)], [coupon], rates={}, include_tax=True, shipping=490)

    assert [line.discount for line in order.lines] == [0, 300]
    assert order.coupons == (("TENNER", 300),)
    assert order.total == 5_490


def test_a_coupon_for_free_shipping_is_no_discount():
    order = priced(
        [Line(1, 1_190)],
        [Coupon("POST", "free_shipping")],
        rates=vat(19),
        include_tax=True,
        shipping=490,
    )

    assert (order.shipping, order.shipping_tax, order.discount) == (0, 0, 0)
    assert order.coupons == (("POST", 0),)
    assert order.total == 1_190


def test_several_taxes_of_one_place_add_up_and_do_not_compound():
    rates = {"standard": [Rate("State", 50_000), Rate("City", 100_000)]}

    on_top = priced([Line(1, 1_000)], rates=rates, include_tax=False)
    inside = priced([Line(1, 1_150)], rates=rates, include_tax=True)

    expected = (Tax("State", 50_000, 1_000, 50), Tax("City", 100_000, 1_000, 100))
    assert on_top.taxes == inside.taxes == expected
    assert on_top.total == inside.total == 1_150


def test_each_of_several_taxes_in_a_price_is_rounded_by_itself():
    rates = {"standard": [Rate("GST", 50_000), Rate("QST", 99_750)]}

    order = priced([Line(4, 1)], rates=rates, include_tax=True)

    assert [(tax.net, tax.amount) for tax in order.taxes] == [(4, 0), (4, 0)]
    assert (order.tax, order.total) == (0, 4)


def test_several_taxes_in_a_price_are_never_more_than_the_line():
    rates = {"standard": [Rate("City", 50_000), Rate("VAT", 50_000)]}

    order = priced([Line(1, 1)] * 11, rates=rates, include_tax=True)

    assert order.tax == sum(line.tax for line in order.lines) == 2
    assert max(line.tax for line in order.lines) == 1


def test_a_tax_in_prices_of_two_classes_is_rounded_once():
    rates = {"standard": [Rate("GST", 50_000), Rate("QST", 100_000)], "books": [Rate("GST", 50_000)]}

    order = priced([Line(1, 10), Line(1, 10, "books")], rates=rates, include_tax=True)

    # 10 × 5 / 115 + 10 × 5 / 105 is 0.911, though neither is one half.
    assert [(tax.name, tax.amount) for tax in order.taxes] == [("GST", 1), ("QST", 1)]
    assert order.tax == sum(line.tax for line in order.lines) == 2


def test_classes_of_one_rate_are_taxed_as_one():
    lines = [Line(1, 435), Line(1, 435, "books")]

    order = priced(lines, rates=vat(21, books=21), include_tax=False)

    assert order.taxes == (Tax("VAT", 210_000, 870, 183),)


@pytest.mark.parametrize("included", [True, False])
def test_without_rates_there_is_no_tax_and_the_price_stays(included):
    order = priced([Line(3, 999)], rates={}, include_tax=included, shipping=490)

    assert (order.tax, order.taxes, order.total) == (0, (), 3_487)


def test_a_rate_of_nothing_is_listed_with_its_net():
    order = priced([Line(1, 500)], rates=vat(0), include_tax=True)

    assert order.taxes == (Tax("VAT", 0, 500, 0),)


@pytest.mark.parametrize("rate", [50_000, 70_000, 190_000, 200_000, 255_000])
def test_net_times_rate_is_the_tax_wherever_any_net_has_that_property(rate):
    """EN 16931, BR-CO-17; of some gross prices no net has it, and then it is one unit off."""
    possible = {net + half_up(net * rate, WHOLE) for net in range(3_000)}
    for gross in range(1, 3_000):
        (tax,) = priced([Line(1, gross)], rates={"standard": [Rate("VAT", rate)]}, include_tax=True).taxes

        off = abs(half_up(tax.net * rate, WHOLE) - tax.amount)

        assert off == (0 if gross in possible else 1)
