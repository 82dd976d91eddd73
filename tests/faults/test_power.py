"""The power fails: what was acknowledged is on the disk, and the database opens."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from api.sqlite import driver

SIZE = 256 * 2**20


@contextmanager
def mounted(image: Path):
    """A file system in a file, which writes nothing of its own accord for five minutes."""
    folder = image.with_suffix(".disk")
    folder.mkdir()
    options = ["-o", "loop,data=ordered,commit=300"]
    run = subprocess.run(["mount", *options, image, folder], capture_output=True, text=True)
    if run.returncode:
        pytest.skip(f"cannot mount a file system in a file: {run.stderr}")
    folder.chmod(0o700)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@contextmanager
def at_once(pids):
    """Not one instruction of theirs is run until the block ends."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@pytest.fixture
def image(tmp_path):
    if os.geteuid() != 0 or shutil.which("mkfs.ext4") is None:
        pytest.skip("needs root and mkfs.ext4, for a disk that can be cut off")
    path = tmp_path / "a.img"
    with path.open("wb") as file:
        file.truncate(SIZE)
    subprocess.run(["mkfs.ext4", "-qF", path], check=True)
    return path


def test_what_was_acknowledged_is_there_after_a_power_cut(open_shop, image, tmp_path, full):
    with mounted(image) as disk, open_shop(disk) as shop:
        for number in range(10 if full else 2):
            shop.sells(30)
            cut = tmp_path / f"cut-{number}.img"
            with at_once(shop.server.workers()):
                told = set(shop.tally.bought.values())
                subprocess.run(["cp", "--sparse=always", image, cut], check=True)
            with mounted(cut) as found, closing(driver.connect(found / "kiosque.db")) as connection:
                stored = {row[0] for row in connection.execute("SELECT id FROM orders")}
                assert not told - stored
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        shop.is_back()
