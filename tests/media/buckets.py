"""Servers that speak S3, in threads of the tests' own process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.request import Request, urlopen
from uuid import uuid4

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIAKIOSQUE", "AWS_SECRET_ACCESS_KEY": "hush-hush-hush"}


@contextmanager
def running(kind: str, folder: Path) -> Iterator[str]:
    """The origin of such a server."""
    if kind == "moto":
        from moto.server import ThreadedMotoServer  # takes a while

        moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        moto.start()
        host, port = moto.get_host_and_port()
        yield f"http://{host}:{port}"
        moto.stop()
        return
    from localbucket import S3Handler

    handler = type("Handler", (S3Handler,), {"data_root": folder, "log_message": lambda *_: None})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        serving.join()


def new_bucket(origin: str) -> str:
    """The KIOSQUE_MEDIA_URL of an empty bucket there."""
    name = f"kiosque-{uuid4().hex}"
    with urlopen(Request(f"{origin}/{name}", method="PUT")):
        return f"s3://{name}/shop?endpoint={origin}&region=eu-west-3"


@contextmanager
def nobody_listening() -> Iterator[str]:
    """An origin that refuses every connection until the block ends."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
