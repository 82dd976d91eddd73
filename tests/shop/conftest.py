"""Fixtures of the shop."""

from __future__ import annotations

import pytest


@pytest.fixture
def keeper(client_as):
    """The client of a shopkeeper."""
    return client_as("shopkeeper")
