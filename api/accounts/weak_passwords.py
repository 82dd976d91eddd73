"""Passwords that are tried first: common words, names and phrases, walks over the keyboard, repetitions.

Lists of leaked passwords hold few of twelve characters or more that are not put together from such parts.
So the parts are listed, and what is nothing but two of them is refused: far more than a list could hold.
Those that were leaked all the same are left to zxcvbn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from api.accounts.profiles import emails
from api.errors import Invalid

LONGEST_TRIED = 64
"""Characters; nobody's list of guesses goes beyond."""
SHORTEST = 12
"""Characters; what repeats something shorter is no longer than that."""
FEWEST_DISTINCT = 5
SHORTEST_LOCAL_PART = 4
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


def refuse(password: str, *, email: str, pointer: str) -> None:
    """WeakPassword, pointing at the field, for a password that is common or contains the e-mail."""
    if holds_email(password, email):
        detail = "The password contains the e-mail address or the part before its @."
    elif is_common(password):
        detail = "This password, or one like it, is among the first that attackers try."
    else:
        return
    raise WeakPassword.at(pointer, detail)


def holds_email(password: str, email: str) -> bool:
    """Whether `email`, or its local part of four or more characters, is in the password."""
    folded, address = emails.folded(password), emails.folded(email)
    local = address.rpartition("@")[0]
    return address in folded or (len(local) >= SHORTEST_LOCAL_PART and local in folded)


def is_common(password: str) -> bool:
    """Whether the password is listed, or put together from two parts that are."""
    text = emails.folded(password)
    if len(text) > LONGEST_TRIED:
        return False
    if len(set(text)) < FEWEST_DISTINCT or text.isdecimal():
        return True
    unit = _unit(text)
    if unit != text:
        return len(unit) < SHORTEST or is_common(unit)
    return _parts(text) <= MOST_PARTS or _is_soon_guessed(password)


def _is_soon_guessed(password: str) -> bool:
    if len(password) > LONGEST_ESTIMATED:
        return False
    # Here, since its lists of words take memory that a process without sign-ups does not need.
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]

    return bool(zxcvbn(password)["guesses"] < FEWEST_GUESSES)


def _unit(text: str) -> str:
    """The shortest beginning that, repeated, gives the whole text."""
    for size in range(1, len(text) // 2 + 1):
        if (text[:size] * (len(text) // size + 1))[: len(text)] == text:
            return text[:size]
    return text


def _parts(text: str) -> float:
    """The fewest parts that the text falls into without a rest; signs between them count half."""
    fewest = {0: 0.0}
    spellings = (text, *(text.translate(leet) for leet in _LEET))
    for start in range(len(text)):
        if start in fewest:
            for end, cost in _parts_from(text, spellings, start):
                fewest[end] = min(fewest.get(end, cost + len(text)), fewest[start] + cost)
    return fewest.get(len(text), float("inf"))


def _parts_from(text: str, spellings: tuple[str, ...], start: int) -> Iterator[tuple[int, float]]:
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
    words = frozenset(
        word for line in listed.splitlines() if not line.startswith("#") for word in line.split()
    )
    return words, max(map(len, words))
