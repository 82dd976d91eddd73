"""Notes of everything that a reader leaves out or changes, so that nothing is lost silently."""

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from api.imports import text
from api.imports.records import Note

MAX_BODY_BYTES = 200_000
MAX_NAME = 200
MAX_SUMMARY = 1_000
MAX_SLUG = 100
MAX_LABEL = 60
MAX_TAGS = 50
_Tag = TypeVar("_Tag")


class Notes:
    """The losses of one file: rows skipped, rows changed, and unsupported fields with the number of rows."""

    def __init__(self) -> None:
        self._skipped: list[Note] = []
        self._warnings: list[Note] = []
        self._unsupported: Counter[tuple[str, str]] = Counter()

    def skip(self, kind: str, external_id: str | None, label: str, reason: str) -> None:
        """Something is not imported."""
        self._skipped.append(Note(kind=kind, external_id=external_id, label=label, reason=reason))

    def warn(self, kind: str, external_id: str | None, label: str, reason: str) -> None:
        """Something is imported with a change."""
        self._warnings.append(Note(kind=kind, external_id=external_id, label=label, reason=reason))

    def unsupported(self, kind: str, field: str) -> None:
        """One more row uses a field that is not supported."""
        self._unsupported[kind, field] += 1

    def row(self, kind: str, external_id: str, label: str) -> "RowNotes":
        """The notes of one row."""
        return RowNotes(self, kind, external_id, label)

    @property
    def skipped(self) -> tuple[Note, ...]:
        """Everything skipped, then one entry for each unsupported field."""
        fields = (
            Note(kind=kind, external_id=None, label=field, reason=f"not supported; used in {_rows(n)}")
            for (kind, field), n in sorted(self._unsupported.items())
        )
        return (*self._skipped, *fields)

    @property
    def warnings(self) -> tuple[Note, ...]:
        return tuple(self._warnings)


class RowNotes:
    """The notes of one row, and its texts cut to the lengths that Kiosque allows."""

    def __init__(self, notes: Notes, kind: str, external_id: str, label: str) -> None:
        self._notes = notes
        self.kind = kind
        self.external_id = external_id
        self.label = label

    def warn(self, reason: str) -> None:
        """This row is imported with a change."""
        self._notes.warn(self.kind, self.external_id, self.label, reason)

    def skip(self, reason: str) -> None:
        """This row is not imported."""
        self._notes.skip(self.kind, self.external_id, self.label, reason)

    def skip_part(self, kind: str, label: str, reason: str) -> None:
        """A part of this row is not imported."""
        self._notes.skip(kind, self.external_id, label, reason)

    def name(self, written: str | None, what: str, substitutes: Iterable[str | None]) -> str:
        """A title or name in one line of plain text; without one, the first substitute."""
        if plain := text.plain(written):
            return self.cut(plain, MAX_NAME, what)
        self.warn(f"it has no {what}; one was generated")
        return next(filter(None, substitutes), self.external_id)[:MAX_NAME].strip()

    def slug(self, slug: str | None) -> str | None:
        """The slug, cut with a note if it is too long."""
        return self.cut(slug, MAX_SLUG, "slug") if slug else None

    def tags(self, tags: Iterable[_Tag]) -> tuple[_Tag, ...]:
        """The tags, each once, cut with a note if there are too many."""
        unique = tuple(dict.fromkeys(tags))
        if len(unique) > MAX_TAGS:
            self.warn(f"tags cut from {len(unique)} to {MAX_TAGS}")
        return unique[:MAX_TAGS]

    def cut(self, text: str, limit: int, what: str) -> str:
        """The text, cut with a note if it is longer than `limit` characters."""
        if len(text) <= limit:
            return text
        self.warn(f"{what} cut from {len(text)} to {limit} characters")
        return text[:limit].rstrip()

    def cut_middle(self, text: str, limit: int, what: str) -> str:
        """As `cut`, but in the middle, so that names that begin alike stay apart."""
        if len(text) <= limit:
            return text
        self.warn(f"{what} cut from {len(text)} to {limit} characters")
        end = limit // 2
        return f"{text[: limit - end - 1].rstrip()}…{text[-end:].lstrip()}"

    def cut_body(self, text: str, what: str = "body") -> str:
        """The text, cut with a note if it is longer than a body may be."""
        if (cut := cut_body(text)) != text:
            self.warn(f"{what} cut from {len(text.encode())} to {MAX_BODY_BYTES} bytes")
        return cut


def cut_body(text: str) -> str:
    """The text up to the length that a body may have."""
    encoded = text.encode()
    return text if len(encoded) <= MAX_BODY_BYTES else encoded[:MAX_BODY_BYTES].decode(errors="ignore")


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
