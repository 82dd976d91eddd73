"""The parts of a worker that each of its connections uses."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from api.server import response
from api.server.limits import Limits
from api.server.policy import Code, Environ, Policy
from api.server.pool import Pool
from api.server.spool import Spools

WSGIApp: TypeAlias = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(slots=True)
class Service:
    """An application and the means to serve it; the last two fields change as the worker lives."""

    app: WSGIApp
    policy: Policy
    limits: Limits
    log: Any  # gunicorn's Logger
    logs_access: bool  # in gunicorn's own access log
    base_environ: Environ  # the part that all requests share
    loop: asyncio.AbstractEventLoop
    pool: Pool
    spools: Spools
    answered: int = 0  # requests
    stopped_at: float | None = None  # by the loop's clock

    @property
    def is_stopping(self) -> bool:
        """Whether the worker takes no new connections."""
        return self.stopped_at is not None

    def has_stopped_for(self, seconds: float) -> bool:
        """Whether the worker began to stop longer ago than this."""
        return self.stopped_at is not None and self.loop.time() - self.stopped_at > seconds

    def refuse(
        self, code: Code, environ: Environ, *, seconds: float, started: bool = False
    ) -> tuple[int, bytes]:
        """Status and bytes of an answer in the application's place, after which the connection closes."""
        answer = self.policy.refuse(code, environ, seconds=seconds, started=started)
        return answer[0], response.whole(answer, method=environ.get("REQUEST_METHOD"))
