"""One proof: stock a shop, let the buyers in, and hold what they were told against what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from uuid import uuid4

from api import migrations
from api.accounts import registration, sessions
from api.database import Database
from api.errors import OperatorError
from api.proof import queries
from api.proof.arena import Killer, arena
from api.proof.buyers import Basket, Purchase, Tally, buy_all
from api.shop import catalog
from api.shop.drafts import ItemDraft, VariantDraft
from api.shop.money import Money

WORKERS = 3
CURRENCY = "EUR"
NO_PASSWORD = "!"  # noqa: S105  # fits no password: these accounts only hold sessions


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was asked, told and stored; `faults` is empty when all of it agrees."""

    asked: int
    sold: int
    stock: int
    tally: Tally
    kills: int
    left: int
    faults: tuple[str, ...]


def run(
    folder: Path,
    database_url: str,
    *,
    stock: Mapping[str, int],
    purchases: Sequence[Purchase],
    clients: int,
    accounts: int | None = None,
    kill_every: float | None = None,
    answered: Callable[[], None] = lambda: None,
) -> Verdict:
    """Sell `stock` (sku → units) to `clients` at a time, of as many `accounts`, killing workers if asked to.

    The database must be empty, and is again when it is not a file.
    """
    db = Database(database_url)
    if migrations.current(db) is not None:
        raise OperatorError("The proof needs an empty database: this one is in use.")
    migrations.upgrade(db)
    tokens = _stage(db, stock, accounts or clients)
    with arena(folder, database_url, workers=WORKERS) as server, Killer(server, kill_every) as killer:
        tally = buy_all(server, list(islice(cycle(tokens), clients)), purchases, answered)
    verdict = _judge(db, stock, purchases, tally, killer.kills)
    if db.engine.dialect.name != "sqlite":
        migrations.downgrade(db, "base")
    db.dispose()
    return verdict


def purchases_of(baskets: Iterable[Basket]) -> list[Purchase]:
    """Each basket with a key of its own."""
    return [Purchase(str(uuid4()), basket) for basket in baskets]


def _stage(db: Database, stock: Mapping[str, int], accounts: int) -> list[str]:
    """An item for each sku, and so many signed-in customers."""
    tokens = []
    with db.write() as tx:
        for sku, units in stock.items():
            variant = VariantDraft(sku=sku, price=Money(1000, CURRENCY), stock=units)
            draft = ItemDraft(name=sku, variants=(variant,), status="published")
            catalog.create(tx, draft=draft, currency=CURRENCY, by=None)
        for number in range(accounts):
            buyer = registration.register(
                tx, email=f"buyer{number}@kiosque.test", name="Buyer", password_hash=NO_PASSWORD
            )
            tokens.append(sessions.start(tx, account=buyer).token)
    return tokens


def _judge(
    db: Database, stock: Mapping[str, int], purchases: Sequence[Purchase], tally: Tally, kills: int
) -> Verdict:
    with db.read() as tx:
        stored, sold, counted = queries.list_orders(tx), queries.count_sold(tx), queries.list_stock(tx)
    baskets = {purchase.key: purchase.basket for purchase in purchases}.values()
    asked: Counter[str] = Counter()
    for basket in baskets:
        asked.update(basket)
    faults = [
        f"{sku}: {sold.get(sku, 0)} sold, {counter} left of {stock[sku]}, the ledger says {ledger}"
        for sku, (counter, ledger) in counted.items()
        if not (counter == ledger == stock[sku] - sold.get(sku, 0) >= 0)
    ]
    if all(len(basket) == 1 and set(basket.values()) == {1} for basket in baskets):
        faults += [
            f"{sku}: {sold.get(sku, 0)} sold where {min(units, asked[sku])} could be"
            for sku, units in stock.items()
            if sold.get(sku, 0) != min(units, asked[sku])
        ]
    told = set(tally.bought.values())
    faults += [f"{order}: acknowledged, and not stored" for order in sorted(told - stored.keys())]
    if not tally.unanswered:
        faults += [f"{order}: stored, and nobody was told" for order in sorted(stored.keys() - told)]
    if len(told) != len(tally.bought):
        faults.append("two purchases were told of the same order")
    faults += [f"an answer that should not be: {answer}" for answer in tally.strange]
    return Verdict(
        asked=asked.total(),
        sold=sum(sold.values()),
        stock=sum(stock.values()),
        tally=tally,
        kills=kills,
        left=sum(counter for counter, _ in counted.values()),
        faults=tuple(faults),
    )
