"""`kiosque import`: each file is imported completely or not at all, and its report is printed."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from api.imports import runs
from api.imports.errors import ImportRefused
from api.imports.report import Report
from api.imports.runs import Progress, Row
from api.settings import Settings
from api.storage import Database
from api.web import logs

EXAMPLES = 3
LONGEST_LABEL = 60
LISTED = frozenset({"sku"})
"""Kinds of which every row is named: their owner has to know what each became."""
OUTCOMES = ("created", "updated", "unchanged")


def import_files(
    db: Database,
    settings: Settings,
    files: Sequence[Path],
    *,
    dry_run: bool,
    lenient: bool = False,
    with_people: bool = False,
    report_file: Path | None = None,
) -> None:
    """Import every file and print its report; exit code 1 if one was refused."""
    gc.freeze()  # all that is loaded stays, so that no collection of garbage looks through it again
    results: list[dict[str, Any]] = []
    refused = False
    for path in files:
        try:
            with _reading(path) as progress:
                report = runs.run(
                    db,
                    path,
                    currency=settings.currency,
                    dry_run=dry_run,
                    progress=progress,
                    lenient=lenient,
                    with_people=with_people,
                )
        except ImportRefused as refusal:
            refused = True
            click.echo(f"kiosque: {refusal} Nothing of this file was imported.", err=True)
            results.append({"file": str(path), "dry_run": dry_run, "refused": _refusal(refusal)})
        else:
            if not dry_run:
                logs.at_shell("import", "kiosque import", format=report.name)
            _print(path, report, dry_run=dry_run)
            results.append({"file": str(path), "dry_run": dry_run, "refused": None, **_for_programs(report)})
    if report_file is not None:
        report_file.write_text(json.dumps({"files": results}, indent=2, ensure_ascii=False) + "\n")
    if refused:
        sys.exit(1)


def _refusal(error: ImportRefused) -> dict[str, Any]:
    return {"sentence": error.sentence, "line": error.line, "column": error.column}


def _for_programs(report: Report) -> dict[str, Any]:
    """A report for programs, with every label."""
    counts: dict[str, dict[str, int]] = {}
    for (kind, outcome), count in report.done.items():
        counts.setdefault(kind, dict.fromkeys(OUTCOMES, 0))[outcome] = count
    return {
        "format": report.name,
        "counts": counts,
        **{
            title: [
                {"kind": kind, "reason": reason, "count": len(labels), "labels": labels}
                for (kind, reason), labels in sorted(reasons.items())
            ]
            for title, reasons in (("skipped", report.skipped), ("noted", report.noted))
        },
    }


@contextmanager
def _reading(path: Path) -> Iterator[Progress]:
    """A sign of life while a file is read, then the progress of each step."""
    if not sys.stderr.isatty():
        yield lambda _doing, rows, _count: rows
        return
    from rich.console import Console

    with Console(stderr=True).status(f"reading {path.name}") as status:

        def progress(doing: str, rows: Iterable[Row], count: int) -> Iterable[Row]:
            status.stop()
            return _progress(doing, rows, count)

        yield progress


def _progress(doing: str, rows: Iterable[Row], count: int) -> Iterable[Row]:
    if count == 0:
        return rows
    from rich.console import Console
    from rich.progress import track

    return track(rows, doing, total=count, console=Console(stderr=True), transient=True)


def _print(path: Path, report: Report, *, dry_run: bool) -> None:
    click.echo(f"{path.name}: {report.name}{', dry run: nothing was changed' if dry_run else ''}")
    kinds = dict.fromkeys(kind for kind, _ in report.done)
    for kind in kinds:
        counts = (f"{report.done[kind, outcome]} {outcome}" for outcome in OUTCOMES)
        click.echo(f"  {kind:11} {', '.join(counts)}")
    if not kinds:
        click.echo("  nothing to import")
    _print_reasons("skipped", report.skipped)
    _print_reasons("noted", report.noted)


def _print_reasons(title: str, reasons: Mapping[tuple[str, str], Sequence[str]]) -> None:
    for (kind, reason), labels in sorted(reasons.items()):
        known = list(dict.fromkeys(_shortened(label) for label in labels if label))
        limit = len(known) if kind in LISTED else EXAMPLES
        examples = ", ".join(known[:limit]) + (", …" if len(known) > limit else "")
        click.echo(f"  {title:11} {len(labels)} × {kind}: {reason}{f' ({examples})' if examples else ''}")


def _shortened(label: str) -> str:
    """At most 60 characters, in scripts without spaces too."""
    line = " ".join(label.split())
    return line if len(line) <= LONGEST_LABEL else f"{line[: LONGEST_LABEL - 1].rstrip()}…"
