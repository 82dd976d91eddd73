"""The SQL of media."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from api.media.records import Medium, Size
from api.media.tables import media, media_files, media_uses
from api.storage import Among, Keyset, Prepared, Row, Transaction, columns_of, row_of

_MEDIUM = columns_of(media, Medium)
_BY_ID = media.c.id == sa.bindparam("medium")
_IS_IMAGE = media.c.width.is_not(None)
_SEEN = sa.and_(
    sa.or_(sa.bindparam("sees_all", type_=sa.Integer) == 1, media.c.account_id == sa.bindparam("account")),
    sa.or_(sa.bindparam("sees_files", type_=sa.Integer) == 1, _IS_IMAGE),
)
_IS_USED = sa.exists().where(media_uses.c.media_id == media.c.id).correlate(media)
_sizes = msgspec.json.Decoder(tuple[Size, ...])

# SQLite knows PostgreSQL's form; a second insert of the same bytes waits until the first transaction ends.
_INSERT = Prepared(insert(media).on_conflict_do_nothing(), *media.c.keys())


def insert_medium(tx: Transaction, medium: Medium, *, words: str) -> bool:
    """Store a new medium; False if its account has one of the same bytes."""
    if tx.run(_INSERT, **_row(medium, words)) == 0:
        return False
    files = [{"file": size.file, "media_id": medium.id} for size in medium.sizes]
    tx.run_many(_INSERT_FILE, files)
    return True


_INSERT_FILE = sa.insert(media_files)

_FIND = sa.select(*_MEDIUM).where(_BY_ID, _SEEN)


def find_medium(
    tx: Transaction, *, medium_id: str, account_id: str, sees_all: bool, sees_files: bool, lock: bool = False
) -> Medium | None:
    """The medium of that id, if the account may see it."""
    find = _FIND.with_for_update() if lock else _FIND
    seen = {"account": account_id, "sees_all": int(sees_all), "sees_files": int(sees_files)}
    row = tx.row(find, medium=medium_id, **seen)
    return _medium(row) if row else None


_SEEN_OF = sa.select(media.c.id).where(Among(media.c.id, "ids"), _SEEN)


def list_seen(
    tx: Transaction, *, media_ids: Sequence[str], account_id: str, sees_all: bool, sees_files: bool
) -> set[str]:
    """Those of these media that the account may see."""
    seen = {"account": account_id, "sees_all": int(sees_all), "sees_files": int(sees_files)}
    return {row.id for row in tx.rows(_SEEN_OF, ids=media_ids, **seen)}


_SAME = Prepared(
    sa.select(*_MEDIUM).where(
        media.c.account_id == sa.bindparam("account"), media.c.sha256 == sa.bindparam("digest")
    )
)
_SAME_OF_NOBODY = Prepared(
    sa.select(*_MEDIUM)
    .where(media.c.account_id.is_(None), media.c.sha256 == sa.bindparam("digest"))
    .order_by(media.c.id)
    .limit(1)
)


def find_same(tx: Transaction, *, account_id: str | None, sha256: str) -> Medium | None:
    """The medium of the account, or the site's own, with these bytes."""
    if account_id is None:
        row = tx.row(_SAME_OF_NOBODY, digest=sha256)
    else:
        row = tx.row(_SAME, account=account_id, digest=sha256)
    return _medium(row) if row else None


@cache
def _page(filters: frozenset[str]) -> sa.Select[Any]:
    page = sa.select(*_MEDIUM).where(media.c.id < sa.bindparam("before"), _SEEN)
    if "pattern" in filters:
        page = page.where(media.c.words.like(sa.bindparam("pattern"), escape="/"))
    if "unused" in filters:
        page = page.where(~_IS_USED)
    if "used" in filters:
        page = page.where(_IS_USED)
    if "picture" in filters:
        page = page.where(media.c.width.is_not(None))
    if "file" in filters:
        page = page.where(media.c.width.is_(None))
    if "type" in filters:
        page = page.where(media.c.type == sa.bindparam("type"))
    return page.order_by(media.c.id.desc()).limit(sa.bindparam("most"))


def list_media(
    tx: Transaction, page: Keyset[str], *, account_id: str, sees_all: bool, sees_files: bool, **filters: str
) -> list[Medium]:
    """A page of media that the account may see, newest first."""
    seen = {"account": account_id, "sees_all": int(sees_all), "sees_files": int(sees_files)}
    rows = tx.rows(_page(frozenset(filters)), before=page.position, most=page.most, **seen, **filters)
    return [_medium(row) for row in rows]


_BY_IDS = sa.select(*_MEDIUM).where(Among(media.c.id, "ids"))


def list_by_id(tx: Transaction, *, ids: Sequence[str]) -> list[Medium]:
    """The media of these ids, whoever asks."""
    return [_medium(row) for row in tx.rows(_BY_IDS, ids=ids)]


_UPDATE = (
    sa.update(media)
    .where(_BY_ID)
    .values(
        {
            name: sa.bindparam(f"new_{name}")
            for name in ("filename", "alt", "caption", "credit", "words", "version")
        }
    )
)


