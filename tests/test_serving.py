"""The server as an operator starts it: its address, a busy port, a reload, a clean end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api import serving
from api.web.openapi.examples import ExampleMissing
from api.web.operation import ANYONE, operation
from tests.postgres import url_of
from tests.server.process import answers, read_all

ROOT = Path(__file__).parent.parent
PATIENCE = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(*command: str, folder: Path, port: int, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """A server that answers, ended by its own pid if the test has not done so."""
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, "KIOSQUE_DATA": str(folder), "KIOSQUE_BIND": f"127.0.0.1:{port}", **environ},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        wait_until_ready(process, port)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def wait_until_ready(process: subprocess.Popen[str], port: int) -> None:
    while process.poll() is None:
        try:
            assert get(port, "/readyz") == {"status": "ok"}
        except OSError:
            continue
        return
    raise AssertionError("the server ended before it answered")


def get(port: int, path: str) -> dict[str, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as answer:
        return json.load(answer)


@pytest.mark.parametrize("command", [("api", "serve"), ("gunicorn",)])
def test_the_server_starts_migrates_answers_and_ends_cleanly(tmp_path, command):
    port = free_port()

    with running(*command, folder=tmp_path, port=port) as server:
        root = get(port, "/v1")
        server.send_signal(signal.SIGTERM)
        out, _ = server.communicate(timeout=PATIENCE)

    assert server.returncode == 0
    assert root["links"]["articles"] == f"http://127.0.0.1:{port}/v1/articles"
    log = (tmp_path / "log").read_text().splitlines()
    said = out if command[-1] == "serve" else "\n".join(log)
    assert said.count(f"http://127.0.0.1:{port}/admin/#setup=") == 1
    assert log
    assert all(json.loads(line)["time"] for line in log)


@pytest.mark.only_on("postgresql")
def test_two_servers_that_start_together_on_one_database_know_what_the_other_wrote(tmp_path, empty):
    url = url_of(empty)
    ada = {"email": "ada@kiosque.test", "password": "paper-lantern-42", "name": "Ada"}
    folders, ports = [tmp_path / "here", tmp_path / "there"], [free_port(), free_port()]
    for folder in folders:
        folder.mkdir()

    with ExitStack() as servers, ThreadPoolExecutor(2) as pool:

        def start(folder: Path, port: int) -> None:
            environ = {"KIOSQUE_DATABASE_URL": url, "WEB_CONCURRENCY": "1"}
            servers.enter_context(running("api", "serve", folder=folder, port=port, **environ))

        list(pool.map(start, folders, ports))
        here, there = (f"http://127.0.0.1:{port}/v1" for port in ports)
        signed_up = send("POST", f"{here}/accounts", ada)
        session = send("POST", f"{there}/sessions", {"email": ada["email"], "password": ada["password"]})
        token = session[1]["token"]
        known = send("GET", f"{here}/me", token=token)
        ended = send("DELETE", f"{there}/sessions/current", token=token)
        unknown = send("GET", f"{here}/me", token=token)

    statuses = [answer[0] for answer in (signed_up, session, known, ended, unknown)]
    assert statuses == [201, 201, 200, 204, 401]


class ThingView(msgspec.Struct):
    colour: str


class Things:
    @operation(ANYONE, returns=ThingView)
    def on_get(self, req: Any, resp: Any) -> None:
        """Show a thing."""


def test_a_field_without_an_example_stops_the_start_with_its_name(settings, monkeypatch):
    monkeypatch.setattr(serving, "routes", lambda *_: [("/v1/things", Things())])

    with pytest.raises(ExampleMissing, match=r"^ThingView\.colour has no example"):
        serving.prepare(settings)


def test_a_busy_port_is_one_line_and_exit_1(tmp_path):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]

        run = subprocess.run(
            [sys.executable, "-m", "api", "serve"],
            env={**os.environ, "KIOSQUE_DATA": str(tmp_path), "KIOSQUE_BIND": f"127.0.0.1:{port}"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        f"kiosque: Cannot listen on 127.0.0.1:{port}: Address already in use. Set KIOSQUE_BIND."
    ]


def test_a_reload_replaces_the_workers_and_goes_on_answering(tmp_path):
    port = free_port()

    with running("api", "serve", folder=tmp_path, port=port, WEB_CONCURRENCY="1") as server:
        before = children(server.pid)
        server.send_signal(signal.SIGHUP)
        while before & children(server.pid):
            assert get(port, "/healthz") == {"status": "ok"}

        assert get(port, "/healthz") == {"status": "ok"}
        assert children(server.pid)


def test_usr2_hands_the_port_over_to_a_new_server(tmp_path):
    port = free_port()

    with running("api", "serve", folder=tmp_path, port=port, WEB_CONCURRENCY="1") as old:
        before = children(old.pid)
        old.send_signal(signal.SIGUSR2)
        while not (new := [child for child in children(old.pid) - before if children(child)]):
            assert get(port, "/healthz") == {"status": "ok"}
        old.terminate()
        old.wait(PATIENCE)
        assert old.stdout
        old.stdout.close()  # the new one holds the other end of it, so it has no end yet
        try:
            assert get(port, "/healthz") == {"status": "ok"}
        finally:
            os.kill(new[0], signal.SIGTERM)


def test_the_demonstration_leaves_nothing_behind(tmp_path):
    port = free_port()

    with running("api", "serve", "--demo", folder=tmp_path, port=port, TMPDIR=str(tmp_path)) as server:
        articles = get(port, "/v1/articles")["data"]
        server.send_signal(signal.SIGINT)
        out, _ = server.communicate(timeout=PATIENCE)

    assert server.returncode == 0
    assert len(articles) == 13
    assert [line.split(":")[0] for line in out.splitlines()[:3]] == ["Read", "Log in", "Buy"]
    assert [path.name for path in tmp_path.iterdir()] == ["log"]


def children(pid: int) -> set[int]:
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def test_the_counts_of_all_workers_add_up_and_outlive_a_reload(tmp_path):
    port = free_port()

    with running("api", "serve", folder=tmp_path, port=port, WEB_CONCURRENCY="2") as server:
        for _ in range(40):
            get(port, "/healthz")
        before = children(server.pid)
        server.send_signal(signal.SIGHUP)
        while before & children(server.pid):
            get(port, "/readyz")
        get(port, "/healthz")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as answer:
            metrics = answer.read().decode()

    assert (
        'kiosque_request_duration_seconds_count{method="GET",route="/healthz",status="200"} 41.0' in metrics
    )


def test_gthread_stays_a_choice_and_a_malformed_chunk_is_bad_framing_there_too(tmp_path):
    port = free_port()
    head = "POST /v1/sessions HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
    chunk = "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\nGET /v1 HTTP/1.1\r\nHost: h\r\n\r\n"

    with running("gunicorn", "--worker-class", "gthread", folder=tmp_path, port=port) as server:
        assert get(port, "/v1")["name"] == "Kiosque"
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
            client.sendall(f"{head}{chunk}".encode())
            (refusal,) = answers(read_all(client))
        assert (refusal.status, refusal.json["code"]) == (400, "bad-framing")
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=PATIENCE)

    assert server.returncode == 0


def send(method: str, url: str, body: object = None, *, token: str | None = None) -> tuple[int, Any]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def test_port_0_is_a_free_port_that_is_announced_and_stands_in_every_link(tmp_path):
    environ = {**os.environ, "KIOSQUE_DATA": str(tmp_path), "KIOSQUE_BIND": "127.0.0.1:0"}
    command = [sys.executable, "-m", "api", "serve"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        port = int(said.rstrip().rpartition(":")[2])
        wait_until_ready(process, port)
        root = get(port, "/v1")
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)

    assert said == f"Kiosque is at http://127.0.0.1:{port}\n"
    assert root["links"]["health"] == f"http://127.0.0.1:{port}/healthz"
