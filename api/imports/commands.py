"""`kiosque import`: each file is imported completely or not at all, and its report is printed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from textwrap import shorten

import click

from api.imports import runs
from api.imports.errors import ImportRefused
from api.imports.report import Report
from api.imports.runs import Row
from api.settings import Settings
from api.storage import Database
from api.web import logs

EXAMPLES = 3
LISTED = frozenset({"sku"})
"""Kinds of which every row is named: their owner has to know what each became."""
OUTCOMES = ("created", "updated", "unchanged")


def import_files(db: Database, settings: Settings, files: Sequence[Path], *, dry_run: bool) -> None:
    """Import every file and print its report; exit code 1 if one was refused."""
    refused = False
    for path in files:
        try:
            report = runs.run(db, path, currency=settings.currency, dry_run=dry_run, progress=_progress)
        except ImportRefused as refusal:
            refused = True
            click.echo(f"kiosque: {refusal} Nothing of this file was imported.", err=True)
        else:
            if not dry_run:
                logs.at_shell("import", "kiosque import", format=report.name)
            _print(path, report, dry_run=dry_run)
    if refused:
        sys.exit(1)


def _progress(doing: str, rows: Iterable[Row], count: int) -> Iterable[Row]:
    if not sys.stderr.isatty() or count == 0:
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
        known = list(dict.fromkeys(shorten(label, 60, placeholder="…") for label in labels if label))
        limit = len(known) if kind in LISTED else EXAMPLES
        examples = ", ".join(known[:limit]) + (", …" if len(known) > limit else "")
        click.echo(f"  {title:11} {len(labels)} × {kind}: {reason}{f' ({examples})' if examples else ''}")
