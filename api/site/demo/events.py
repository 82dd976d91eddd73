"""The events of the demonstration: each happened some days ago, so that its dates never look old."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from api.roles import Viewer
from api.storage import Transaction

CURRENCY = "EUR"
TAGLINE = "A small press and paper shop on the quay at Port-Lanterne"
KEEPER = "shopkeeper@kiosque.test"

Event = tuple[float, Callable[[Transaction], None]]
People = dict[str, Viewer]


def read(name: str) -> list[dict[str, Any]]:
    """The entries of one of the files in this folder."""
    with (Path(__file__).parent / f"{name}.toml").open("rb") as file:
        entries: list[dict[str, Any]] = tomllib.load(file)[name]
    return entries
