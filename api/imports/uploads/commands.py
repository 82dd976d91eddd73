"""The process that imports one file, within bounds of memory and time, while its worker lives."""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import sys
import threading
import time
from contextlib import suppress
from logging.config import dictConfig
from pathlib import Path
from typing import Any, NoReturn

from api.errors import Unavailable
from api.imports.uploads.folder import folder_of
from api.imports.uploads.work import TooLong, work
from api.settings import Settings
from api.sights import sights
from api.storage import open_database
from api.web import logs

MEMORY = 2_000_000_000
CPU_SECONDS = 3_600
PAUSE = 10


def main(import_id: str) -> int:
    """Import the file of that import; the settings come from the worker, on standard input."""
    settings: Settings = pickle.load(sys.stdin.buffer)  # noqa: S301  # it is our worker that wrote them
    threading.Thread(target=_end_with_worker, daemon=True).start()
    _bound()
    dictConfig(logs.configuration())
    gc.freeze()
    db = open_database(settings)
    db.sight_of = sights(settings.public_site)
    try:
        work(db, folder_of(settings), import_id, currency=settings.currency)
    except Unavailable:
        time.sleep(PAUSE)  # while nobody else on this machine begins with it once more
        return 1
    finally:
        db.dispose()
    return 0


def _end_with_worker() -> None:
    os.read(sys.stdin.fileno(), 1)  # not by the buffer, which could not be closed at our own end
    os._exit(1)


def _bound() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGXCPU, _stop)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 60))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # rather this than the server


def _stop(_number: int, _frame: Any) -> NoReturn:
    raise TooLong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
