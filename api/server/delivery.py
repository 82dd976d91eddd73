"""Answers on their way from the pool to the client: no more is produced than the client reads."""

from collections.abc import Callable
from functools import partial

from api.server.exchange import Exchange, Progress
from api.server.pace import Outgoing
from api.server.policy import Environ, Lane
from api.server.service import Service


class Delivery:
    """The event loop's half of an Exchange: a client that reads slowly, or has left, occupies no thread."""

    def __init__(
        self,
        service: Service,
        outgoing: Outgoing,
        done: Callable[[Progress, bool], None],
        environ: Environ,
        lane: Lane | None,
        *,
        http11: bool,
        close: bool,
    ) -> None:
        """Have the application called in a thread, or here and now if `lane` is None.

        `done` is called with the end of the answer, and whether the connection ends with it.
        """
        self._pool = service.pool
        self._outgoing = outgoing
        self._done = done
        self._paused = False  # until the client has read what there is
        post: Callable[..., object] = service.loop.call_soon if lane is None else service.pool.post
        self._exchange = Exchange(service, partial(post, self.receive), environ, http11=http11, close=close)
        if lane is None:
            self._exchange.begin()
        else:
            self._pool.submit(self._exchange.begin, lane)

    def receive(self, data: bytes, progress: Progress) -> None:
        """Write a piece of the answer."""
        exchange = self._exchange
        if data and not exchange.gone:
            self._outgoing.write(data)
        if progress is Progress.PAUSED:
            if exchange.gone:
                self._pool.submit(exchange.abandon, later=True)
            elif self._outgoing.paused:
                self._paused = True
            else:
                self._pool.submit(exchange.proceed, later=True)
        elif progress is not Progress.GOES_ON and not exchange.gone:
            self._done(progress, exchange.close)

    def resume(self) -> None:
        """Go on: the client has read what there was."""
        if self._paused:
            self._paused = False
            self._pool.submit(self._exchange.proceed, later=True)

    def abandon(self) -> None:
        """Stop: the client has left."""
        self._exchange.gone = True
        if self._paused:
            self._paused = False
            self._pool.submit(self._exchange.abandon, later=True)
