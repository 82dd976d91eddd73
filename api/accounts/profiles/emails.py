"""E-mail addresses: shown as their owner wrote them, compared so that no two spellings hold two accounts."""

from __future__ import annotations

import unicodedata

import idna


def folded(text: str) -> str:
    """`text` without differences of case or of compatible characters (NFKC, case folded)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def key_of(email: str) -> str:
    """What is compared of `email`: folded, and its domain as DNS knows it where DNS could know it at all."""
    local, _, domain = folded(email).rpartition("@")
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except UnicodeError:  # what idna raises descends from it
        return f"{local}@{domain}"
