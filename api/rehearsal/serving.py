"""A rehearsal under gunicorn: the server that serves for real, over sandboxes, marked in every answer."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from api import serving, sqlite
from api.rehearsal import seeds
from api.rehearsal.application import Rehearsal
from api.rehearsal.listening import listen
from api.rehearsal.sandboxes import Sandboxes
from api.settings import Settings
from api.site.demo.events import CURRENCY
from api.web.server_policy import ServerPolicy

LEAST_THREADS = 16
"""Threads of a worker: requests that wait by order occupy one each."""

FILES = 4_096
"""File descriptors of a worker: a sandbox takes about a dozen, and more when it is busy."""


class Order(NamedTuple):
    """The choices of the command line."""

    seed: str
    bind: str
    sandboxes: int
    secret: str | None
    port_file: Path | None
    url: str | None
    """The public address, if it is not that of the port."""

    def url_at(self, port: int) -> str:
        """The address that links of the sandbox at that port begin with."""
        return self.url or f"http://{self.bind.rpartition(':')[0]}:{port}"


class Worker(serving.Worker):
    """The worker that serves for real, whose own refusals are marked as well."""

    def policy(self) -> Any:
        app: Rehearsal = self.wsgi
        return _Policy(app)


class _Policy(ServerPolicy):
    def __init__(self, app: Rehearsal) -> None:
        super().__init__(app.is_at_hand, app.lanes, app.metrics, app.networks, app.settings.url)
        self._app = app

    def refuse(
        self, code: str, environ: dict[str, Any], *, seconds: float, started: bool
    ) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = super().refuse(code, environ, seconds=seconds, started=started)
        return status, headers | {"Kiosque-Rehearsal": self._app.name_of(environ)}, body


def serve(settings: Settings, order: Order) -> NoReturn:
    """Serve sandboxes from a folder that is removed at the end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until gunicorn sets its own
    sockets = listen(order.bind, order.sandboxes)
    folder, owner = Path(tempfile.mkdtemp(prefix="kiosque-rehearsal-")), os.getpid()
    try:
        seed = folder / "seed"
        own = _adapted(settings, order, folder)
        seeds.make(order.seed, seed, own.public_site)
        _run(own, order, sockets, seed)
    finally:
        if os.getpid() == owner:  # a worker passes here too when it ends
            shutil.rmtree(folder)


def _run(settings: Settings, order: Order, sockets: list[socket.socket], seed: Path) -> NoReturn:
    ports = [each.getsockname()[1] for each in sockets]
    _raise_limit_of_files()

    def settings_of(name: str) -> Settings:
        port = ports[int(name)] if name.isdigit() and int(name) < len(ports) else ports[0]
        return replace(settings, url=order.url_at(port))

    def load() -> Rehearsal:
        folder = seed.parent / "sandboxes"
        folder.mkdir(mode=0o700, exist_ok=True)
        return Rehearsal(Sandboxes(folder, seed, settings_of), first_port=ports[0], secret=order.secret)

    config = serving.gunicorn_settings(settings) | {
        "bind": [f"fd://{each.fileno()}" for each in sockets],
        "worker_class": "api.rehearsal.serving.Worker",
        "on_starting": lambda _arbiter: None,
        "post_worker_init": _announcing(order, ports),
    }
    serving.Gunicorn(config, load).run()
    sys.exit(0)


def _announcing(order: Order, ports: list[int]) -> Callable[[Any], None]:
    """The hook that reports the address as soon as the first worker is there."""

    def announce(worker: Any) -> None:
        if worker.age > 1:
            return
        if order.port_file is not None:
            making = order.port_file.with_name(f"{order.port_file.name}.new")
            making.write_text(f"{ports[0]}\n")
            making.replace(order.port_file)
        line = {"url": order.url_at(ports[0]), "ports": ports, "pid": os.getppid()}
        print(json.dumps(line), flush=True)

    return announce


def _adapted(settings: Settings, order: Order, folder: Path) -> Settings:
    return replace(
        settings,
        data=folder,
        currency=CURRENCY if order.seed == seeds.DEMO else settings.currency,
        threads=max(settings.threads, LEAST_THREADS),
        payments=("manual", "test"),  # no money moves, whatever the operator's own shop does
        stripe_key="",
        jobs="elsewhere",  # when a test asks for it
        mail_url="",
        workers=settings.workers if sqlite.is_safe() else 1,
    )


def _raise_limit_of_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < FILES:
        most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
