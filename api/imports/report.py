"""The account of an import: everything in a file is counted, and nothing is left out in silence."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["created", "updated", "unchanged"]

DELETED = "it was deleted here"
WITHDRAWN = "not public there, so it is withdrawn here"


@dataclass(slots=True)
class Report:
    """What became of a file: (kind, outcome) → how many, and (kind, reason) → what it was called."""

    name: str
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    skipped: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    noted: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def count(self, kind: str, outcome: Outcome) -> None:
        """One thing more of this kind has come in, or was here already."""
        self.done[kind, outcome] += 1

    def skip(self, kind: str, reason: str, label: str) -> None:
        """One thing is not imported."""
        self.skipped[kind, reason].append(label)

    def note(self, kind: str, reason: str, label: str) -> None:
        """One thing is imported, changed."""
        self.noted[kind, reason].append(label)
