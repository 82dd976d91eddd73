"""The command line as a table of contents: every command imports its function when it is called."""

from __future__ import annotations

from pathlib import Path

import click

from api import __version__
from api.cli.accounts import account
from api.cli.media import media
from api.cli.shared import database, log_security
from api.cli.taxes import taxes


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kiosque")
def kiosque() -> None:
    """The JSON backend of a site that publishes and sells.

    Settings are environment variables: `kiosque settings` lists them with their values.
    """


kiosque.add_command(account)
kiosque.add_command(media)
kiosque.add_command(taxes)


@kiosque.command()
@click.option("--demo", is_flag=True, help="Serve a temporary blog and shop to look at.")
def serve(demo: bool) -> None:
    """Bring the schema up to date and serve until Ctrl-C.

    Listens on KIOSQUE_BIND (127.0.0.1:8000). With --demo nothing of yours is read or changed: it makes a
    small blog and shop in a temporary folder, and removes them at the end.
    """
    from api.settings import Settings

    settings = Settings.from_env()  # before gunicorn, which reads WEB_CONCURRENCY as it is imported
    from api import serving

    if demo:
        serving.serve_demo(settings)
    serving.serve(settings)


@kiosque.command()
def work() -> None:
    """Do background work until Ctrl-C or SIGTERM, for servers with KIOSQUE_JOBS=elsewhere.

    Any number of these may run, on any node that reaches the database.
    """
    from api.jobs import commands
    from api.settings import Settings
    from api.tasks import tasks

    db = database()
    commands.work(db, tasks(db, Settings.from_env()))


@kiosque.command()
@click.option("--sandboxes", type=click.IntRange(1, 64), default=1, show_default=True, help="Ports to open.")
@click.option("--seed", default="demo", show_default=True, help="First data: demo, empty, or a backup.")
@click.option("--bind", default="127.0.0.1:8100", show_default=True, help="First address; port 0: any.")
@click.option("--port-file", type=click.Path(path_type=Path), help="Write the first port there when ready.")
@click.option("--public", is_flag=True, help="Let other machines in; needs --secret.")
@click.option("--secret", help="What /rehearsal needs as Kiosque-Rehearsal-Secret.")
def rehearse(
    sandboxes: int, seed: str, bind: str, port_file: Path | None, public: bool, secret: str | None
) -> None:
    """Serve throw-away data to test against, with a reset, a clock and faults.

    The same application over sandboxes, each picked by its port or by the header Kiosque-Sandbox; tests
    govern it by the paths under /rehearsal. Nothing of yours is read or changed. Prints one line of JSON when
    it is ready, and removes everything at the end.
    """
    from api.settings import Settings

    Settings.from_env()  # before gunicorn, which reads WEB_CONCURRENCY as it is imported
    from api.rehearsal import commands

    commands.rehearse(
        sandboxes=sandboxes, seed=seed, bind=bind, port_file=port_file, public=public, secret=secret
    )


@kiosque.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what would happen, and change nothing.")
@click.option("--lenient", is_flag=True, help="Drop control characters and the like, and count them.")
@click.option(
    "--people", "with_people", is_flag=True, help="Make accounts of users and members, without a password."
)
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Write the whole report to this file, as JSON.",
)
def import_files(
    files: tuple[Path, ...], dry_run: bool, lenient: bool, with_people: bool, report_file: Path | None
) -> None:
    """Import the exports of another system.

    Reads WordPress exports (WXR, .xml), WooCommerce product CSV and Ghost exports (.json), and recognizes
    them by their content. Each file is one transaction: all of it is imported, or none and it says why.
    A second run creates nothing twice and updates only what has changed.
    """
    from api.imports import commands
    from api.settings import Settings

    commands.import_files(
        database(),
        Settings.from_env(),
        files,
        dry_run=dry_run,
        lenient=lenient,
        with_people=with_people,
        report_file=report_file,
    )


@kiosque.command()
@click.option("--buyers", type=click.IntRange(1, 1_000_000), default=2_000, show_default=True, help="Orders.")
@click.option("--stock", type=click.IntRange(0, 1_000_000), default=100, show_default=True, help="Units.")
@click.option("--kill", is_flag=True, help="Kill a worker every 0.3 s while they buy (Linux).")
@click.option("--pay", is_flag=True, help="Let them pay, decline, come late, cancel and be refunded.")
@click.option("--database-url", metavar="URL", help="Use this empty PostgreSQL database instead of a file.")
def prove(buyers: int, stock: int, kill: bool, pay: bool, database_url: str | None) -> None:
    """Prove that stock is sold once: many buyers against a temporary server.

    Nothing of yours is touched. A buyer who gets no answer asks again with the same Idempotency-Key. Prints
    the ledger, and exits with 1 if it does not add up. With --pay the books of the shop are compared with
    those of the provider of payments, to the cent.
    """
    from api.oversell_proof import commands

    prove = commands.prove_payments if pay else commands.prove
    prove(buyers=buyers, stock=stock, kill=kill, database_url=database_url)


@kiosque.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write the whole database into a new FILE, while the server runs.

    The format is the same for SQLite and PostgreSQL. FILE contains password hashes: only you may read it.
    Exits with 1 and leaves no FILE if it exists already or cannot be written whole. Restore a backup
    somewhere now and then.
    """
    from api.backup import commands
    from api.settings import Settings

    commands.backup(Settings.from_env(), file)


@kiosque.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Fill the empty database from a backup.

    Exits with 1 and changes nothing if the database is not empty, or if FILE is cut, altered, or made by a
    newer Kiosque. To try a backup: KIOSQUE_DATA=/tmp/drill kiosque restore FILE
    """
    from api.backup import commands
    from api.settings import Settings

    log_security()
    commands.restore(Settings.from_env(), file)


@kiosque.command("move-database")
@click.argument("url")
def move_database(url: str) -> None:
    """Copy everything into the empty database at URL, from SQLite to PostgreSQL or back.

    Stop the server first: later writes are not copied. Every table is read back and compared. Exits with 1
    and copies nothing if the database at URL is not empty or differs in the end.
    """
    from api.backup import commands
    from api.settings import Settings

    commands.move(Settings.from_env(), url)


@kiosque.group()
def site() -> None:
    """Begin a site of your own.

    Its folder is named by KIOSQUE_SITE; until then visitors see the sample's pages.
    """


@site.command("copy")
@click.argument("folder", type=click.Path(path_type=Path))
def copy_site(folder: Path) -> None:
    """Copy the pages of the sample site into FOLDER, to be changed as you like.

    Exits with 1 and copies nothing if FOLDER is there and not empty.
    """
    from api.site import commands

    commands.copy(folder)


@kiosque.command()
def migrate() -> None:
    """Bring the schema of the database up to date."""
    from api.meta import commands

    commands.migrate()


@kiosque.command("routes")
def list_routes() -> None:
    """List every route: method, path, access, summary."""
    from api.meta import commands
    from api.routes import routes
    from api.settings import Settings
    from api.storage import Database
    from api.web.metrics import Metrics

    unused = Database("sqlite:///never-opened.db")
    commands.routes(routes(unused, Settings.from_env(), Metrics()))


@kiosque.command("settings")
def list_settings() -> None:
    """List every setting: variable, type, value, default, meaning."""
    from api.meta import commands

    commands.settings()


@kiosque.command()
def check() -> None:
    """Run all checks, one line each; exit with 1 if one fails."""
    from api.meta import commands

    commands.check()
