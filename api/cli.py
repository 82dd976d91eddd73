"""Contents page 2: every command and the function behind it, imported when it is called."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api import __version__

if TYPE_CHECKING:
    from api.storage import Database

ROLES = ("customer", "author", "editor", "shopkeeper", "owner")


def main() -> None:
    """The command `kiosque`: what a user can do wrong ends in a sentence and exit 1."""
    try:
        kiosque.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Exception as error:
        from api.faults import sentence

        said = sentence(error)
        if said is None:
            raise
        click.echo(f"kiosque: {said}", err=True)
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kiosque")
def kiosque() -> None:
    """The JSON backend of a site that publishes and sells.

    Settings are environment variables: `kiosque settings` lists them with their values.
    """


@kiosque.command()
@click.option("--demo", is_flag=True, help="Serve a throw-away blog and shop to look at.")
def serve(demo: bool) -> None:
    """Bring the schema up to date and serve until Ctrl-C.

    Listens on KIOSQUE_BIND (127.0.0.1:8000). With --demo nothing of yours is read or changed: a small blog
    and shop are made in a temporary folder, and removed at the end.
    """
    from api.settings import Settings

    given = Settings.from_env()  # before gunicorn, which reads WEB_CONCURRENCY as it is imported
    from api import serving

    if demo:
        serving.serve_demo(given)
    serving.serve(given)


@kiosque.group()
def account() -> None:
    """Make accounts and set their passwords.

    The first owner is made here: kiosque account add you@example.org --role owner
    """


@account.command("add")
@click.argument("email")
@click.option(
    "--role", type=click.Choice(ROLES), default="customer", show_default=True, help="What it may do."
)
@click.option("--name", help="The name that others see; the part before the @ without it.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add_account(email: str, role: str, name: str | None, password_stdin: bool) -> None:
    """Make an account; asks for its password twice.

    Exit 1, and nothing changed, when the e-mail is taken or the password too weak.
    """
    from api.accounts import commands
    from api.accounts.passwords import Hasher

    db = _database()
    password = _password(password_stdin)
    commands.add(db, Hasher(), email=email, role=role, name=name, password=password)
    click.echo(f"Made {email}, {role}.")


@account.command("password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def set_password(email: str, password_stdin: bool) -> None:
    """Set the password of an account; asks for it twice. Ends all its sessions.

    Exit 1, and nothing changed, when there is no such account or the password is too weak.
    """
    from api.accounts import commands
    from api.accounts.passwords import Hasher

    db = _database()
    password = _password(password_stdin)
    commands.set_password(db, Hasher(), email=email, password=password)
    click.echo(f"Set the password of {email}.")


@kiosque.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
def import_files(files: tuple[Path, ...], dry_run: bool) -> None:
    """Bring in what another system exported.

    Takes WordPress exports (WXR, .xml), WooCommerce product CSV and Ghost exports (.json), and tells them
    apart by their content. Each file is one transaction: it comes in whole, or not at all and says why.
    A second run creates nothing new and changes only what has changed.
    """
    from api.imports import commands
    from api.settings import Settings

    commands.import_files(_database(), Settings.from_env(), files, dry_run=dry_run)


@kiosque.command()
@click.option("--buyers", type=click.IntRange(1, 1_000_000), default=2_000, show_default=True, help="Orders.")
@click.option("--stock", type=click.IntRange(0, 1_000_000), default=100, show_default=True, help="Units.")
@click.option("--kill", is_flag=True, help="Kill a worker every 0.3 s while they buy (Linux).")
@click.option("--database-url", metavar="URL", help="An empty PostgreSQL database, not a file.")
def prove(buyers: int, stock: int, kill: bool, database_url: str | None) -> None:
    """Prove that stock is sold once: buyers against a throw-away server.

    Nothing of yours is touched. Every buyer whose answer gets lost asks again with the same Idempotency-Key.
    Prints the ledger; exit 1 if it does not add up.
    """
    from api.oversell_proof import commands

    commands.prove(buyers=buyers, stock=stock, kill=kill, database_url=database_url)


@kiosque.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write everything that the database holds into a new FILE, while the server runs.

    One format for SQLite and PostgreSQL. FILE holds password hashes, so that only you may read it. Exit 1,
    and no FILE, when it is there already or could not be written whole. Restore it somewhere, now and then.
    """
    from api.backup import commands
    from api.settings import Settings

    commands.backup(Settings.from_env(), file)


@kiosque.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Fill the empty database with what a backup holds.

    Exit 1, and nothing changed, when the database holds anything, or when FILE is cut, altered, or made by a
    newer Kiosque. To try a backup: KIOSQUE_DATA=/tmp/drill kiosque restore FILE
    """
    from api.backup import commands
    from api.settings import Settings

    commands.restore(Settings.from_env(), file)


@kiosque.command("move-database")
@click.argument("url")
def move_database(url: str) -> None:
    """Copy everything into the empty database at URL, from SQLite to PostgreSQL or back.

    Stop the server first: what is written after the start is not carried over. Every table is read back and
    compared. Exit 1, and nothing there, when the database at URL holds anything or differs in the end.
    """
    from api.backup import commands
    from api.settings import Settings

    commands.move(Settings.from_env(), url)


@kiosque.command()
def migrate() -> None:
    """Bring the database's schema up to date; does nothing when it is."""
    from api.meta import commands

    commands.migrate()


@kiosque.command("routes")
def list_routes() -> None:
    """List every route: method, path, who may, what it does."""
    from api.meta import commands
    from api.routes import routes
    from api.settings import Settings
    from api.storage import Database
    from api.web.metrics import Metrics

    given = Settings.from_env()
    commands.routes(
        routes(Database("sqlite:///never-opened.db"), given, Metrics())
    )  # nothing asks this database


@kiosque.command("settings")
def list_settings() -> None:
    """List every setting: type, value, default, meaning."""
    from api.meta import commands

    commands.settings()


@kiosque.command()
def check() -> None:
    """Look whether everything is in order: a line each, exit 1 if one is not."""
    from api.meta import commands

    commands.check()


def _database() -> Database:
    from api.settings import Settings
    from api.storage import migrations

    db = migrations.migrated(Settings.from_env())
    click.get_current_context().call_on_close(db.dispose)
    return db


def _password(from_standard_input: bool) -> str:
    if from_standard_input:
        return sys.stdin.read().removesuffix("\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same again"))
