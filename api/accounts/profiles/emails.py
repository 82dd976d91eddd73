"""E-mail addresses: shown as their owner wrote them, compared so that no two spellings hold two accounts."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Annotated

import idna
from msgspec import Meta

from api.errors import InvalidFormat
from api.text.fields import BLANKS
from api.text.folding import bare

_NO_LETTERS = (
    rf"\s{BLANKS}\x00-\x1f\x7f-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\xd7\xf7\u2000-\u2bff\u3000-\u3004\u3008-\u3020"
    r"\ue000-\uf8ff\ufe50-\ufe6f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
    "\U0001f000-\U0001faff\U000f0000-\U0010ffff"
)
"""Of what is not ASCII: signs, private use, and what turns into another character when it is compared."""
_ATOM = rf'[^{_NO_LETTERS}"(),.:;<>@\[\\\]]+'
_LABEL = rf"(?!-)[^{_NO_LETTERS}!-,./:-@\[-`{{-~]{{1,63}}(?<!-)"

_EMAIL = rf"^(?=[^@]{{1,64}}@){_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})+\Z"
"""A dot-atom of RFC 5321 with letters and digits of any script; `check` holds the domain to IDNA."""
Email = Annotated[str, Meta(min_length=3, max_length=254, pattern=_EMAIL, examples=["ada@example.org"])]


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
