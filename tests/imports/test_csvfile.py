"""A table that cannot be read to the last value is refused with its line; lists and prices are exact."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports import csvfile, money
from tests.imports.table import read, refusal


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ("simple,P,dear,1,", 3, "“dear” is not a price"),
        ("simple,P,-4,1,", 3, "“-4” is not a price"),
        ("simple,P,1e3,1,", 3, "“1e3” is not a price"),
        ("simple,P,999999999999,1,", 3, "above the highest price"),
        ('simple,P,"1,234",1,', 3, "thousands or a fraction"),
        ("simple,P,1,many,", 4, "“many” is not a number of units"),
        ("simple,P,1,1,x", 5, "“x” is not a whole number"),
        ("simple,P,1,1,7", 5, "7 is not 1, 0 or -1"),
        ("simple,P,1,1,1,", 6, "6 columns where the header has 5"),
        ("simple,P,1", 4, "3 columns where the header has 5"),
        ('simple,"P,1,1,1', None, "a quote is not closed"),
        ('simple,"P"x,1,1,1', None, "expected after"),
    ],
)
def test_a_row_that_cannot_be_read_refuses_the_file_at_its_line(
    row: str, column: int | None, sentence: str
) -> None:
    refused = refusal(f'Type,Name,Regular price,Stock,Published\nsimple,"two\nlines",1,1,1\n{row}\n')

    assert (refused.line, refused.column) == (4, column)
    assert sentence in refused.sentence


def test_a_wrong_date_is_refused_under_its_header() -> None:
    refused = refusal("Type,Name,Regular price,Date sale price ends\nsimple,P,1,2020-13-01\n")

    assert (refused.line, refused.column) == (2, 4)
    assert "“date sale price ends”" in refused.sentence


def test_text_that_is_not_utf8_is_refused_at_its_byte() -> None:
    refused = refusal(b"Type,Name,Regular price\nsimple,\xc3\xa9t\xe9,1\n")

    assert (refused.line, refused.column) == (2, 10)


def test_two_columns_of_one_name_are_refused() -> None:
    assert refusal("Type,Name,Regular price,NAME\n").column == 4


def test_two_columns_of_one_name_are_harmless_where_neither_is_read() -> None:
    export = read("Type,Name,Regular price,,meta: x,Meta: x,", "simple,P,1,seen,,y,")

    assert [item.name for item in export.items] == ["P"]
    assert [skipped.label for skipped in export.skipped] == ["without a name"]


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\\", exclude_categories=["Cs", "Cc"]))
        .map(str.strip)
        .filter(bool)
    )
)
def test_lists_survive_writing_and_reading(members: list[str]) -> None:
    written = ", ".join(member.replace(",", "\\,") for member in members)

    assert csvfile.split_list(written) == members


@given(st.decimals(0, 10**8, places=2), st.integers(0, 3))
def test_a_price_is_exact_or_told_to_be_rounded(amount: Decimal, exponent: int) -> None:
    price = money.price(f"{amount:f}", exponent=exponent)

    assert price is not None
    assert price.rounded == (Decimal(price.minor).scaleb(-exponent) != amount)
    assert abs(Decimal(price.minor).scaleb(-exponent) - amount) <= Decimal(1).scaleb(-exponent) / 2


@pytest.mark.parametrize(
    ("written", "exponent", "minor"),
    [
        (".5", 2, 50),
        ("11.05", 2, 1105),
        ("17,9", 2, 1790),
        ("18", 0, 18),
        ("1,234", 3, 1234),
        ("0.005", 2, 1),
        ("7.", 2, None),
    ],
)
def test_prices_are_decimal_text(written: str, exponent: int, minor: int | None) -> None:
    if minor is None:
        with pytest.raises(ValueError, match="is not a price"):
            money.price(written, exponent=exponent)
    else:
        price = money.price(written, exponent=exponent)
        assert price is not None
        assert price.minor == minor


@given(st.text(alphabet="0123456789.,-+eE' ٣", max_size=12))
def test_no_text_makes_the_price_reader_fail_in_another_way(written: str) -> None:
    try:
        price = money.price(written, exponent=2)
    except ValueError:
        return
    assert price is None or price.minor >= 0
