"""The chore that has one file at a time imported by a process of its own, so that mails need not wait for it.

That process ends with its worker, since it reads what its worker has open: nobody has to look for it. What it
had not ended is begun once more by whichever worker of this machine comes next.
"""

from __future__ import annotations

import pickle
import subprocess
import sys

from api.imports.uploads import rules
from api.imports.uploads.folder import Folder, folder_of
from api.settings import Settings
from api.storage import Database

PROGRAM = "api.imports.uploads.commands"


class Importer:
    """Has the files of this machine imported, one after the other, whichever worker begins."""

    def __init__(self, db: Database, settings: Settings, *, apart: bool) -> None:
        """`apart`: by another process; a rehearsal, which has a clock of its own, imports in this one."""
        self._db = db
        self._settings = settings
        self._apart = apart
        self._folder = folder_of(settings)
        self.process: subprocess.Popen[bytes] | None = None
        """The one under way that this worker has started."""

    def act(self) -> bool:
        """Begin with the oldest file, if no other is under way; whether one was imported here and now."""
        if self.process is not None and self.process.poll() is not None:
            self.process.communicate()
            self.process = None
        if not self._folder.ids():
            return False
        with self._folder.turn() as turn:
            if turn is None:
                return False
            import_id = _next(self._db, self._folder)
            if import_id is None:
                return False
            if self._apart:
                self.process = _started(self._settings, import_id, turn)
                return False
            from api.imports.uploads.work import work  # loads all readers

            work(self._db, self._folder, import_id, currency=self._settings.currency)
            return True


def _next(db: Database, folder: Folder) -> str | None:
    """The oldest import whose file is here; what others have left is removed."""
    folder.clear()
    for import_id in folder.ids():
        with db.read() as tx:
            state = rules.state_of(tx, import_id=import_id)
        if state in ("waiting", "running"):
            return import_id
        if state is not None or folder.is_abandoned(import_id):
            folder.remove(import_id)
    return None


def _started(settings: Settings, import_id: str, turn: int) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-P", "-m", PROGRAM, import_id)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=(turn,))  # noqa: S603
    assert process.stdin is not None  # noqa: S101  # it is a pipe
    pickle.dump(settings, process.stdin)  # in no argument, which everybody on this machine could read
    process.stdin.flush()  # and left open: its end is the end of this worker
    return process