def update_medium(tx: Transaction, medium: Medium, *, words: str) -> None:
    """Store what is said of a medium."""
    tx.run(
        _UPDATE,
        medium=medium.id,
        new_filename=medium.filename,
        new_alt=medium.alt,
        new_caption=medium.caption,
        new_credit=medium.credit,
        new_words=words,
        new_version=medium.version,
    )


_DELETE = sa.delete(media).where(_BY_ID)


def delete_medium(tx: Transaction, *, medium_id: str) -> None:
    """Remove a medium."""
    tx.run(_DELETE, medium=medium_id)


_OWN = (
    sa.select(*_MEDIUM)
    .where(media.c.account_id == sa.bindparam("account"), media.c.id < sa.bindparam("before"))
    .order_by(media.c.id.desc())
    .limit(sa.bindparam("most"))
)


def list_own(tx: Transaction, page: Keyset[str], *, account_id: str) -> list[Medium]:
    """A page of what an account has uploaded, newest first."""
    rows = tx.rows(_OWN, account=account_id, before=page.position, most=page.most)
    return [_medium(row) for row in rows]


_UNUSED_PICTURES = sa.select(*_MEDIUM).where(
    media.c.account_id == sa.bindparam("account"), _IS_IMAGE, ~_IS_USED
)
_DISOWN = sa.update(media).where(media.c.account_id == sa.bindparam("account")).values(account_id=None)


def list_unused_pictures(tx: Transaction, *, account_id: str) -> list[Medium]:
    """The pictures of an account that nothing shows."""
    return [_medium(row) for row in tx.rows(_UNUSED_PICTURES, account=account_id)]


def disown(tx: Transaction, *, account_id: str) -> None:
    """Let what an account has belong to nobody."""
    tx.run(_DISOWN, account=account_id)


_USED = Prepared(sa.select(media_uses.c.media_id).where(media_uses.c.thing_id == sa.bindparam("thing")))
_OF_FILES = sa.select(media_files.c.media_id).where(Among(media_files.c.file, "files"))
_END_USES = sa.delete(media_uses).where(media_uses.c.thing_id == sa.bindparam("thing"))
_INSERT_USE = sa.insert(media_uses)


def replace_uses(tx: Transaction, *, thing_id: str, media_ids: Sequence[str], files: Sequence[str]) -> None:
    """Store that a thing shows these media, and those of these public files, and no others."""
    of_files = (row.media_id for row in tx.rows(_OF_FILES, files=files)) if files else ()
    after, before = {*media_ids, *of_files}, {row.media_id for row in tx.rows(_USED, thing=thing_id)}
    if after != before:
        tx.run(_END_USES, thing=thing_id)
        tx.run_many(_INSERT_USE, [{"media_id": one, "thing_id": thing_id} for one in sorted(after)])


_COUNT_USES = (
    sa.select(media_uses.c.media_id, sa.func.count())
    .where(Among(media_uses.c.media_id, "ids"))
    .group_by(media_uses.c.media_id)
)


def count_uses(tx: Transaction, *, media_ids: Sequence[str]) -> dict[str, int]:
    """How many things show each medium that any does."""
    return {row[0]: row[1] for row in tx.rows(_COUNT_USES, ids=media_ids)}


_FILES = sa.select(media.c.sha256, media.c.sizes)
_FILES_OF = Prepared(_FILES.where(media.c.sha256 == sa.bindparam("digest")))


def list_files(tx: Transaction) -> Iterator[tuple[str, list[str]]]:
    """The files of each medium: the digest of the original, and the names of its sizes."""
    return _files(tx.rows(_FILES))


def list_files_of(tx: Transaction, *, sha256: str) -> Iterator[tuple[str, list[str]]]:
    """The files of each medium whose original has that digest."""
    return _files(tx.rows(_FILES_OF, digest=sha256))


_NAMED = sa.select(media_files.c.file).where(Among(media_files.c.file, "files")).distinct()


def list_named(tx: Transaction, *, files: Sequence[str]) -> list[str]:
    """Those of these public files that media have, of whatever original they were made."""
    return [row.file for row in tx.rows(_NAMED, files=files)] if files else []


_HOLD = sa.text("SELECT pg_advisory_xact_lock_shared(7312002)")
_CLAIM = sa.text("SELECT pg_try_advisory_xact_lock(7312002)")


def hold_files(tx: Transaction) -> None:
    """Let no node remove files until the transaction ends (PostgreSQL)."""
    tx.run(_HOLD)


def claim_files(tx: Transaction) -> bool:
    """Let no node add files until the transaction ends; False if one does (PostgreSQL)."""
    return bool(tx.value(_CLAIM))


def _files(rows: Iterable[Row]) -> Iterator[tuple[str, list[str]]]:
    return ((row.sha256, [size.file for size in _sizes.decode(row.sizes)]) for row in rows)


def _medium(row: Row) -> Medium:
    return Medium(**row._asdict() | {"sizes": _sizes.decode(row.sizes)})


def _row(medium: Medium, words: str) -> dict[str, Any]:
    return dict(row_of(medium, sizes=msgspec.json.encode(medium.sizes).decode(), words=words))
