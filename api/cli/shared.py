"""Parts that several commands share: the configured database, and passwords as operators enter them."""

from __future__ import annotations

import logging
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

    log_security()
    settings = Settings.from_env()
    db = migrations.migrated(settings)
    db.sight_of = sights(settings.public_site)
    click.get_current_context().call_on_close(db.dispose)
    return db


def log_security() -> None:
    """Write the security log of this command to standard error, where its server would write it too."""
    from api.web import logs

    log, handler = logging.getLogger("kiosque.security"), logging.StreamHandler(sys.stderr)
    is_terminal = sys.stderr.isatty()
    handler.setFormatter(logs.ReadableFormatter() if is_terminal else logs.JsonFormatter())
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    click.get_current_context().call_on_close(lambda: log.removeHandler(handler))


def password_from(standard_input: bool) -> str:
    """The password from standard input, or else the one that is entered twice."""
    if standard_input:
        return sys.stdin.read().removesuffix("\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="Repeat password"))
