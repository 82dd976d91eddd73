"""A client of Kiosque for other programs, and a server to test them against; it needs nothing but Python."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kiosque_client.client import Answer, Client, Problem

__all__ = ["Answer", "Client", "Problem"]


def __getattr__(name: str) -> Any:
    """Import the client when it is first used: every run of pytest loads the plugin in this package."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module("kiosque_client.client"), name)
