"""Fixtures of the audit: those of accounts, since it is about them."""

from tests.accounts.conftest import ada, login, mails, signed_in, token_in

__all__ = ["ada", "login", "mails", "signed_in", "token_in"]
