"""Rows that wait come back as they were, in order, and do not stand in memory."""

import tracemalloc
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from api.imports import spool
from api.imports.spool import Spool
from api.imports.wxr import read
from tests.imports import wxr


@dataclass(frozen=True, slots=True)
class Mark:
    name: str
    at: datetime | None = None


def test_rows_come_back_as_they_were_and_in_order() -> None:
    rows = [Mark("á\N{PILE OF POO}"), Mark("", datetime(1, 2, 3, tzinfo=UTC)), Mark("x" * spool.IN_MEMORY)]

    kept = Spool(Mark, rows)

    assert len(kept) == 3
    assert list(kept) == rows
    assert kept[2] == rows[2]


def test_rows_may_be_read_twice_at_once_and_added_meanwhile() -> None:
    kept = Spool(Mark, [Mark("a"), Mark("b")])
    first = iter(kept)
    seen = [next(first)]

    kept.append(Mark("c"))

    assert list(kept) == [Mark("a"), Mark("b"), Mark("c")]
    assert seen + list(first) == [Mark("a"), Mark("b")]


def test_ten_times_the_posts_take_no_more_memory() -> None:
    body = f"<content:encoded>{'x' * 20_000}</content:encoded>"
    few, many = (
        BytesIO((wxr.HEAD + "".join(wxr.post(n, inside=body) for n in range(count)) + wxr.TAIL).encode())
        for count in (100, 1_000)
    )

    assert _peak(many) < 1.3 * _peak(few)


def _peak(export: BytesIO) -> int:
    tracemalloc.start()
    try:
        read(export)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
