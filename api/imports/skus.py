"""Skus of any script in the characters that skus have here, the same on every run."""

import hashlib
import re
import unicodedata

LONGEST = 64
_HASH = 6
_OTHERS = re.compile(r"[^A-Za-z0-9._-]+")
_FITTING = re.compile(r"[A-Za-z0-9._-]{1,64}")

_CYRILLIC = (
    "а:a б:b в:v г:g д:d е:e ё:yo ж:zh з:z и:i й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh ц:ts "
    "ч:ch ш:sh щ:shch ъ: ы:y ь: э:e ю:yu я:ya ґ:g є:ye і:i ї:yi ў:u ђ:dj ј:j љ:lj њ:nj ћ:c џ:dz"
)
_GREEK = (
    "α:a β:v γ:g δ:d ε:e ζ:z η:i θ:th ι:i κ:k λ:l μ:m ν:n ξ:x ο:o π:p ρ:r σ:s ς:s τ:t υ:y φ:f χ:ch ψ:ps ω:o"
)
_LATIN = "ß:ss æ:ae œ:oe ø:o å:a ł:l đ:d ð:d þ:th ı:i"


def folded(sku: str) -> str:
    """A sku as it is compared with others of its source."""
    return sku.strip().casefold()


def fits(sku: str) -> bool:
    """Whether the sku can stay as it is."""
    return bool(_FITTING.fullmatch(sku))


def fitted(sku: str) -> str:
    """The sku in characters that fit, transliterated where possible; empty if it has no letter or digit.

    Where letters are lost, a hash of the whole stands for them, so that two skus stay two.
    """
    sku = sku.strip()
    if fits(sku):
        return sku
    spelled = unicodedata.normalize("NFKD", "".join(map(_spelled, unicodedata.normalize("NFC", sku))))
    lost = any(sign.isalnum() and not sign.isascii() for sign in spelled)
    plain = _OTHERS.sub("-", "".join(sign for sign in spelled if not unicodedata.combining(sign))).strip("-")
    if lost or len(plain) > LONGEST:
        digest = hashlib.sha256(folded(sku).encode()).hexdigest()[:_HASH]
        plain = f"{plain[: LONGEST - _HASH - 1]}-{digest}".lstrip("-")
    return plain


def numbered(sku: str, number: int) -> str:
    """The sku with a number, cut so that both fit."""
    suffix = f"-{number}"
    return f"{sku[: LONGEST - len(suffix)]}{suffix}"


def _spelled(sign: str) -> str:
    """The letter in Latin, with or without its accent."""
    for letter in (sign, unicodedata.normalize("NFD", sign)[0]):
        if (spelled := _LETTERS.get(letter.lower())) is not None:
            return spelled if letter in _LETTERS else spelled.upper()
    return sign


_LETTERS = dict(pair.split(":") for pair in f"{_CYRILLIC} {_GREEK} {_LATIN}".split())
