"""Every bound and deadline of the server in one place, so that a test or an operator can change one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and counts, for each worker process."""

    connections: int = 400  # open at once; beyond it the ones longest idle make room
    queue: int = 128  # requests waiting for a thread; beyond it 503 busy
    queue_seconds: float = 10.0  # and none of them longer than this

    line_bytes: int = 8190  # request line: RFC 9112 §3 asks for at least 8,000
    fields: int = 64
    field_bytes: int = 8190
    head_bytes: int = 65_536  # all of it together, so that 400 connections hold at most 26 MB
    body_bytes: int = 262_144

    head_seconds: float = 10.0
    keepalive_seconds: float = 5.0
    pace_seconds: float = 20.0  # in each such span a body must arrive, or an answer be read, ...
    pace_bytes: int = 1000  # ... at this many bytes a second
    linger_seconds: float = 1.0  # reading on after our last answer, see Connection._close
    stop_seconds: float = 0.5  # after TERM, for requests already on their way to us
