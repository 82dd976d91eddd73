"""The strict reader of JSON: what RFC 8259 allows and nothing else."""

from __future__ import annotations

import json as standard

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web import json
from api.web.http_errors import Refusal
from api.web.json import DuplicateKey, InvalidJson, InvalidUnicode, JsonTooDeep

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_what_json_writes_is_read_back(value):
    assert json.decode(standard.dumps(value).encode()) == value
    assert json.decode(standard.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_a_value_or_a_refusal(body):
    try:
        json.decode(body)
    except Refusal:
        return


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b"", InvalidJson),
        (b"{", InvalidJson),
        (b'{"a": 1,}', InvalidJson),
        (b"{'a': 1}", InvalidJson),
        (b"\xff", InvalidJson),
        (b"\xef\xbb\xbf{}", InvalidJson),
        (b'{"a": NaN}', InvalidJson),
        (b'{"a": -Infinity}', InvalidJson),
        (b'{"a": 1e999}', InvalidJson),
        (b'{"a": 01}', InvalidJson),
        (b'{"a": "\x00"}', InvalidJson),
        (b"{} {}", InvalidJson),
        (b'{"a": 1, "a": 1}', DuplicateKey),
        (b'[{"b": {"a": 1, "\\u0061": 2}}]', DuplicateKey),
        (b'{"a": "\\ud83d"}', InvalidUnicode),
        (b'{"\\udc00": 1}', InvalidUnicode),
        (b"[" * 33 + b"]" * 33, JsonTooDeep),
        (b'{"a":' * 33 + b"1" + b"}" * 33, JsonTooDeep),
        (b"[" * 100_000, JsonTooDeep),
    ],
)
def test_what_is_not_json_is_refused(body, refusal):
    with pytest.raises(refusal):
        json.decode(body)


def test_thirty_two_levels_are_read():
    assert json.decode(b"[" * 32 + b"]" * 32)


def test_whole_numbers_are_integers_however_written():
    assert json.decode(b"[1.0, 1e3, -0.0, 2.5]") == [1, 1000, 0, 2.5]
    assert all(type(number) is int for number in json.decode(b"[1.0, 1e3, 5]"))


def test_both_halves_of_a_pair_are_one_character():
    assert json.decode(b'"\\ud83d\\ude00"') == "\U0001f600"


def test_a_number_of_any_length_is_read_in_no_time():
    assert json.decode(b"9" * 200_000) == json.HUGE


def test_a_syntax_error_tells_where():
    with pytest.raises(InvalidJson) as refused:
        json.decode(b'{"a": oops}')

    assert refused.value.data["offset"] == 6
