"""One proof: stock a shop, let the buyers in, and compare their answers with what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from uuid import uuid4

from api.accounts.profiles import registration
from api.accounts.sessions import rules as sessions
from api.oversell_proof.buyers import Basket, Purchase, Task, run_all
from api.oversell_proof.staging import emptied
from api.oversell_proof.temporary_server import WorkerKiller, serve
from api.oversell_proof.verdict import Verdict, judge
from api.roles import CUSTOMER, Role
from api.shop.items import rules as catalog
from api.shop.items.records import ItemDraft
from api.shop.money import Money
from api.shop.variants.records import VariantDraft
from api.storage import Database, Transaction

WORKERS = 3
CURRENCY = "EUR"
NO_PASSWORD = "!"  # noqa: S105  # matches no password: these accounts only hold sessions


def run(
    folder: Path,
    database_url: str,
    *,
    stock: Mapping[str, int],
    tasks: Sequence[Task],
    clients: int,
    accounts: int | None = None,
    kill_every: float | None = None,
    on_done: Callable[[], None] = lambda: None,
) -> Verdict:
    """Sell `stock` (sku → units) to `clients` at a time, signed in to as many `accounts`.

    Workers are killed every `kill_every` seconds. The database must be empty, and one that is not a file is
    empty again afterwards.
    """
    # Nobody pays, so a long proof would see its first orders expire, and each buyer the limit.
    unhurried = {"KIOSQUE_HOLD_MINUTES": "0", "KIOSQUE_LIMITS": "off", "KIOSQUE_PAYMENTS": "manual,test"}
    with emptied(database_url) as db:
        keeper, buyers = stage(db, stock, accounts or clients)
        with (
            serve(folder, database_url, workers=WORKERS, **unhurried) as server,
            WorkerKiller(server, kill_every) as killer,
        ):
            tally = run_all(server, list(islice(cycle(buyers), clients)), keeper, tasks, on_done)
        return replace(judge(db, stock, tasks, tally), kills=killer.kills)


def purchases_of(baskets: Iterable[Basket]) -> list[Purchase]:
    """Each basket with a key of its own."""
    return [Purchase(str(uuid4()), basket) for basket in baskets]


def stage(db: Database, stock: Mapping[str, int], accounts: int) -> tuple[str, list[str]]:
    """Make an item for each sku; the token of a shopkeeper, and those of so many customers."""
    with db.write() as tx:
        for sku, units in stock.items():
            variant = VariantDraft(sku=sku, price=Money(1000, CURRENCY), stock=units)
            draft = ItemDraft(name=sku, variants=(variant,), status="published")
            catalog.create(tx, draft, currency=CURRENCY, actor=None)
        buyers = [_sign_up(tx, f"buyer{number}", CUSTOMER) for number in range(accounts)]
        return _sign_up(tx, "keeper", "shopkeeper"), buyers


def _sign_up(tx: Transaction, name: str, role: Role) -> str:
    account = registration.register(
        tx, email=f"{name}@kiosque.test", name=name, password_hash=NO_PASSWORD, role=role
    )
    return sessions.create(tx, account).token
