"""Passwords that are tried first: common words, names and phrases, walks over the keyboard, repetitions.

Lists of leaked passwords hold few of twelve characters or more that are not put together from such parts.
So the parts are listed, and what is nothing but two of them is refused: far more than a list could hold.
A name of the site itself, which is tried first here, counts for nothing. Those that were leaked all the same
are left to zxcvbn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from api.accounts.profiles import emails
from api.accounts.sentences import is_sentence, sentences
from api.errors import Invalid
from api.text.folding import bare

LONGEST_TRIED = 64
"""Characters; nobody's list of guesses goes beyond."""
SHORTEST = 12
"""Characters; what repeats something shorter is no longer than that."""
FEWEST_DISTINCT = 5
SHORTEST_LOCAL_PART = 4
SHORTEST_OWN_WORD = 3
MOST_PARTS = 2.5
LONGEST_ESTIMATED = 20
"""Characters; for 20 of the worst an estimate takes 0.1 s, and for 32 of them 2 s."""
FEWEST_GUESSES = 10**8
"""As estimated by zxcvbn from its lists of leaked passwords, words and names."""

_SHORTEST_WALK = 3
_WALKS = (
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789012345678901234567890",
    "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./",
    "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю.", "абвгдежзиклмнопрст",
    "qwertzuiopü", "asdfghjklöä", "yxcvbnm,.-",
    "azertyuiop^$", "qsdfghjklmù", "wxcvbn,;:!",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "qazwsxedcrfvtgbyhnujmikolp", "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0", "a1b2c3d4e5f6g7h8i9j0", "1a2b3c4d5e6f7g8h9i0j", "a1s2d3f4g5h6j7k8l9",
    "!@#$%^&*()_+", "!\"#$%&/()=?", "147258369", "741852963", "159357", "13579", "24680",
    "112233445566778899",
)  # fmt: skip
_LEET = (
    str.maketrans("013457@$!|+8", "oieastasiltb"),
    str.maketrans("013457@$!|+8", "oleastaslltb"),
)
_DIGITS = re.compile(r"[0-9]{1,6}")
_SIGNS = re.compile(r"[\W_]{1,2}")


class WeakPassword(Invalid):
    """The password is among the first that attackers try, or contains the account's e-mail."""

    code, title = "weak-password", "Weak password"
    remedy = "Use several unrelated words, or let a password manager choose."


def own_words(*texts: str) -> frozenset[str]:
    """The words of the names and addresses of a site, and of Kiosque itself."""
    hosts = " ".join(urlsplit(text).hostname or text if "//" in text else text for text in texts)
    words = re.split(r"[\W_]+", bare(f"kiosque {hosts}"))
    return frozenset(word for word in words if len(word) >= SHORTEST_OWN_WORD and not word.isdecimal())


def refuse(password: str, *, email: str, pointer: str, own: frozenset[str]) -> None:
    """WeakPassword, pointing at the field, for a password that is common or contains the e-mail.

    `own` are the words of the site.
    """
    if holds_email(password, email):
        detail = "The password contains the e-mail address or the part before its @."
    elif is_common(password, own):
        detail = "This password, or one like it, is among the first that attackers try."
    else:
        return
    raise WeakPassword.at(pointer, detail)


def holds_email(password: str, email: str) -> bool:
    """Whether `email`, or its local part of four or more characters, is in the password."""
    folded, address = emails.folded(password), emails.folded(email)
    local = address.rpartition("@")[0]
    return address in folded or (len(local) >= SHORTEST_LOCAL_PART and local in folded)


def is_common(password: str, own: frozenset[str] = frozenset()) -> bool:
    """Whether the password is listed, or put together from two parts that are, and from `own` words."""
    text = emails.folded(password)
    if len(text) > LONGEST_TRIED:
        return False
    if len(set(text)) < FEWEST_DISTINCT or text.isdecimal():
        return True
    unit = _unit(text)
    if unit != text:
        return len(unit) < SHORTEST or is_common(unit, own)
    if any(is_sentence(spelling) for spelling in _spellings(text)):
        return True
    return any(_parts(each, own) <= MOST_PARTS for each in {text, bare(text)}) or _is_soon_guessed(
        password, own
    )


def _is_soon_guessed(password: str, own: frozenset[str]) -> bool:
    if len(password) > LONGEST_ESTIMATED:
        return False
    # Here, since its lists of words take memory that a process without sign-ups does not need.
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]

    return bool(zxcvbn(password, [*own])["guesses"] < FEWEST_GUESSES)


def _unit(text: str) -> str:
    """The shortest beginning that, repeated, gives the whole text."""
    for size in range(1, len(text) // 2 + 1):
        if (text[:size] * (len(text) // size + 1))[: len(text)] == text:
            return text[:size]
    return text


def _spellings(text: str) -> tuple[str, ...]:
    """The text, and what it says if its digits and signs stand for letters."""
    return text, *(text.translate(leet) for leet in _LEET)


def _parts(text: str, own: frozenset[str]) -> float:
    """The fewest parts that the text falls into without a rest.

    Signs between them count half, and each of the `own` words makes up for another part.
    """
    fewest = {0: 0.0}
    spellings = _spellings(text)
    for start in range(len(text)):
        if start in fewest:
            for end, cost in _parts_from(text, spellings, start, own):
                fewest[end] = min(fewest.get(end, cost + len(text)), fewest[start] + cost)
    return fewest.get(len(text), float("inf"))


def _parts_from(
    text: str, spellings: tuple[str, ...], start: int, own: frozenset[str]
) -> Iterator[tuple[int, float]]:
    for word in own:
        if any(spelling.startswith(word, start) for spelling in spellings):
            yield start + len(word), -1
    words, longest = _words()
    for end in range(start + 2, min(len(text), start + longest) + 1):
        if any(spelling[start:end] in words for spelling in spellings):
            yield from ((again, 1) for again in _repeats(text, start, end))
    for end in _walk_ends(text, start):
        yield end, 1
    for pattern, cost in ((_DIGITS, 1.0), (_SIGNS, 0.5)):
        found = pattern.match(text, start)
        if found:
            yield from ((end, cost) for end in range(start + 1, found.end() + 1))


def _repeats(text: str, start: int, end: int) -> Iterator[int]:
    """The ends of the part, written once, twice, …"""
    part = text[start:end]
    while text.startswith(part, end - len(part)):
        yield end
        end += len(part)


def _walk_ends(text: str, start: int) -> Iterator[int]:
    """The possible ends of walks, one after another."""
    while True:
        stands_still = len(text[start:]) - len(text[start:].lstrip(text[start : start + 1] or " "))
        end = start + max(stands_still, *(_longest_run(text, start, walk) for walk in _both_ways()))
        if end - start < _SHORTEST_WALK:
            return
        yield end
        start = end


def _longest_run(text: str, start: int, walk: str) -> int:
    size = _SHORTEST_WALK
    if text[start : start + size] not in walk:
        return 0
    while start + size < len(text) and text[start : start + size + 1] in walk:
        size += 1
    return size if start + size <= len(text) else 0


@cache
def _both_ways() -> tuple[str, ...]:
    return tuple(way for walk in _WALKS for way in (walk, walk[::-1]))


@cache
def _words() -> tuple[frozenset[str], int]:
    listed = resources.files(__package__).joinpath("common_words.txt").read_text("utf-8")
    words = sentences().union(*(line.split() for line in listed.splitlines() if not line.startswith("#")))
    return words, max(map(len, words))
