"""The watch over one connection: what is awaited of its client, since when, and how long that may last."""

import math
from collections.abc import Callable

from api.server.incoming import Incoming
from api.server.limits import Limits
from api.server.pace import UNREAD, Outgoing, Pace
from api.server.state import State

WAITING = (State.BUSY, State.STORING)
"""States in which somebody other than the client has to go on."""


class Watch:
    """The state of a connection and its deadline.

    A deadline is a number that Server.sweep() compares with the clock: cheaper than a timer for each request.
    """

    outgoing: Outgoing

    def __init__(self, limits: Limits, time: Callable[[], float], incoming: Incoming) -> None:
        self.state = State.HEAD
        self.since = time()
        self.deadline = self.since + limits.head_seconds
        self._limits = limits
        self._time = time
        self._incoming = incoming
        self._pace = Pace(limits, time)

    def enter(self, state: State, seconds: float = math.inf) -> None:
        """Await what the state says, for so long."""
        self.state = state
        self.since = self._time()
        self.deadline = self.since + seconds

    def await_body(self) -> None:
        """Await the rest of a body, at the pace."""
        self.enter(State.BODY, self._pace.start(self._incoming.received()))

    def await_reader(self) -> None:
        """Await, at the pace, that the client reads its answer."""
        self.deadline = self._time() + self._pace.start(self.outgoing.acknowledged())

    def linger(self) -> None:
        """Await the end of a client that has its last answer."""
        self.enter(State.CLOSING, self._limits.linger_seconds)
        self._pace.start(self._incoming.dropped)

    def prolong(self, *, is_stopping: bool) -> bool:
        """Move a deadline that has passed if the client has kept the pace until now."""
        if self.state is State.BODY:
            if not self._pace.is_met(received := self._incoming.received()):
                return False
            self.deadline = self._time() + self._pace.start(received)
        elif self.state in (State.IDLE, State.HEAD):
            return False
        elif self.outgoing.unsent() and self._pace.is_met(self.outgoing.acknowledged()):
            self.await_reader()
        elif self.state is State.CLOSING and not is_stopping and self._is_sending():
            self.deadline += self._limits.linger_seconds
        else:
            return False
        return True

    def waits_since(self) -> float:
        """The moment from which nobody but the client could go on; infinite while somebody else has to."""
        if self.state is State.BODY or self.outgoing.unsent():
            return self._pace.began
        return math.inf if self.state in WAITING else self.since

    def rate(self) -> float:
        """Bytes a second of late, of a body or of an answer that only its client keeps waiting."""
        if self.state is State.BODY:
            return self._pace.rate(self._incoming.received())
        if self.outgoing.unsent():
            return self._pace.rate(self.outgoing.acknowledged(), free=UNREAD)
        return 0.0

    def _is_sending(self) -> bool:
        """Whether a client goes on with a body that nobody wants, and so has yet to look for its answer."""
        is_late = self._time() > self.since + self._limits.linger_most_seconds
        return not is_late and self._pace.rate(self._incoming.dropped) >= self._limits.pace_bytes
