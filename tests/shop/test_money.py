"""Money as people read it."""

from __future__ import annotations

import pytest

from api.shop.money import Money, exponent, written


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1999, "EUR", "19.99 EUR"),
        (5, "EUR", "0.05 EUR"),
        (-5, "EUR", "-0.05 EUR"),
        (1999, "JPY", "1999 JPY"),
        (1999, "KWD", "1.999 KWD"),
    ],
)
def test_an_amount_is_written_with_the_decimals_of_its_currency(amount, currency, text):
    assert written(Money(amount, currency)) == text


def test_a_currency_has_two_decimals_unless_iso_4217_says_otherwise():
    assert [exponent(currency) for currency in ("EUR", "JPY", "TND", "CLF")] == [2, 0, 3, 4]
