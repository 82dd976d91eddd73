"""The face of storage: the database, its transactions and what tables are made of."""

from api.storage.database import (
    AWAITED,
    NOTICED,
    Database,
    file_of,
    open_database,
    without_password,
)
from api.storage.failures import CONTRADICTIONS, Busy, StorageUnavailable, cause_of, lock_timed_out
from api.storage.keyset import Keyset
from api.storage.statements import Among, Prepared
from api.storage.tables import Integer, Text, columns_of, metadata, one_of, row_of
from api.storage.transaction import Row, Transaction

__all__ = [
    "AWAITED",
    "CONTRADICTIONS",
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
    "cause_of",
    "columns_of",
    "file_of",
    "lock_timed_out",
    "metadata",
    "one_of",
    "open_database",
    "row_of",
    "without_password",
]
