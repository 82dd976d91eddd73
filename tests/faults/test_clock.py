"""A node's clock that jumps: what was sold stays sold once, and nobody has to wait."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.faults.shop import opened

JUMPS = ("-1d", "+1h", "+5d")
"""From the true time; less than seven days apart, for which Idempotency-Keys are kept.

The last is forward: faketime turns the monotonic clock too, and back there no timer runs out.
"""


@pytest.fixture
def clock(tmp_path):
    """The file that tells the clock how far it is off, and what a server needs to believe it."""
    libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not libraries:
        pytest.skip("needs libfaketime (apt-get install faketime)")
    offset = tmp_path / "clock"
    offset.write_text("+0")
    environ = {
        "LD_PRELOAD": str(libraries[0]),
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        "FAKETIME_NO_CACHE": "1",
    }
    return offset, environ


def test_a_clock_that_jumps_loses_and_doubles_nothing(open_shop, url, clock):
    offset, environ = clock
    with open_shop(url=url, **environ) as shop:
        for jump in JUMPS:
            offset.write_text(jump)
            shop.is_back()
            shop.sells()
            shop.shows()
            shop.replay()

    with opened(url) as db, db.read() as tx:
        placed = [row[0] for row in tx.rows(sa.text("SELECT placed_at FROM orders ORDER BY id"))]
    assert placed == sorted(placed)
