"""Media in a bucket: all that a folder does, for any number of nodes."""

from __future__ import annotations

import dataclasses
import os
from functools import partial

import pytest
from falcon.testing import TestClient

from api.app import create_app
from api.errors import NotFound
from api.media.bucket import Bucket
from api.media.files import Comparison, compare
from api.media.folder import Folder
from api.media.store import PUBLIC_CACHING, original
from api.settings.media import PLACE
from api.storage import Busy
from tests.factories import CHEAP_HASHER, make_account, sign_in
from tests.media.conftest import on_both, path_of, upload, uploaded
from tests.media.pictures import PDF, jpeg

pytestmark = pytest.mark.only_on("sqlite")

BIG = os.urandom(1_000) * 17_000
"""More than two parts of an upload, and many blocks of a download."""


@pytest.fixture
def settings(settings, bucket_url):
    return dataclasses.replace(settings, media_url=PLACE.read(bucket_url))


def compared(db, store):
    with db.read() as tx:
        return compare(tx, store)


@on_both
def test_what_is_put_is_read_in_any_part_until_it_is_removed(store, tmp_path):
    big, small = original("a" * 64), original("b" * 64)
    (tmp_path / "big").write_bytes(BIG)
    (tmp_path / "small").write_bytes(b"small")

    store.put({big: tmp_path / "big", small: tmp_path / "small"})

    assert (store.length(big), store.length(small)) == (len(BIG), 5)
    assert sorted(store.keys()) == [big, small]
    with store.open(big) as file:
        assert b"".join(iter(partial(file.read, 786_432), b"")) == BIG
        for start, count in ((0, 10), (len(BIG) - 5, 9), (5_000_000, 3_000_000), (len(BIG), 1)):
            file.seek(start)
            assert file.read(count) == BIG[start : start + count]
    store.remove([big, small])
    store.remove([big])
    assert (list(store.keys()), store.length(big)) == ([], None)
    with pytest.raises(NotFound):
        store.open(big)
    with pytest.raises(NotFound):
        store.open(big, len(BIG)).read(1)


@on_both
def test_a_picture_is_served_from_a_bucket_as_from_a_folder(author, client, db, store, settings):
    medium = uploaded(author, jpeg())
    path = path_of(medium["url"])

    whole, part = client.simulate_get(path), client.simulate_get(path, headers={"Range": "bytes=-7"})
    known = client.simulate_get(path, headers={"If-None-Match": whole.headers["ETag"]})
    beyond = client.simulate_get(path, headers={"Range": "bytes=99999999-"})
    others = [
        path.replace("boat", "mug"),
        f"/media/{medium['sha256']}",
        f"/media/originals/{medium['sha256']}",
    ]

    assert (whole.status_code, len(whole.content)) == (200, medium["sizes"][0]["bytes"])
    assert (whole.headers["Content-Type"], whole.headers["Cache-Control"]) == ("image/webp", PUBLIC_CACHING)
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    assert (part.status_code, part.content) == (206, whole.content[-7:])
    assert (known.status_code, beyond.status_code) == (304, 416)
    assert [client.simulate_get(other).status_code for other in others] == [404, 404, 404]
    assert compared(db, store) == Comparison(4, (), ())
    assert list((settings.data / "media" / "tmp").iterdir()) == []


@on_both
def test_what_is_deleted_leaves_the_bucket(author, db, store):
    medium = uploaded(author, jpeg())
    kept = uploaded(author, jpeg(400, 300))

    author.simulate_delete(f"/v1/media/{medium['id']}")
    author.app.background.until_idle()

    assert compared(db, store) == Comparison(1 + len(kept["sizes"]), (), ())


def test_a_file_to_sell_stays_private(client_as, client, store):
    medium = uploaded(client_as("shopkeeper"), PDF, "application/pdf", filename="book.pdf")

    with store.open(original(medium["sha256"])) as file:
        assert file.read() == PDF
    assert client.simulate_get(f"/media/{medium['sha256']}").status_code == 404


def test_nodes_with_disks_of_their_own_share_a_bucket(db, other_db, settings, tmp_path):
    with db.write() as tx:
        headers = {"Authorization": f"Bearer {sign_in(tx, make_account(tx, role='author'))}"}
    here, there = (
        TestClient(
            create_app(dataclasses.replace(settings, data=tmp_path / name), own, CHEAP_HASHER),
            headers=headers,
        )
        for name, own in (("here", db), ("there", other_db))
    )

    medium = uploaded(here, jpeg())
    again = upload(there, jpeg())
    served = there.simulate_get(path_of(medium["url"]))
    there.simulate_delete(f"/v1/media/{medium['id']}")
    there.app.background.until_idle()

    assert (again.status_code, again.json["id"]) == (200, medium["id"])
    assert (served.status_code, len(served.content)) == (200, medium["sizes"][0]["bytes"])
    assert here.simulate_get(path_of(medium["url"])).status_code == 404


@pytest.mark.only_on("postgresql")
def test_no_node_removes_files_while_another_adds_some(db, other_db, settings, tmp_path):
    here, there = (
        Bucket(settings.media_url, Folder(tmp_path / name), own)
        for name, own in (("here", db), ("there", other_db))
    )

    with here.adding(), there.adding(), pytest.raises(Busy), there.removing():
        pass
    with there.removing(), pytest.raises(Busy), here.removing():
        pass
    with here.removing(), there.workshop():
        pass
