"""Writes small WordPress exports for the tests."""

import io

import pytest

from api.imports import wxr
from api.imports.errors import ImportRefused
from api.imports.records import Export
from tests.imports.conftest import NOW

HEAD = (
    '<rss xmlns:wp="https://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/"\n'
    ' xmlns:excerpt="https://wordpress.org/export/1.2/excerpt/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><wp:wxr_version>1.2</wp:wxr_version>\n'
)
TAIL = "</channel></rss>"


def read(rows: str, *, exponent: int = 2) -> Export:
    return wxr.read(io.BytesIO((HEAD + rows + TAIL).encode()), currency_exponent=exponent, now=NOW)


def refusal(content: str | bytes) -> ImportRefused:
    with pytest.raises(ImportRefused) as caught:
        wxr.read(io.BytesIO(content.encode() if isinstance(content, str) else content))
    return caught.value


def post(id_: int = 1, *, type_: str = "post", inside: str = "", **fields: str) -> str:
    values = {"post_id": str(id_), "post_type": type_, "status": "publish"} | fields
    written = "".join(f"<wp:{name}>{value}</wp:{name}>" for name, value in values.items())
    return f"<item>{written}{inside}</item>"


def meta(**values: object) -> str:
    return "".join(
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
        for key, value in values.items()
    )
