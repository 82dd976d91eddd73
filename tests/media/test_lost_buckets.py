"""Media in a bucket that is away, or whose process is killed: plain answers, and no row without its files."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from falcon.testing import TestClient

from api.app import create_app
from api.cli import kiosque
from api.media.files import Comparison, compare
from api.settings.media import PLACE
from tests.factories import CHEAP_HASHER, make_account, sign_in
from tests.media import buckets
from tests.media.conftest import path_of, upload, uploaded
from tests.media.pictures import jpeg

pytestmark = pytest.mark.only_on("sqlite")

ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings(settings, bucket_url):
    return dataclasses.replace(settings, media_url=PLACE.read(bucket_url))


@pytest.fixture
def away(settings, db):
    """The client of an author of the same installation whose bucket is out of reach."""
    with db.write() as tx:
        token = sign_in(tx, make_account(tx, role="author"))
    with buckets.nobody_listening() as origin:
        elsewhere = dataclasses.replace(settings.media_url, endpoint=origin)
        app = create_app(dataclasses.replace(settings, media_url=elsewhere), db, CHEAP_HASHER)
        yield TestClient(app, headers={"Authorization": f"Bearer {token}"})


def compared(db, store):
    with db.read() as tx:
        return compare(tx, store)


def test_an_upload_without_the_bucket_is_503_and_stores_nothing(away, db, store):
    answer = upload(away, jpeg())

    assert (answer.status_code, answer.json["code"]) == (503, "storage-unavailable")
    assert answer.headers["Retry-After"] == "5"
    assert away.simulate_get("/v1/media").json["data"] == []
    assert compared(db, store) == Comparison(0, (), ())


def test_an_upload_to_a_bucket_that_was_never_made_is_503_too(settings, db):
    with db.write() as tx:
        token = sign_in(tx, make_account(tx, role="author"))
    unmade = dataclasses.replace(settings.media_url, name="never-made")
    app = create_app(dataclasses.replace(settings, media_url=unmade), db, CHEAP_HASHER)

    answer = upload(TestClient(app, headers={"Authorization": f"Bearer {token}"}), jpeg())

    assert (answer.status_code, answer.json["code"]) == (503, "storage-unavailable")


def test_a_picture_without_the_bucket_is_503_and_not_404(away, author):
    medium = uploaded(author, jpeg())

    answer = away.simulate_get(path_of(medium["url"]))

    assert (answer.status_code, answer.json["code"]) == (503, "storage-unavailable")
    assert "immutable" not in answer.headers["Cache-Control"]


def test_what_is_deleted_without_the_bucket_leaves_it_later(away, author, db, store):
    medium = uploaded(author, jpeg())

    author.simulate_delete(f"/v1/media/{medium['id']}")
    away.app.background.until_idle()

    assert len(compared(db, store).orphans) == 4

    with db.write() as tx:
        tx.run(sa.text("UPDATE jobs SET due_at = '2020-01-01T00:00:00.000Z'"))
    author.app.background.until_idle()
    assert list(store.keys()) == []


def test_the_check_names_the_bucket_and_nothing_names_the_credentials(tmp_path, bucket_url, caplog):
    def run(command, url=bucket_url):
        environ = {"KIOSQUE_DATA": str(tmp_path / "new"), "KIOSQUE_MEDIA_URL": url}
        return CliRunner().invoke(kiosque, [command], env=environ).output

    run("migrate")
    with buckets.nobody_listening() as origin:
        without = run("check", f"s3://bucket?endpoint={origin}")
    reached, settings = run("check"), run("settings")

    assert f"ok   media        0 files in {bucket_url}\n" in reached
    assert "BAD  media " in without
    assert bucket_url in settings
    for secret in buckets.CREDENTIALS.values():
        assert secret not in without + reached + settings + caplog.text


def test_a_process_killed_before_the_row_leaves_files_that_the_check_names(db, settings, store, bucket_url):
    with db.write() as tx:
        token = sign_in(tx, make_account(tx, role="author"))
    environ = {"KIOSQUE_DATA": str(settings.data), "KIOSQUE_URL": settings.url, "TOKEN": token}

    run = subprocess.run(
        [sys.executable, "-m", "tests.media.dying", "before the row"],
        cwd=ROOT,
        env={**os.environ, **environ, "KIOSQUE_MEDIA_URL": bucket_url},
        check=False,
    )

    assert run.returncode == -signal.SIGKILL
    left = compared(db, store)
    assert (left.files, left.absent, len(left.orphans)) == (0, (), 4)
