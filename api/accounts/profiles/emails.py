"""E-mail addresses: shown as their owner wrote them, compared so that no two spellings hold two accounts."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import idna

from api.errors import InvalidFormat
from api.text.folding import bare


def folded(text: str) -> str:
    """`text` without differences of case or of compatible characters (NFKC, case folded)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def key_of(email: str) -> str:
    """The form in which e-mails are compared: the local part folded, the domain as in DNS if it can be there.

    The case of a domain is for IDNA alone: folded first, ß would lead to another domain than it does in DNS.
    """
    local, _, domain = email.rpartition("@")
    try:
        return f"{folded(local)}@{_in_dns(domain)}"
    except UnicodeError:  # what idna raises descends from it
        return f"{folded(local)}@{folded(domain)}"


def check(email: str) -> None:
    """InvalidFormat for a domain that cannot be in DNS, or that ends as an IP address does."""
    try:
        domain = _in_dns(email.rpartition("@")[2])
    except UnicodeError:
        raise InvalidFormat.at("/email", "The domain of the e-mail cannot be in DNS (IDNA).") from None
    if domain.rpartition(".")[2].isdigit():
        raise InvalidFormat.at("/email", "The e-mail needs a domain, not the address of a machine.")


@lru_cache(maxsize=1024)  # it takes a twelfth of the time of an order, and most people share a few domains
def _in_dns(domain: str) -> str:
    return idna.encode(domain, uts46=True).decode("ascii").lower()


def search_key(text: str) -> str:
    """The form in which names are searched: without case, accents and the number of spaces."""
    return " ".join(bare(text).split())
