"""The SQL of imports."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import structs

from api.audit.records import Origin
from api.imports.uploads.records import Import, ImportState
from api.imports.uploads.tables import IS_OPEN, imports
from api.storage import Keyset, Prepared, Row, Transaction, columns_of
from api.times import Instant

_JSON = ("counts", "notes", "error")
_FLAGS = ("dry_run", "lenient", "people")

_INSERT = Prepared(sa.insert(imports), *imports.c.keys())


def insert_import(tx: Transaction, new: Import, *, origin: Origin) -> None:
    """Store a new import, and who asked for it."""
    tx.run(_INSERT, **_row(new), origin=msgspec.json.encode(origin).decode())


_RECORD = columns_of(imports, Import)
_BY_ID = sa.select(*_RECORD).where(imports.c.id == sa.bindparam("import_id"))


def find_import(tx: Transaction, *, import_id: str, lock: bool = False) -> Import | None:
    """The import of that id."""
    row = tx.row(_BY_ID.with_for_update() if lock else _BY_ID, import_id=import_id)
    return _record(row) if row else None


_ORIGIN = sa.select(imports.c.origin).where(imports.c.id == sa.bindparam("import_id"))


def find_origin(tx: Transaction, *, import_id: str) -> Origin:
    """Who asked for an import that has not ended."""
    return msgspec.json.decode(tx.value(_ORIGIN, import_id=import_id), type=Origin)


_LIST = (
    sa.select(*_RECORD)
    .where(imports.c.id < sa.bindparam("before"))
    .order_by(imports.c.id.desc())
    .limit(sa.bindparam("most"))
)
_OF_STATE = _LIST.where(imports.c.state == sa.bindparam("sought_state"))


def list_imports(tx: Transaction, page: Keyset[str], *, state: ImportState | None = None) -> list[Import]:
    """A page of imports, newest first."""
    sought = {"sought_state": state} if state else {}
    statement = _OF_STATE if state else _LIST
    return [_record(row) for row in tx.rows(statement, before=page.position, most=page.most, **sought)]


_OLD = (
    sa.select(*_RECORD)
    .where(IS_OPEN, imports.c.created_at < sa.bindparam("until"))
    .order_by(imports.c.created_at)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
)


def list_open(tx: Transaction, *, before: Instant, most: int) -> list[Import]:
    """At most so many of the imports from before then that have not ended, locked."""
    return [_record(row) for row in tx.rows(_OLD, until=before, most=most)]


_CHANGED = ("state", "attempts", "format", *_JSON, "ended_at")
_UPDATE = (
    sa.update(imports)
    .where(imports.c.id == sa.bindparam("import_id"))
    .values({name: sa.bindparam(f"new_{name}") for name in _CHANGED})
)
_END = _UPDATE.values(origin=None)


def update_import(tx: Transaction, after: Import) -> None:
    """Store how far an import is; once it has ended nothing says who asked for it."""
    row = _row(after)
    statement = _END if after.ended_at else _UPDATE
    tx.run(statement, import_id=after.id, **{f"new_{name}": row[name] for name in _CHANGED})


_ENDED = (
    sa.select(imports.c.id)
    .where(imports.c.ended_at < sa.bindparam("until"))
    .order_by(imports.c.ended_at)
    .limit(sa.bindparam("most"))
    .cte("ended")
)
_DELETE_OLD = sa.delete(imports).where(imports.c.id.in_(sa.select(_ENDED.c.id)))


def delete_old(tx: Transaction, *, before: Instant, most: int) -> int:
    """Delete at most so many of the imports that ended before then."""
    return tx.run(_DELETE_OLD, until=before, most=most)


def _row(record: Import) -> dict[str, Any]:
    row = structs.asdict(record)
    for name in _FLAGS:
        row[name] = int(row[name])
    for name in _JSON:
        row[name] = None if row[name] is None else msgspec.json.encode(row[name]).decode()
    return row


def _record(row: Row) -> Import:
    values = dict(zip(Import.__struct_fields__, row, strict=True))
    for name in _FLAGS:
        values[name] = bool(values[name])
    for name in _JSON:
        values[name] = None if values[name] is None else msgspec.json.decode(values[name])
    return msgspec.convert(values, Import)
