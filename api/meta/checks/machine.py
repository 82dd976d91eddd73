"""Checks of what Kiosque runs on: settings, database, disk, clock."""

from __future__ import annotations

import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

from api import sqlite
from api.media import files as media_files
from api.meta.checks import queries
from api.meta.checks.records import Finding
from api.settings import SETTINGS, Settings
from api.shop.downloads import files as download_files
from api.storage import Database, file_of, migrations, private

_ENTERED = stat.S_IXGRP | stat.S_IXOTH
ENOUGH_DISK = 100 * 2**20
"""Bytes below which the disk counts as full, since a WAL file needs room to grow."""


def settings_read(settings: Settings) -> Finding:
    """Whether a proxy must be there that is not named, since Kiosque itself speaks no TLS."""
    if settings.proxy or not settings.url.startswith("https:"):
        return Finding("ok", f"{len(SETTINGS)} read")
    return Finding(
        "warning",
        "KIOSQUE_PROXY names no proxy: all visitors share one network, which may read /metrics",
        "Set KIOSQUE_PROXY to the address of the proxy that speaks TLS.",
    )


def database(db: Database, url: str) -> Finding:
    """Whether it can be written, is not damaged, and holds every text."""
    with db.write() as tx:
        if tx.dialect == "sqlite":
            damage = queries.sqlite_damage(tx)
            if damage is None:
                return Finding("ok", f"{file_of(url)}: ok")
            return Finding("failed", f"{file_of(url)}: {damage}", "Stop the server, and restore a backup.")
        encoding = queries.postgresql_encoding(tx)
        detail = f"{queries.postgresql_version(tx)}, {encoding}"
        if encoding == "UTF8":
            return Finding("ok", detail)
        return Finding("failed", detail, "Move to a database with the encoding UTF8.")


def schema(db: Database) -> Finding:
    """Whether it is that of this version."""
    current = migrations.current(db)
    detail = f"{current}, newest is {migrations.HEAD}"
    if current == migrations.HEAD:
        return Finding("ok", detail)
    return Finding("failed", detail, "Run kiosque migrate.")


def permissions(settings: Settings, file: Path) -> Finding:
    """Whether others can open the database."""
    entered = (
        stat.S_IXGRP if settings.sendfile else 0
    )  # nginx goes through the folder, and reads nothing in it
    wrong = [each for each in private.database_files(file) if private.is_open_to_others(each)]
    if private.is_open_to_others(file.parent, but=entered):
        wrong.insert(0, file.parent)
    if not wrong:
        return Finding("ok", f"only the owner can open {file.parent}")
    return Finding(
        "failed", f"others can open {', '.join(map(str, wrong))}", "Run chmod go= on what others can open."
    )


def sendfile(settings: Settings) -> Finding:
    """Whether nginx can read the files that it is to send."""
    folders = [settings.data, settings.data / media_files.FOLDER, settings.data / download_files.FOLDER]
    closed = [folder for folder in folders if folder.is_dir() and not folder.stat().st_mode & _ENTERED]
    if not closed:
        return Finding("ok", f"nginx sends files from {settings.sendfile}")
    return Finding(
        "failed",
        f"nginx cannot enter {', '.join(map(str, closed))}",
        "Let the user of nginx be in the group of Kiosque, and run chmod g+x on the data and chmod -R g+rX on"
        " its folders media and files.",
    )


def sqlite_version(settings: Settings) -> Finding:
    """Whether this SQLite may be written by so many processes."""
    if sqlite.is_safe() or settings.workers == 1:
        return Finding("ok", sqlite.version())
    return Finding("failed", sqlite.version(), "Set WEB_CONCURRENCY=1, or install pysqlite3.")


def disk(folder: Path) -> Finding:
    """Whether there is room."""
    free = shutil.disk_usage(folder).free
    detail = f"{free // 2**20} MiB free in {folder}"
    if free >= ENOUGH_DISK:
        return Finding("ok", detail)
    return Finding("failed", detail, "Free some space on the disk of KIOSQUE_DATA.")


def clock() -> Finding:
    """Whether the clock of this machine can be right."""
    now = datetime.now(UTC)
    detail = now.isoformat(timespec="seconds")
    return Finding("ok", detail) if now.year >= 2026 else Finding("failed", detail, "Set the clock.")


def providers(settings: Settings) -> Finding:
    """Whether events of payments can come: Stripe sends those of real ones by https alone."""
    is_live = "stripe" in settings.payments and "_live_" in settings.stripe_key
    if is_live and not settings.url.startswith("https:"):
        detail = "Stripe reaches no webhook at a KIOSQUE_URL without https"
        return Finding("failed", detail, "Serve the site by https, and set KIOSQUE_URL.")
    return Finding("ok", ", ".join(settings.payments) + (" with a live key" if is_live else ""))
