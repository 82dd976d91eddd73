"""The static site: files inside the folder, whole or in part, and nothing else."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from email.utils import formatdate
from pathlib import Path

import pytest
from falcon.testing import TestClient

from api import sqlite
from api.app import create_app
from api.backup import rules
from api.settings import Settings
from api.storage import migrations

pytestmark = pytest.mark.mostly_on("sqlite")

PAGE = b"<!doctype html><title>Quay</title>"
LARGE = bytes(range(256)) * 1024


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    (root / "shop").mkdir(parents=True)
    (root / "empty").mkdir()
    (root / "index.html").write_bytes(PAGE)
    (root / "shop" / "index.html").write_bytes(PAGE)
    (root / "digits.txt").write_bytes(b"0123456789")
    (root / "large.bin").write_bytes(LARGE)
    (root / "app.0123abcd.js").write_bytes(b"plain")
    (root / "app.0123abcd.js.gz").write_bytes(b"gzipped")
    (root / ".secret").write_bytes(b"secret")
    (tmp_path / "outside.txt").write_bytes(b"outside")
    (root / "way-out.txt").symlink_to(tmp_path / "outside.txt")
    (root / "way-in.txt").symlink_to(root / "digits.txt")
    (root / "device").symlink_to("/dev/zero")
    os.mkfifo(root / "pipe")
    return root


@pytest.fixture
def visitor(site: Path, db, tmp_path: Path) -> TestClient:
    return TestClient(
        create_app(Settings.from_env({"KIOSQUE_DATA": str(tmp_path / "data"), "KIOSQUE_SITE": str(site)}), db)
    )


@pytest.mark.parametrize("path", ["/", "/index.html", "/shop/", "/shop/index.html"])
def test_a_folder_is_its_index(visitor, path):
    answer = visitor.simulate_get(path)

    assert answer.content == PAGE
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_well_known_files_are_served_and_no_other_file_with_a_dot(visitor, site):
    for name in (".well-known/security.txt", ".well-known/.secret", "shop/.well-known/x"):
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_bytes(b"Contact: mailto:a@kiosque.test")

    assert visitor.simulate_get("/.well-known/security.txt").status_code == 200
    assert visitor.simulate_get("/.well-known/.secret").status_code == 404
    assert visitor.simulate_get("/shop/.well-known/x").status_code == 404


def test_a_page_runs_what_its_own_site_has_and_an_image_of_text_runs_nothing(visitor, site):
    (site / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")

    page, image = visitor.simulate_get("/"), visitor.simulate_get("/logo.svg")

    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; ")
    assert "base-uri 'none'" in policy
    assert image.headers["Content-Security-Policy"] == f"{policy}; sandbox"


def test_the_operator_may_let_pages_do_more(site, db, tmp_path):
    environ = {"KIOSQUE_DATA": str(tmp_path / "data"), "KIOSQUE_SITE": str(site)}
    settings = Settings.from_env({**environ, "KIOSQUE_SITE_CSP": "script-src https://cdn.test"})

    page = TestClient(create_app(settings, db)).simulate_get("/")

    assert page.headers["Content-Security-Policy"] == "script-src https://cdn.test"


def test_a_folder_without_its_slash_redirects_to_it(visitor):
    answer = visitor.simulate_get("/shop")

    assert (answer.status_code, answer.headers["Location"]) == (308, "/shop/")


def _spellings() -> list[str]:
    targets = ("outside.txt", "etc/passwd", ".secret")
    dots = (
        "..",
        "%2e%2e",
        "%2E.",
        ".%2e",
        "..%00",
        "%252e%252e",
        "....",
        "..%5c..",
        "..\\..",
        "%c0%ae%c0%ae",
        "．．",
    )
    slashes = ("/", "%2f", "%2F", "//", "\\", "%5c", "%252f", "/./")
    ways = [f"/{dot}{slash}{target}" for dot in dots for slash in slashes for target in targets]
    deeper = [
        f"/shop/{dot}/{dot}{slash}{target}" for dot in dots[:6] for slash in slashes for target in targets[:2]
    ]
    others = ["/.secret", "/shop/.", "/shop/..", "/%2esecret", "/way-out.txt", "/device", "/pipe", "/empty"]
    others += ["/empty/", "/digits.txt/", "/nothing", "/index.html%00", "/index.html%00.txt", "/%ff"]

    return [*ways, *deeper, *others]


@pytest.mark.parametrize("path", _spellings())
def test_what_is_not_a_file_of_the_site_is_not_found(visitor, path):
    answer = visitor.simulate_get(path)

    assert answer.status_code == 404
    assert answer.json["code"] == "not-found"


@pytest.mark.parametrize(
    "path",
    ["/.well-known/.secret", "/shop/.well-known/security.txt", "/.well-known/../.secret", "/.WELL-KNOWN/x"],
)
def test_only_what_lies_openly_in_the_well_known_folder_is_served(visitor, site, path):
    for folder in (site / ".well-known", site / "shop" / ".well-known"):
        folder.mkdir()
        (folder / "security.txt").write_bytes(b"Contact: mailto:ada@example.org")
        (folder / ".secret").write_bytes(b"secret")

    refused, served = visitor.simulate_get(path), visitor.simulate_get("/.well-known/security.txt")

    assert (refused.status_code, served.status_code) == (404, 200)
    assert served.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_there_are_three_hundred_spellings():
    assert len(set(_spellings())) >= 300


PRIVATE_NAMES = ["kiosque.db", "kiosque.db-wal", "shop.sqlite3", "dump.sql.gz", "a.kiosque", "a.kiosque.part"]
PRIVATE_NAMES += ["site.py", "index.html.bak", "production.env", "KIOSQUE.DB", "kiosque.db.old~", "x.db.2"]


@pytest.mark.parametrize("name", PRIVATE_NAMES)
def test_what_is_named_like_data_or_a_source_is_never_served(visitor, site, name):
    (site / name).write_bytes(b"anything")

    assert visitor.simulate_get(f"/{name}").status_code == 404


@pytest.mark.parametrize("name", ["sql.js", "database.html", "my.db.html", "env.js", "python.py.html"])
def test_what_only_sounds_like_data_is_served(visitor, site, name):
    (site / name).write_bytes(b"anything")

    assert visitor.simulate_get(f"/{name}").status_code == 200


@pytest.mark.parametrize("bring", [shutil.copy, os.link, os.symlink], ids=["copied", "linked", "pointed-to"])
def test_a_database_in_the_site_is_never_served_whatever_its_name(visitor, site, tmp_path, bring):
    live, log = site / "live.bin", tmp_path / "data" / "live.db-wal"
    log.parent.mkdir()
    with closing(sqlite.driver.connect(log.with_name("live.db"))) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (a)")
        bring(log, site / "log.txt")
        bring(log.with_name("live.db"), live)
        bring(live, site / "live.bin.gz")

        answers = [visitor.simulate_get(f"/{name}").status_code for name in ("log.txt", "live.bin")]
        packed = visitor.simulate_get("/live.bin.gz").status_code

    assert [*answers, packed] == [404, 404, 404]


def test_a_backup_in_the_site_is_never_served_whatever_its_name(visitor, site, tmp_path):
    database = migrations.migrated(Settings.from_env({"KIOSQUE_DATA": str(tmp_path / "shop")}))
    rules.back_up(database, tmp_path / "backup", watch=lambda _table, _rows: None)
    database.dispose()
    shutil.copy(tmp_path / "backup", site / "holidays.gz")

    assert visitor.simulate_get("/holidays.gz").status_code == 404


def test_a_link_inside_the_site_is_followed(visitor):
    assert visitor.simulate_get("/way-in.txt").content == b"0123456789"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_files_are_only_read(visitor, method):
    answer = visitor.simulate_request(method, "/index.html")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("header", "status", "content"),
    [
        ("bytes=2-4", 206, b"234"),
        ("bytes=7-", 206, b"789"),
        ("bytes=-3", 206, b"789"),
        ("bytes=0-99", 206, b"0123456789"),
        ("bytes=0-0,2-3", 200, b"0123456789"),
        ("bytes=5-2", 200, b"0123456789"),
        ("lines=1-2", 200, b"0123456789"),
        ("bytes=a-b", 200, b"0123456789"),
    ],
)
def test_one_range_is_sent_and_any_other_header_ignored(visitor, header, status, content):
    answer = visitor.simulate_get("/digits.txt", headers={"Range": header})

    assert (answer.status_code, answer.content) == (status, content)


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_range_behind_the_end_is_refused_with_the_length(visitor, header):
    answer = visitor.simulate_get("/digits.txt", headers={"Range": header})

    assert answer.status_code == 416
    assert answer.json["code"] == "range-not-satisfiable"
    assert answer.headers["Content-Range"] == "bytes */10"
    assert "ETag" not in answer.headers


def test_a_range_of_another_version_is_sent_whole(visitor):
    etag = visitor.simulate_get("/digits.txt").headers["ETag"]

    same = visitor.simulate_get("/digits.txt", headers={"Range": "bytes=0-1", "If-Range": etag})
    other = visitor.simulate_get("/digits.txt", headers={"Range": "bytes=0-1", "If-Range": '"old"'})

    assert (same.status_code, other.status_code) == (206, 200)


def test_a_known_file_is_not_sent_again(visitor, site):
    first = visitor.simulate_get("/digits.txt")

    by_etag = visitor.simulate_get("/digits.txt", headers={"If-None-Match": first.headers["ETag"]})
    by_time = visitor.simulate_get(
        "/digits.txt", headers={"If-Modified-Since": first.headers["Last-Modified"]}
    )
    os.utime(site / "digits.txt", (2_000_000_000, 2_000_000_000))
    changed = visitor.simulate_get("/digits.txt", headers={"If-None-Match": first.headers["ETag"]})

    assert (by_etag.status_code, by_time.status_code, changed.status_code) == (304, 304, 200)
    assert changed.headers["Last-Modified"] == formatdate(2_000_000_000, usegmt=True)


def test_a_name_with_a_hash_is_kept_for_ever_and_sent_compressed(visitor):
    plain = visitor.simulate_get("/app.0123abcd.js")
    packed = visitor.simulate_get("/app.0123abcd.js", headers={"Accept-Encoding": "br;q=0, gzip"})

    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (plain.content, packed.content) == (b"plain", b"gzipped")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_a_large_file_streams_whole_and_in_part(visitor):
    whole = visitor.simulate_get("/large.bin")
    part = visitor.simulate_get("/large.bin", headers={"Range": "bytes=100-199999"})

    assert whole.content == LARGE
    assert part.content == LARGE[100:200_000]
    assert visitor.simulate_head("/large.bin").headers["Content-Length"] == str(len(LARGE))


def test_an_expired_token_does_not_keep_anyone_from_the_site(visitor):
    assert visitor.simulate_get("/", headers={"Authorization": "Bearer gone"}).status_code == 200
