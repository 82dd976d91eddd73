"""Where the files are that these tests read: ours, and real exports if they lie beside the project."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"
REAL = Path(__file__).parents[3] / "shared" / "data"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

# Real exports are not part of the project: without them all rules are tested on files of our own.
collect_ignore_glob = [] if REAL.is_dir() else ["test_real_*.py"]


@pytest.fixture
def real() -> Path:
    """The folder of real exports."""
    return REAL
