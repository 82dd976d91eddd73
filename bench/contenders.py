"""The contenders: how each is started, and the requests that it is measured with."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.rows import Rows
from bench.servers import ROOT, Contender

WORKERS, THREADS = 2, 4
CACHE_OFF = {"KIOSQUE_CACHE_BYTES": "0"}
SITE = "http://127.0.0.1"
LIST, FILE, HELLO = "/v1/articles", "/file.bin", "/hello"

KIOSQUE, UNCACHED, SOLD = "Kiosque", "Kiosque, cache off", "Kiosque, shop"
CEILING, GTHREAD = "falcon.App hello, our worker", "falcon.App hello, gthread"
ROAMING = "falcon.App hello, our worker, kept to no core"
FLASK, DRF, FASTAPI, TORNADO = "Flask", "Django REST framework", "FastAPI", "Tornado"
HTTP_SERVER, NGINX = "http.server", "nginx"
PEERS = (FLASK, DRF, FASTAPI, TORNADO)
SERVE = (sys.executable, "-m", "api", "serve")


@dataclass(frozen=True, slots=True)
class Question:
    """A request that is sent to one contender again and again."""

    server: str
    what: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its key in the results."""
        return f"{self.server}: {self.what}"


def questions(rows: Rows, etag: str) -> list[Question]:
    """All questions, in the order of a round; `etag` is the ETag of the list."""
    article = f"{LIST}/{rows.slug}"
    asked = [
        Question(CEILING, "hello", HELLO),
        Question(ROAMING, "hello", HELLO),
        Question(GTHREAD, "hello", HELLO),
        Question(KIOSQUE, "list", LIST),
        Question(KIOSQUE, "list, 304", LIST, {"If-None-Match": etag}),
        Question(KIOSQUE, "list, signed in", LIST, {"Authorization": f"Bearer {rows.shop.tokens[0]}"}),
        Question(KIOSQUE, "article", article),
    ]
    for peer in (UNCACHED, *PEERS):
        asked += [Question(peer, "list", LIST), Question(peer, "article", article)]
    asked += [Question(KIOSQUE, "file", FILE), Question(HTTP_SERVER, "file", FILE)]
    if shutil.which("nginx"):
        asked.append(Question(NGINX, "file", FILE))
    return asked


def ours(rows: Rows) -> dict[str, Contender]:
    """Kiosque, and the applications that it is compared with on its own server."""
    hello = _python("gunicorn", "--config", str(ROOT / "bench" / "peers" / "hello_conf.py"))
    settings = kiosque_settings(rows.folder / "hello", rows.site)
    return {
        KIOSQUE: kiosque(rows, "rows"),
        UNCACHED: kiosque(rows, "rows", **CACHE_OFF),
        CEILING: Contender(hello, HELLO, settings),
        ROAMING: Contender(hello, HELLO, settings | {"BENCH_ROAMING": "yes"}),
        GTHREAD: _gunicorn("bench.peers.hello:app", HELLO, {}, *_GTHREAD),
    }


def kiosque(rows: Rows, database: str, **settings: str) -> Contender:
    """`kiosque serve` with the database of that name."""
    environ = kiosque_settings(rows.database(database).parent, rows.site) | settings
    return Contender(SERVE, "/healthz", environ, talks=True)


def kiosque_over(folder: Path, url: str, **settings: str) -> Contender:
    """`kiosque serve` with the database at `url`."""
    site = folder / "site"
    site.mkdir(exist_ok=True)
    environ = kiosque_settings(folder / "data", site) | {"KIOSQUE_DATABASE_URL": url} | settings
    return Contender(SERVE, "/healthz", environ, talks=True)


def unending(rows: Rows) -> Contender:
    """Kiosque under gunicorn with workers that are never replaced."""
    environ = kiosque_settings(rows.database("rows").parent, rows.site)
    return Contender(_python("gunicorn", "--max-requests", "0"), "/healthz", environ, talks=True)


def kiosque_settings(data: Path, site: Path) -> dict[str, str]:
    """The settings that differ from the defaults."""
    return {
        "KIOSQUE_DATA": str(data),
        "KIOSQUE_SITE": str(site),
        "KIOSQUE_URL": SITE,
        "KIOSQUE_LIMITS": "off",
        "KIOSQUE_BIND": "127.0.0.1:{port}",
        "WEB_CONCURRENCY": str(WORKERS),
        "KIOSQUE_THREADS": str(THREADS),
    }


def peers(rows: Rows) -> dict[str, dict[str, Contender]]:
    """Each peer in the settings that its documentation recommends; the best of them is measured."""
    environ = {"BENCH_DATABASE": str(rows.database("peers")), "BENCH_SITE": SITE}
    port, folder = "{port}", str(rows.site)
    uvicorn = _python(
        *("uvicorn", "bench.peers.fastapi_app:app", "--port", port, "--workers", str(WORKERS)),
        *("--no-access-log", "--log-level", "warning"),
    )
    return {
        FLASK: _by_gunicorn("bench.peers.flask_app:app", environ),
        DRF: _by_gunicorn("bench.peers.drf.wsgi:application", environ),
        FASTAPI: {
            f"uvicorn, {WORKERS} workers, {threads} threads": Contender(
                uvicorn, LIST, {**environ, "BENCH_THREADS": str(threads)}
            )
            for threads in (40, THREADS)
        },
        TORNADO: {
            "2 processes": Contender(_python("bench.peers.tornado_app", port, str(WORKERS)), LIST, environ)
        },
        HTTP_SERVER: {
            protocol: Contender(_python("bench.peers.file_server", port, folder, protocol), FILE)
            for protocol in ("HTTP/1.0", "HTTP/1.1")
        },
        **({NGINX: {"2 workers": _nginx(rows)}} if shutil.which("nginx") else {}),
    }


_GTHREAD = ("--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS))
_SYNC = ("--worker-class", "sync", "--workers", str(2 * (os.cpu_count() or 1) + 1))


def _by_gunicorn(app: str, environ: Mapping[str, str]) -> dict[str, Contender]:
    return {
        f"gunicorn gthread, {WORKERS} × {THREADS}": _gunicorn(app, LIST, environ, *_GTHREAD),
        f"gunicorn sync, {_SYNC[-1]} workers": _gunicorn(app, LIST, environ, *_SYNC),
    }


def _gunicorn(app: str, ready: str, environ: Mapping[str, str], *settings: str) -> Contender:
    quiet = ("--no-control-socket", "--keep-alive", "5", "--worker-tmp-dir", "/dev/shm")
    command = _python("gunicorn", *quiet, *settings, "--bind", "127.0.0.1:{port}", app)
    # Outside the repository, whose gunicorn.conf.py would apply.
    return Contender(command, ready, {**environ, "PYTHONPATH": str(ROOT)}, ROOT / "bench")


def _python(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *words)


def _nginx(rows: Rows) -> Contender:
    folder = rows.folder / "nginx"
    folder.mkdir(exist_ok=True)
    user = "user root;" if os.getuid() == 0 else ""
    shell = 'printf "%s" "$CONF" > nginx.conf && exec nginx -p . -c nginx.conf -e stderr'
    configuration = f"""
daemon off; {user} worker_processes {WORKERS}; pid nginx.pid;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; open_file_cache max=100;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {{ listen 127.0.0.1:{{port}}; root {rows.site}; }}
}}
"""
    return Contender(("sh", "-c", shell), FILE, {"CONF": configuration}, folder)
