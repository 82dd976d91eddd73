"""`kiosque media fetch`: brings in what imports left elsewhere, a line for each address."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

from api.audit import rules as audit
from api.audit.records import SHELL
from api.imports.pictures import getting, things
from api.imports.pictures.addresses import absolute, original
from api.imports.pictures.arriving import Arrival, Arrivals, Picture
from api.imports.pictures.folder import Folder
from api.imports.pictures.getting import Place
from api.imports.pictures.network import Network
from api.imports.pictures.showing import NotShown, Showing
from api.imports.pictures.things import Thing
from api.media.files import store_of
from api.settings import Settings
from api.storage import Database
from api.web import logs
from api.webhooks.reaching import Reach

AT_ONCE = 4
COMMAND = "kiosque media fetch"
WIDTH = max(map(len, (getting.PRIVATE, getting.REDIRECTS, getting.NOT_IN_FOLDER)))

Sought = TypeVar("Sought")
Result = TypeVar("Result")


def fetch(
    db: Database,
    settings: Settings,
    *,
    from_folder: Path | None = None,
    site: str = "",
    inside: Iterable[str] = (),
    dry_run: bool = False,
    place: Place | None = None,
) -> None:
    """Bring the pictures in, and let articles and items show them; exit code 1 if something is left."""
    if place is None:
        place = Folder(from_folder) if from_folder else Network(Reach(frozenset(inside)))
    arrivals = Arrivals(db, store_of(settings, db), place)
    pictures, shown_by = _elsewhere(db, site)
    if not dry_run and pictures:
        with db.write() as tx:
            audit.note(tx, "import", SHELL, command=COMMAND)
        logs.at_shell("import", COMMAND)
    outcomes: Counter[str] = Counter()
    arrived: dict[str, str] = {}
    with _progress("pictures", len(pictures)) as advance:
        work = arrivals.look if dry_run else arrivals.bring
        for arrival in _at_once(work, pictures.values()):
            outcomes.update(_print(arrival))
            if arrival.medium_id is not None:
                arrived[arrival.picture.original] = arrival.medium_id
            advance()
    failed = outcomes.total() - outcomes[getting.FETCHED] - outcomes[getting.THERE]
    counts = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
    click.echo(f"{outcomes.total()} addresses{': ' if counts else ''}{counts}", err=True)
    if dry_run:
        click.echo("dry run: nothing was changed", err=True)
    else:
        showing = Showing(db, settings.public_site, settings.currency, arrived)
        failed += _show(showing, shown_by if arrived else [])
    if failed:
        sys.exit(1)


def _elsewhere(db: Database, site: str) -> tuple[dict[str, Picture], list[Thing]]:
    """The pictures that imported things show from elsewhere, by their originals; and those things."""
    pictures: dict[str, Picture] = {}
    shown_by: dict[Thing, None] = {}
    for thing, content in things.list_imported(db):
        thing = thing._replace(site=site or thing.site)
        for shown in content.elsewhere():
            address = absolute(shown.address, thing.site)
            of = original(address)
            picture = pictures.setdefault(of.address, Picture(of.address))
            picture.shown[address] = (of.width, of.height)
            picture.alt = picture.alt or shown.alt
            shown_by[thing] = None
    return pictures, list(shown_by)


def _show(showing: Showing, shown_by: Iterable[Thing]) -> int:
    """Let the things show what has arrived; how many cannot."""
    changed: Counter[str] = Counter()
    failed = 0
    for thing in shown_by:
        try:
            changed[thing.kind] += showing.show(thing)
        except NotShown as error:
            failed += 1
            click.echo(f"kiosque: {thing.id} still shows pictures from elsewhere: {error}", err=True)
    click.echo(f"changed: {changed['article']} articles, {changed['item']} items", err=True)
    return failed


def _print(arrival: Arrival) -> Iterator[str]:
    """Print a line for each address of a picture; their outcomes."""
    for address in arrival.picture.shown:
        outcome, detail = arrival.of(address)
        click.echo(f"{outcome:{WIDTH}}  {address}{f'  ({detail})' if detail else ''}")
        yield outcome


def _at_once(work: Callable[[Sought], Result], each: Iterable[Sought]) -> Iterator[Result]:
    """The results in the order in which they come."""
    waiting: set[Future[Result]] = set()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            for one in each:
                waiting.add(pool.submit(work, one))
                if len(waiting) == 2 * AT_ONCE:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            yield from (future.result() for future in as_completed(waiting))
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _progress(doing: str, count: int) -> Iterator[Callable[[], None]]:
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress

    console = Console(stderr=True)
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    # Only lines that go to the same screen must make room for it.
    with Progress(*columns, console=console, transient=True, redirect_stdout=sys.stdout.isatty()) as shown:
        task = shown.add_task(doing, total=count)
        yield lambda: shown.advance(task)
