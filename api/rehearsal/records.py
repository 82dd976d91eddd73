"""The state of a sandbox besides its data, as it is stored and as clients see it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from api import times
from api.times import Instant


class Clock(Struct, frozen=True):
    """The time of a sandbox: the system's, so many milliseconds ahead of it, or one instant."""

    ahead_ms: int = 0
    frozen_at: Instant | None = None

    def now(self) -> Instant:
        """The instant that it shows."""
        if self.frozen_at is not None:
            return self.frozen_at
        return times.later(times.now(), milliseconds=self.ahead_ms) if self.ahead_ms else times.now()


SYSTEM = Clock()


def clock_at(now: Instant, *, frozen: bool) -> Clock:
    """The clock that shows `now`, and stays there or runs on."""
    if frozen:
        return Clock(frozen_at=now)
    return Clock(ahead_ms=round(times.seconds_between(times.now(), now) * 1000))


class Step(Struct, frozen=True, omit_defaults=True):
    """The treatment of one request: none, a wait, a refusal, an answer that is cut off."""

    code: int | str | None = None
    """A status, or the code of a problem."""
    wait: float | None = None
    """Seconds."""
    cut: int | None = None
    """Bytes of the body that arrive; at 0 not even the status does."""
    after: bool = False
    """Whether the request is carried out first."""


NOTHING = Step()


class Fault(Struct, frozen=True):
    """A script for the requests of a method, or of all, to a path; `used` of its steps have been taken."""

    id: str
    method: str | None
    path: str
    sequence: tuple[Step, ...]
    used: int = 0


class Snapshot(Struct, frozen=True):
    """A state to go back to; its data are in a file of that name."""

    name: str
    created_at: Instant
    clock: Clock
    faults: tuple[Fault, ...]

    def clock_again(self) -> Clock:
        """Its clock, showing what it showed then; one that was never set is right all the time."""
        if self.clock == SYSTEM:
            return SYSTEM
        return clock_at(self.created_at, frozen=self.clock.frozen_at is not None)


class SeenRequest(Struct, frozen=True):
    """A request to a sandbox, and the status of its answer, even if that was lost."""

    at: Instant
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: Any
    status: int
    fault: Step | None
    request_id: str
