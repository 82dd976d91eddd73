"""All sandboxes of a server, each made when it is first asked for; workers share nothing but their files."""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from api.rehearsal import sandbox
from api.rehearsal.queries import Candidate
from api.rehearsal.sandbox import Sandbox
from api.settings import Settings

MOST = 64
"""Sandboxes that there are at a time; for one more, the one that was not used for longest goes."""

_LOCK = ".lock"


class Sandboxes:
    """The sandboxes in a folder, as one worker has them open."""

    def __init__(self, folder: Path, seed: Path, settings_of: Callable[[str], Settings]) -> None:
        self._folder, self._seed, self._settings_of = folder, seed, settings_of
        self._open: dict[str, Sandbox] = {}
        self._lock = threading.Lock()

    def use(self, name: str) -> tuple[Sandbox, list[Candidate]]:
        """The sandbox of that name, and the faults in it that have steps left."""
        while True:
            one = self._open.get(name) or self._opened(name)
            candidates = one.state.candidates()
            if candidates is not None:
                with suppress(FileNotFoundError):  # closed this very moment: the next request gets another
                    os.utime(one.folder)
                return one, candidates
            with self._lock:
                self._drop_closed()

    def _opened(self, name: str) -> Sandbox:
        with self._lock:
            if name not in self._open:
                folder = self._folder / name
                with _alone(self._folder):
                    if not sandbox.is_there(folder):
                        sandbox.create(folder, self._seed)
                        _make_room(self._folder)
                self._drop_closed()
                self._open[name] = Sandbox(folder, self._seed, self._settings_of(name))
            return self._open[name]

    def _drop_closed(self) -> None:
        for name, one in tuple(self._open.items()):
            if one.state.candidates() is None:
                del self._open[name]
                one.let_go()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let only one worker at a time make sandboxes and close them."""
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_room(folder: Path) -> None:
    there = [each for each in folder.iterdir() if each.is_dir()]
    there.sort(key=lambda each: each.stat().st_mtime_ns)
    for each in there[:-MOST]:
        sandbox.close(each)
        shutil.rmtree(each)
