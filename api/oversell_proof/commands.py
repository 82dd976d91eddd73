"""The shell door to the proof."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from api.oversell_proof.paying import proof as paying
from api.oversell_proof.paying.payers import payers_of
from api.oversell_proof.paying.verdict import MoneyVerdict
from api.oversell_proof.proof import purchases_of, run
from api.oversell_proof.verdict import Verdict

CLIENTS = 32
KILL_EVERY = 0.3
SEED = 9
"""The payers are the same ones each time, the rest is up to the machine."""


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


def prove_payments(*, buyers: int, stock: int, kill: bool, database_url: str | None) -> None:
    """Run the proof of payments and print both books; exit 1 if they do not agree."""
    killing = ", while workers are killed" if kill else ""
    click.echo(f"{buyers:,} payers, {CLIENTS} at a time, for {stock:,} units{killing}.")
    with tempfile.TemporaryDirectory(prefix="kiosque-proof-") as folder, _progress(buyers) as on_done:
        verdict = paying.run(
            Path(folder),
            database_url or f"sqlite:///{folder}/kiosque.db",
            stock=stock,
            payers=payers_of(buyers, SEED),
            clients=CLIENTS,
            kill_every=KILL_EVERY if kill else None,
            on_done=on_done,
        )
    _print_money(verdict)
    sys.exit(1 if verdict.faults else 0)


def _print_money(verdict: MoneyVerdict) -> None:
    orders, payments = verdict.orders, verdict.payments
    for name, value, note in (
        ("orders", sum(orders.values()), f"{orders['cancelled']:,} cancelled, {orders['expired']:,} expired"),
        ("stock", verdict.stock, "units for sale"),
        ("sold", verdict.sold, "units"),
        ("left", verdict.left, "by both counter and ledger"),
        ("payments", sum(payments.values()), f"{payments['captured']:,} captured, the others ended"),
        ("refunds", verdict.refunds, "each sent once"),
        ("came", verdict.money_in, "cents, by the provider's book and ours"),
        ("returned", verdict.money_back, "cents, by the provider's book and ours"),
        ("coupons", verdict.coupons, "uses"),
        ("kills", verdict.kills, "workers killed by SIGKILL"),
    ):
        click.echo(f"  {name:8} {value:>9,}  {note}")
    _conclude(verdict.faults, agreed="The books agree.", differ="The books do not agree.")


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
    _conclude(verdict.faults, agreed="The ledger adds up.", differ="The ledger does not add up.")


def _conclude(faults: Sequence[str], *, agreed: str, differ: str) -> None:
    for fault in faults[:20]:
        click.echo(f"  FAULT     {fault}", err=True)
    click.echo(differ if faults else agreed, err=bool(faults))


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
