"""The ports of a rehearsal: one for each numbered sandbox, taken before the server starts."""

from __future__ import annotations

import socket
from contextlib import ExitStack

from api.serving import CannotServe

TRIES = 100


def listen(bind: str, count: int) -> list[socket.socket]:
    """Sockets on so many ports in a row, the first as in `bind`, or any at port 0; CannotServe."""
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for _ in range(TRIES):
        try:
            return _in_a_row(family, host.strip("[]"), int(port), count)
        except (OSError, OverflowError) as error:
            reason = error
            if int(port):
                break
    ports = port if count == 1 else f"{port} and the {count - 1} after it"
    raise CannotServe(f"Cannot listen on {host}, port {ports}: {reason}. Choose another with --bind.")


def _in_a_row(family: socket.AddressFamily, host: str, first: int, count: int) -> list[socket.socket]:
    with ExitStack() as stack:
        sockets = []
        for number in range(count):
            each = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            each.bind((host, first + number))
            first = first or each.getsockname()[1]
            sockets.append(each)
        stack.pop_all()
    return sockets
