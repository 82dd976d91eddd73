"""One sandbox: an application of its own over data of its own, beside a state that says what time it is."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

from api.accounts.passwords import Hasher
from api.app import App, create_app
from api.errors import NotFound
from api.rehearsal.copying import copy
from api.rehearsal.queries import State
from api.rehearsal.records import SYSTEM, Clock, Fault, Snapshot
from api.rehearsal.refusals import RaiseRefusal
from api.rehearsal.routes import routes
from api.rehearsal.transactions import RehearsedTransaction
from api.settings import Settings
from api.storage import Database
from api.times import Instant

HASHER = Hasher(rounds=1, memory=8)
"""Nothing here is worth protecting, and tests log in often."""

CACHE_BYTES = 1_048_576

NAME = re.compile("[a-z0-9-]{1,40}")
"""The names of sandboxes and snapshots."""

DATA, STATE = "kiosque.db", "state.db"
"""The files of a sandbox, and of the seed, the folder that each is a copy of."""

_SNAPSHOTS = "snapshots"


def is_there(folder: Path) -> bool:
    """Whether the folder has a sandbox; what is left of one that was being made or removed goes."""
    if (folder / STATE).exists():
        state = State(folder / STATE)
        is_closed = state.candidates() is None
        state.close()
        if not is_closed:
            return True
    shutil.rmtree(folder, ignore_errors=True)
    return False


def create(folder: Path, seed: Path) -> None:
    """Make a new sandbox."""
    (folder / _SNAPSHOTS).mkdir(mode=0o700, parents=True)
    shutil.copyfile(seed / DATA, folder / DATA)
    making = shutil.copyfile(seed / STATE, folder / f"{STATE}.new")
    making.rename(folder / STATE)  # now it is there


def close(folder: Path) -> None:
    """Let every worker that has the sandbox open know that it is no more."""
    state = State(folder / STATE)
    state.mark_closed()
    state.close()


class Sandbox:
    """A sandbox as one worker has it open."""

    def __init__(self, folder: Path, seed: Path, settings: Settings) -> None:
        self.folder = folder
        self.state = State(folder / STATE)
        self._seed, self._data = seed / DATA, folder / DATA
        self.db = Database(
            f"sqlite:///{self._data}",
            synchronous="off",
            connections=settings.threads + 1,
            clock=self.now,
            transaction=RehearsedTransaction,
        )
        own = replace(settings, data=folder, database_url=f"sqlite:///{self._data}", cache_bytes=CACHE_BYTES)
        self.app: App = create_app(own, self.db, HASHER, rehearsal=routes(self, HASHER))
        self.app.add_middleware(RaiseRefusal())

    def let_go(self) -> None:
        """Close what is idle; the rest follows as soon as nobody answers from it any more."""
        self.db.dispose()

    def now(self) -> Instant:
        """The time of every transaction."""
        return self.state.clock().now()

    def reset(self, snapshot: str | None = None) -> None:
        """Data, clock and faults as they were in the snapshot, or at first; NotFound."""
        with self.state.exclusive():
            if snapshot is None:
                self._restore(self._seed, SYSTEM, ())
                return
            stored = self._find(snapshot)
            self._restore(self._file_of(snapshot), stored.clock_again(), stored.faults)

    def take_snapshot(self, name: str) -> None:
        """Store the present state under that name."""
        with self.state.exclusive():
            clock = self.state.clock()
            making = self._file_of(name).with_suffix(".new")
            making.unlink(missing_ok=True)
            copy(self._data, making, is_final=False)
            making.replace(self._file_of(name))
            self.state.upsert_snapshot(Snapshot(name, clock.now(), clock, tuple(self.state.list_faults())))

    def delete_snapshot(self, name: str) -> None:
        """Remove a snapshot; NotFound."""
        with self.state.exclusive():
            self._find(name)
            self.state.delete_snapshot(name)
            self._file_of(name).unlink(missing_ok=True)

    def _restore(self, data: Path, clock: Clock, faults: tuple[Fault, ...]) -> None:
        copy(data, self._data, is_final=True)
        self.state.set_clock(clock)
        self.state.delete_faults()
        for fault in faults:
            self.state.insert_fault(fault)
        self.state.delete_requests()

    def _find(self, name: str) -> Snapshot:
        for snapshot in self.state.list_snapshots():
            if snapshot.name == name:
                return snapshot
        raise NotFound(f"There is no snapshot {name!r}.")

    def _file_of(self, snapshot: str) -> Path:
        if not NAME.fullmatch(snapshot):
            raise NotFound("The name of a snapshot has 1 to 40 of the characters a–z, 0–9 and -.")
        return self.folder / _SNAPSHOTS / f"{snapshot}.db"
