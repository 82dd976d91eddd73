"""Public files: cached for good, resumed anywhere, harmless in a page of their own; and nothing else."""

from __future__ import annotations

import pytest
from PIL import Image

from tests.media.conftest import path_of, uploaded
from tests.media.pictures import encoded, jpeg


@pytest.fixture
def path(author) -> str:
    """That of a file which is too large to be sent in one piece."""
    noise = Image.effect_noise((1_600, 1_200), 90).convert("RGB")
    medium = uploaded(author, encoded(noise, "PNG"), "image/png")
    assert medium["sizes"][0]["bytes"] > 64 * 1024
    return path_of(medium["url"])


def test_everybody_reads_a_picture_and_need_never_ask_again(client, path):
    answer = client.simulate_get(path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["ETag"].strip('"') in path
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    head = client.simulate_head(path)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(answer.content)))


@pytest.mark.parametrize("range", [(0, 99), (100, 70_000), (5, None), (None, 7)])
def test_a_part_is_sent_alone(client, path, range):
    whole = client.simulate_get(path).content
    first, last = range
    header = f"bytes={'' if first is None else first}-{'' if last is None else last}"

    answer = client.simulate_get(path, headers={"Range": header})

    expected = whole[-last:] if first is None else whole[first : None if last is None else last + 1]
    assert (answer.status_code, answer.content) == (206, expected)
    assert answer.headers["Content-Range"].endswith(f"/{len(whole)}")


def test_a_part_beyond_the_end_is_refused_and_what_is_known_is_not_sent(client, path):
    etag = client.simulate_get(path).headers["ETag"]

    beyond = client.simulate_get(path, headers={"Range": "bytes=99999999-"})
    known = client.simulate_get(path, headers={"If-None-Match": etag, "Range": "bytes=0-9"})
    stale = client.simulate_get(path, headers={"If-Range": '"other"', "Range": "bytes=0-9"})

    assert (beyond.status_code, beyond.json["code"]) == (416, "range-not-satisfiable")
    assert (known.status_code, known.content) == (304, b"")
    assert stale.status_code == 200


def test_no_other_file_is_public(author, client):
    medium = uploaded(author, jpeg())
    original, file = medium["sha256"], medium["url"].rpartition("/")[2]

    paths = [
        f"/media/{original}",
        f"/media/originals/{original}",
        f"/media/boat-1200-{original[:32]}.webp",
        f"/media/other-{file}",
        f"/media/{file.replace('.webp', '.png')}",
        f"/media/..%2foriginals%2f{original[:2]}%2f{original}",
        f"/media/{original[:2]}%2f{original}",
        "/media/files.lock",
        f"/media/{'a' * 5_000}-{file}",
        "/media/",
    ]

    assert {path: client.simulate_get(path).status_code for path in paths} == dict.fromkeys(paths, 404)
