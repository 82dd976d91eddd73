"""Old addresses of what an import brings, which are kept as redirects."""

from __future__ import annotations

from collections.abc import Iterable

from api.imports.report import Report
from api.redirects import rules as redirects
from api.redirects.records import Target
from api.storage import Transaction

AT_ONCE = 500
LEADS_ELSEWHERE = "its old address leads elsewhere, or cannot be kept"


class OldAddresses:
    """The paths that things had on the old site, stored many at a time."""

    def __init__(self, tx: Transaction, report: Report) -> None:
        self._tx = tx
        self._report = report
        self._waiting: list[tuple[str, Target]] = []
        self._labels: list[str] = []

    def keep(self, addresses: Iterable[str], target: Target, label: str) -> None:
        """Let them lead to the thing, once `store` is called."""
        for address in addresses:
            self._waiting.append((address, target))
            self._labels.append(label)
        if len(self._waiting) >= AT_ONCE:
            self.store()

    def store(self) -> None:
        """Store those that wait."""
        leading = redirects.keep(self._tx, self._waiting)
        for (address, _), label, leads in zip(self._waiting, self._labels, leading, strict=True):
            if not leads and address != "/":
                self._report.note("address", LEADS_ELSEWHERE, f"{label}: {address}")
        self._waiting, self._labels = [], []
