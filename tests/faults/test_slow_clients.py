"""Slow clients take every place there is: nobody else notices."""

from __future__ import annotations

import contextlib
import resource
import time
from pathlib import Path

import pytest

from tests.server.process import gunicorn
from tests.server.test_room import POST, STREAM, full_at, open_all


@pytest.mark.parametrize("raw", [POST + b"x", STREAM], ids=["half-sent bodies", "silent readers"])
def test_more_slow_clients_than_there_are_places_leave_good_ones_unharmed(
    tmp_path: Path, full: bool, raw: bytes
):
    places, slow = (400, 900) if full else (20, 45)
    files, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(files, 4096), most_files), most_files))
    with (
        gunicorn(tmp_path, workers=2, threads=4, **full_at(places)) as server,
        contextlib.ExitStack() as stack,
    ):
        open_all(server, stack, raw, slow)
        server.get("/echo")  # comes after all of them, so it waits until they have been accepted

        slowest = 0.0
        for _ in range(400 if full else 20):
            began = time.monotonic()
            assert server.get("/echo").status == 200
            slowest = max(slowest, time.monotonic() - began)

    assert slowest < 0.5 or not full
