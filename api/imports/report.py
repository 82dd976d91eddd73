"""The report of an import: everything in a file is counted, and nothing is lost silently."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["created", "updated", "unchanged"]

DELETED = "it was deleted here"
OTHER_SLUG = "its slug was taken, or is none here"
WITHDRAWN = "no longer public in the source, so it was unpublished"


@dataclass(slots=True)
class Report:
    """The result of a file: numbers by (kind, outcome), and labels by (kind, reason)."""

    name: str
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    skipped: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    noted: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def count(self, kind: str, outcome: Outcome) -> None:
        """Count one more thing of this kind."""
        self.done[kind, outcome] += 1

    def skip(self, kind: str, reason: str, label: str) -> None:
        """Something is not imported."""
        self.skipped[kind, reason].append(label)

    def note(self, kind: str, reason: str, label: str) -> None:
        """Something is imported with a change."""
        self.noted[kind, reason].append(label)
