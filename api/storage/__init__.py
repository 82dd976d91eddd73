"""Storage: the database, its transactions and its schema, for SQLite and PostgreSQL alike."""

from api.storage.database import AWAITED, NOTICED, Database, open_database
from api.storage.failures import Busy, StorageUnavailable
from api.storage.keyset import Keyset
from api.storage.statements import Among, Prepared
from api.storage.tables import Integer, Text, columns_of, metadata, one_of, row_of
from api.storage.transaction import Row, Transaction

__all__ = [
    "AWAITED",
    "NOTICED",
    "Among",
    "Busy",
    "Database",
    "Integer",
    "Keyset",
    "Prepared",
    "Row",
    "StorageUnavailable",
    "Text",
    "Transaction",
    "columns_of",
    "metadata",
    "one_of",
    "open_database",
    "row_of",
]
