"""The way of an answer from the pool to the client: no more is produced than the client reads."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from api.server.exchange import Exchange, Sign
from api.server.pace import Outgoing

if TYPE_CHECKING:
    from api.server.server import Server


class Delivery:
    """The event loop's half of an Exchange. A client that reads slowly, or has gone, holds no thread."""

    def __init__(
        self,
        server: "Server",
        outgoing: Outgoing,
        done: Callable[[Sign, bool], None],
        environ: dict[str, Any],
        *,
        http11: bool,
        close: bool,
        at_hand: bool,
    ) -> None:
        """Have the application called, at once if its answer is `at_hand`; `done` hears how it ended, and
        whether the connection ends too."""
        self._pool = server.pool
        self._outgoing = outgoing
        self._done = done
        self._held = False
        tell: Callable[..., object] = server.loop.call_soon if at_hand else server.pool.tell
        self._exchange = Exchange(server, partial(tell, self.hear), environ, http11=http11, close=close)
        if at_hand:
            self._exchange.begin()
        else:
            self._pool.submit(self._exchange.begin, server.line(environ))

    def hear(self, data: bytes, sign: Sign) -> None:
        """A piece of the answer, from the pool."""
        exchange = self._exchange
        if data and not exchange.gone:
            self._outgoing.write(data)
        if sign is Sign.HELD:
            if exchange.gone:
                self._pool.submit(exchange.abandon, later=True)
            elif self._outgoing.paused:
                self._held = True
            else:
                self._pool.submit(exchange.proceed, later=True)
        elif sign is not Sign.PART and not exchange.gone:
            self._done(sign, exchange.close)

    def resume(self) -> None:
        """The client has read what there was."""
        if self._held:
            self._held = False
            self._pool.submit(self._exchange.proceed, later=True)

    def abandon(self) -> None:
        """The client has gone."""
        self._exchange.gone = True
        if self._held:
            self._held = False
            self._pool.submit(self._exchange.abandon, later=True)
