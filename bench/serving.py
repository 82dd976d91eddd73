"""Requests a second: every question in every round, so that a busy machine slows all contenders alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from statistics import median
from typing import Any

from bench.contenders import (
    FILE,
    HTTP_SERVER,
    KIOSQUE,
    LIST,
    NGINX,
    PEERS,
    UNCACHED,
    Question,
    ours,
    peers,
    questions,
)
from bench.load import load
from bench.rows import Rows
from bench.servers import Contender, Server, running

TRIALS = 3
"""Loads of each configuration; the median counts."""

Say = Callable[[str], None]


def measure(rows: Rows, *, seconds: int, rounds: int, say: Say) -> dict[str, Any]:
    """The loads of each question by name, and the configurations that were tried for the peers."""
    rows.copy("peers")
    contenders = ours(rows)
    trials = {}
    for name, variants in peers(rows).items():
        trials[name], contenders[name] = _best(name, variants, rows, seconds, say)
    with ExitStack() as stack:
        servers = {
            name: stack.enter_context(running(contender, rows.folder))
            for name, contender in contenders.items()
        }
        check_answers(servers, rows)
        asked = questions(rows, servers[KIOSQUE].get(LIST)[2])
        loads = _rounds(servers, asked, seconds, rounds, say)
    return {"loads": loads, "trials": trials}


def check_answers(servers: dict[str, Server], rows: Rows) -> None:
    """Raise RuntimeError unless all answer with the same list, article and file."""
    for names, path in (
        ((KIOSQUE, UNCACHED, *PEERS), LIST),
        ((KIOSQUE, UNCACHED, *PEERS), f"{LIST}/{rows.slug}"),
        ((KIOSQUE, HTTP_SERVER, NGINX), FILE),
    ):
        answers = {name: _content(servers[name], path) for name in names if name in servers}
        for name, answer in answers.items():
            if answer != answers[KIOSQUE]:
                raise RuntimeError(f"{name} answers {path} otherwise than Kiosque:\n{answer!r:.2000}")


def _content(server: Server, path: str) -> Any:
    status, body, _ = server.get(path)
    if status != 200:
        raise RuntimeError(f"{server.process.args!r} answers {path} with {status}")
    if path == FILE:
        return body
    answer = json.loads(body)
    return answer.get("data", answer)


def _best(
    name: str, variants: dict[str, Contender], rows: Rows, seconds: int, say: Say
) -> tuple[dict[str, float], Contender]:
    """The rate of each configuration, and the fastest contender."""
    if len(variants) == 1:
        return dict.fromkeys(variants, 0.0), next(iter(variants.values()))
    reached: dict[str, list[float]] = {label: [] for label in variants}
    with ExitStack() as stack:
        servers = {
            label: stack.enter_context(running(variant, rows.folder)) for label, variant in variants.items()
        }
        for _ in range(TRIALS):
            for label, server in servers.items():
                reached[label].append(load(server, variants[label].ready, seconds=seconds).rate)
    rates = {label: median(loads) for label, loads in reached.items()}
    for label, rate in rates.items():
        say(f"tried    {name}, {label}: {rate:,.0f}/s")
    return rates, variants[max(rates, key=lambda label: rates[label])]


def _rounds(
    servers: dict[str, Server], asked: list[Question], seconds: int, rounds: int, say: Say
) -> dict[str, list[dict[str, float]]]:
    for question in asked:  # warm
        load(servers[question.server], question.path, headers=question.headers, seconds=1)
    loads: dict[str, list[dict[str, float]]] = {question.name: [] for question in asked}
    for number in range(rounds):
        start = number * len(asked) // rounds
        for question in asked[start:] + asked[:start]:
            server = servers[question.server]
            found = load(server, question.path, headers=question.headers, seconds=seconds)
            loads[question.name].append(asdict(found))
            say(f"round {number + 1}  {question.name:40} {found.rate:9,.0f}/s  p99 {found.p99:7.1f} ms")
    return loads
