"""GET /metrics: for this machine, or with the permission; every answer counted once."""

from __future__ import annotations

import re

import pytest
from falcon.testing import TestClient

from api.app import create_app
from api.settings import Settings

LOCAL = {"REMOTE_ADDR": "127.0.0.1"}
AWAY = {"REMOTE_ADDR": "192.0.2.7"}


def test_this_machine_may_read_without_credentials(client):
    client.simulate_get("/teapot")

    answer = client.simulate_get("/metrics", extras=LOCAL)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    counted = r'kiosque_request_duration_seconds_count\{method="GET",route="/teapot",status="418"\} 1.0'
    assert re.search(counted, answer.text)
    assert answer.text.endswith("# EOF\n")


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Via"])
def test_a_proxy_on_this_machine_is_somebody_else(client, header):
    answer = client.simulate_get("/metrics", extras=LOCAL, headers={header: "192.0.2.7"})

    assert (answer.status_code, answer.json["code"]) == (401, "authentication-required")


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("shopkeeper", 403)])
def test_from_elsewhere_the_permission_is_needed(client_as, role, status):
    assert client_as(role).simulate_get("/metrics", extras=AWAY).status_code == status


def test_a_stranger_from_elsewhere_is_refused(client):
    assert client.simulate_get("/metrics", extras=AWAY).status_code == 401


def test_behind_a_proxy_this_machine_needs_the_permission_too(db, tmp_path):
    settings = Settings.from_env({"KIOSQUE_DATA": str(tmp_path), "KIOSQUE_PROXY": "127.0.0.1"})

    answer = TestClient(create_app(settings, db)).simulate_get("/metrics", extras=LOCAL)

    assert answer.status_code == 401


def test_what_clients_invent_makes_no_new_series(client):
    for path in ("/a", "/b", "/v1/articles/a", "/v1/articles/b"):
        client.simulate_get(path)
    client.simulate_request("BREW", "/a")

    text = client.simulate_get("/metrics", extras=LOCAL).text

    routes = set(re.findall(r'method="(\w+)",route="([^"]+)",status="(\d+)"', text))
    assert routes == {
        ("GET", "/* (static files)", "404"),
        ("GET", "/v1/articles/{article}", "404"),
        ("other", "/* (static files)", "501"),
    }
