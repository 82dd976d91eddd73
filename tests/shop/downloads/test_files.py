"""The files themselves: whole or in parts, under a name in any script, and nothing outside their folder."""

from __future__ import annotations

import os

import pytest

from api.errors import NotFound
from api.shop.downloads import rules
from api.shop.downloads.files import Folder, filename, type_by_name
from tests.shop.downloads.conftest import CONTENT


@pytest.fixture
def path(buy, downloads, ask) -> str:
    """That of a link."""
    return ask(downloads(buy())[0]).json["url"].removeprefix("https://kiosque.test")


def test_a_file_is_sent_as_an_attachment_that_no_cache_stores(client, path):
    answer, head = client.simulate_get(path), client.simulate_head(path)

    assert (answer.status_code, answer.content) == (200, CONTENT)
    headers = answer.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Disposition"] == (
        'attachment; filename="_mail _ ____.pdf"; '
        "filename*=UTF-8''%C3%89mail%20%E2%80%93%20%D1%83%D1%85%D0%BE%D0%B4.pdf"
    )
    assert headers["ETag"].startswith('"')
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(len(CONTENT)))


def test_a_download_can_be_resumed_as_long_as_the_file_is_the_same(client, path, file):
    etag = client.simulate_get(path).headers["ETag"]
    rest = {"Range": "bytes=5-", "If-Range": etag}

    part, known = (client.simulate_get(path, headers=headers) for headers in (rest, {"If-None-Match": etag}))
    beyond = client.simulate_get(path, headers={"Range": f"bytes={len(CONTENT)}-"})
    file.write_bytes(b"another edition")
    changed = client.simulate_get(path, headers=rest)

    assert (part.status_code, part.content) == (206, CONTENT[5:])
    assert part.headers["Content-Range"] == f"bytes 5-{len(CONTENT) - 1}/{len(CONTENT)}"
    assert (known.status_code, known.content) == (304, b"")
    assert (beyond.status_code, beyond.json["code"]) == (416, "range-not-satisfiable")
    assert (changed.status_code, changed.content) == (200, b"another edition")


def test_a_file_that_has_gone_is_not_found_and_named_by_a_check(db, client, path, file, settings):
    file.unlink()

    with db.read() as tx:
        compared = rules.compare(tx, Folder(settings.data / "files"))

    assert client.simulate_get(path).status_code == 404
    assert compared == (1, ["guides/enamel.pdf"])


def test_a_link_to_a_file_that_is_not_there_spends_nothing(buy, downloads, ask, file):
    order = buy()
    file.rename(file.with_name("away.pdf"))
    (download,) = downloads(order)

    refused = ask(download)
    file.with_name("away.pdf").rename(file)

    assert (refused.status_code, download["bytes"], downloads(order)[0]["used"]) == (404, None, 0)
    assert ask(download).status_code == 201


def test_nothing_outside_the_folder_is_ever_sent(tmp_path):
    root, outside = tmp_path / "files", tmp_path / "secret.txt"
    (root / "sub").mkdir(parents=True)
    outside.write_text("secret")
    (root / "link.txt").symlink_to(outside)
    (root / "folder").symlink_to(tmp_path)
    os.mkfifo(root / "pipe")
    (root / "a.txt").write_text("a")
    (root / "sub" / "inner.txt").symlink_to("../a.txt")
    folder = Folder(root)

    for path in ("link.txt", "folder/secret.txt", "../secret.txt", "pipe", "sub", "", "a.txt/b", "x\0y"):
        with pytest.raises(NotFound):
            folder.find(path)
    with folder.find("sub/inner.txt").open() as file:
        assert file.read() == b"a"


def test_a_file_keeps_its_extension_under_the_name_of_its_download():
    assert filename("guides/enamel.pdf", "Caring for enamel") == "Caring for enamel.pdf"
    assert filename("guides/enamel.PDF", "enamel.pdf") == "enamel.pdf"
    assert filename("a/README", "Read me") == "Read me"
    assert [type_by_name(name) for name in ("a/b.epub", "x.mp3", "y.tar.gz", "z")] == [
        "application/epub+zip",
        "audio/mpeg",
        "application/octet-stream",
        "application/octet-stream",
    ]
