"""Reads small product tables for the tests."""

import io

import pytest

from api.imports import woocommerce
from api.imports.errors import ImportRefused
from api.imports.records import Export
from tests.imports.conftest import NOW


def read(*lines: str, exponent: int = 2) -> Export:
    return woocommerce.read(io.BytesIO("\n".join(lines).encode()), currency_exponent=exponent, now=NOW)


def refusal(content: str | bytes) -> ImportRefused:
    with pytest.raises(ImportRefused) as caught:
        woocommerce.read(io.BytesIO(content.encode() if isinstance(content, str) else content), now=NOW)
    return caught.value
