"""`make bench`: measures every part, and writes RESULTS.md; `--help` lists the choices."""

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
    """Measure, keep what was found, and write the page from all that is kept."""
    given = _arguments()
    require_wrk()
    given.into.mkdir(parents=True, exist_ok=True)
    kept = given.into / "results.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    with tempfile.TemporaryDirectory(prefix="kiosque-bench-") as name:
        folder = Path(name)
        results["machine"] = machine.described(folder)
        rows = fill(folder)
        for part in given.only:
            _say(f"— {part}")
            begun = {"at": times.now(), "load": machine.load_average()}
            found = _measured(part, rows, given)
            results[part] = {**begun, "seconds": given.seconds, "rounds": given.rounds, "found": found}
            kept.write_text(json.dumps(results, indent=1) + "\n")
    _publish(results, given.into)


def _publish(results: dict[str, Any], folder: Path) -> None:
    found = findings(results)
    (folder / "RESULTS.md").write_text(report.page(results, found))
    missed = [finding for finding in found if finding.kept is False]
    held = sum(finding.kept is True for finding in found)
    _say(f"{folder / 'RESULTS.md'}: {held} promises kept, {len(missed)} missed")
    for finding in missed:
        _say(f"  missed: {finding.what}: {finding.median:.3g} {finding.unit}")


def _measured(part: str, rows: Rows, given: argparse.Namespace) -> dict[str, Any]:
    seconds, rounds = given.seconds, given.rounds
    measures: dict[str, Callable[[], dict[str, Any]]] = {
        "serving": lambda: serving.measure(rows, seconds=seconds, rounds=rounds, say=_say),
        "orders": lambda: orders.measure(rows.folder, seconds=seconds, rounds=rounds, say=_say),
        "costs": lambda: costs.measure(rows, rounds=rounds, requests=given.requests, say=_say),
        "growth": lambda: growth.measure(
            rows.folder, large=given.large, posts=given.posts, rounds=rounds, say=_say
        ),
        "shares": lambda: shares.measure(rows, say=_say),
    }
    return measures[part]()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Kiosque beside its peers.")
    add = parser.add_argument
    add("--seconds", type=int, default=2, help="of each load (2)")
    add("--rounds", type=int, default=7, help="in which everything is asked once (7)")
    add("--requests", type=int, default=100_000, help="before the memory of a worker is looked at (100,000)")
    add("--large", type=int, default=100_000, help="articles and items of the large database (100,000)")
    add("--posts", type=int, default=10_000, help="of the import (10,000)")
    add(
        "--only",
        nargs="+",
        choices=PARTS,
        default=PARTS,
        help="measure these, and keep what is known of others",
    )
    add("--into", type=Path, default=HERE, help="where the page is written (bench)")
    add("--quick", action="store_true", help="a few minutes, to see whether all works: into build/bench")
    given = parser.parse_args()
    if given.quick:
        vars(given).update(QUICK, into=HERE.parent / "build" / "bench")
    return given


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
