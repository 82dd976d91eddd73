"""The commands about pictures."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.shared import database


@click.group()
def media() -> None:
    """Look after pictures."""


@media.command()
@click.option(
    "--from-folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Take them from a copy of the old site's uploads instead of the network.",
)
@click.option("--site", metavar="URL", default="", help="The old site, for addresses without a host.")
@click.option("--inside", multiple=True, metavar="HOST", help="A host that may have a private address.")
@click.option("--dry-run", is_flag=True, help="List the addresses, and change nothing.")
def fetch(from_folder: Path | None, site: str, inside: tuple[str, ...], dry_run: bool) -> None:
    """Bring in the pictures that imports left elsewhere.

    Prints a line for each address: what became of it. What has arrived is shown from here by the articles
    and items that were imported. Run it again whenever you like: what is there is not fetched again. Exits
    with 1 if something is left elsewhere.
    """
    if site and not site.lower().startswith(("https://", "http://")):
        raise click.BadParameter("it begins with https:// or http://", param_hint="--site")
    from api.imports.pictures import commands
    from api.settings import Settings

    commands.fetch(
        database(), Settings.from_env(), from_folder=from_folder, site=site, inside=inside, dry_run=dry_run
    )
