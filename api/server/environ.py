"""The parts of a WSGI environ that do not come from a request (PEP 3333)."""

import asyncio
from collections.abc import Iterator
from typing import Any

from gunicorn.http.wsgi import base_environ

from api.server.policy import Environ


def of_worker(cfg: Any) -> Environ:
    """The part that all requests of a worker share."""
    return {
        **base_environ(cfg),
        "wsgi.url_scheme": "http",
        "wsgi.multithread": True,
        "wsgi.file_wrapper": FileWrapper,
        "SCRIPT_NAME": "",
    }


def of_connection(transport: asyncio.Transport) -> Environ:
    """The part that all requests of a connection share: the peer's own address, whatever headers claim."""
    peer, local = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
    if not isinstance(peer, tuple) or not isinstance(local, tuple):
        return {"REMOTE_ADDR": "", "SERVER_NAME": "localhost", "SERVER_PORT": ""}  # a Unix socket
    return {
        "REMOTE_ADDR": peer[0],
        "REMOTE_PORT": str(peer[1]),
        "SERVER_NAME": local[0],
        "SERVER_PORT": str(local[1]),
    }


class FileWrapper:
    """wsgi.file_wrapper: reads in large blocks, since each block costs a turn of the loop."""

    def __init__(self, file: Any, block_size: int = 0) -> None:
        del block_size  # PEP 3333: a suggestion
        self._read = file.read
        if hasattr(file, "close"):
            self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self._read(65_536), b"")
