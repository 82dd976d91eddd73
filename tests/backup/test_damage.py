"""A file that is not exactly what was written restores nothing."""

from __future__ import annotations

import gzip
import hashlib
import json

import pytest

from api.accounts.profiles.tables import accounts
from api.backup import archive as archives
from api.backup import rules
from api.backup.errors import CopyRefused
from api.storage import migrations
from tests.backup.filling import damaged, every_row

pytestmark = pytest.mark.mostly_on("sqlite")


def unwatched(_table: str, _rows: int) -> None:
    pass


@pytest.mark.only_on("sqlite")
def test_every_flipped_bit_and_every_cut_is_noticed(archive, tmp_path):
    bad = tmp_path / "bad.kiosque"
    tried = 0

    for _ in damaged(archive.read_bytes(), bad):
        with pytest.raises(CopyRefused, match="truncated, altered"), archives.opened(bad):
            pass
        tried += 1

    assert tried > 1000


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    "content",
    [b"", b"{}\n", b"SQLite format 3\0" * 99, gzip.compress(b"{}\n" * 99, mtime=0)],
    ids=["empty", "text", "database", "gzip"],
)
def test_a_foreign_file_is_refused(content, tmp_path, empty):
    (tmp_path / "foreign").write_bytes(content)

    with pytest.raises(CopyRefused, match="not a backup of Kiosque"):
        rules.restore(empty, tmp_path / "foreign", watch=unwatched)

    assert migrations.current(empty) is None


def without(place):
    return lambda lines: lines[:place] + lines[place + 1 :]


def without_first_closing_line(lines):
    place = next(place for place, line in enumerate(lines) if line.startswith(b'{"table"'))
    return without(place)(lines)


def in_head(**changes):
    return lambda lines: [json.dumps(json.loads(lines[0]) | changes).encode() + b"\n", *lines[1:]]


def replaced(old, new):
    return lambda lines: [line.replace(old, new, 1) for line in lines]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (without(0), "cannot be read"),
        (without(1), "do not match their closing line"),
        (without_first_closing_line, "a row of accounts has"),
        (lambda lines: lines[:-1], "ends too early"),
        (lambda lines: lines[:-5], "ends too early"),
        (lambda lines: [*lines[:-1], lines[-1][:-9]], "ends too early"),
        (lambda lines: [lines[0], b'["', *lines[1:]], "cannot be read"),
        (lambda lines: [lines[0], lines[1], *lines[1:]], "do not match their closing line"),
        (replaced(b'"owner"', b'"ownes"'), "do not match their closing line"),
        (in_head(format=2), "update it first"),
        (in_head(revision="9999"), "update it first"),
        (in_head(tables=[]), "does not have the tables"),
        (in_head(tables=3), "cannot be read"),
        (lambda _lines: [b"[1]\n"], "cannot be read"),
        (lambda _lines: [b"\xff\n"], "cannot be read"),
        (lambda _lines: [], "ends too early"),
    ],
)
def test_a_sealed_file_of_another_content_is_refused_and_nothing_has_changed(archive, empty, change, why):
    seal_again(archive, change)
    migrations.upgrade(empty)
    before = every_row(empty)

    with pytest.raises(CopyRefused, match=why):
        rules.restore(empty, archive, watch=unwatched)

    assert every_row(empty) == before


def test_rows_that_the_schema_does_not_allow_are_refused_and_nothing_has_changed(archive, empty):
    """Counted and sealed as if it were right: the database itself is the last to refuse."""
    seal_again(archive, lambda lines: count_again(replaced(b'"owner"', b'"ownes"')(lines)))

    with pytest.raises(CopyRefused, match="does not allow a row of accounts"):
        rules.restore(empty, archive, watch=unwatched)

    assert migrations.current(empty) is None


def test_a_row_of_too_many_values_is_refused(archive, empty):
    seal_again(archive, lambda lines: count_again([lines[0], lines[1].replace(b"]", b",1]"), *lines[2:]]))

    with pytest.raises(CopyRefused, match=f"a row of accounts has {len(accounts.c) + 1} values"):
        rules.restore(empty, archive, watch=unwatched)


@pytest.mark.only_on("sqlite")
def test_what_fails_on_the_way_leaves_no_file(filled, tmp_path):
    def fail(table, _rows):
        if table == "orders":
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        rules.back_up(filled, tmp_path / "a.kiosque", watch=fail)

    assert not list(tmp_path.glob("a.kiosque*"))


@pytest.mark.only_on("sqlite")
def test_what_a_killed_backup_left_is_written_over(filled, tmp_path, empty):
    (tmp_path / "a.kiosque.part").write_bytes(b"half a backup" * 10_000)

    rules.back_up(filled, tmp_path / "a.kiosque", watch=unwatched)
    rules.restore(empty, tmp_path / "a.kiosque", watch=unwatched)

    assert [path.name for path in tmp_path.glob("a.kiosque*")] == ["a.kiosque"]


@pytest.mark.only_on("sqlite")
def test_who_has_what_a_killed_backup_left_open_reads_nothing_of_the_next(filled, tmp_path):
    part = tmp_path / "a.kiosque.part"
    part.touch()
    part.chmod(0o644)
    with part.open("rb") as other:
        rules.back_up(filled, tmp_path / "a.kiosque", watch=unwatched)

        assert other.read() == b""
    assert (tmp_path / "a.kiosque").stat().st_mode & 0o777 == 0o600


@pytest.mark.only_on("sqlite")
def test_two_backups_do_not_write_one_file(filled, tmp_path):
    def second(table, rows):
        if (table, rows) == ("orders", 0):
            with pytest.raises(FileExistsError, match="by another backup"):
                rules.back_up(filled, tmp_path / "a.kiosque", watch=unwatched)

    rules.back_up(filled, tmp_path / "a.kiosque", watch=second)

    with archives.opened(tmp_path / "a.kiosque") as whole:
        assert whole.head.revision == migrations.HEAD


def seal_again(path, change):
    """What someone who knows the format could make of a file."""
    lines = change(gzip.decompress(path.read_bytes()).splitlines(keepends=True))
    body = gzip.compress(b"".join(lines))
    seal = bytes.fromhex(archives.SEAL) + hashlib.sha256(body).hexdigest().encode() + b"\0\3\0" + bytes(8)
    path.write_bytes(body + seal)


def count_again(lines):
    rows, made = [], []
    for line in lines:
        if line.startswith(b"["):
            rows.append(line)
        elif line.startswith(b'{"table"'):
            closing = {"rows": len(rows), "sha256": hashlib.sha256(b"".join(rows)).hexdigest()}
            line = json.dumps(json.loads(line) | closing).encode() + b"\n"
            rows = []
        made.append(line)
    return made
