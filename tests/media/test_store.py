"""The store under a killed process and a full disk: never a row without its files, and nothing is lost."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.media import files, pictures, store
from api.media.folder import Folder
from api.media.pictures import ImageTooLarge, InvalidImage
from api.storage import Busy, StorageUnavailable
from tests.factories import make_account, sign_in
from tests.media.conftest import path_of, upload, uploaded
from tests.media.dying import STEPS
from tests.media.pictures import jpeg

ROOT = Path(__file__).parents[2]


def compared(db, store):
    with db.read() as tx:
        return files.compare(tx, store)


def test_only_their_owner_can_open_the_files(author, settings):
    uploaded(author, jpeg())

    modes = {
        path: stat.S_IMODE(path.stat().st_mode)
        for path in (settings.data / "media").rglob("*")
        if path.exists()
    }
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}


def test_nothing_is_left_in_the_workshop(author, settings):
    uploaded(author, jpeg())
    upload(author, jpeg()[:5_000])

    assert list((settings.data / "media" / "tmp").iterdir()) == []


def test_a_workshop_of_a_killed_process_is_cleared_an_hour_later(settings, author):
    left = settings.data / "media" / "tmp" / "left"
    left.mkdir(parents=True)
    (left / "original").write_bytes(b"half")
    young = left.with_name("young")
    young.mkdir()
    os.utime(left, (0, 0))

    uploaded(author, jpeg())

    assert list(left.parent.iterdir()) == [young]


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("step", STEPS)
def test_a_killed_process_leaves_no_row_without_its_files(db, client_as, settings, store, step):
    with db.write() as tx:
        token = sign_in(tx, make_account(tx, role="author"))
    environ = {"KIOSQUE_DATA": str(settings.data), "KIOSQUE_URL": settings.url, "TOKEN": token}

    run = subprocess.run(
        [sys.executable, "-m", "tests.media.dying", step],
        cwd=ROOT,
        env={**os.environ, **environ},
        check=False,
    )

    assert run.returncode == -signal.SIGKILL
    after = compared(db, store)
    assert (after.files, after.absent) == (0, ())
    medium = uploaded(client_as("author"), jpeg())
    assert compared(db, store) == files.Comparison(4, (), ())
    assert client_as().simulate_get(path_of(medium["url"])).status_code == 200


@contextmanager
def no_file_may_grow_beyond(size):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_takes_no_more_takes_nothing(author, db, store):
    with no_file_may_grow_beyond(10_000):
        answer = upload(author, jpeg())

    assert (answer.status_code, answer.json["code"]) == (503, "storage-unavailable")
    assert list(store.keys()) == []
    uploaded(author, jpeg())
    assert compared(db, store) == files.Comparison(4, (), ())


def test_files_that_are_not_there_and_files_of_nobody_are_named(author, db, settings, store):
    medium = uploaded(author, jpeg())
    gone = f"originals/{medium['sha256']}"
    store.remove([gone])
    stray = settings.data / "media" / "originals" / "ab" / "abc"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"?")

    assert compared(db, store) == files.Comparison(4, (gone,), ("originals/abc",))


def test_nothing_is_removed_while_a_row_is_on_its_way_or_a_backup_is_written(author, store, db):
    medium = uploaded(author, jpeg())
    author.simulate_delete(f"/v1/media/{medium['id']}")

    with store.adding(), store.adding():
        with pytest.raises(Busy), store.removing():
            pass
        author.app.background.until_idle()
        assert len(list(store.keys())) == 4

    with db.write() as tx:
        tx.run(sa.text("UPDATE jobs SET due_at = '2020-01-01T00:00:00.000Z'"))
    author.app.background.until_idle()
    assert list(store.keys()) == []


@pytest.mark.parametrize(
    ("program", "error"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", ImageTooLarge),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", ImageTooLarge),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", InvalidImage),
        ("raise OSError(28, 'No space left on device')", StorageUnavailable),
    ],
)
def test_however_the_program_of_sizes_ends_it_is_an_answer(tmp_path, monkeypatch, program, error):
    script = tmp_path / "sizes.py"
    script.write_text(program)
    monkeypatch.setattr(pictures, "PROGRAM", script)

    with pytest.raises(error):
        pictures.resize(tmp_path, "image/jpeg", tmp_path)


def test_a_picture_that_takes_too_long_is_too_large(tmp_path, monkeypatch):
    script = tmp_path / "sizes.py"
    script.write_text("import signal; signal.pause()")
    monkeypatch.setattr(pictures, "PROGRAM", script)
    monkeypatch.setattr(pictures, "SECONDS", 0.2)

    with pytest.raises(ImageTooLarge):
        pictures.resize(tmp_path, "image/jpeg", tmp_path)


def test_keys_lead_nowhere_else(tmp_path):
    folder = Folder(tmp_path)

    assert folder.length("sizes/../../etc/passwd") is None
    assert folder.length(store.original("0" * 64)) is None
