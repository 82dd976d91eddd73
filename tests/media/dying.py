"""An upload whose process is killed at one of its steps: `python -m tests.media.dying STEP`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from falcon.testing import TestClient

from api.app import create_app
from api.media import pictures, rules
from api.media.folder import Folder
from api.settings import Settings
from api.storage import Transaction, open_database
from tests.factories import CHEAP_HASHER
from tests.media.conftest import upload
from tests.media.pictures import jpeg

STEPS: dict[str, tuple[Any, str, int]] = {
    "before the sizes": (pictures, "resize", 1),
    "before anything is stored": (Folder, "put", 1),
    "before the first file is in its place": (Path, "replace", 1),
    "before the second": (Path, "replace", 2),
    "before the last": (Path, "replace", 4),
    "before the row": (rules, "create", 1),
    "before its event": (Transaction, "sight_of", 1),
}
"""Step → the function before whose so many-th call the process dies."""


def main(step: str) -> None:
    owner, name, count = STEPS[step]
    settings = Settings.from_env()
    db = open_database(settings)
    app = create_app(settings, db, CHEAP_HASHER)
    if owner is Transaction:
        db.sight_of = _dying(db.sight_of, count)
    else:
        setattr(owner, name, _dying(getattr(owner, name), count))
    client = TestClient(app, headers={"Authorization": f"Bearer {os.environ['TOKEN']}"})
    upload(client, jpeg())


def _dying(real: Callable[..., Any], count: int) -> Callable[..., Any]:
    calls = iter(range(1, count + 1))

    def call(*args: Any, **others: Any) -> Any:
        if next(calls) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **others)

    return call


if __name__ == "__main__":
    main(sys.argv[1])
