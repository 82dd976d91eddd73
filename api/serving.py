"""Kiosque under gunicorn: its settings from ours, the worker that serves, the application that it builds."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import click
from gunicorn.app.base import BaseApplication

import api
from api import server, sqlite
from api.accounts.passwords import Hasher
from api.accounts.setup import commands as setup
from api.app import App, open_app
from api.audit import rules as audit
from api.audit.records import SHELL
from api.errors import OperatorError
from api.routes import routes
from api.settings import SAMPLE_SITE, SETTINGS, Settings, SettingsError
from api.settings.environ import has_inherited_sockets
from api.settings.types import is_loopback
from api.sights import sights
from api.site.demo import filling
from api.site.demo.events import CURRENCY, TAGLINE
from api.storage import Database, migrations
from api.web import logs, metrics
from api.web.openapi.document import describe
from api.web.server_policy import ServerPolicy

DRAIN_SECONDS = 30
DEMO_LINES = Path(filling.__file__).parent / "lines.txt"


class CannotServe(OperatorError):
    """The reason why the server does not start."""


class Worker(server.Worker):
    """The server's worker, which refuses, logs and counts as Kiosque does."""

    def run(self) -> None:
        """Serve, and work in the background in a thread beside unless KIOSQUE_JOBS is `elsewhere`."""
        app: App = self.wsgi
        with app.background.in_thread() if app.settings.jobs == "here" else nullcontext():
            super().run()

    def folder(self) -> Path:
        """Large bodies wait where all data is, since the system's own folder is often in memory."""
        app: App = self.wsgi
        return app.settings.data

    def policy(self) -> server.Policy:
        app: App = self.wsgi
        return ServerPolicy(app.is_at_hand, app.lanes, app.metrics, app.networks, app.settings.url)


def application() -> App:
    """The application of a worker, made after the fork, so that no connection crosses it."""
    return open_app(Settings.from_env())


def prepare(settings: Settings) -> str | None:
    """Bring the schema up to date and check the OpenAPI document, or raise OperatorError with the reason.

    Returns how to become its owner, while it has none.
    """
    if settings.database_url.startswith("sqlite") and not sqlite.is_safe() and settings.workers > 1:
        raise CannotServe(
            f"SQLite {sqlite.version()} can corrupt a database that several processes write:"
            " set WEB_CONCURRENCY=1, or install pysqlite3."
        )
    db = migrations.migrated(settings)
    with db.write() as tx:
        audit.note(tx, "settings", SHELL, **_shown(settings))
        advice = setup.advise(tx, settings)
    db.dispose()
    # Once here, so that a field without an example stops the start and is not an error of /openapi.json.
    describe(routes(db, settings, metrics.Metrics()), settings, api.__version__)
    metrics.share()
    return advice


def check_address(bind: str) -> None:
    """Raise CannotServe if the address cannot be listened on."""
    if has_inherited_sockets():
        return
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            raise CannotServe(f"Cannot listen on {bind}: {error.strerror}. Set KIOSQUE_BIND.") from None


def gunicorn_settings(settings: Settings) -> dict[str, Any]:
    """Every gunicorn setting that differs from its default, by name."""
    return {
        "wsgi_app": "api.serving:application()",
        "bind": settings.bind,
        "workers": settings.workers,
        "threads": settings.threads,
        # A slow client costs a descriptor there, a thread under gthread.
        "worker_class": "api.serving.Worker",
        # For gthread alone, since our worker parses by itself: the C parser lets obs-fold through.
        "http_parser": "python",
        "keepalive": 65 if settings.proxy else 5,
        # Must stay below half of the descriptors.
        "worker_connections": 400,
        "backlog": 512,
        "limit_request_line": 8190,
        "limit_request_fields": 64,
        "limit_request_field_size": 8190,
        # gunicorn trusts loopback by itself, SCRIPT_NAME included.
        "forwarded_allow_ips": "",
        "forwarder_headers": "",
        "graceful_timeout": DRAIN_SECONDS,
        "timeout": 30,
        "max_requests": 1_000_000,
        "max_requests_jitter": 100_000,
        # The heartbeat must not wait for a disk.
        "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108
        # Two servers of one user would share a socket, and stop each other.
        "control_socket_disable": True,
        "umask": 0o077,
        # No connection may cross a fork.
        "preload_app": False,
        "logconfig_dict": logs.configuration(),
        "on_starting": _on_starting,
        "pre_fork": metrics.take_slot,
        "child_exit": metrics.leave_slot,
        "on_exit": metrics.discard,
    }


