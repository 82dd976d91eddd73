"""Files that nginx sends: only if the request has come through it, and only if there is something to send."""

from __future__ import annotations

import stat
from dataclasses import replace
from urllib.parse import unquote

import pytest
from falcon.testing import TestClient

from api.app import create_app
from api.media.files import store_of
from api.meta.checks import machine
from api.settings import Settings, SettingsError
from api.storage import file_of
from tests.factories import CHEAP_HASHER
from tests.media.conftest import path_of, uploaded
from tests.media.pictures import PDF, jpeg
from tests.shop.downloads.conftest import ask, buy, buyer, downloads, file, guide  # noqa: F401

PROXY = {"REMOTE_ADDR": "127.0.0.1"}
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}
"""Another machine, which may send any header, but not this one."""


@pytest.fixture
def settings(settings):
    return replace(settings, proxy=("127.0.0.1",), sendfile="/protected/")


@pytest.fixture
def keeper(client_as) -> TestClient:
    return client_as("shopkeeper")


@pytest.fixture
def picture(client_as) -> str:
    return path_of(uploaded(client_as("author"), jpeg())["url"])


def test_a_picture_is_left_to_nginx_with_all_that_is_said_of_it(client, picture, settings):
    direct = client.simulate_get(picture, extras=ELSEWHERE)
    answer = client.simulate_get(picture, extras=PROXY)

    place = answer.headers["X-Accel-Redirect"]
    assert (answer.status_code, answer.content) == (200, b"")
    assert place.startswith("/protected/media/sizes/")
    assert (settings.data / place.removeprefix("/protected/")).read_bytes() == direct.content
    same = {"etag", "cache-control", "content-type", "content-security-policy", "accept-ranges"}
    assert {name: answer.headers[name] for name in same} == {name: direct.headers[name] for name in same}
    assert "X-Accel-Redirect" not in direct.headers


def test_a_download_is_left_to_nginx_by_the_path_of_its_file(client, settings, buy, downloads, ask, file):  # noqa: F811
    named = file.parent / "50 % é?#.pdf"
    named.write_bytes(b"%PDF")
    file.unlink()
    file.symlink_to(named)
    link = ask(downloads(buy())[0]).json["url"].removeprefix("https://kiosque.test")

    answer = client.simulate_get(link, extras=PROXY)

    place = answer.headers["X-Accel-Redirect"]
    assert place.isascii()
    assert not set(" ?#") & set(place)
    assert unquote(place) == "/protected/files/guides/50 % é?#.pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")


def test_a_file_that_is_lost_is_not_left_to_nginx(client, keeper, buyer, downloads, ask, picture, settings):  # noqa: F811
    book = uploaded(keeper, PDF, "application/pdf")
    variant = {"sku": "book", "price": {"amount": 0, "currency": "EUR"}}
    variant["downloads"] = [{"media": book["id"], "name": "Book"}]
    keeper.simulate_post(
        "/v1/items", json={"name": "Book", "kind": "digital", "status": "published", "variants": [variant]}
    )
    order = buyer.simulate_post("/v1/orders", json={"lines": [{"sku": "book", "quantity": 1}]}).json
    link = ask(downloads(order)[0]).json["url"].removeprefix("https://kiosque.test")
    there = [client.simulate_get(path, extras=PROXY) for path in (picture, link)]

    for each in (settings.data / "media").glob("*/*/*"):
        each.unlink()
    lost = [client.simulate_get(path, extras=PROXY) for path in (picture, link)]

    assert all("X-Accel-Redirect" in each.headers for each in there)
    assert [(each.status_code, each.json["code"]) for each in lost] == [(404, "not-found")] * 2
    assert all("X-Accel-Redirect" not in each.headers for each in lost)


def test_what_needs_no_file_is_answered_by_kiosque(client, picture):
    etag = client.simulate_get(picture).headers["ETag"]

    head = client.simulate_head(picture, extras=PROXY)
    known = client.simulate_get(picture, headers={"If-None-Match": etag}, extras=PROXY)
    beyond = client.simulate_get(picture, headers={"Range": "bytes=9999999-"}, extras=PROXY)
    expected = client.simulate_get(picture, headers={"If-Match": etag}, extras=PROXY)

    assert (head.status_code, known.status_code) == (200, 304)
    assert (beyond.status_code, beyond.json["code"]) == (416, "range-not-satisfiable")
    assert (expected.status_code, expected.content[:4]) == (200, b"RIFF")
    assert all("X-Accel-Redirect" not in each.headers for each in (head, known, beyond, expected))


def test_without_the_setting_nothing_is_left_to_a_proxy(db, settings, picture):
    client = TestClient(create_app(replace(settings, sendfile=""), db, CHEAP_HASHER))

    answer = client.simulate_get(picture, extras=PROXY)

    assert answer.content[:4] == b"RIFF"
    assert "X-Accel-Redirect" not in answer.headers


@pytest.mark.parametrize(
    ("location", "proxy", "said"),
    [
        ("protected/", "127.0.0.1", "begins and ends with /"),
        ("/protected", "127.0.0.1", "begins and ends with /"),
        ("/", "127.0.0.1", "begins and ends with /"),
        ("/a/../b/", "127.0.0.1", "begins and ends with /"),
        ("/media/", "127.0.0.1", "is a path of Kiosque"),
        ("/v1/files/", "127.0.0.1", "is a path of Kiosque"),
        ("/protected/", "", "needs its address in KIOSQUE_PROXY"),
    ],
)
def test_a_location_that_cannot_be_is_refused_at_the_start(location, proxy, said):
    with pytest.raises(SettingsError, match=said):
        Settings.from_env({"KIOSQUE_SENDFILE": location, "KIOSQUE_PROXY": proxy})


def test_the_group_may_read_what_nginx_sends_and_nothing_else(settings, db, picture):
    folder = settings.data / "media"
    store = store_of(settings, db)
    modes = {stat.S_IMODE((folder / store.place(key)).stat().st_mode) for key in list(store.keys())}
    settings.data.chmod(0o700)

    closed = machine.sendfile(settings)
    settings.data.chmod(0o710)

    assert modes == {0o640}
    assert {stat.S_IMODE(each.stat().st_mode) for each in (folder, *folder.glob("*/*/"))} == {0o750}
    assert (closed.state, closed.detail) == ("failed", f"nginx cannot enter {settings.data}")
    assert machine.sendfile(settings).state == "ok"
    database = file_of(settings.database_url)
    assert database is None or machine.permissions(settings, database).state == "ok"
