"""Patches derived from bodies: the same fields and bounds, each of which may be missing."""

from __future__ import annotations

from typing import Annotated

import msgspec
import pytest
from msgspec import Meta

from api.web.patches import patch_of


class Price(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    amount: Annotated[int, Meta(ge=0)]
    currency: str


class Body(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    name: Annotated[str, Meta(max_length=5)]
    price: Price
    note: str | None = None
    compare_at: Price | None = None


BodyPatch = patch_of(Body)


def changes(sent):
    return msgspec.convert(sent, BodyPatch).changes()


def test_what_is_not_sent_is_no_change():
    assert changes({}) == {}
    assert changes({"name": "Mug"}) == {"name": "Mug"}


def test_null_clears_what_may_be_null():
    assert changes({"note": None, "compare_at": None}) == {"note": None, "compare_at": None}
    with pytest.raises(msgspec.ValidationError):
        changes({"name": None})


def test_objects_are_patched_too():
    assert changes({"price": {"amount": 3}}) == {"price": {"amount": 3}}
    assert changes({"compare_at": {"currency": "EUR"}}) == {"compare_at": {"currency": "EUR"}}


@pytest.mark.parametrize("sent", [{"name": "too long"}, {"price": {"amount": -1}}, {"unknown": 1}])
def test_the_bounds_of_the_body_hold(sent):
    with pytest.raises(msgspec.ValidationError):
        changes(sent)


def test_a_field_may_be_left_out_or_have_a_type_of_its_own():
    patch = patch_of(Body, without=("price",), note=int)

    assert patch.__struct_fields__ == ("name", "note", "compare_at")
    assert msgspec.convert({"note": 1}, patch).changes() == {"note": 1}
