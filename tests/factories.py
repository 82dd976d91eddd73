"""Tiny factories: each makes one row with the least that a test must say."""

from __future__ import annotations

from itertools import count

from api.accounts import queries as account_queries
from api.accounts import sessions
from api.accounts.records import Account
from api.database import Transaction
from api.ids import new_id

PASSWORD = "paper-lantern-42"

_number = count(1)


def make_account(tx: Transaction, *, role: str = "customer", **fields: str) -> Account:
    """An account that cannot log in with a password, but can hold sessions."""
    email = fields.get("email", f"person{next(_number)}@kiosque.test")
    account = Account(
        id=new_id("acc"),
        email=email,
        email_verified_at=None,
        name=fields.get("name", "Ada"),
        role=role,
        status=fields.get("status", "active"),
        created_at=tx.now,
    )
    account_queries.insert_account(tx, account, email_key=email, password_hash="!")
    return account


def sign_in(tx: Transaction, account: Account) -> str:
    """A fresh token of `account`."""
    return sessions.start(tx, account=account).token
