"""A disk that is full or failing: nothing is sold that is not kept, and everything is shown on."""

from __future__ import annotations

import resource
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
import sqlalchemy as sa

from api.storage import StorageUnavailable
from tests.factories import make_item
from tests.server.process import answers, gunicorn, post, wait_until

LEFT = sa.text("SELECT available FROM variants")
ROOT = sa.text("SELECT rootpage FROM sqlite_schema WHERE name = 'variants'")
SELL = sa.text("UPDATE variants SET available = available - 1")


@contextmanager
def filled(disk):
    """Not a byte is free until the block ends; then there is plenty."""
    with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        while filler.write(bytes(65_536)):
            pass
    assert shutil.disk_usage(disk).free == 0
    yield
    subprocess.run(["mount", "-o", "remount,size=300m", disk], check=True)


@contextmanager
def no_file_may_grow():
    """Writing beyond what any file holds is an I/O error."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_sells_nothing_and_shows_everything(open_shop, disk, full):
    with open_shop(disk) as shop:
        with filled(disk):
            shop.refuses(200 if full else 10)
            shop.shows()
        shop.is_back()

    assert shop.not_shown == []


@pytest.mark.parametrize(
    "fault", ["fdatasync,fsync:error=EIO", "pwrite64:error=EIO", "pwrite64:error=ENOSPC"]
)
def test_workers_whose_writes_fail_sell_nothing_and_show_everything(open_shop, inject, fault, full):
    with open_shop() as shop:
        with inject(shop.server.workers(), fault):
            shop.refuses(200 if full else 20)
            shop.shows()
        shop.is_back()

    assert shop.not_shown == []


@pytest.mark.only_on("sqlite")
def test_a_process_that_saw_an_io_error_opens_everything_anew_and_repeats_no_commit(db):
    with db.write() as tx:
        make_item(tx, stock=9)
    before, tries = handles(db), []

    def sell():
        tries.append(1)
        with db.write() as tx:
            tx.run(SELL)

    with no_file_may_grow(), pytest.raises(StorageUnavailable):
        db.attempt(sell)

    assert len(tries) == 1
    assert not handles(db) & before
    with db.read() as tx:
        assert tx.value(LEFT) == 9


@pytest.mark.only_on("sqlite")
def test_a_process_that_saw_corruption_opens_everything_anew(db, settings):
    with db.write() as tx:
        root, size = tx.value(ROOT), tx.value(sa.text("PRAGMA page_size"))
    before = handles(db)
    with (settings.data / "kiosque.db").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(bytes(size))

    with pytest.raises(StorageUnavailable), db.read() as tx:
        tx.value(LEFT)

    assert not handles(db) & before


def handles(db):
    """Two of the process's connections."""
    with db.read() as tx, db.read() as other:
        return {one.connection.connection.driver_connection for one in (tx, other)}


def test_a_body_that_fills_the_disk_is_refused_and_gives_the_space_back(tmp_path, disk):
    def upload(megabytes):
        body = bytes(megabytes * 2**20)
        raw = post(f"Content-Length: {len(body)}", path="/upload?limit=99999999", body=body)
        (answer,) = answers(server.say(raw, end=True))
        return answer.json

    with gunicorn(tmp_path, environ={"TEST_FOLDER": str(disk)}) as server:
        too_much, little = upload(40), upload(12)
        wait_until(lambda: shutil.disk_usage(disk).used == 0)

    assert too_much == {"code": "storage-unavailable"}
    assert little["size"] == 12 * 2**20


def test_a_slow_disk_keeps_nobody_waiting_but_whoever_sends_a_large_body(tmp_path, inject):
    content = bytes(2**20)
    raw = post(
        f"Content-Length: {len(content)}", "Connection: close", path="/upload?limit=9999999", body=content
    )
    with (
        gunicorn(tmp_path, environ={"TEST_FOLDER": str(tmp_path / "bodies")}) as server,
        ThreadPoolExecutor(1) as uploader,
        inject(server.children(), "write:delay_enter=300000"),
    ):
        upload = uploader.submit(server.say, raw)
        wait_until(lambda: server.files())
        meanwhile = [server.get("/echo").status for _ in range(3)]
        was_done = upload.done()
        (answer,) = answers(upload.result())

    assert meanwhile == [200] * 3
    assert not was_done
    assert answer.json["size"] == len(content)
