"""The values that PHP serialises are read strictly."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports.wxr import phpserialize
from tests.imports import php

php_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.dictionaries(st.integers(-9, 999) | st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


@given(php_values)
def test_php_values_survive_writing_and_reading(value: phpserialize.Php) -> None:
    assert phpserialize.loads(php.dumps(value)) == value


@given(st.text(alphabet='aisbN:;{}"0123456789-.', max_size=30))
def test_no_text_makes_the_php_reader_fail_in_another_way(written: str) -> None:
    with suppress(phpserialize.NotSerialised):
        phpserialize.loads(written)


@pytest.mark.parametrize(
    "written", ['O:8:"stdClass":0:{}', 's:9:"short";', "a:1:{i:0;}", "i:1;i:2;", "a:-1:{}", "d:x;"]
)
def test_php_objects_and_broken_values_are_refused(written: str) -> None:
    with pytest.raises(phpserialize.NotSerialised):
        phpserialize.loads(written)
