"""The commands of accounts."""

from __future__ import annotations

from typing import get_args

import click

from api.cli.shared import database, password_from
from api.roles import Role


@click.group()
def account() -> None:
    """Create accounts, list and erase them, set passwords and roles.

    Create the first owner here: kiosque account add you@example.org --role owner
    """


@account.command("add")
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice(get_args(Role)),
    default="customer",
    show_default=True,
    help="Role of the account.",
)
@click.option("--name", help="Public name  [default: the part of the e-mail before the @]")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add_account(email: str, role: str, name: str | None, password_stdin: bool) -> None:
    """Create an account; asks for its password twice.

    Exits with 1 and changes nothing if the e-mail is taken or the password too weak.
    """
    from api.accounts import commands
    from api.accounts.passwords import Hasher

    db = database()
    password = password_from(password_stdin)
    commands.add(db, Hasher(), email=email, role=role, name=name, password=password, own_words=_own_words())
    click.echo(f"Created {email}, {role}.")


@account.command("password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def set_password(email: str, password_stdin: bool) -> None:
    """Set the password of an account; asks for it twice. Ends all its sessions.

    Exits with 1 and changes nothing if there is no such account or the password is too weak.
    """
    from api.accounts import commands
    from api.accounts.passwords import Hasher

    db = database()
    password = password_from(password_stdin)
    commands.set_password(db, Hasher(), email=email, password=password, own_words=_own_words())
    click.echo(f"Set the password of {email}.")


@account.command("remove-second-factor")
@click.argument("email")
def remove_second_factor(email: str) -> None:
    """Remove the second factor of somebody who has lost it. Ends all sessions of the account.

    Make sure that it is they who ask: from then on the password alone logs in.
    """
    from api.accounts import commands

    removed = commands.remove_second_factor(database(), email=email)
    click.echo(f"Removed the second factor of {email}." if removed else f"{email} has no second factor.")


@account.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice(get_args(Role)))
def set_role(email: str, role: Role) -> None:
    """Give an account another role, from its next request on. The last owner stays one."""
    from api.accounts import commands

    commands.set_role(database(), email=email, role=role)
    click.echo(f"{email} is {role} now.")


@account.command("erase")
@click.argument("email")
def erase_account(email: str) -> None:
    """Erase an account for good: its access, name and e-mail. The last owner stays.

    Its comments stay without a name, its articles under their byline, its orders as the law wants; those of
    which nothing is paid are cancelled. Backups that were written before still hold everything.
    """
    from api.personal_data import commands

    commands.erase(database(), email=email)
    click.echo(f"Erased {email}.")


@account.command("list")
def list_accounts() -> None:
    """Print e-mail, role, status and name of every account, newest first."""
    from api.accounts import commands

    for each in commands.every(database()):
        click.echo(f"{each.email or '–'}  {each.role}  {each.status}  {each.name}")


def _own_words() -> frozenset[str]:
    from api.accounts import weak_passwords
    from api.settings import Settings

    settings = Settings.from_env()
    return weak_passwords.own_words(settings.site_name, settings.url)
