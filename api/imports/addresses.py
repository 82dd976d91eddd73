"""Old addresses of what an import brings, which are kept as redirects."""

from __future__ import annotations

from collections.abc import Iterable

from api.imports.report import Report
from api.redirects import rules as redirects
from api.redirects.records import Target
from api.storage import Transaction

LEADS_ELSEWHERE = "its old address leads elsewhere, or cannot be kept"


def keep_addresses(
    tx: Transaction, addresses: Iterable[str], target: Target, report: Report, label: str
) -> None:
    """Let the paths that a thing had on the old site lead to it."""
    for address in addresses:
        if not redirects.keep(tx, address, target=target) and address != "/":
            report.note("address", LEADS_ELSEWHERE, f"{label}: {address}")
