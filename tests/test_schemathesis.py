"""What a stranger's schemathesis finds against the document: nothing, whoever runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from api.site.demo.events import read
from tests.test_serving import free_port, running

ROOT = Path(__file__).parent.parent
CONFIG = ROOT / "tests" / "schemathesis.toml"
SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
ENDS_THE_RUN = ("DELETE /v1/sessions/current", "DELETE /v1/me")
"""Behind them every answer would be 401, and nothing else be tried."""


def log_in(url: str, role: str) -> str:
    person = next(person for person in read("accounts") if person["role"] == role)
    body = json.dumps({"email": person["email"], "password": person["password"]}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/v1/sessions", data=body, headers=headers)
    with urllib.request.urlopen(request) as answer:
        return str(json.load(answer)["token"])


# Every corner of every schema, and what an owner may do drawn at random, take long: at full size only.
EVERY_PHASE = "examples,coverage,fuzzing,stateful"
PHASES = {
    "nobody": "examples",
    "customer": "examples,stateful",
    "owner": "examples",
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The URL of a demonstration for all three, who disturb each other no more than people do."""
    port = free_port()
    folder = tmp_path_factory.mktemp("demo")
    with running("api", "serve", "--demo", folder=folder, port=port, KIOSQUE_LIMITS="off"):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.xdist_group("schemathesis")
@pytest.mark.parametrize("role", PHASES)
def test_schemathesis_finds_nothing(demo, tmp_path, role, full):
    options = ["--url", demo, "--checks", "all", "--max-examples", "25" if full else "2", "--no-color"]
    options += ["--phases", EVERY_PHASE if full else PHASES[role]]
    if role != "nobody":
        token = log_in(demo, role)
        options += ["--header", f"Authorization: Bearer {token}"]
        options += [option for name in ENDS_THE_RUN for option in ("--exclude-name", name)]

    run = subprocess.run(
        [SCHEMATHESIS, "--config-file", CONFIG, "run", f"{demo}/openapi.json", *options],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.fresh_keys"},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )

    assert run.returncode == 0, run.stdout
