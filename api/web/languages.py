"""The language that a client prefers (Accept-Language) among those of the site."""

from __future__ import annotations

from collections.abc import Sequence

from api.web.context import Request


def preferred(req: Request, languages: Sequence[str]) -> str:
    """The one of `languages` that the client likes most (RFC 4647, lookup), or the first."""
    for wish in _by_weight(req.get_header("Accept-Language") or ""):
        for language in languages:
            offered = language.lower()
            if wish == offered or wish.startswith(f"{offered}-") or offered.startswith(f"{wish}-"):
                return language
    return languages[0]


def _by_weight(header: str) -> list[str]:
    weighed = []
    for part in header[:1_000].lower().split(","):
        language, _, parameters = part.partition(";")
        weight = _weight(parameters.strip())
        if weight > 0:
            weighed.append((-weight, language.strip()))
    return [language for _, language in sorted(weighed, key=lambda each: each[0])]


def _weight(parameters: str) -> float:
    try:
        return float(parameters.removeprefix("q=") or 1)
    except ValueError:
        return 0
