"""The commands of tax rates."""

from __future__ import annotations

import click

from api.cli.shared import database


@click.group()
def taxes() -> None:
    """Fill the table of tax rates."""


@taxes.command("import")
@click.argument("area", type=click.Choice(["eu"]))
def import_rates(area: str) -> None:
    """Add the VAT rates of the European Union that this version knows.

    Rates of the same class, country and name are changed; a class that has a tax of another name in a country
    is left alone there. The rates are as of the day that is printed: check those that you charge.
    """
    from api.shop.taxes import commands

    click.echo(commands.import_rates(database(), area=area))
