"""The promises about speed, compared with the measurements."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.contenders import (
    CEILING,
    DRF,
    FASTAPI,
    FLASK,
    GTHREAD,
    HTTP_SERVER,
    KIOSQUE,
    NGINX,
    ROAMING,
    TORNADO,
    UNCACHED,
)

TIMES = "×"
LONGEST_GROWTH = 1.3


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure per round and its promised limits; without limits it is only reported."""

    group: str
    what: str
    unit: str
    values: Sequence[float]
    at_least: float | None = None
    at_most: float | None = None

    @property
    def median(self) -> float:
        """The figure of the finding."""
        return statistics.median(self.values)

    @property
    def spread(self) -> float:
        """Half the distance from the lowest to the highest round, relative to the median."""
        return (max(self.values) - min(self.values)) / 2 / self.median if self.median else 0.0

    @property
    def kept(self) -> bool | None:
        """Whether the promise is kept; None if there is none."""
        if self.at_least is not None:
            return self.median >= self.at_least
        if self.at_most is not None:
            return self.median <= self.at_most
        return None


def findings(results: dict[str, Any]) -> list[Finding]:
    """The findings of all parts measured so far."""
    found = []
    parts = {"serving": _serving, "orders": _orders, "costs": _costs, "growth": _growth}
    for part, findings_of in parts.items():
        if part in results:
            found += findings_of(results[part]["found"])
    return found


_OWN, _PEERS, _FILES = "Against its own server", "Against the peers", "A file of 10 KB"

_RATIOS = (
    (_OWN, "list of 20 ÷ bare falcon.App hello", f"{KIOSQUE}: list", f"{CEILING}: hello", 0.85),
    (_OWN, "one article ÷ bare falcon.App hello", f"{KIOSQUE}: article", f"{CEILING}: hello", 0.85),
    (_OWN, "list of 20 ÷ a hello that is kept to no core", f"{KIOSQUE}: list", f"{ROAMING}: hello", None),
    (_OWN, "304 ÷ 200 of the list", f"{KIOSQUE}: list, 304", f"{KIOSQUE}: list", 1.0),
    (_OWN, "our worker ÷ gunicorn's gthread, hello", f"{CEILING}: hello", f"{GTHREAD}: hello", None),
    (_OWN, "list of 20 as served ÷ cache off", f"{KIOSQUE}: list", f"{UNCACHED}: list", None),
    *(
        (_PEERS, f"list of 20 ÷ {peer}", f"{KIOSQUE}: list", f"{peer}: list", least)
        for peer, least in ((FLASK, 10), (DRF, 15), (FASTAPI, 10), (TORNADO, 2))
    ),
    *(
        (_PEERS, f"list of 20, cache off ÷ {peer}", f"{UNCACHED}: list", f"{peer}: list", least)
        for peer, least in ((FLASK, 3), (DRF, 5), (FASTAPI, 3), (TORNADO, 0.6))
    ),
    *(
        (_PEERS, f"one article ÷ {peer}", f"{KIOSQUE}: article", f"{peer}: article", None)
        for peer in (FLASK, DRF, FASTAPI, TORNADO)
    ),
    *(
        (_PEERS, f"one article, cache off ÷ {peer}", f"{UNCACHED}: article", f"{peer}: article", None)
        for peer in (FLASK, DRF, FASTAPI, TORNADO)
    ),
    (_FILES, "file ÷ http.server", f"{KIOSQUE}: file", f"{HTTP_SERVER}: file", 5),
    (_FILES, "file ÷ nginx", f"{KIOSQUE}: file", f"{NGINX}: file", None),
)


def _serving(found: dict[str, Any]) -> list[Finding]:
    loads: dict[str, list[dict[str, float]]] = found["loads"]

    def column(name: str, figure: str) -> list[float]:
        return [load[figure] for load in loads.get(name, [])]

    figures = [
        Finding(group, what, TIMES, values, at_least=least)
        for group, what, upper, lower, least in _RATIOS
        if (values := [a / b for a, b in zip(column(upper, "rate"), column(lower, "rate"), strict=False)])
    ]
    steady = Finding(_OWN, "", "", column(f"{KIOSQUE}: list", "rate"))
    more = [
        signed - anonymous
        for signed, anonymous in zip(
            column(f"{KIOSQUE}: list, signed in", "cpu"), column(f"{KIOSQUE}: list", "cpu"), strict=True
        )
    ]
    figures += [
        Finding(_OWN, "spread of the list's requests a second", "%", [steady.spread * 100], at_most=15),
        Finding(_OWN, "more CPU for a signed-in list than for an anonymous one", "µs", more, at_most=60),
    ]
    return figures


def _orders(found: dict[str, Any]) -> list[Finding]:
    return [
        Finding(
            "Orders",
            f"{database}: orders over HTTP ÷ bare loop of the same writes",
            TIMES,
            [load["rate"] / bare for load, bare in zip(rounds["kiosque"], rounds["bare"], strict=True)],
            at_least=0.5 if database == "SQLite" else None,
        )
        for database, rounds in found.items()
    ]


def _costs(found: dict[str, Any]) -> list[Finding]:
    group, requests = "What it costs", found["requests"]
    after = f"memory of a worker after {requests:,} requests (PSS)"
    return [
        Finding(group, after, "MB", found["memory"]["after"], at_most=60),
        Finding(group, "first answer after `kiosque serve`", "s", found["first answer"], at_most=1.5),
        Finding(group, "CPU of `kiosque --help`", "s", found["help"], at_most=0.3),
    ]


def _growth(found: dict[str, Any]) -> list[Finding]:
    small, large = found["sizes"]
    group = f"{large:,} articles and items, {large * 10:,} orders ÷ {small:,}"
    figures = [
        Finding(
            group,
            f"{name} ({statistics.median(times['small']):.2f} ms)",
            TIMES,
            [big / little for big, little in zip(times["large"], times["small"], strict=True)],
            at_most=LONGEST_GROWTH,
        )
        for name, times in found["questions"].items()
    ]
    imports = found["imports"]
    rate, posts = (imports["many"][0][name] for name in ("rate", "posts"))
    return [
        *figures,
        Finding(
            group,
            f"import, time a post ({rate:,.0f} posts a second)",
            TIMES,
            [
                little["rate"] / big["rate"]
                for little, big in zip(imports["small"], imports["large"], strict=True)
            ],
            at_most=LONGEST_GROWTH,
        ),
        Finding(
            group,
            f"memory, import of {posts:,} posts ÷ {imports['few'][0]['posts']:,}",
            TIMES,
            [imports["many"][0]["memory"] / imports["few"][0]["memory"]],
            at_most=LONGEST_GROWTH,
        ),
    ]
