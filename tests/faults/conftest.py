"""Faults that a test can cause here, each skipped with a reason where it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.faults import shop
from tests.oversell_proof import figures
from tests.postgres import url_of

Inject = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def open_shop(tmp_path, request, capsys, full):
    """`with open_shop(…) as shop:` — its figures are printed when they were asked for."""

    @contextmanager
    def opened(folder: Path | None = None, url: str | None = None, **plan) -> Iterator[shop.Shop]:
        folder = folder or tmp_path
        with shop.open_shop(folder, url or f"sqlite:///{folder / 'kiosque.db'}", **plan) as open_now:
            yield open_now
        if full:
            with capsys.disabled():
                verdict, back, kills = open_now.verdict, open_now.back, open_now.kills
                print("\n" + figures.line(request.node.name, verdict, kills=kills, back=back))

    return opened


@pytest.fixture
def url(empty) -> str:
    """An empty database of either kind."""
    return url_of(empty)


@pytest.fixture
def inject() -> Inject:
    """`with inject(pids, "fdatasync:error=EIO"):` — as strace's manual has it."""
    if shutil.which("strace") is None:
        pytest.skip("needs strace (apt-get install strace)")
    with subprocess.Popen(["sleep", "60"]) as sleeper:
        try:
            with _injected([sleeper.pid], "pwrite64:error=EIO"):
                pass
        except AssertionError:
            pytest.skip("needs the right to trace a process (root, or ptrace_scope 0)")
        finally:
            sleeper.kill()
    return _injected


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """A disk of its own, of 16 MB."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m,mode=700", "kiosque", folder], capture_output=True, text=True
    )
    if mounting.returncode:
        pytest.skip(f"cannot mount a small disk: {mounting.stderr}")
    yield folder
    subprocess.run(["umount", folder], check=True)


@contextmanager
def _injected(pids: Sequence[int], fault: str) -> Iterator[None]:
    calls = fault.partition(":")[0]
    attached = [argument for pid in pids for argument in ("-p", str(pid))]
    tracer = subprocess.Popen(
        [
            "strace",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            f"trace={calls}",
            "-e",
            f"inject={fault}",
            *attached,
        ],
        stderr=subprocess.DEVNULL,
    )
    try:
        last = time.monotonic() + 10
        while not all(_is_traced(pid) for pid in pids) and tracer.poll() != 0:  # 0: they have ended
            assert tracer.poll() is None, "strace cannot attach"
            assert time.monotonic() < last, "strace does not attach"
            time.sleep(0.005)
        yield
    finally:
        tracer.terminate()
        tracer.wait()


def _is_traced(pid: int) -> bool:
    """Whether every thread is; so is a process that has ended since."""
    try:
        tasks = [task / "status" for task in Path(f"/proc/{pid}/task").iterdir()]
        return all("TracerPid:\t0\n" not in status.read_text() for status in tasks)
    except OSError:
        return True
