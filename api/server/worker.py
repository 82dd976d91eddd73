"""The worker that gunicorn runs: for a slow client it spends a descriptor, not a thread."""

import asyncio
import gc
import logging
import os
import signal
from abc import ABC, abstractmethod
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from gunicorn.workers import base

from api.server import cores, environ
from api.server.limits import Limits
from api.server.policy import Policy
from api.server.pool import Pool
from api.server.server import Server
from api.server.service import Service
from api.server.sharing import Share
from api.server.spool import Spools

TICK = 0.1  # seconds between two checks of the deadlines


class Worker(base.Worker, ABC):  # type: ignore[misc]  # gunicorn is not typed
    """gunicorn's own process (fork, heartbeat, signals) around our own server; subclasses have a policy.

    The event loop reads and writes the connections, the application runs in `threads` threads. TLS, PROXY
    protocol and gunicorn's request hooks are not offered: a proxy in front does the first two.
    """

    limits: ClassVar[Limits] = Limits()
    slot: int | None = None
    """The lowest number that no other worker has, if a pre_fork hook sets it: connections and cores are then
    shared out evenly."""
    alive: bool
    _is_quick = False  # the end, once it has been asked for

    @abstractmethod
    def policy(self) -> Policy:
        """The policy of `self.wsgi`, the application, which is loaded by now."""

    def folder(self) -> Path | None:
        """The folder of bodies too large for memory, if it is not the system's for temporary files."""
        return None

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        del log
        if cfg.is_ssl or cfg.proxy_protocol != "off" or cfg.protocol != "http":
            raise SystemExit("This worker speaks plain HTTP only: let a proxy end TLS.")

    def load_wsgi(self) -> None:
        super().load_wsgi()
        gc.collect()
        gc.freeze()  # what exists now stays: the collector need not visit it again and again

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        cfg = self.cfg
        self._take_signals()
        cores.pin(self.slot, cfg.workers)  # before there are threads
        service = self._service()
        server = Server(service, Share(self.slot))
        server.listen([listener.sock for listener in self.sockets])
        while self.alive and self.ppid == os.getppid():
            self._tick(server, service)
            await asyncio.sleep(TICK)
        server.stop()
        for listener in self.sockets:
            listener.close()
        deadline = service.loop.time() + cfg.graceful_timeout
        while not server.is_done() and not self._is_quick and service.loop.time() < deadline:
            self._tick(server, service)
            await asyncio.sleep(TICK / 2)
        server.close()

    def _take_signals(self) -> None:
        """Have those that do more than set a flag wait for a turn of the loop: gunicorn's handlers would
        reopen a log in the middle of a line, or exit in the middle of a request."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, self.log.reopen_files)
        for number in (signal.SIGINT, signal.SIGQUIT):
            loop.add_signal_handler(number, self._quit)

    def _quit(self) -> None:
        self._is_quick = True
        if self.alive:
            self.alive = False
            self.cfg.worker_int(self)

    def _service(self) -> Service:
        cfg, loop = self.cfg, asyncio.get_running_loop()
        pool = Pool(max(cfg.threads, 1), loop)
        return Service(
            app=self.wsgi,
            policy=self.policy(),
            limits=_limits(cfg, self.limits),
            log=self.log,
            # gunicorn takes its access log for enabled whenever logging is configured at all.
            logs_access=self.log.access_log_enabled and self.log.access_log.isEnabledFor(logging.INFO),
            base_environ=environ.of_worker(cfg),
            loop=loop,
            pool=pool,
            spools=Spools(self.folder(), self.limits.large_bodies, pool),
        )

    def _tick(self, server: Server, service: Service) -> None:
        self.notify()
        server.sweep()
        if self.alive and service.answered >= self.max_requests:
            self.log.info("restarting after %d requests", service.answered)
            self.alive = False


def _limits(cfg: Any, limits: Limits) -> Limits:
    """The limits that gunicorn has settings for come from there; its 0, for none, is our default here."""
    return replace(
        limits,
        connections=cfg.worker_connections,
        keepalive_seconds=float(cfg.keepalive),
        line_bytes=cfg.limit_request_line or limits.line_bytes,
        fields=cfg.limit_request_fields or limits.fields,
        field_bytes=cfg.limit_request_field_size or limits.field_bytes,
    )
