"""Backups of media: every file comes back, a piece at a time, and a damaged one is refused."""

from __future__ import annotations

import dataclasses

import pytest
from falcon.testing import TestClient

from api.app import create_app
from api.backup import files, rules
from api.backup.errors import CopyRefused
from api.media.files import Comparison, compare, store_of
from api.media.folder import Folder
from api.settings.media import PLACE
from api.shop.downloads.files import Files
from api.shop.downloads.files import Folder as Downloads
from api.shop.downloads.queries import list_entitlements
from api.shop.variants.records import Download
from api.storage import Database, Keyset, migrations
from tests.factories import CHEAP_HASHER, make_account, make_item, make_order, make_viewer, sign_in
from tests.media import buckets
from tests.media.conftest import on_both, uploaded
from tests.media.pictures import PDF, jpeg


def unwatched(_table, _rows):
    pass


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """By the migrations: a copy asks for the revision."""
    path = tmp_path_factory.mktemp("migrated") / "kiosque.db"
    db = Database(f"sqlite:///{path}")
    migrations.upgrade(db)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.dispose()
    return path


def test_a_backup_holds_the_files_and_a_restore_brings_them_back(author, db, empty, store, tmp_path):
    uploaded(author, jpeg())
    other = Folder(tmp_path / "other" / "media")

    rules.back_up(db, tmp_path / "a.kiosque", watch=unwatched, store=store)
    rules.restore(empty, tmp_path / "a.kiosque", watch=unwatched, store=other)

    with empty.read() as tx:
        assert compare(tx, other) == Comparison(4, (), ())
    for key in list(store.keys()):
        with store.open(key) as before, other.open(key) as after:
            assert before.read() == after.read()


def test_a_restored_backup_has_the_files_that_were_bought(client_as, db, empty, store, tmp_path):
    medium = uploaded(client_as("shopkeeper"), PDF, "application/pdf")
    guide = Download(media=medium["id"], name="Guide")
    with db.write() as tx:
        make_item(tx, sku="guide", price=0, kind="digital", variant={"downloads": (guide,)})
        order = make_order(tx, make_viewer(tx, role="customer"), ("guide", 1))

    rules.back_up(db, tmp_path / "a.kiosque", watch=unwatched, store=store)
    rules.restore(empty, tmp_path / "a.kiosque", watch=unwatched, store=Folder(tmp_path / "other"))

    with empty.read() as tx:
        (bought,) = list_entitlements(tx, Keyset("ent_~", 2), order_id=order.id)
    with Files(Downloads(tmp_path), Folder(tmp_path / "other")).find(bought).open() as file:
        assert file.read() == PDF


@on_both
@pytest.mark.only_on("sqlite")
def test_a_backup_brings_the_files_of_a_bucket_to_another_one(
    db, make_empty, settings, bucket_url, s3, tmp_path
):
    old, new = (
        dataclasses.replace(settings, media_url=PLACE.read(url))
        for url in (bucket_url, buckets.new_bucket(s3))
    )
    with db.write() as tx:
        token = sign_in(tx, make_account(tx, role="author"))
    app = create_app(old, db, CHEAP_HASHER)
    uploaded(TestClient(app, headers={"Authorization": f"Bearer {token}"}), jpeg())
    empty, before = make_empty(), store_of(old, db)
    after = store_of(new, empty)

    rules.back_up(db, tmp_path / "a.kiosque", watch=unwatched, store=before)
    rules.restore(empty, tmp_path / "a.kiosque", watch=unwatched, store=after)

    with empty.read() as tx:
        assert compare(tx, after) == Comparison(4, (), ())
    for key in list(before.keys()):
        with before.open(key) as one, after.open(key) as other:
            assert one.read() == other.read()


def test_a_file_that_is_not_there_stops_no_backup(author, db, empty, store, tmp_path):
    medium = uploaded(author, jpeg())
    store.remove([f"originals/{medium['sha256']}"])

    rules.back_up(db, tmp_path / "a.kiosque", watch=unwatched, store=store)
    rules.restore(empty, tmp_path / "a.kiosque", watch=unwatched, store=Folder(tmp_path / "other"))

    with empty.read() as tx:
        assert compare(tx, Folder(tmp_path / "other")).absent == (f"originals/{medium['sha256']}",)


@pytest.mark.parametrize("change", ["bytes", "key", "end", "line"])
def test_lines_that_are_damaged_are_refused(author, db, store, tmp_path, change):
    uploaded(author, jpeg())
    with db.read() as tx:
        lines = list(files.dumped(tx, store))
    if change == "bytes":
        lines[1] = lines[1].replace(b"A", b"B")
    elif change == "key":
        lines[0] = b'{"file": "sizes/../../kiosque.db"}\n'
    elif change == "end":
        lines = lines[:2]
    else:
        lines[0] = b"[]\n"

    with pytest.raises(CopyRefused):
        files.load(iter(lines), Folder(tmp_path / "other"))
