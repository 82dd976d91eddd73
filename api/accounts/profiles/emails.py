"""E-mail addresses: shown as their owner wrote them, compared so that no two spellings hold two accounts."""

from __future__ import annotations

import unicodedata

import idna

from api.text.folding import bare


def folded(text: str) -> str:
    """`text` without differences of case or of compatible characters (NFKC, case folded)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def key_of(email: str) -> str:
    """The form in which e-mails are compared: folded, and the domain as in DNS if it can be in DNS at all."""
    local, _, domain = folded(email).rpartition("@")
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except UnicodeError:  # what idna raises descends from it
        return f"{local}@{domain}"


def search_key(text: str) -> str:
    """The form in which names are searched: without case, accents and the number of spaces."""
    return " ".join(bare(text).split())
