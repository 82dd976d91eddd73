"""`pytest tests/proof --storm` runs the storms at full size."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--storm", action="store_true", help="full size: many minutes")
