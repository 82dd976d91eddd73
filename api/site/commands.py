"""The shell door of the site: serve it, or a demonstration of it."""

from __future__ import annotations

from typing import NoReturn

import click

from api.serving import serve as run_server
from api.settings import Settings


def serve(*, demo: bool) -> NoReturn:
    """Serve until told to stop."""
    if demo:
        from api.site import demo as demonstration

        demonstration.serve()
    settings = Settings.from_env()
    click.echo(f"Kiosque is at {settings.url}")
    run_server(settings)