def with_real_port(settings: Settings) -> Settings:
    """The settings with a free port instead of port 0, also in the links unless KIOSQUE_URL is set."""
    host, _, port = settings.bind.rpartition(":")
    if int(port):
        return settings
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.bind((host.strip("[]"), 0))
        bind = f"{host}:{probe.getsockname()[1]}"
    is_default = settings.url == f"http://{settings.bind}"
    return replace(settings, bind=bind, url=f"http://{bind}" if is_default else settings.url)


def serve(settings: Settings) -> NoReturn:
    """Run gunicorn until it is told to stop; exits 0 after Ctrl-C or SIGTERM."""
    check_address(settings.bind)
    settings = with_real_port(settings)
    _serve(settings, prepare(settings))


def serve_demo(settings: Settings) -> NoReturn:
    """Serve the demonstration from a temporary database; nothing else is read or changed."""
    if not (is_loopback(f"http://{settings.bind}") and is_loopback(settings.url)):
        raise CannotServe(
            "The passwords of the demonstration are printed in the README: it is for this machine alone,"
            " with KIOSQUE_BIND and KIOSQUE_URL at 127.0.0.1."
        )
    check_address(settings.bind)
    settings = with_real_port(settings)
    folder, owner = Path(tempfile.mkdtemp(prefix="kiosque-demo-")), os.getpid()
    settings = replace(
        settings,
        data=folder,
        database_url=f"sqlite:///{folder / 'kiosque.db'}",
        media_url=None,
        synchronous="normal",
        currency=CURRENCY,
        payments=("manual", "test"),
        stripe_key="",
        tagline=TAGLINE,
        languages=("en", "fr"),
        site=SAMPLE_SITE,
        mail_url="print:",
        **{name: SETTINGS[name].default({}) for name in ("site_name", "article_url", "item_url")},
    )
    try:
        prepare(settings)
        _fill(settings)
        click.echo(DEMO_LINES.read_text().replace("$URL", settings.url))
        _serve(settings)
    finally:
        if os.getpid() == owner:  # a worker passes here too when it ends
            shutil.rmtree(folder)


def _serve(settings: Settings, advice: str | None = None) -> NoReturn:
    click.echo(f"Kiosque is at {settings.url}")
    if advice is not None:
        click.echo(advice)
    starting = {"on_starting": lambda _arbiter: _log_settings(settings)}
    Gunicorn(gunicorn_settings(settings) | starting, lambda: open_app(settings)).run()
    sys.exit(0)


def _fill(settings: Settings) -> None:
    clock = filling.Clock()
    db = Database(settings.database_url, synchronous="off", clock=clock)
    db.sight_of = sights(settings.public_site)
    filling.fill(db, clock, Hasher())
    db.dispose()


class Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn is not typed
    """gunicorn with settings of ours instead of a command line; each worker calls `load` after its fork."""

    def __init__(self, settings: Mapping[str, Any], load: Callable[[], Any]) -> None:
        self._settings = settings
        self.load = load
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)


def gunicorn_settings_from_env() -> dict[str, Any]:
    """The settings for a gunicorn.conf.py; exits with every mistake on a line of its own."""
    try:
        return gunicorn_settings(Settings.from_env())
    except SettingsError as error:
        sys.exit(str(error))


def _log_settings(settings: Settings) -> None:
    logs.security("started", **_shown(settings))


def _shown(settings: Settings) -> dict[str, str]:
    return {name: row.display(getattr(settings, name)) for name, row in SETTINGS.items()}


def _on_starting(arbiter: Any) -> None:
    try:
        settings = Settings.from_env()
        advice = prepare(settings)
        _log_settings(settings)
        if advice is not None:
            arbiter.log.info("%s", advice)
    except OperatorError as error:
        sys.exit(str(error))
