"""The page RESULTS.md: promises, ratios, figures, and where the peers are faster."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from typing import Any

from bench.contenders import (
    CACHE_OFF,
    HTTP_SERVER,
    KIOSQUE,
    NGINX,
    PEERS,
    THREADS,
    TORNADO,
    UNCACHED,
    WORKERS,
)
from bench.load import CONNECTIONS
from bench.promises import TIMES, Finding
from bench.shares import PARTS, RATE

INTRODUCTION = """\
# Kiosque beside its peers

Written by `make bench`; nothing here is typed by hand.

The same small job in each framework's documented idiom, over the same rows: the newest 20 of 1,000 articles
with authors, tags and categories, and one article of 3 KB. Before anything is measured, all must give the
same answers. The peers run as their documentation recommends for production; where it leaves a choice, each
is tried and the best is measured. Debug is off, and no peer writes a log. Kiosque writes its line for every
request, as it always does, and does what it always does beside it: request ids, ETags, metrics, limits,
deadlines.

Only ratios mean anything: requests a second on a shared machine change by the hour. All servers are up at
once, and idle but for one; every question is asked in turn, round after round. A ratio is taken within each
round; what is shown is the median, and the lowest and highest round. The spread is half of the way between
those two.
"""

WHY = {
    TORNADO: "it runs a few statements written by hand in its event loop and sends what they give: no threads"
    " that hand the interpreter to each other at every row, no transaction, no request id, ETag, metrics or"
    " line in the log. A slow statement stops everyone there, which is why Kiosque does not work like that",
    HTTP_SERVER: "it does nothing but send files",
    NGINX: "it is a file server in C that keeps the files open and lets the kernel send them; put it in front"
    " of Kiosque where files are most of what is asked for",
}


def page(results: dict[str, Any], findings: Sequence[Finding]) -> str:
    """The text of RESULTS.md."""
    parts: list[str] = [INTRODUCTION, *_promises(findings)]
    if "serving" in results:
        parts += [*_rates(results["serving"]), *_faster(results["serving"]["found"]["loads"])]
    if "orders" in results:
        parts += _orders(results["orders"])
    if "growth" in results:
        parts += _growth(results["growth"])
    if "shares" in results:
        parts += _shares(results["shares"]["found"])
    return "\n".join([*parts, *_machine(results)])


def _promises(findings: Sequence[Finding]) -> Iterator[str]:
    yield "## Promises\n"
    for group in dict.fromkeys(finding.group for finding in findings):
        yield f"| {group} | promised | measured | lowest – highest round | kept |"
        yield "|---|---|---|---|---|"
        yield from (_promise(finding) for finding in findings if finding.group == group)
        yield ""


def _promise(finding: Finding) -> str:
    kept = {True: "yes", False: "**no**", None: ""}[finding.kept]
    promised = ""
    if finding.at_least is not None:
        promised = f"≥ {_written(finding.at_least, finding.unit)}"
    elif finding.at_most is not None:
        promised = f"≤ {_written(finding.at_most, finding.unit)}"
    low, high = (_written(value, finding.unit) for value in (min(finding.values), max(finding.values)))
    between = f"{low} – {high}" if len(finding.values) > 1 else ""
    return f"| {finding.what} | {promised} | {_written(finding.median, finding.unit)} | {between} | {kept} |"


def _written(value: float, unit: str) -> str:
    number = f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{TIMES} {number}" if unit == TIMES else f"{number} {unit}"


def _rates(part: dict[str, Any]) -> Iterator[str]:
    loads, trials = part["found"]["loads"], part["found"]["trials"]
    yield "## Requests a second\n"
    yield (
        f"`wrk -t1 -c{CONNECTIONS}` on the same machine, {part['rounds']} rounds of {part['seconds']} s;"
        f" {WORKERS} workers of {THREADS} threads. CPU is what the server's processes used for a request."
        f" *Cache off* is `{'='.join(*CACHE_OFF.items())}`.\n"
    )
    yield "| | requests a second | spread | p50 ms | p99 ms | CPU µs |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, rounds in loads.items():
        rate = Finding("", "", "", [load["rate"] for load in rounds])
        p50, p99, cpu = (statistics.median(load[key] for load in rounds) for key in ("p50", "p99", "cpu"))
        yield f"| {name} | {rate.median:,.0f} | ± {rate.spread:.0%} | {p50:.1f} | {p99:.1f} | {cpu:,.0f} |"
    yield "\nHow the peers ran:\n"
    for name, reached in trials.items():
        best = max(reached, key=lambda label: reached[label])
        others = [f"{label}: {rate:,.0f}" for label, rate in reached.items() if label != best]
        tried = f" (reached {reached[best]:,.0f} when tried; {', '.join(others)})" if others else ""
        yield f"- {name}: {best}{tried}"
    if NGINX not in trials:
        yield "- nginx was not there: install it to see how it compares."
    broken = {name: sum(load["broken"] for load in rounds) for name, rounds in loads.items()}
    if any(broken.values()):
        counts = ", ".join(f"{name} {count}" for name, count in broken.items() if count)
        yield f"\nConnections that broke or timed out: {counts}."
    yield ""


def _faster(loads: dict[str, list[dict[str, float]]]) -> Iterator[str]:
    yield "## Where others are faster\n"
    won = {
        peer: ratios
        for peer in (*PEERS, HTTP_SERVER, NGINX)
        if (ratios := [ratio for ours in (KIOSQUE, UNCACHED) for ratio in _lost(loads, peer, ours)])
    }
    for peer, ratios in won.items():
        yield f"- **{peer}**: {', '.join(ratios)}. Why: {WHY.get(peer, 'not known yet')}."
    yield "" if won else "Nowhere in this run.\n"


def _lost(loads: dict[str, list[dict[str, float]]], peer: str, ours: str) -> Iterator[str]:
    for what in ("list", "article", "file"):
        theirs, own = (loads.get(f"{who}: {what}") for who in (peer, ours))
        if theirs and own and (times := _median(theirs) / _median(own)) > 1:
            yield f"{what} {TIMES} {times:.3g} of {ours}"


def _median(rounds: list[dict[str, float]]) -> float:
    return statistics.median(load["rate"] for load in rounds)


def _orders(part: dict[str, Any]) -> Iterator[str]:
    yield "## Orders\n"
    yield (
        "`POST /v1/orders` of one unit with an Idempotency-Key, each on disk before it is answered"
        " (`synchronous = FULL`, where those who wait for each other share a commit; PostgreSQL with its"
        f" default settings), beside a bare loop of {WORKERS} processes with {THREADS} threads each: the"
        " driver alone, with the conditional update and the inserts of an order in one transaction.\n"
    )
    yield "| | orders a second | p50 ms | p99 ms | CPU µs | bare loop a second |"
    yield "|---|---:|---:|---:|---:|---:|"
    for database, rounds in part["found"].items():
        figures = (
            statistics.median(load[key] for load in rounds["kiosque"])
            for key in ("rate", "p50", "p99", "cpu")
        )
        rate, p50, p99, cpu = figures
        bare = statistics.median(rounds["bare"])
        yield f"| {database} | {rate:,.0f} | {p50:.1f} | {p99:.1f} | {cpu:,.0f} | {bare:,.0f} |"
    yield ""


def _growth(part: dict[str, Any]) -> Iterator[str]:
    small, large = part["found"]["sizes"]
    yield "## Growth\n"
    yield (
        f"A database of {small:,} articles of 3 KB, {small:,} items and {small * 10:,} orders beside one of"
        f" {large:,}, {large:,} and {large * 10:,}: the application is asked about both in turn, without a"
        " server and without the read cache. The page far down is 1,000 pages behind the first in the large"
        " one, and halfway in the small one. The rare word is in 20 articles of either; the common one is in"
        " every twentieth, so that its hits grow as the articles do.\n"
    )
    yield f"| | {small:,}: ms | {large:,}: ms |"
    yield "|---|---:|---:|"
    for name, times in part["found"]["questions"].items():
        little, big = (statistics.median(times[side]) for side in ("small", "large"))
        yield f"| {name} | {little:.2f} | {big:.2f} |"
    yield "\n| `kiosque import` of a WordPress export | posts a second | at most MB |"
    yield "|---|---:|---:|"
    imports = part["found"]["imports"]
    for key, where in (
        ("few", "nothing"),
        ("many", "nothing"),
        ("small", f"{small:,} articles"),
        ("large", f"{large:,} articles"),
    ):
        rate, memory = (statistics.median(run[name] for run in imports[key]) for name in ("rate", "memory"))
        yield f"| {imports[key][0]['posts']:,} posts into {where} | {rate:,.0f} | {memory:.0f} |"
    yield ""


def _shares(found: dict[str, dict[str, float]]) -> Iterator[str]:
    yield "## Where the time goes\n"
    yield (
        f"Samples of one worker under load (py-spy, {RATE} a second): the part whose function was innermost."
        " C code counts as the function that called it; a thread that waits for the interpreter or the disk"
        " counts where it waits, one that has nothing to do, or not yet its turn to write, does not.\n"
    )
    yield "| | " + " | ".join(PARTS) + " |"
    yield "|---|" + "---:|" * len(PARTS)
    for what, shares in found.items():
        yield f"| {what} | " + " | ".join(f"{shares[part]:.0%}" for part in PARTS) + " |"
    yield ""


def _machine(results: dict[str, Any]) -> Iterator[str]:
    yield "## The machine\n"
    for name, value in results["machine"].items():
        yield f"- {name}: {value}"
    for part, measured in results.items():
        if part != "machine":
            busy = f"load average {measured['load']:.1f} at its start"
            yield f"- *{part}* measured {measured['at'][:16].replace('T', ' ')} UTC, {busy}"
    yield ""
