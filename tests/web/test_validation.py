"""Everything wrong with a body, at once, each with its pointer."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Meta, UnsetType

from api.errors import Invalid
from api.text.fields import Moment, Title
from api.web import validation


class Price(msgspec.Struct, forbid_unknown_fields=True):
    amount: Annotated[int, Meta(ge=0, le=100)]
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")]


class Body(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    title: Title
    prices: Annotated[list[Price], Meta(min_length=1, max_length=2)]
    kind: Literal["a", "b"] = "a"
    note: Annotated[str, Meta(max_length=3)] | UnsetType | None = UNSET
    options: dict[str, Annotated[str, Meta(max_length=3)]] = {}
    at: Moment | None = None
    flag: bool = False


GOOD = {"title": "A", "prices": [{"amount": 1, "currency": "EUR"}]}


def errors_of(value: object) -> list[tuple[str, str | None]]:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(value, Body)
    return [(error.code, error.pointer) for error in validation.refusal(value, Body).errors]


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"title": 1}, "invalid-type", "/title"),
        ({"title": None}, "invalid-type", "/title"),
        ({"title": "a\x00"}, "invalid-characters", "/title"),
        ({"title": "a\x1b"}, "invalid-characters", "/title"),
        ({"title": "x" * 201}, "too-long", "/title"),
        ({"title": ""}, "too-short", "/title"),
        ({"title": " "}, "invalid-format", "/title"),
        ({"prices": []}, "too-few", "/prices"),
        ({"prices": [GOOD["prices"][0]] * 3}, "too-many-lines", "/prices"),
        ({"prices": {}}, "invalid-type", "/prices"),
        ({"prices": [{"amount": True, "currency": "EUR"}]}, "invalid-type", "/prices/0/amount"),
        ({"prices": [{"amount": "1", "currency": "EUR"}]}, "invalid-type", "/prices/0/amount"),
        ({"prices": [{"amount": 1.5, "currency": "EUR"}]}, "invalid-type", "/prices/0/amount"),
        ({"prices": [{"amount": 10**40, "currency": "EUR"}]}, "out-of-range", "/prices/0/amount"),
        ({"prices": [{"amount": -1, "currency": "EUR"}]}, "out-of-range", "/prices/0/amount"),
        ({"prices": [{"amount": 1, "currency": "EUR\n"}]}, "invalid-format", "/prices/0/currency"),
        ({"kind": "c"}, "invalid-format", "/kind"),
        ({"kind": 1}, "invalid-type", "/kind"),
        ({"note": "long"}, "too-long", "/note"),
        ({"options": {"a/b~c": "long"}}, "too-long", "/options/a~1b~0c"),
        ({"at": "2026-01-01T00:00:00"}, "invalid-format", "/at"),
        ({"at": 1}, "invalid-type", "/at"),
        ({"flag": 1}, "invalid-type", "/flag"),
        ({"role": "owner"}, "unknown-field", "/role"),
    ],
)
def test_each_mistake_has_its_code_and_place(change, code, pointer):
    assert errors_of({**GOOD, **change}) == [(code, pointer)]


class Weight(msgspec.Struct):
    grams: Annotated[int, Meta(examples=[250])] | UnsetType = UNSET


class Parcel(msgspec.Struct):
    weight: Weight
    price: Price


def test_a_number_for_a_small_object_is_refused_with_an_example_if_there_is_one():
    weight, price = validation.refusal({"weight": 250, "price": 1400}, Parcel).errors

    assert (weight.code, weight.detail) == ("invalid-type", 'Must be an object, such as {"grams":250}.')
    assert (price.code, price.detail) == ("invalid-type", "Must be an object.")


def test_all_mistakes_are_told_at_once():
    found = errors_of({"title": "", "prices": [{"amount": -1}], "role": "owner"})

    assert found == [
        ("too-short", "/title"),
        ("out-of-range", "/prices/0/amount"),
        ("required", "/prices/0/currency"),
        ("unknown-field", "/role"),
    ]


def test_a_hundred_mistakes_are_listed_and_the_others_counted():
    refused = validation.refusal({**GOOD, **dict.fromkeys(map(str, range(250)))}, Body)

    assert len(refused.errors) == 100
    assert refused.errors_left_out == 150
    assert refused.detail.endswith("(and 249 more errors).")


@pytest.mark.parametrize("value", [None, [], "text", 1])
def test_what_is_not_an_object_is_refused_whole(value):
    assert errors_of(value) == [("invalid-type", "")]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["title", "prices", "amount", "currency", "kind", "x"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@given(json_values)
def test_what_msgspec_refuses_is_always_explained(value):
    try:
        msgspec.convert(value, Body)
    except msgspec.ValidationError:
        refused = validation.refusal(value, Body)
        assert isinstance(refused, Invalid)
        assert refused.errors
