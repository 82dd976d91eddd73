"""One proof of payments: let the payers in, let time pass until nothing is under way, and compare."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from api.oversell_proof.paying import queries
from api.oversell_proof.paying.payers import COUPON, Payer, run_all
from api.oversell_proof.paying.verdict import MoneyVerdict, judge
from api.oversell_proof.proof import CURRENCY, WORKERS, stage
from api.oversell_proof.staging import emptied
from api.oversell_proof.temporary_server import WorkerKiller, serve
from api.shop.coupons import rules as coupons
from api.shop.coupons.records import CouponDraft
from api.storage import Database

SETTLES_WITHIN = 120.0
"""Seconds after which what is still under way is a fault."""


def run(
    folder: Path,
    database_url: str,
    *,
    stock: int,
    payers: Sequence[Payer],
    clients: int,
    kill_every: float | None = None,
    on_done: Callable[[], None] = lambda: None,
) -> MoneyVerdict:
    """Sell `stock` units to these payers, so many at a time, while workers are killed.

    The database must be empty, and one that is not a file is empty again afterwards.
    """
    uses = max(1, len(payers) // 10)
    with emptied(database_url) as db:
        keeper, buyers = stage(db, {"proof": stock}, clients)
        with db.write() as tx:
            coupon = CouponDraft(code=COUPON, kind="percent", percent=10, usage_limit=uses)
            coupons.create(tx, coupon, currency=CURRENCY)
        shop = {"KIOSQUE_PAYMENTS": "manual,test", "KIOSQUE_LIMITS": "off"}
        with serve(folder, database_url, workers=WORKERS, **shop) as server:
            with WorkerKiller(server, kill_every) as killer:
                ledger = run_all(
                    server, buyers, keeper, payers, expire=lambda order: _expire(db, order), on_done=on_done
                )
            _settle(db)
        return replace(judge(db, ledger, stock=stock, coupon_limit=uses), kills=killer.kills)


def _expire(db: Database, order_id: str) -> None:
    def expire() -> None:
        with db.write() as tx:
            queries.expire_order(tx, order_id)

    db.attempt(expire)


def _settle(db: Database) -> None:
    """Let time pass until no payment and no job about money is left, or for as long as that may take."""
    deadline = time.monotonic() + SETTLES_WITHIN
    while time.monotonic() < deadline:
        if db.attempt(partial(_is_settled, db)):
            return
        time.sleep(0.5)


def _is_settled(db: Database) -> bool:
    """Whether nothing is left; else time has passed."""
    with db.write() as tx:
        if not queries.count_unsettled(tx):
            return True
        queries.pass_time(tx)
    return False
