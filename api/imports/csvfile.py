"""CSV, read strictly: a truncated or shifted row is refused with its line."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from api.imports import text
from api.imports.errors import ImportRefused

MAX_FIELD = 1_000_000
DELIMITERS = ",;\t"
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_GUARDED = re.compile(r"'[=+\-@\t\r]")
_LIST_COMMA = re.compile(r"(?<!\\),")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row by folded header; `line` is where it begins."""

    path: str
    line: int
    fields: dict[str, str]
    columns: dict[str, int]

    def __getitem__(self, header: str) -> str:
        """The value under a header, empty where the file lacks the column."""
        return self.fields.get(header, "")

    def refused(self, header: str, reason: object) -> ImportRefused:
        """The refusal of the file because of the value under this header."""
        return ImportRefused(self.path, f"Column “{header}”: {reason}.", self.line, self.columns.get(header))


def header_of(content: str) -> list[str]:
    """The folded headers of the first row, whatever the delimiter; empty if it is not CSV."""
    try:
        return [fold(cell) for cell in next(csv.reader(_lines(content), delimiter=_delimiter(content)), [])]
    except csv.Error:
        return []


def records(content: str, path: str, is_read: Callable[[str], bool]) -> Iterator[Record]:
    """The rows below the headers; refused if one is malformed or has the wrong number of columns.

    Of two columns with one header, the first counts, and a file with two that are read is refused.
    """
    csv.field_size_limit(max(csv.field_size_limit(), MAX_FIELD))  # its 128 KiB are too few for descriptions
    reader = csv.reader(_lines(content), delimiter=_delimiter(content), strict=True)
    columns: dict[str, int] = {}
    line, width = 1, 0
    try:
        for cells in reader:
            if not columns:
                columns, width = _columns(cells, path, is_read), len(cells)
            elif any(cells):
                _check_width(cells, width, path, line)
                fields = {header: _value(cells[at - 1]) for header, at in columns.items()}
                yield Record(path=path, line=line, fields=fields, columns=columns)
            line = reader.line_num + 1
    except csv.Error as error:
        reason = "a quote is not closed" if "unexpected end" in str(error) else str(error)
        raise ImportRefused(path, f"The row cannot be read: {reason}.", line) from error


def fold(header: str) -> str:
    """A header in the form that is compared: without case, and without the unit in `Weight (lbs)`."""
    folded = " ".join(text.clean(header).casefold().split())
    return re.sub(r"^(weight|length|width|height) \(\w+\)$", r"\1", folded)


def split_list(value: str) -> list[str]:
    """The members of a comma-separated value; a backslash keeps a comma inside a member."""
    members = (member.replace("\\,", ",").strip() for member in _LIST_COMMA.split(value))
    return [member for member in members if member]


def _lines(content: str) -> Iterator[str]:
    """One after the other: a StringIO is four bytes for each character of all."""
    return (match[0] for match in _LINE.finditer(content))


def _delimiter(content: str) -> str:
    first = content.partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def _columns(cells: list[str], path: str, is_read: Callable[[str], bool]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for at, header in enumerate(map(fold, cells), 1):
        if header in columns and is_read(header):
            raise ImportRefused(path, f"Two columns have the header “{header[:100]}”.", 1, at)
        columns.setdefault(header, at)
    return columns


def _check_width(cells: list[str], width: int, path: str, line: int) -> None:
    if len(cells) != width:
        sentence = f"The row has {len(cells)} columns where the header has {width}."
        raise ImportRefused(path, sentence, line, min(len(cells), width) + 1)


def _value(cell: str) -> str:
    """WooCommerce puts an apostrophe before what a spreadsheet would take for a formula."""
    return text.clean(cell[1:] if _GUARDED.match(cell) else cell)
