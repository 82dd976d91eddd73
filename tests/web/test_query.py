"""Query strings: every parameter known, given once, and of its type."""

from __future__ import annotations

from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from api.text.fields import Search
from api.web import query
from api.web.http_errors import Refusal, SecretInUrl
from api.web.paging import PageQuery


class Listing(PageQuery, forbid_unknown_fields=True, kw_only=True):
    q: Search | None = None
    in_stock: bool | None = None
    tag: Annotated[str, Meta(max_length=5)] | None = None


def test_parameters_get_their_types():
    found = query.decode("limit=5&q=%C3%A9t%C3%A9+x&in_stock=true", Listing)

    assert found == Listing(limit=5, q="été x", in_stock=True)


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("limit=0", "invalid-parameter", "limit"),
        ("limit=-1", "invalid-parameter", "limit"),
        ("limit=101", "invalid-parameter", "limit"),
        ("limit=x", "invalid-parameter", "limit"),
        ("limit=", "invalid-parameter", "limit"),
        ("limit=1.0", "invalid-parameter", "limit"),
        ("limit=1_0", "invalid-parameter", "limit"),
        ("limit=%2B1", "invalid-parameter", "limit"),
        ("limit=99999999999999999999999", "invalid-parameter", "limit"),
        ("in_stock=yes", "invalid-parameter", "in_stock"),
        ("in_stock=1", "invalid-parameter", "in_stock"),
        ("after=nonsense", "invalid-cursor", "after"),
        ("tag=toolong", "invalid-parameter", "tag"),
        ("q=%ff", "invalid-parameter", "q"),
        ("q=%zz", "invalid-parameter", "q"),
        ("q=a%00b", "invalid-parameter", "q"),
        ("%ff=1", "invalid-parameter", "%ff"),
        ("nope=1", "unknown-parameter", "nope"),
        ("q=a&q=b", "repeated-parameter", "q"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(text, code, name):
    with pytest.raises(Refusal) as refused:
        query.decode(text, Listing)

    assert (refused.value.code, refused.value.errors[0].parameter) == (code, name)


def test_all_mistakes_are_told_at_once():
    with pytest.raises(Refusal) as refused:
        query.decode("nope=1&limit=0&q=a&q=b", Listing)

    assert [error.code for error in refused.value.errors] == [
        "unknown-parameter",
        "repeated-parameter",
        "invalid-parameter",
    ]


@pytest.mark.parametrize("text", ["token=x", "a=1&Password=x", "api%5Fkey=x", "access_token"])
def test_a_secret_in_the_query_is_refused(text):
    with pytest.raises(SecretInUrl):
        query.refuse_secrets(text)


@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=40))
def test_any_query_is_read_or_refused(text):
    try:
        found = query.decode(text, Listing)
    except Refusal:
        return
    assert isinstance(found, msgspec.Struct)
