"""A worker's life: its places and descriptors run out, it is told to stop, and no request is lost."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.server.process import (
    Gunicorn,
    gunicorn,
    is_open,
    read_all,
    read_answer,
    refused,
    wait_until,
)

ECHO = b"GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"


def waiting(folder: Path, name: str = "a") -> bytes:
    """A request that is answered when the file `<name>.until` appears."""
    target = f"/wait?begun={folder}/{name}.begun&until={folder}/{name}.until"
    return f"GET {target} HTTP/1.1\r\nHost: h\r\n\r\n".encode()


def begin(server: Gunicorn, folder: Path, name: str = "a"):
    client = server.connect()
    client.sendall(waiting(folder, name))
    wait_until((folder / f"{name}.begun").exists)
    return client


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGHUP])
def test_a_request_in_flight_is_answered_when_the_worker_is_told_to_stop(
    tmp_path: Path, stop: signal.Signals
):
    with gunicorn(tmp_path) as server:
        worker = server.children()[0]
        with begin(server, tmp_path) as client:
            server.process.send_signal(stop)
            wait_until(
                lambda: "TERM" in server.log.read_text() or "term" in server.log.read_text() or stop == 1
            )
            (tmp_path / "a.until").touch()
            answer = read_answer(client)
            rest = client.recv(100)

        assert answer.json == {"waited": True}
        assert rest == b""
        if stop is signal.SIGTERM:
            assert server.process.wait(10) == 0
        else:
            wait_until(lambda: worker not in server.children())
            assert server.get("/echo").status == 200


def test_requests_that_follow_term_are_answered_for_a_moment_and_refused_after(tmp_path: Path):
    with gunicorn(tmp_path, keepalive=60) as server, begin(server, tmp_path) as busy:
        idle, late, silent = server.connect(), server.connect(), server.connect()
        with idle, late, silent:
            late.sendall(ECHO[:-2])  # the head is under way
            server.process.send_signal(signal.SIGTERM)
            wait_until(lambda: not is_open(server.port))
            idle.sendall(ECHO)
            (tmp_path / "a.until").touch()
            answered = read_answer(idle)
            assert silent.recv(100) == b""
            late.sendall(b"\r\n")
            answer = read_all(late)
        assert read_answer(busy).headers["connection"] == "close"

        assert (answered.status, answered.headers["connection"]) == (200, "close")
        refused(answer, 503, "shutting-down")
        assert server.process.wait(10) == 0


def test_quit_ends_a_worker_whatever_it_has_begun(tmp_path: Path):
    with gunicorn(tmp_path, graceful_timeout=60) as server, begin(server, tmp_path) as client:
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: not is_open(server.port))
        server.process.send_signal(signal.SIGQUIT)

        assert server.process.wait(10) == 0
        assert read_all(client) == b""


def test_a_log_that_was_moved_away_is_opened_anew_after_usr1(tmp_path: Path):
    log, moved = tmp_path / "access.log", tmp_path / "access.log.1"
    with gunicorn(tmp_path, accesslog=str(log), access_log_format="%(U)s") as server:
        server.get("/before")
        wait_until(log.read_text)
        log.rename(moved)
        os.kill(server.children()[0], signal.SIGUSR1)
        wait_until(log.exists)

        server.get("/after")

        wait_until(lambda: log.read_text() == "/after\n")
        assert moved.read_text() == "/before\n"


def test_no_request_of_many_clients_fails_while_workers_are_replaced(tmp_path: Path):
    failures: list[object] = []
    done = threading.Event()

    def ask_on(server: Gunicorn) -> None:
        while not done.is_set():
            try:
                with server.connect() as client:
                    for _ in range(20):
                        client.sendall(ECHO)
                        answer = read_answer(client)
                        assert answer.status == 200
                        if answer.headers.get("connection") == "close":
                            break
            except (OSError, AssertionError) as error:
                failures.append(error)

    with gunicorn(tmp_path, workers=2, threads=2) as server:
        threads = [threading.Thread(target=ask_on, args=(server,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for _ in range(2):
            old = set(server.children())
            server.process.send_signal(signal.SIGHUP)
            wait_until(lambda old=old: not old & set(server.children()))
        done.set()
        for thread in threads:
            thread.join()

    assert failures == []


def test_a_worker_is_replaced_after_max_requests(tmp_path: Path):
    with gunicorn(tmp_path, max_requests=5) as server:
        first = server.children()

        for _ in range(8):
            assert server.get("/echo").status == 200

        wait_until(lambda: server.children() and server.children() != first)


def test_the_wait_for_a_request_in_flight_ends_with_the_graceful_timeout(tmp_path: Path):
    with gunicorn(tmp_path, graceful_timeout=1) as server, begin(server, tmp_path):
        server.process.send_signal(signal.SIGTERM)

        assert server.process.wait(5) == 0


def test_a_request_too_many_is_told_that_the_server_is_busy(tmp_path: Path):
    with gunicorn(tmp_path, environ={"TEST_QUEUE": "2"}) as server, begin(server, tmp_path) as first:
        second, third = server.connect(), server.connect()
        with second, third:
            for client in (second, third):
                client.sendall(ECHO)
            busy = server.say(ECHO)
            (tmp_path / "a.until").touch()
            served = [read_answer(client) for client in (first, second, third)]

    refused(busy, 503, "busy")
    assert [answer.status for answer in served] == [200, 200, 200]


def test_a_request_that_has_waited_too_long_for_a_thread_is_told_so(tmp_path: Path):
    environ = {"TEST_QUEUE_SECONDS": "0.2"}
    with gunicorn(tmp_path, environ=environ) as server, begin(server, tmp_path), server.connect() as second:
        second.sendall(ECHO)
        threading.Timer(0.5, (tmp_path / "a.until").touch).start()

        refused(read_all(second), 503, "busy")


def test_a_connection_beyond_the_limit_takes_the_place_of_one_that_waits(tmp_path: Path):
    with gunicorn(tmp_path, worker_connections=10, keepalive=60) as server, contextlib.ExitStack() as stack:
        idle = [stack.enter_context(server.connect()) for _ in range(10)]
        for client in idle:
            client.sendall(ECHO)
            read_answer(client)

        answer = server.get("/echo")

        assert answer.status == 200
        assert idle[0].recv(100) == b""
        idle[-1].sendall(ECHO)
        assert read_answer(idle[-1]).status == 200


def test_a_connection_beyond_the_limit_waits_while_all_are_busy(tmp_path: Path):
    with gunicorn(tmp_path, worker_connections=2, threads=2) as server, contextlib.ExitStack() as stack:
        busy = [stack.enter_context(begin(server, tmp_path, name)) for name in "ab"]
        third = stack.enter_context(server.connect())
        third.sendall(ECHO)
        third.settimeout(0.3)
        with pytest.raises(TimeoutError):
            third.recv(100)
        third.settimeout(10)

        (tmp_path / "a.until").touch()
        (tmp_path / "b.until").touch()

        assert [read_answer(client).status for client in (*busy, third)] == [200, 200, 200]


def test_running_out_of_descriptors_turns_some_away_and_ends_nothing(tmp_path: Path):
    with gunicorn(tmp_path, files=40) as server:
        worker = server.children()
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(server.connect()) for _ in range(60)]
            for client in clients:
                with contextlib.suppress(OSError):
                    client.sendall(ECHO[:-2])
            away = [raw for raw in map(read_all, clients[-5:]) if raw]

        away_from = refused(away[-1], 503, "busy").json["environ"]
        assert away_from == {"REMOTE_ADDR": "127.0.0.1"}
        wait_until(lambda: server.get("/echo").status == 200)
        assert server.children() == worker


def test_the_worker_says_what_it_cannot_do(tmp_path: Path):
    with pytest.raises(AssertionError, match="plain HTTP"), gunicorn(tmp_path, proxy_protocol="auto"):
        pass


def test_gunicorns_access_log_can_be_turned_on(tmp_path: Path):
    with gunicorn(tmp_path, accesslog="-", access_log_format="%(m)s %(U)s %(s)s %(B)s %({x-y}i)s") as server:
        server.get("/status?line=404+Not", X_Y="told")

        wait_until(lambda: "GET /status 404 5 told" in server.log.read_text())


def test_nothing_of_gunicorns_own_asyncio_worker_is_used():
    code = "import sys, api.server; print(*(name for name in sys.modules if 'asgi' in name))"

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == ""
