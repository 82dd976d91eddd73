"""Parts that several commands share: the configured database, and passwords as operators enter them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from api.storage import Database


def database() -> Database:
    """The configured database, its schema up to date."""
    from api.settings import Settings
    from api.sights import sights
    from api.storage import migrations

    settings = Settings.from_env()
    db = migrations.migrated(settings)
    db.sight_of = sights(settings.public_site)
    click.get_current_context().call_on_close(db.dispose)
    return db


def password_from(standard_input: bool) -> str:
    """The password from standard input, or else the one that is entered twice."""
    if standard_input:
        return sys.stdin.read().removesuffix("\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="Repeat password"))
