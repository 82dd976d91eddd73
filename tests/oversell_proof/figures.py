"""One line of figures for each storm and fault, printed by `make storm`."""

from __future__ import annotations

from api.oversell_proof.paying.verdict import MoneyVerdict
from api.oversell_proof.verdict import Verdict


def line(name: str, verdict: Verdict, *, kills: int = 0, back: float | None = None) -> str:
    """Units asked for and sold, orders lost and doubled, and the longest wait."""
    tally = verdict.tally
    figures = {
        "ordered": f"{verdict.ordered:,} of {verdict.stock:,}",
        "sold": f"{verdict.sold:,}",
        "lost": verdict.lost,
        "doubled": verdict.doubled,
        "kills": verdict.kills or kills,
        "tries": f"{tally.tries:,}",
        "worst": f"{tally.worst:.2f} s",
        **({} if back is None else {"back after": f"{back:.2f} s"}),
    }
    return f"{name}: " + ", ".join(f"{value} {figure}" for value, figure in figures.items())


def money_line(name: str, verdict: MoneyVerdict) -> str:
    """Orders, payments, and the cents that came and went back."""
    return (
        f"{name}: {sum(verdict.orders.values()):,} orders, {verdict.payments['captured']:,} paid,"
        f" {verdict.refunds:,} refunds, {verdict.money_in:,} cents came, {verdict.money_back:,} went back,"
        f" {verdict.coupons:,} coupons, {verdict.kills} kills, {verdict.ledger.tries:,} tries,"
        f" {len(verdict.faults)} faults"
    )
