"""The worker class that gunicorn runs: WSGI applications at the price, per slow client, of a descriptor."""

import asyncio
import gc
import os
from dataclasses import replace
from typing import Any, ClassVar

from gunicorn.workers.base import Worker as GunicornWorker
from gunicorn.workers.gasgi import ASGIWorker

from api.server import cores
from api.server.environ import shared_environ
from api.server.limits import Limits
from api.server.server import Server
from api.server.sharing import Share

TICK = 0.1  # seconds between two looks at the deadlines


class Worker(ASGIWorker):  # type: ignore[misc]
    """gunicorn's asyncio worker (signals, heartbeat, loop) around our own server.

    The connections are read and written in the event loop, the application runs in `threads` threads.
    TLS, PROXY protocol and gunicorn's request hooks are not offered: a proxy in front does the first two.
    """

    limits: ClassVar[Limits] = Limits()
    alive: bool

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        del log
        if cfg.is_ssl or cfg.proxy_protocol != "off" or cfg.protocol != "http":
            raise SystemExit("This worker speaks plain HTTP only: let a proxy end TLS.")

    def _setup_event_loop(self) -> None:
        self.loop = asyncio.new_event_loop()  # not uvloop because it happens to be installed
        asyncio.set_event_loop(self.loop)

    def load_wsgi(self) -> None:
        GunicornWorker.load_wsgi(self)
        gc.collect()
        gc.freeze()  # what is there now stays: the collector need not walk through it again and again

    async def _serve(self) -> None:
        cfg, slot = self.cfg, getattr(self, "slot", None)
        cores.settle(slot, cfg.workers)  # before there are threads
        server = Server(
            self.wsgi,
            environ=shared_environ(cfg),
            threads=max(cfg.threads, 1),
            limits=_limits(cfg, self.limits),
            log=self.log,
            share=Share(slot),
        )
        server.listen([listener.sock for listener in self.sockets])
        while self.alive and self.ppid == os.getppid():
            self._tick(server)
            await asyncio.sleep(TICK)
        server.stop()
        for listener in self.sockets:
            listener.close()
        deadline = server.loop.time() + cfg.graceful_timeout
        while not server.is_done() and not self._quick_shutdown and server.loop.time() < deadline:
            self._tick(server)
            await asyncio.sleep(TICK / 2)
        server.close()

    def _tick(self, server: Server) -> None:
        self.notify()
        server.sweep()
        if self.alive and server.served >= self.max_requests:
            self.log.info("restarting after %d requests", server.served)
            self.alive = False


def _limits(cfg: Any, limits: Limits) -> Limits:
    """The limits that are gunicorn settings come from there; its 0, for none, is our default here."""
    return replace(
        limits,
        connections=cfg.worker_connections,
        keepalive_seconds=float(cfg.keepalive),
        line_bytes=cfg.limit_request_line or limits.line_bytes,
        fields=cfg.limit_request_fields or limits.fields,
        field_bytes=cfg.limit_request_field_size or limits.field_bytes,
    )
