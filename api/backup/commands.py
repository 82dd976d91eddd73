"""The shell door of backups: each command reports the rows that it copied, and the next step."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import click

from api.backup import rules
from api.backup.copying import Tallies, Watch
from api.backup.errors import CopyRefused
from api.media.files import store_of
from api.settings import Settings
from api.storage import Database, file_of, open_database, without_password
from api.web import logs


def backup(settings: Settings, path: Path) -> None:
    """Write a backup and report its rows."""
    if settings.is_on_site(path):
        raise CopyRefused(f"{path} is inside KIOSQUE_SITE ({settings.site}): everybody could download it.")
    if not path.parent.is_dir():
        raise CopyRefused(
            f"There is no folder {path.parent}: make it first, with mkdir -m 700 -p {path.parent}"
        )
    with _standing(settings) as db, _watching() as watch:
        tallies = rules.back_up(db, path, watch=watch, store=store_of(settings, db))
    click.echo(f"Wrote {path}, {_size(path.stat().st_size)}.")
    _print(tallies)


def restore(settings: Settings, path: Path) -> None:
    """Fill the empty database from a backup and report its rows."""
    with _opened(settings) as db, _watching() as watch:
        head, tallies = rules.restore(db, path, watch=watch, store=store_of(settings, db))
    logs.at_shell("restore", "kiosque restore", written_at=head.created_at, kiosque=head.kiosque)
    click.echo(f"Restored {path}, written on {head.created_at} by Kiosque {head.kiosque}.")
    _print(tallies)


def move(settings: Settings, url: str) -> None:
    """Copy everything into the empty database at `url` and report the next step."""
    target = settings.over(url)
    click.echo("Anything written from now on is not copied: the server should be stopped.", err=True)
    with _standing(settings) as db, _opened(target) as empty, _watching() as watch:
        tallies = rules.move(db, empty, watch=watch)
    click.echo(f"Copied {_shown(settings)} to {_shown(target)}; every table reads back the same.")
    _print(tallies)
    click.echo(f"Now set KIOSQUE_DATABASE_URL to {_shown(target)} and start the server.")


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    db = open_database(settings)
    try:
        yield db
    finally:
        db.dispose()


def _standing(settings: Settings) -> AbstractContextManager[Database]:
    """The configured database; a missing file is not created."""
    file = file_of(settings.database_url)
    if file is not None and not file.is_file():
        raise CopyRefused(f"There is no database at {file}.")
    return _opened(settings)


@contextmanager
def _watching() -> Iterator[Watch]:
    if not sys.stderr.isatty():
        yield lambda _table, _rows: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:,.0f} rows  {task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda table, rows: progress.update(task, description=table, advance=rows)


def _print(tallies: Tallies) -> None:
    for name, tally in tallies.items():
        click.echo(f"  {name:20} {tally.rows:>9}")
    click.echo(f"  {len(tallies)} tables, {sum(tally.rows for tally in tallies.values())} rows")


def _shown(settings: Settings) -> str:
    return without_password(settings.database_url)


def _size(count: int) -> str:
    return f"{count / 2**20:.1f} MiB" if count >= 2**20 else f"{count / 2**10:.1f} KiB"
