"""What the server says of itself."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlsplit

from falcon.testing import TestClient

from api.app import create_app
from api.errors import concrete_errors
from tests.factories import CHEAP_HASHER


def test_the_root_links_to_all_that_follows(client):
    root = client.simulate_get("/v1").json

    assert (root["name"], root["tagline"], root["languages"], root["country"]) == (
        "Kiosque",
        None,
        ["en"],
        None,
    )
    assert root["item_url"] == "https://kiosque.test/item/?slug={slug}"
    assert root["currency"] == "EUR"
    assert root["prices_include_tax"] is True
    assert root["seller"] is None
    assert root["links"]["articles"] == "https://kiosque.test/v1/articles"
    assert root["links"]["api_keys"] == "https://kiosque.test/v1/api-keys"
    assert root["links"]["feed"] == "https://kiosque.test/feed.json"
    assert all(client.simulate_get(urlsplit(link).path).status_code != 404 for link in root["links"].values())


def test_the_root_says_who_sells_line_by_line(db, settings):
    named = replace(settings, seller="Kiosque SARL\nFR 12 345678901")

    root = TestClient(create_app(named, db, CHEAP_HASHER)).simulate_get("/v1").json

    assert root["seller"].splitlines() == ["Kiosque SARL", "FR 12 345678901"]


def test_every_problem_is_explained_as_json_and_as_a_page(client):
    listed = {problem["code"] for problem in client.simulate_get("/problems").json["data"]}
    page = client.simulate_get("/problems", headers={"Accept": "text/html,*/*;q=0.8"})

    assert listed == {error.code for error in concrete_errors()}
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert all(f"<h2 id={code}>" in page.text for code in listed)


def test_the_type_of_a_problem_leads_to_its_explanation(client):
    problem = client.simulate_get("/teapot").json

    explained = client.simulate_get(urlsplit(problem["type"]).path).json

    assert (explained["status"], explained["title"]) == (418, "I'm a teapot")
    assert client.simulate_get("/problems/unheard-of").status_code == 404


def test_every_problem_says_what_it_means_and_what_to_do():
    for error in concrete_errors():
        assert error.meaning(), error
        assert error.remedy, error
        assert error.title, error


def test_no_two_problems_share_a_code():
    codes = [error.code for error in concrete_errors()]

    assert len(codes) == len(set(codes))


def test_the_documentation_page_needs_no_other_server(client):
    page = client.simulate_get("/docs")

    assert "http" not in page.text
    for part in ("/docs/swagger_style.css", "/docs/swagger_bundle.js", "/docs/start.js"):
        assert part in page.text
        assert client.simulate_get(part, headers={"Accept-Encoding": "gzip"}).status_code == 200
    assert client.simulate_get("/docs/other.js").status_code == 404


def test_the_documentation_is_compressed_for_those_who_take_that(client):
    wishes = ["gzip", "br, GZIP;q=0.5", "gzip;q=0", ""]

    answers = [
        client.simulate_get("/docs/swagger_style.css", headers={"Accept-Encoding": wish}) for wish in wishes
    ]

    assert [answer.headers.get("Content-Encoding") for answer in answers] == ["gzip", "gzip", None, None]


def test_a_browser_runs_the_documentation_only_as_it_was_when_it_was_tried(client):
    page = client.simulate_get("/docs").text

    for name in ("swagger_style.css", "swagger_bundle.js"):
        digest = b64encode(sha256(client.simulate_get(f"/docs/{name}").content).digest()).decode()
        assert re.search(rf'"/docs/{re.escape(name)}"\s+integrity="sha256-{re.escape(digest)}"', page), name


def test_the_documentation_begins_with_what_most_come_for(client):
    tags = [tag["name"] for tag in client.simulate_get("/openapi.json").json["tags"]]

    assert tags[:5] == ["articles", "comments", "items", "variants", "orders"]
    assert tags[-1] == "server"


def test_the_teapot_declines(client):
    assert client.simulate_get("/teapot").status_code == 418
