"""Where the files are that these tests read: small ones of our own, and real exports if they lie beside."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"
REAL = Path(__file__).parents[3] / "shared" / "data"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def real() -> Path:
    """The folder of real exports, which are not part of the project."""
    if not REAL.is_dir():
        pytest.skip("no real exports in ../shared/data")
    return REAL
