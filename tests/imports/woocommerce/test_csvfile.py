"""A table that cannot be read to the last value is refused with its line; lists and prices are exact."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports import money
from api.imports.woocommerce import csvfile
from tests.imports.woocommerce.table import read, refusal


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ("simple,P,dear,1,", 3, "“dear” is not a price"),
        ("simple,P,-4,1,", 3, "“-4” is not a price"),
        ("simple,P,1e3,1,", 3, "“1e3” is not a price"),
        ("simple,P,999999999999,1,", 3, "above the highest price"),
        ('simple,P,"1,234",1,', 3, "write 1234.00 if these are thousands"),
        ("simple,P,1,many,", 4, "“many” is not a number of units"),
        ("simple,P,1,1,x", 5, "“x” is not a whole number"),
        ("simple,P,1,1,7", 5, "7 is not 1, 0 or -1"),
        ("simple,P,1,1,1,", 6, "6 columns where the header has 5"),
        ("simple,P,1", 4, "3 columns where the header has 5"),
        ('simple,"P,1,1,1', None, "a quote is not closed"),
        ('simple,"P"x,1,1,1', None, "a quote inside a value must be written twice"),
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


@pytest.mark.parametrize("start", ["sep=;\n", '"sep=;"\r\n', ""])
def test_the_line_that_names_the_delimiter_is_no_row(start: str) -> None:
    content = f"{start}ID;Type;SKU;Name;Regular price\n1;simple;mug;Mug;7\n2;simple;cup;Cup;dear\n"

    refused = refusal(content)

    assert (refused.line, refused.column) == (4 if start else 3, 5)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_found_although_a_header_contains_another(delimiter: str) -> None:
    cells = ("Type", "Name", '"GTIN, UPC, EAN, or ISBN"', "Regular price")

    (item,) = read(delimiter.join(cells), delimiter.join(("simple", "Mug", "", "7"))).items

    assert (item.name, item.variants[0].price) == ("Mug", 700)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (r'"He said \"tall\", and left"', 'He said "tall", and left'),
        (r'"A \"B\""', 'A "B"'),
        (r'"2"" pipe \"hot\""', '2" pipe "hot"'),
    ],
)
def test_a_quote_after_a_backslash_belongs_to_the_value_where_it_would_break_the_row(
    value: str, name: str
) -> None:
    export = read("Type,Name,Regular price", f"simple,{value},7", r"simple,C:\n,8")

    assert [item.name for item in export.items] == [name, r"C:\n"]


def test_a_backslash_before_a_closing_quote_stays_where_the_table_can_be_read() -> None:
    export = read("Type,Name,Regular price", r'simple,"C:\",7')

    assert [item.name for item in export.items] == ["C:\\"]


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
        ("1.299,00", 2, 129900),
        ("1,299.5", 2, 129950),
        ("1.234.567", 2, 123456700),
        ("1\u202f299,00", 2, 129900),
        ("1'299.00", 2, 129900),
        ("0.125", 2, 13),
        ("1234.500", 2, 123450),
        ("12.990", 0, 12990),
        ("12.990,00", 0, 12990),
        ("7.", 2, None),
        ("1.2.3", 2, None),
        ("1,2345.00", 2, None),
        ("12.34,567.8", 2, None),
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


@pytest.mark.parametrize(
    ("prices", "exponent", "read_as"),
    [
        (["1.299", "12,90"], 2, [129900, 1290]),
        (["1.299", "12.90"], 2, [130, 1290]),
        (["1,299", "12.90"], 2, [129900, 1290]),
        (["1.299", "1.299.000"], 2, [129900, 129900000]),
        (["1.299", "2.500,00"], 2, [129900, 250000]),
        (["1.299", "990"], 0, [1299, 990]),
        (["1.299", "0.5"], 3, [1299, 500]),
    ],
)
def test_the_whole_file_decides_what_a_point_before_three_digits_is(
    prices: list[str], exponent: int, read_as: list[int]
) -> None:
    rows = (f'simple,P{number},"{price}"' for number, price in enumerate(prices))

    export = read("Type,Name,Regular price", *rows, exponent=exponent)

    assert [item.variants[0].price for item in export.items] == read_as


@pytest.mark.parametrize("prices", [["1.299"], ["1.299", "5"], ["1,299", "2.5", "2,5"]])
def test_a_point_before_three_digits_that_the_file_does_not_explain_is_refused_at_its_line(
    prices: list[str],
) -> None:
    rows = "\n".join(f'simple,P,"{price}"' for price in prices)

    refused = refusal(f"Type,Name,Regular price\n{rows}\n")

    assert (refused.line, refused.column) == (2, 3)
    assert "write 1299.00 if these are thousands, and two decimals if not" in refused.sentence


@given(st.text(alphabet="0123456789.,-+eE' ٣", max_size=12))
def test_no_text_makes_the_price_reader_fail_in_another_way(written: str) -> None:
    try:
        price = money.price(written, exponent=2)
    except ValueError:
        return
    assert price is None or price.minor >= 0
