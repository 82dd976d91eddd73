"""The parts of a WSGI environ that do not come from the request (PEP 3333)."""

import asyncio
from collections.abc import Iterator
from typing import Any

from gunicorn.http.wsgi import base_environ


def shared_environ(cfg: Any) -> dict[str, Any]:
    """What is the same for every request of a worker."""
    return {
        **base_environ(cfg),
        "wsgi.url_scheme": "http",
        "wsgi.multithread": True,
        "wsgi.file_wrapper": FileWrapper,
        "SCRIPT_NAME": "",
    }


def addresses(transport: asyncio.Transport) -> dict[str, str]:
    """What is the same for every request of a connection: the peer's own address, whatever headers say."""
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
    """wsgi.file_wrapper: reads in large blocks, since each costs a turn of the loop."""

    def __init__(self, file: Any, block_size: int = 0) -> None:
        del block_size  # PEP 3333: a suggestion
        self._read = file.read
        if hasattr(file, "close"):
            self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self._read(65_536), b"")
