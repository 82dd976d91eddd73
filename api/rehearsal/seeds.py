"""The data of a new sandbox: the demonstration, nothing, or a backup."""

from __future__ import annotations

from pathlib import Path

from api.backup import rules as backup
from api.rehearsal import queries
from api.rehearsal.sandbox import DATA, HASHER, STATE
from api.settings.public_site import PublicSite
from api.sights import sights
from api.site.demo import filling
from api.storage import Database, migrations

DEMO, EMPTY = "demo", "empty"


def make(seed: str, folder: Path, site: PublicSite) -> None:
    """Make the folder that every sandbox is a copy of; CopyRefused or OSError for a backup that is none."""
    folder.mkdir(mode=0o700)
    queries.create(folder / STATE)
    clock = filling.Clock()
    db = Database(f"sqlite:///{folder / DATA}", synchronous="off", clock=clock)
    db.sight_of = sights(site)
    if seed in (DEMO, EMPTY):
        migrations.upgrade(db)
    if seed == DEMO:
        filling.fill(db, clock, HASHER)
    elif seed != EMPTY:
        backup.restore(db, Path(seed), watch=lambda _table, _rows: None)
    db.dispose()
