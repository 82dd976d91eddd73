"""The standard library's file server, quiet; HTTP/1.0 as it is, or HTTP/1.1 with kept connections.

Usage: python -m bench.peers.file_server PORT FOLDER HTTP/1.x
"""

from __future__ import annotations

import functools
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Quiet(SimpleHTTPRequestHandler):
    """Without a line in the log for each request, as none of the others writes one."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


if __name__ == "__main__":
    port, folder, Quiet.protocol_version = sys.argv[1:]
    handler = functools.partial(Quiet, directory=folder)
    ThreadingHTTPServer(("127.0.0.1", int(port)), handler).serve_forever()
