"""Imports: asked for, begun by whichever process has the file, and ended once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from msgspec import structs

from api import times
from api.audit import rules as audit
from api.audit.records import Origin
from api.errors import NotFound
from api.imports.errors import ImportRefused
from api.imports.report import Report
from api.imports.uploads import queries
from api.imports.uploads.records import Counts, Import, ImportState, Note, Options, Refusal, Result
from api.storage import Transaction

MOST_ATTEMPTS = 5
"""After so many that were killed it is the file that kills them."""
LOST_DAYS = 1
DAYS = 30
"""For which an import that has ended is stored: its notes may hold names of people."""
MOST_NOTES = 100
MOST_LABELS = 5
MOST_SKUS = 100
"""More, since their owner has to know what each became."""
LONGEST_LABEL, LONGEST_DETAIL = 60, 300

OTHER_FILE = "Send an export of WordPress (WXR, .xml), of WooCommerce (products, .csv) or of Ghost (.json)."
AT_PLACE = "Correct the file at this place, or export it once more."
KILLED = Refusal(
    f"It was begun {MOST_ATTEMPTS} times, and each time the process was killed.",
    "Import the file with `kiosque import` on a machine with more memory, or export fewer things at a time.",
)
LOST = Refusal(
    "Its file is not on the machine that does the background work.",
    "Send it again; with several nodes, share the folder `imports` in KIOSQUE_DATA among them.",
)
_OPTIONS = {"--lenient": "`?lenient=true`", "--people": "`?people=true`"}
"""Of the command → of the request."""


def create(tx: Transaction, import_id: str, options: Options, *, origin: Origin) -> Import:
    """Store an import whose file is there; it is begun after this transaction."""
    new = Import(id=import_id, state="waiting", attempts=0, created_at=tx.now, **structs.asdict(options))
    queries.insert_import(tx, new, origin=origin)
    return new


def find(tx: Transaction, *, ref: str) -> Import:
    """The import of that id, or NotFound."""
    found = queries.find_import(tx, import_id=ref)
    if found is None:
        raise NotFound
    return found


def state_of(tx: Transaction, *, import_id: str) -> ImportState | None:
    """The state of that import, None if there is none."""
    found = queries.find_import(tx, import_id=import_id)
    return found.state if found else None


def begin(tx: Transaction, *, import_id: str) -> Import | None:
    """Begin an import, once more if it was killed; None if there is none, or it has ended."""
    before = queries.find_import(tx, import_id=import_id, lock=True)
    if before is None or before.ended_at:
        return None
    if before.attempts >= MOST_ATTEMPTS:
        refuse(tx, before, KILLED)
        return None
    after = structs.replace(before, state="running", attempts=before.attempts + 1)
    queries.update_import(tx, after)
    return after


def finish(tx: Transaction, report: Report, *, begun: Import) -> None:
    """Store what the import has come to; in the transaction that imports, or after a dry run."""
    if not begun.dry_run:
        origin = queries.find_origin(tx, import_id=begun.id)
        audit.note(tx, "import", origin, subject=begun.id, format=report.name)
    result = result_of(report)
    after = structs.replace(begun, state="done", ended_at=tx.now, **structs.asdict(result))
    queries.update_import(tx, after)


def refuse(tx: Transaction, before: Import, reason: Refusal) -> None:
    """Nothing of the file is imported."""
    queries.update_import(tx, structs.replace(before, state="refused", ended_at=tx.now, error=reason))


def give_up_lost(tx: Transaction, *, most: int) -> int:
    """Refuse at most so many of the imports that nobody has ended in a day, and return how many."""
    lost = queries.list_open(tx, before=times.later(tx.now, days=-LOST_DAYS), most=most)
    for each in lost:
        refuse(tx, each, LOST)
    return len(lost)


def sweep(tx: Transaction, *, most: int) -> int:
    """Delete at most so many of the imports that ended long ago, and return how many."""
    return queries.delete_old(tx, before=times.later(tx.now, days=-DAYS), most=most)


def refusal_of(error: ImportRefused) -> Refusal:
    """The reason that the reader gives, in the words of a request, with what to do."""
    detail = error.sentence
    if any(option in detail for option in _OPTIONS):
        remedy = "Send the file again with that option."
    else:
        remedy = OTHER_FILE if error.line is None else AT_PLACE
    for option, parameter in _OPTIONS.items():
        detail = detail.replace(option, parameter)
    return Refusal(detail, remedy, error.line, error.column)


def result_of(report: Report) -> Result:
    """A report in bounds: what is left out of it is counted."""
    outcomes: dict[str, dict[str, int]] = {}
    for (kind, outcome), count in report.done.items():
        outcomes.setdefault(kind, {})[outcome] = count
    notes = [*_notes("skipped", report.skipped), *_notes("noted", report.noted)]
    if len(notes) > MOST_NOTES:
        detail = "more reasons are not listed here; `kiosque import --report FILE` lists all"
        notes[MOST_NOTES - 1 :] = [Note("more", "note", detail, len(notes) - MOST_NOTES + 1, [])]
    return Result(report.name, {kind: Counts(**counts) for kind, counts in outcomes.items()}, notes)


def _notes(code: str, reasons: Mapping[tuple[str, str], Sequence[str]]) -> list[Note]:
    return [
        Note(code, kind, _cut(reason, LONGEST_DETAIL), len(labels), _first(kind, labels))  # type: ignore[arg-type]
        for (kind, reason), labels in sorted(reasons.items())
    ]


def _first(kind: str, labels: Sequence[str]) -> list[str]:
    shown = dict.fromkeys(_cut(label, LONGEST_LABEL) for label in labels if label)
    return list(islice(shown, MOST_SKUS if kind == "sku" else MOST_LABELS))


def _cut(text: str, longest: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
