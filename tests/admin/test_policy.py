"""Nothing in the office runs but its own files, whatever somebody has written into titles and names."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from falcon.testing import TestClient

from api.admin.pages import OwnHost
from api.app import create_app
from api.settings import Settings
from tests.factories import CHEAP_HASHER

FILES = Path("api/admin/static").absolute()
LARGEST = 85_000


@pytest.fixture
def own_host(db, settings):
    """A client of a server whose office has a host of its own."""
    environ = {"KIOSQUE_DATA": str(settings.data), "KIOSQUE_URL": "https://kiosque.test"}
    own = Settings.from_env(environ | {"KIOSQUE_ADMIN_URL": "https://office.test"})
    return TestClient(create_app(own, db, CHEAP_HASHER))


def test_scripts_and_styles_come_from_the_office_alone_and_html_by_one_policy(client):
    answer = client.simulate_get("/admin/")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
    assert "require-trusted-types-for 'script'; trusted-types rendered" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


def test_admin_leads_to_the_office_and_what_is_not_there_is_404(client):
    assert client.simulate_get("/admin").headers["location"] == "/admin/"
    assert client.simulate_get("/admin/nothing.js").status_code == 404
    assert client.simulate_get("/administration").status_code == 404
    assert client.simulate_post("/admin/").status_code == 405


def test_switched_off_it_is_not_there(db, settings):
    environ = {"KIOSQUE_DATA": str(settings.data), "KIOSQUE_ADMIN": "off"}
    client = TestClient(create_app(Settings.from_env(environ), db, CHEAP_HASHER))

    assert client.simulate_get("/admin/").status_code == 404


@pytest.mark.parametrize("path", ["/admin/", "/admin/js/office.js", "/v1", "/v1/articles"])
def test_the_host_of_the_office_answers_the_office_and_the_api(own_host, path):
    assert own_host.simulate_get(path, host="office.test").status_code == 200


@pytest.mark.parametrize("path", ["/", "/feed.atom", "/docs", "/openapi.json", "/robots.txt"])
def test_the_host_of_the_office_answers_nothing_else(own_host, path):
    assert own_host.simulate_get(path).status_code == 200  # so that it may be in the cache

    assert own_host.simulate_get(path, host="office.test").status_code == 404


@pytest.mark.parametrize("host", ["OFFICE.test", "office.test:443", "office.test:8443", "office.test."])
def test_however_its_host_is_written_the_office_is_there_and_the_site_is_not(own_host, host):
    assert own_host.simulate_get("/admin/", headers={"Host": host}).status_code == 200
    assert own_host.simulate_get("/", headers={"Host": host}).status_code == 404
    assert own_host.simulate_get("/feed.atom", headers={"Host": host}).status_code == 404


@pytest.mark.parametrize(
    ("url", "host"), [("https://a.test:8443", "a.test:8443"), ("http://a.test", "a.test:80")]
)
def test_a_host_that_differs_from_that_of_the_site_by_its_port_is_known_by_its_port(url, host):
    own = OwnHost(url, "https://a.test")

    assert own.is_of(host)
    assert own.lacks(host, "/")
    assert not own.is_of("a.test:443")
    assert not own.lacks("a.test:443", "/")


def test_no_other_host_has_the_office_then(own_host):
    assert own_host.simulate_get("/admin/", host="kiosque.test").status_code == 404
    assert own_host.simulate_get("/v1", host="kiosque.test").status_code == 200


def test_what_a_browser_loads_of_it_in_one_language_is_small():
    files = [file for file in FILES.rglob("*") if file.is_file() and file.name != "fr.js"]
    files.append(FILES.parents[1] / "site/sample/js/qr.js")

    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) < LARGEST
