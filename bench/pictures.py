"""`kiosque media fetch` from a slow site: seconds, CPU and memory, in one run and in runs that are killed.

`python -m bench.pictures` prints a line for each. Every answer of the site takes 0.2 s to begin.
"""

from __future__ import annotations

import io
import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from PIL import Image

from bench.importing import HEAD, POST
from bench.servers import ROOT

PICTURES, POSTS = 200, 100
DELAY = 0.2
KILLS = 12
PIXELS = (1600, 1067)


def main() -> None:
    """Fetch everything in one run, and again in runs that are killed."""
    with tempfile.TemporaryDirectory(prefix="kiosque-pictures-") as name, _slow_site() as url:
        folder = Path(name)
        export = _export(folder / "blog.xml", url)
        for label, kills in (("one run", 0), ("killed runs", KILLS)):
            data = folder / label.replace(" ", "-")
            _kiosque(data, "import", str(export)).wait()
            chance, began, peak = random.Random(7), time.monotonic(), 0.0
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            for _ in range(kills):
                peak = max(peak, _fetched(data, kill_after=chance.uniform(0.5, 3)))
            peak = max(peak, _fetched(data))
            seconds = time.monotonic() - began
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
            print(
                f"{label:12} {seconds:6.1f} s  {cpu:5.1f} s of CPU  {peak:4.0f} MB  {_findings(data, url)}",
                flush=True,
            )


def _fetched(data: Path, kill_after: float | None = None) -> float:
    """The peak memory of a run in megabytes, without its children."""
    process = _kiosque(data, "media", "fetch", "--inside", "127.0.0.1")
    began, peak = time.monotonic(), 0
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        peak = max(peak, *(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line), 0)
        if kill_after is not None and time.monotonic() - began > kill_after:
            process.send_signal(signal.SIGKILL)
        time.sleep(0.02)
    if kill_after is None and process.returncode:
        raise RuntimeError(f"something is left: exit code {process.returncode}")
    return peak * 1024 / 1e6


def _findings(data: Path, url: str) -> str:
    database = sqlite3.connect(data / "kiosque.db")
    (media,) = database.execute("SELECT count(*) FROM media").fetchone()
    (digests,) = database.execute("SELECT count(DISTINCT sha256) FROM media").fetchone()
    (uses,) = database.execute("SELECT count(*) FROM media_uses").fetchone()
    (left,) = database.execute(
        "SELECT count(*) FROM articles WHERE body_html LIKE ?", (f"%{url}%",)
    ).fetchone()
    database.close()
    files = sum(1 for path in (data / "media" / "originals").rglob("*") if path.is_file())
    counts = {"media": media, "doubled": media - digests, "uses": uses, "originals": files, "left": left}
    return json.dumps(counts)


def _kiosque(data: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environ = os.environ | {"KIOSQUE_DATA": str(data)}
    command = [sys.executable, "-m", "api", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _export(path: Path, url: str) -> Path:
    """Posts that show each picture by a variant, and link to its original."""
    with path.open("w") as file:
        file.write(HEAD)
        for post in range(POSTS):
            shown = range(post * PICTURES // POSTS, (post + 1) * PICTURES // POSTS)
            body = "\n\n".join(
                f'<a href="{url}/{number}.jpg"><img src="{url}/{number}-300x200.jpg"></a>' for number in shown
            )
            file.write(
                POST.format(title=f"Post {post}", body=body, number=post, at="2020-01-01 00:00:00", tag=1)
            )
        file.write("</channel></rss>\n")
    return path


@contextmanager
def _slow_site() -> Iterator[str]:
    scene = Image.radial_gradient("L").resize(PIXELS).convert("RGB")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number = int(self.path.strip("/").removesuffix(".jpg").partition("-")[0])
            picture, content = scene.copy(), io.BytesIO()
            picture.paste((number % 16 * 16, number // 16 * 16, 90), (0, 0, 64, 64))
            picture.save(content, "JPEG", quality=60)
            time.sleep(DELAY)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content.getvalue())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # whoever asked was killed
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    main()
