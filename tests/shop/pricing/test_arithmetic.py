"""Division in which nothing is lost."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.shop.pricing.arithmetic import half_up, share, spread
from api.shop.pricing.rates import millionths, percent_of

AMOUNTS = st.integers(0, 10**12)


@given(AMOUNTS, st.integers(1, 10**12))
def test_a_quotient_is_the_nearest_whole_number_and_a_half_goes_up(numerator, denominator):
    quotient = half_up(numerator, denominator)

    assert -Fraction(1, 2) < quotient - Fraction(numerator, denominator) <= Fraction(1, 2)


@given(AMOUNTS, st.lists(st.integers(0, 10**11), min_size=1, max_size=100).filter(any))
def test_parts_add_up_and_each_is_off_by_less_than_one(amount, weights):
    parts = spread(amount, weights)

    assert sum(parts) == amount
    assert all(
        abs(part - Fraction(amount * weight, sum(weights))) < 1
        for part, weight in zip(parts, weights, strict=True)
    )


def test_what_is_left_over_goes_to_the_first_of_equal_lines():
    assert spread(100, [1, 1, 1]) == [34, 33, 33]
    assert spread(1, [3, 3, 3]) == [1, 0, 0]
    assert spread(0, [0, 0]) == [0, 0]


@given(AMOUNTS, st.lists(st.integers(1, 10_000), min_size=1, max_size=30))
def test_however_units_are_cut_the_cuts_sum_to_the_whole(amount, cuts):
    settled, shares = 0, []
    for units in cuts:
        shares.append(share(amount, settled=settled, units=units, of=sum(cuts)))
        settled += units

    assert sum(shares) == amount
    assert min(shares) >= 0


@given(st.integers(0, 1_000_000))
def test_a_rate_is_the_same_in_percent_and_in_millionths(rate):
    assert millionths(percent_of(rate)) == rate


@pytest.mark.parametrize(
    ("text", "rate", "shortest"),
    [
        ("20", 200_000, "20"),
        ("5.5", 55_000, "5.5"),
        ("8.875", 88_750, "8.875"),
        ("7.0", 70_000, "7"),
        ("0", 0, "0"),
        ("100.0000", 1_000_000, "100"),
    ],
)
def test_a_percentage_is_read_exactly_and_written_shortly(text, rate, shortest):
    assert millionths(text) == rate
    assert percent_of(rate) == shortest
