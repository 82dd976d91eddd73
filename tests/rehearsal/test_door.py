"""The door to a rehearsal: it starts over nothing real, and obeys nobody from elsewhere."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from tests.rehearsal.server import ROOT, SECONDS, Sandbox, rehearsal


def refused(*options: str, **environ: str) -> str:
    """The sentence with which the command ends."""
    run = subprocess.run(
        [sys.executable, "-m", "api", "rehearse", "--bind", "127.0.0.1:0", *options],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert run.returncode == 1, run.stderr
    (line,) = run.stderr.splitlines()
    return line


@pytest.mark.parametrize("variable", ["KIOSQUE_DATABASE_URL", "KIOSQUE_DATA", "KIOSQUE_MEDIA_URL"])
def test_it_never_runs_where_a_database_is_configured(tmp_path, variable):
    value = (
        f"sqlite:///{tmp_path}/kiosque.db" if variable == "KIOSQUE_DATABASE_URL" else str(tmp_path / "data")
    )

    assert f"{variable} is set" in refused(**{variable: value})
    assert list(tmp_path.iterdir()) == []


def test_it_listens_on_this_machine_alone_unless_it_is_public_and_has_a_secret():
    assert "--public" in refused("--bind", "0.0.0.0:0")
    assert "--secret" in refused("--bind", "0.0.0.0:0", "--public")


def test_a_seed_that_is_not_there_and_a_busy_port_are_one_line():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()

        assert "no-such.kiosque" in refused("--seed", "no-such.kiosque")
        assert "Cannot listen" in refused("--bind", f"127.0.0.1:{holder.getsockname()[1]}")


def test_nothing_is_left_when_it_ends(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    with rehearsal(workers=1) as ready:
        Sandbox(ready["ports"][0]).called("a").post("/rehearsal/resets")
        during = list(tmp_path.glob("kiosque-rehearsal-*"))

    assert len(during) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["evil.test", "evil.test:80", "10.0.0.1", "127.0.0.1.evil.test"])
def test_a_host_that_is_not_this_machine_controls_nothing(sandbox, host):
    refused = sandbox.post("/rehearsal/resets", Host=host)

    assert (refused.status, refused.code) == (421, "misdirected")
    assert refused.headers["Kiosque-Rehearsal"] == sandbox.name


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "http://127.0.0.1.evil.test", "http://["])
def test_a_page_of_another_host_controls_nothing(sandbox, origin):
    sandbox.put("/rehearsal/clock", {"now": "2030-01-01T00:00:00Z"})

    refused = sandbox.post("/rehearsal/resets", Origin=origin)

    assert (refused.status, refused.code) == (403, "forbidden")
    assert sandbox.get("/rehearsal/clock").json["frozen"] is True


@pytest.mark.parametrize("origin", ["http://127.0.0.1:5173", "http://localhost:3000", "http://[::1]:80"])
def test_pages_of_this_machine_control_it(sandbox, origin):
    assert sandbox.post("/rehearsal/resets", Origin=origin).status == 204


def test_with_a_secret_it_is_controlled_from_anywhere_by_whoever_knows_it():
    address = "https://staging.test"
    with rehearsal("--public", "--secret", "fog", workers=1, KIOSQUE_URL=address) as ready:
        stranger = Sandbox(ready["ports"][0])
        knowing = Sandbox(ready["ports"][0], headers={"Kiosque-Rehearsal-Secret": "fog"})

        assert ready["url"] == address
        assert stranger.get("/v1").json["links"]["docs"] == f"{address}/docs"
        assert stranger.post("/rehearsal/resets").status == 403
        assert stranger.post("/rehearsal/resets", Kiosque_Rehearsal_Secret="frog").status == 403
        assert stranger.called("a").get("/v1").status == 403
        assert stranger.get("/v1", Prefer="code=503").status == 200
        assert knowing.post("/rehearsal/resets", Host="staging.test").status == 204
        assert knowing.post("/rehearsal/resets", Host="a.test", Origin="https://b.test").status == 403
        assert knowing.called("a").get("/v1", Prefer="code=503").status == 503


def test_what_the_server_refuses_by_itself_is_marked_as_well(sandbox):
    with socket.create_connection(("127.0.0.1", sandbox.port), SECONDS) as client:
        client.sendall(b"GET /v1 HTTP/1.1\r\n\r\n")
        answer = client.recv(65_536)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"Kiosque-Rehearsal: 0\r\n" in answer


def test_of_more_than_64_sandboxes_the_one_not_used_for_longest_is_closed():
    with rehearsal("--seed", "empty") as ready:
        first = Sandbox(ready["ports"][0]).called("first")
        used, unused = first.called("used"), first.called("unused")
        paths = {each.name: each.someone("owner").article("Fog") for each in (used, unused)}
        for number in range(62):
            first.called(f"other-{number}").get("/v1")
            used.get("/v1")
        first.called("one-more").get("/v1")

        assert [used.get(paths["used"]).status for _ in range(4)] == [200] * 4
        assert [unused.get(paths["unused"]).status for _ in range(4)] == [404] * 4
