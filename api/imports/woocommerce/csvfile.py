"""CSV, read strictly: a truncated or shifted row is refused with its line."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from api.imports import text
from api.imports.errors import ImportRefused
from api.imports.woocommerce import headers

MAX_FIELD = 1_000_000
DELIMITERS = ",;\t|"
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<delimiter>[,;\t|])"?(?:\r\n?|\n)', re.IGNORECASE)
_ESCAPED_QUOTE = re.compile(r'(?<!\\)((?:\\\\)*)\\"')
_GUARDED = re.compile(r"'[=+\-@\t\r]")
_LIST_COMMA = re.compile(r"(?<!\\),")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row by its headers in English; `line` is where it begins."""

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


class Table:
    """A table with one row of headers, after the line `sep=;` that Excel knows."""

    def __init__(self, content: str, path: str) -> None:
        separator = _SEPARATOR_LINE.match(content)
        self._path = path
        self._content = content[separator.end() :] if separator else content
        self._delimiter = separator["delimiter"] if separator else _delimiter(content)
        self._first_line = 2 if separator else 1

    def headers(self) -> list[str]:
        """Those of the first row in English; empty if it is not CSV."""
        return headers.english(self._first_row())

    def units(self) -> Mapping[str, str]:
        """The units that headers name, such as kg in `Weight (kg)`."""
        cells = self._first_row()
        return {
            header: unit
            for header, cell in zip(headers.english(cells), cells, strict=True)
            if (unit := headers.unit_of(cell))
        }

    def records(self, is_read: Callable[[str], bool]) -> list[Record]:
        """The rows; refused if one is malformed or has the wrong number of columns.

        Of two columns with one header, the first counts, and a file with two that are read is refused.
        If a quote after a backslash breaks a row, it is taken for a part of the value, as PHP does.
        """
        csv.field_size_limit(
            max(csv.field_size_limit(), MAX_FIELD)
        )  # its 128 KiB are too few for descriptions
        try:
            return list(self._records(self._content, is_read))
        except ImportRefused:
            if '\\"' not in self._content:
                raise
            try:
                return list(self._records(_ESCAPED_QUOTE.sub(r'\1""', self._content), is_read))
            except ImportRefused:
                pass
            raise

    def _first_row(self) -> list[str]:
        try:
            return next(csv.reader(_lines(self._content), delimiter=self._delimiter), [])
        except csv.Error:
            return []

    def _records(self, content: str, is_read: Callable[[str], bool]) -> Iterator[Record]:
        reader = csv.reader(_lines(content), delimiter=self._delimiter, strict=True)
        columns: dict[str, int] = {}
        line, width = self._first_line, 0
        try:
            for cells in reader:
                if not columns:
                    columns, width = self._columns(cells, is_read), len(cells)
                elif any(cells):
                    self._check_width(cells, width, line)
                    fields = {header: _value(cells[at - 1]) for header, at in columns.items()}
                    yield Record(path=self._path, line=line, fields=fields, columns=columns)
                line = reader.line_num + self._first_line
        except csv.Error as error:
            raise ImportRefused(self._path, f"The row cannot be read: {_reason(error)}.", line) from error

    def _columns(self, cells: list[str], is_read: Callable[[str], bool]) -> dict[str, int]:
        columns: dict[str, int] = {}
        for at, header in enumerate(headers.english(cells), 1):
            if header in columns and is_read(header):
                sentence = f"Two columns have the header “{header[:100]}”: remove or rename one."
                raise ImportRefused(self._path, sentence, self._first_line, at)
            columns.setdefault(header, at)
        return columns

    def _check_width(self, cells: list[str], width: int, line: int) -> None:
        if len(cells) != width:
            sentence = (
                f"The row has {len(cells)} columns where the header has {width}: "
                "enclose values that contain the delimiter in double quotes."
            )
            raise ImportRefused(self._path, sentence, line, min(len(cells), width) + 1)


def split_list(value: str) -> list[str]:
    """The members of a comma-separated value; a backslash keeps a comma inside a member."""
    members = (member.replace("\\,", ",").strip() for member in _LIST_COMMA.split(value))
    return [member for member in members if member]


def lines(description: str) -> str:
    """WooCommerce writes a line end as `\\n`, and a true `\\n` with two backslashes."""
    return "\\n".join(part.replace("\\n", "\n") for part in description.split("\\\\n"))


def _lines(content: str) -> Iterator[str]:
    """One after the other: a StringIO is four bytes for each character of all."""
    return (match[0] for match in _LINE.finditer(content))


def _delimiter(content: str) -> str:
    """The one that stands most often in the first line, outside of quotes."""
    first = re.sub(r'"[^"]*"', "", content.lstrip("\r\n").partition("\n")[0])
    return max(DELIMITERS, key=first.count)


def _reason(error: csv.Error) -> str:
    if "unexpected end" in str(error):
        return "a quote is not closed"
    return "a quote inside a value must be written twice"


def _value(cell: str) -> str:
    """WooCommerce puts an apostrophe before what a spreadsheet would take for a formula."""
    return text.clean(cell[1:] if _GUARDED.match(cell) else cell)
