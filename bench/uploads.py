"""Pictures: what their sizes cost, what readers notice of uploads, and how fast a size is served.

`python -m bench.uploads` prints a line for each. The static file has the bytes of the size.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from PIL import Image

from api.media import pictures
from api.roles import OWNER
from api.settings import Settings
from api.storage import migrations
from bench.contenders import kiosque_over
from bench.load import load, require_wrk
from bench.rows import sign_up
from bench.servers import Server, running

PIXELS = {"12 MP": (4000, 3000), "40 MP": (7728, 5152)}
FORMATS = {"JPEG": {"quality": 88}, "PNG": {"compress_level": 1}, "WEBP": {"quality": 80, "method": 0}}
AT_ONCE = 4
SECONDS = 10
PAUSE = 0.01
"""Seconds between two reads."""
ROUNDS = 7


def main() -> None:
    """Measure all of it."""
    require_wrk()
    with tempfile.TemporaryDirectory(prefix="kiosque-uploads-") as name:
        folder = Path(name)
        sources = {
            (size, format): _picture(folder / f"{size} {format}", size, format)
            for size in PIXELS
            for format in FORMATS
        }
        for (size, format), source in sources.items():
            print(f"{size} {format:4}  {_cost(source, format, folder)}", flush=True)
        (folder / "site").mkdir()
        settings = Settings.from_env({"KIOSQUE_DATA": str(folder / "data")})
        db = migrations.migrated(settings)
        with db.write() as tx:
            token = sign_up(tx, "owner@kiosque.test", OWNER)
        db.dispose()
        with running(kiosque_over(folder, settings.database_url), folder) as server:
            _uploads(server, token, sources["40 MP", "JPEG"].read_bytes())
            _serving(server, token, sources["12 MP", "JPEG"], folder / "site" / "picture.webp")


def _picture(path: Path, size: str, format: str) -> Path:
    """A scene with noise, which compresses as a photograph does."""
    scene = Image.effect_noise((966, 644), 40).convert("RGB").resize(PIXELS[size], Image.Resampling.BICUBIC)
    scene.save(path, format, **FORMATS[format])
    return path


def _cost(source: Path, format: str, folder: Path) -> str:
    """Seconds and peak memory of the process that makes the sizes."""
    command = pictures.command(source, f"image/{format.lower()}", Path(tempfile.mkdtemp(dir=folder)))
    began, peak = time.monotonic(), 0
    with subprocess.Popen(command, env={}, stdout=subprocess.DEVNULL) as child:
        while child.poll() is None:
            status = Path(f"/proc/{child.pid}/status").read_text()
            peak = max(peak, *(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line), 0)
            time.sleep(0.005)
    if child.returncode:
        raise RuntimeError(f"{source.name}: it ended with {child.returncode}")
    return f"{time.monotonic() - began:.2f} s  {peak * 1024 / 1e6:.0f} MB"


def _uploads(server: Server, token: str, content: bytes) -> None:
    """What readers notice, and the memory of the workers, while pictures are uploaded again and again."""
    print(f"no upload    {_reads(server, SECONDS)}", flush=True)
    with _uploading(server, token, content) as uploaded:
        print(f"{AT_ONCE} uploads    {_reads(server, SECONDS)}  {len(uploaded)} uploaded", flush=True)


@contextmanager
def _uploading(server: Server, token: str, content: bytes) -> Iterator[list[str]]:
    ends, uploaded = threading.Event(), list[str]()

    def upload(number: int) -> None:
        while not ends.is_set():
            different = content + f"{number} {time.monotonic()}".encode()  # the same bytes are one picture
            uploaded.append(_posted(server, token, different)["id"])

    threads = [threading.Thread(target=upload, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    try:
        yield uploaded
    finally:
        ends.set()
        for thread in threads:
            thread.join()


def _reads(server: Server, seconds: float) -> str:
    """Percentiles of a list's milliseconds, asked for at a steady pace, and the largest worker's peak."""
    taken, peak, end = [], 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        server.get("/v1/articles")
        taken.append((time.monotonic() - began) * 1e3)
        if len(taken) % 20 == 0:
            peak = max(peak, *server.memory())
        time.sleep(PAUSE)
    p50, p99 = statistics.median(taken), statistics.quantiles(taken, n=100)[-1]
    return f"p50 {p50:.1f} ms  p99 {p99:.1f} ms  worker {peak:.0f} MB"


def _serving(server: Server, token: str, source: Path, static: Path) -> None:
    """Requests a second of a size ÷ those of a static file."""
    medium = _posted(server, token, source.read_bytes())
    size = "/media/" + medium["sizes"][0]["url"].rpartition("/")[2]
    static.write_bytes(server.get(size)[1])
    file, ratios = f"/{static.name}", list[float]()
    for _ in range(ROUNDS):
        ratios.append(load(server, size, seconds=2).rate / load(server, file, seconds=2).rate)
    print(f"size ÷ static file  {statistics.median(ratios):.2f}  ({min(ratios):.2f}–{max(ratios):.2f})")


def _posted(server: Server, token: str, content: bytes) -> Any:
    """The medium that a JPEG has become."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Content-Type": "image/jpeg", "Authorization": f"Bearer {token}"}
    connection.request("POST", "/v1/media", content, headers)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    if answer.status != 201:
        raise RuntimeError(f"{answer.status} {said.decode()}")
    return json.loads(said)


if __name__ == "__main__":
    main()
