"""GET /metrics: for this machine, or with the permission; every answer, order and wait counted once."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest
from falcon.testing import TestClient

from api.app import create_app
from api.settings import Settings
from api.storage import Database
from api.storage.failures import Busy
from api.web import metrics
from tests.factories import PASSWORD, make_item, make_login
from tests.test_serving import free_port, running

LOCAL = {"REMOTE_ADDR": "127.0.0.1"}
AWAY = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def measured(db, settings):
    """A small database whose use is counted, and a client that can read the figures."""
    counting = metrics.Metrics()
    small = Database(settings.database_url, connections=1, patience=0.05, gauge=counting)
    yield small, TestClient(create_app(settings, small, metrics=counting))
    small.dispose()


def test_this_machine_may_read_without_credentials(client):
    client.simulate_get("/teapot")

    answer = client.simulate_get("/metrics", extras=LOCAL)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    counted = r'kiosque_request_duration_seconds_count\{method="GET",route="/teapot",status="418"\} 1.0'
    assert re.search(counted, answer.text)
    assert answer.text.endswith("# EOF\n")


@pytest.mark.parametrize(
    "header",
    [
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Real-IP",
        "Via",
        "CF-Connecting-IP",
        "True-Client-IP",
    ],
)
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


def test_an_order_is_counted_once_and_none_that_is_refused_or_replayed(client_as, db):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=3)
    buyer = client_as()

    for quantity, key in ((1, "one"), (1, "one"), (9, "nine"), (2, "two")):
        lines = [{"sku": "mug", "quantity": quantity}]
        buyer.simulate_post("/v1/orders", json={"lines": lines}, headers={"Idempotency-Key": key})

    assert counted(buyer, "kiosque_orders_placed_total") == 2


def test_a_login_that_is_refused_is_counted_whatever_the_reason(client, db):
    with db.write() as tx:
        make_login(tx, email="ada@kiosque.test")
    before = counted(client, "kiosque_logins_refused_total")

    statuses = [
        client.simulate_post(
            "/v1/sessions", json={"email": "ada@kiosque.test", "password": password}
        ).status_code
        for password in (PASSWORD, *["wrong"] * 6)
    ]

    assert (before, statuses) == (0, [201, *[401] * 5, 429])
    assert counted(client, "kiosque_logins_refused_total") == 6


@pytest.mark.only_on("sqlite")
def test_a_wait_for_the_turn_to_write_is_counted(measured):
    db, client = measured

    with db.write(), pytest.raises(Busy), db.write(wait=0.01):
        pass

    assert waits(client)["turn"] == 1
    assert 0.01 <= counted(client, 'kiosque_database_wait_seconds_sum{awaited="turn"}') < 5


@pytest.mark.only_on("sqlite")
def test_a_wait_for_another_process_that_writes_is_counted(measured, other_db):
    db, client = measured

    with other_db.write(), pytest.raises(Busy), db.write(wait=0.01):
        pass

    assert waits(client)["begin"] == 1


def test_a_wait_for_a_connection_is_counted(measured):
    db, client = measured

    with db.read(), db.read(), db.read(), pytest.raises(Busy), db.read():
        pass

    assert waits(client)["connection"] >= 1


def test_connections_are_counted_while_they_are_in_use(measured):
    db, client = measured
    name = "kiosque_database_connections_in_use"
    told = [counted(client, name)]
    with db.read():
        told.append(counted(client, name))
        with db.read():
            told.append(counted(client, name))
    with pytest.raises(ZeroDivisionError), db.write():
        told.append(1 / 0)
    told.append(counted(client, name))

    assert told == [0, 1, 2, 0]


def test_a_worker_that_has_ended_uses_no_connection(measured):
    db, client = measured

    with db.read():
        metrics.leave_slot(None, SimpleNamespace(slot=0))
        after = counted(client, "kiosque_database_connections_in_use")
        metrics.Metrics().in_use(1)  # given back by whoever still lives here

    assert after == 0


def test_all_workers_are_counted_whichever_is_asked(tmp_path):
    port = free_port()
    with running("api", "serve", folder=tmp_path, port=port, WEB_CONCURRENCY="2"):
        for _ in range(8):
            assert log_in(port) in (401, 429)
        texts = [read(port) for _ in range(8)]

    assert {value(text, "kiosque_logins_refused_total") for text in texts} == {8}
    assert {value(text, "kiosque_database_connections_in_use") for text in texts} == {0}


def test_the_documentation_names_every_metric(client):
    families = set(re.findall(r"^# TYPE (\S+)", text_of(client), re.MULTILINE))

    page = (Path(__file__).parents[2] / "docs/operating.md").read_text()

    assert {name.removesuffix("_total") for name in re.findall(r"`(kiosque_\w+)", page)} == families


def counted(client, sample):
    return value(text_of(client), sample)


def waits(client):
    text = text_of(client)
    name = 'kiosque_database_wait_seconds_count{awaited="%s"}'
    return {awaited: value(text, name % awaited) for awaited in ("turn", "connection", "begin")}


def value(text, sample):
    (found,) = re.findall(rf"^{re.escape(sample)} (\S+)$", text, re.MULTILINE)
    return float(found)


def text_of(client):
    return client.simulate_get("/metrics", extras=LOCAL).text


def read(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        return answer.read().decode()


def log_in(port):
    body = json.dumps({"email": "nobody@kiosque.test", "password": "wrong"}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/sessions", body, {"Content-Type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
    refused.value.close()
    return refused.value.code


def test_the_folder_of_a_killed_server_goes_with_the_next_start_and_no_other_does(tmp_path):
    abandoned, in_use, just_made = (tmp_path / f"kiosque-metrics-{name}" for name in "abc")
    for folder in (abandoned, in_use, just_made):
        folder.mkdir()
        (folder / "counter_0.db").touch()
    for folder in (abandoned, in_use):
        os.utime(folder, (0, 0))
    lock = metrics.lock(in_use)

    metrics.remove_abandoned(tmp_path)

    os.close(lock)
    assert {path for path in tmp_path.iterdir() if path.name.startswith("kiosque")} == {in_use, just_made}


def test_a_server_that_another_one_started_writes_nothing_into_its_folder(tmp_path):
    command = [sys.executable, "-c", "from api.web.metrics import Metrics; Metrics().looked_up(hit=True)"]

    subprocess.run(command, env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}, check=True)

    assert list(tmp_path.iterdir()) == []
