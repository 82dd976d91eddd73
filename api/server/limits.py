"""The bounds and deadlines of the server in one place, so that tests and operators can change them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and counts, for each worker process."""

    connections: int = 400  # open at once; beyond that, those that move least make room
    queue: int = 128  # requests waiting in a lane for a thread; beyond that, 503 busy
    queue_seconds: float = 10.0  # and none of them waits longer than this

    line_bytes: int = 8190  # request line: RFC 9112 §3 asks for at least 8,000
    fields: int = 64
    field_bytes: int = 8190
    head_bytes: int = 65_536  # in all, so that 400 connections take at most 26 MB
    body_bytes: int = 3 * 2**20  # unless the application says otherwise
    unasked_bytes: int = 262_144  # of a body in memory; a larger one is read when it is asked for
    block_bytes: int = 131_072  # of a large body in memory, before they are written to its file
    large_bodies: int = 64  # at once, each with a file; beyond that, 503 busy

    head_seconds: float = 10.0
    keepalive_seconds: float = 5.0
    pace_seconds: float = 20.0  # in each span of this length a body must arrive, or an answer be read, ...
    pace_bytes: int = 1000  # ... at this many bytes a second
    linger_seconds: float = 1.0  # reading on after the last answer: see Connection._close; and again, ...
    linger_most_seconds: float = 30.0  # ... up to this, while the client sends at the pace
    stop_seconds: float = 0.5  # after TERM, for requests already on their way
