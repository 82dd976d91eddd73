"""The reader of Ghost's list of members, a CSV file."""

import csv
from datetime import datetime

from api.imports.errors import ImportRefused
from api.imports.notes import Notes
from api.imports.records import Export, Person
from api.imports.sources import Readable, decoded, opened

COLUMNS = frozenset({"email", "subscribed_to_emails"})
_READ = {"id", "email", "name", "created_at", "deleted_at"}


def read(
    source: Readable,
    *,
    currency_exponent: int = 2,  # noqa: ARG001 - all readers are called alike
    now: datetime | None = None,  # noqa: ARG001
) -> Export:
    """The members who have not left, or ImportRefused."""
    notes, people = Notes(), list[Person]()
    with opened(source) as (stream, path):
        lines = decoded(stream, path).splitlines(keepends=True)
        delimiter = max(",;\t", key=lines[0].count) if lines else ","
        rows = csv.DictReader(lines, restkey="", restval="", delimiter=delimiter)
        rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
        try:
            for row in rows:
                if row.get("deleted_at"):
                    notes.skip("member", None, row.get("name") or "", "they have left")
                    continue
                people.append(Person(email=row.get("email") or "", name=row.get("name") or ""))
                for column in row.keys() - _READ:
                    if row[column]:
                        notes.unsupported("member", column)
        except csv.Error as error:
            raise ImportRefused(path, f"The table cannot be read: {error}.", rows.line_num) from error
    return Export(format="ghost-members-csv", source="ghost", people=tuple(people), skipped=notes.skipped)
