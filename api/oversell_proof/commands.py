"""The shell door to the proof."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from api.oversell_proof.proof import purchases_of, run
from api.oversell_proof.verdict import Verdict

CLIENTS = 32
KILL_EVERY = 0.3


def prove(*, buyers: int, stock: int, kill: bool, database_url: str | None) -> None:
    """Run the proof and print its ledger; exit 1 if it does not add up."""
    killing = ", while workers are killed" if kill else ""
    click.echo(f"{buyers:,} buyers, {CLIENTS} at a time, for {stock:,} units{killing}.")
    with tempfile.TemporaryDirectory(prefix="kiosque-proof-") as folder, _progress(buyers) as on_done:
        verdict = run(
            Path(folder),
            database_url or f"sqlite:///{folder}/kiosque.db",
            stock={"proof": stock},
            tasks=purchases_of([{"proof": 1}] * buyers),
            clients=CLIENTS,
            kill_every=KILL_EVERY if kill else None,
            on_done=on_done,
        )
    _print(verdict)
    sys.exit(1 if verdict.faults else 0)


def _print(verdict: Verdict) -> None:
    tally = verdict.tally
    for name, value, note in (
        ("ordered", verdict.ordered, "units"),
        ("stock", verdict.stock, "units for sale"),
        ("sold", verdict.sold, f"in {len(tally.bought):,} orders, each confirmed once"),
        ("left", verdict.left, "by both counter and ledger"),
        ("refused", len(tally.refused), "out of stock"),
        ("unknown", len(tally.unanswered), "never answered"),
        ("replays", tally.tries - len(tally.bought) - len(tally.refused), "sent again with the same key"),
        ("kills", verdict.kills, "workers killed by SIGKILL"),
    ):
        click.echo(f"  {name:8} {value:>9,}  {note}")
    click.echo(f"  {'worst':8} {tally.worst:>8.2f}s  for the slowest order")
    for fault in verdict.faults[:20]:
        click.echo(f"  FAULT     {fault}", err=True)
    if verdict.faults:
        click.echo("The ledger does not add up.", err=True)
    else:
        click.echo("The ledger adds up.")


@contextmanager
def _progress(count: int) -> Iterator[Callable[[], None]]:
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("buying", total=count)
        yield lambda: progress.advance(task)
