"""What a live server knows of rehearsals: nothing, but how to refuse their tokens."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rehearsal.server import ROOT, SECONDS, Sandbox
from tests.test_serving import free_port, wait_until_ready


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Path]]:
    """A live server whose log names every module that its processes import."""
    folder, port = tmp_path_factory.mktemp("live"), free_port()
    environ = {"KIOSQUE_DATA": str(folder), "KIOSQUE_BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "1"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-X", "importtime", "-m", "api", "serve"],
            cwd=ROOT,
            env={**os.environ, **environ},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
    try:
        wait_until_ready(process, port)
        yield Sandbox(port), folder / "log"
    finally:
        process.terminate()
        process.wait(SECONDS)


def test_nothing_of_it_is_imported(live):
    server, log = live
    for path in ("/rehearsal/resets", "/v1/articles", "/docs", "/openapi.json", "/metrics"):
        server.get(path, Kiosque_Sandbox="a", Prefer="code=503")

    text = log.read_text()
    assert "api.rehearsal" not in text
    assert "api.serving" in text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/rehearsal/resets"),
        ("GET", "/rehearsal/snapshots"),
        ("PUT", "/rehearsal/snapshots/a"),
        ("GET", "/rehearsal/clock"),
        ("PUT", "/rehearsal/clock"),
        ("POST", "/rehearsal/clock/advances"),
        ("POST", "/rehearsal/faults"),
        ("DELETE", "/rehearsal/requests"),
        ("POST", "/rehearsal/accounts"),
        ("POST", "/rehearsal/jobs"),
        ("GET", "/rehearsal"),
    ],
)
def test_its_paths_are_not_there(live, method, path):
    server, _ = live

    assert server.call(method, path, {}).status == 404


def test_its_headers_change_nothing(live):
    server, _ = live
    plain = server.get("/v1/articles")

    preferring = server.get("/v1/articles", Prefer="code=503, cut=0", Kiosque_Sandbox="NOT A NAME")

    assert (preferring.status, preferring.body) == (200, plain.body)
    assert set(preferring.headers) == set(plain.headers)
    assert preferring.headers["Preference-Applied"] is None
    assert preferring.headers["Kiosque-Rehearsal"] is None


def test_it_says_that_it_is_live(live):
    server, _ = live

    assert server.get("/v1").json["mode"] == "live"
    assert not [path for path in server.get("/openapi.json").json["paths"] if "rehearsal" in path]


def test_a_token_of_a_rehearsal_is_refused_with_a_sentence(live, sandbox):
    server, _ = live
    token = sandbox.post("/rehearsal/accounts", {"role": "owner"}).json["token"]

    refused = server.by(token).get("/v1/me")

    assert (refused.status, refused.code) == (401, "invalid-token")
    assert "rehearsal" in refused.json["detail"]
