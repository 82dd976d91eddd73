"""Who may read the files of a database: its owner, whatever the umask, and whoever made them."""

from __future__ import annotations

import os
import stat

import pytest

from api.settings import Settings
from api.storage import migrations


@pytest.fixture(autouse=True)
def _lax_umask():
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder):
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.glob("kiosque.db*"))}


def migrated(folder):
    return migrations.migrated(Settings.from_env({"KIOSQUE_DATA": str(folder)}))


@pytest.mark.parametrize("there", [(), ("",), ("", "kiosque.db", "kiosque.db-wal", "kiosque.db-shm")])
def test_only_its_owner_may_read_a_database(tmp_path, there):
    folder = tmp_path / "data"
    for name in there:
        (folder / name).touch() if name else folder.mkdir(0o755)

    db = migrated(folder)
    found = modes(folder)
    db.dispose()

    files = {"kiosque.db", "kiosque.db-wal", "kiosque.db-shm"}
    assert found == {"data": 0o700} | dict.fromkeys(files, 0o600)


@pytest.mark.parametrize(("name", "mode"), [("other.txt", 0o755), ("kiosque.db", 0o1777)])
def test_a_folder_that_is_used_for_other_things_is_left_as_it_is(tmp_path, name, mode):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / name).touch()
    folder.chmod(mode)

    migrated(folder).dispose()

    assert modes(folder) == {"data": mode, "kiosque.db": 0o600}
