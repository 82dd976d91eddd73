"""`make bench`: measures every part and writes RESULTS.md; `--help` lists the options."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from api import times
from bench import costs, growth, machine, orders, report, serving, shares
from bench.load import require_wrk
from bench.promises import findings
from bench.rows import Rows, fill

HERE = Path(__file__).parent
PARTS = ("serving", "orders", "costs", "growth", "shares")
QUICK = {"seconds": 1, "rounds": 2, "requests": 5_000, "large": 3_000, "posts": 500}


def main() -> None:
    """Measure, save the results, and write the page from everything saved so far."""
    options = _arguments()
    require_wrk()
    options.into.mkdir(parents=True, exist_ok=True)
    saved = options.into / "results.json"
    results = json.loads(saved.read_text()) if saved.exists() else {}
    with tempfile.TemporaryDirectory(prefix="kiosque-bench-") as name:
        folder = Path(name)
        results["machine"] = machine.described(folder)
        rows = fill(folder)
        for part in options.only:
            _say(f"— {part}")
            begun = {"at": times.now(), "load": machine.load_average()}
            found = _measured(part, rows, options)
            results[part] = {**begun, "seconds": options.seconds, "rounds": options.rounds, "found": found}
            saved.write_text(json.dumps(results, indent=1) + "\n")
    _publish(results, options.into)


def _publish(results: dict[str, Any], folder: Path) -> None:
    found = findings(results)
    (folder / "RESULTS.md").write_text(report.page(results, found))
    missed = [finding for finding in found if finding.kept is False]
    held = sum(finding.kept is True for finding in found)
    _say(f"{folder / 'RESULTS.md'}: {held} promises kept, {len(missed)} missed")
    for finding in missed:
        _say(f"  missed: {finding.what}: {finding.median:.3g} {finding.unit}")


def _measured(part: str, rows: Rows, options: argparse.Namespace) -> dict[str, Any]:
    seconds, rounds = options.seconds, options.rounds
    measures: dict[str, Callable[[], dict[str, Any]]] = {
        "serving": lambda: serving.measure(rows, seconds=seconds, rounds=rounds, say=_say),
        "orders": lambda: orders.measure(rows.folder, seconds=seconds, rounds=rounds, say=_say),
        "costs": lambda: costs.measure(rows, rounds=rounds, requests=options.requests, say=_say),
        "growth": lambda: growth.measure(
            rows.folder, large=options.large, posts=options.posts, rounds=rounds, say=_say
        ),
        "shares": lambda: shares.measure(rows, say=_say),
    }
    return measures[part]()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Kiosque beside its peers.")
    add = parser.add_argument
    add("--seconds", type=int, default=2, help="length of each load (2)")
    add("--rounds", type=int, default=7, help="rounds, each with one load per question (7)")
    add("--requests", type=int, default=100_000, help="requests before a worker is measured (100,000)")
    add("--large", type=int, default=100_000, help="articles and items in the large database (100,000)")
    add("--posts", type=int, default=10_000, help="posts in the import (10,000)")
    add(
        "--only",
        nargs="+",
        choices=PARTS,
        default=PARTS,
        help="parts to measure; the saved results of the others stay",
    )
    add("--into", type=Path, default=HERE, help="folder of the page (bench)")
    add("--quick", action="store_true", help="a few minutes, to try it out, into build/bench")
    options = parser.parse_args()
    if options.quick:
        vars(options).update(QUICK, into=HERE.parent / "build" / "bench")
    return options


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
