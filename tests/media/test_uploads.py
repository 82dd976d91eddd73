"""Uploads: what is taken, once for the same bytes, and what is refused with nothing left of it."""

from __future__ import annotations

import dataclasses
import io
import zipfile

import pytest
from falcon.testing import TestClient

from api.app import create_app
from api.media import queries, resources
from tests.factories import CHEAP_HASHER, make_account, sign_in
from tests.media.conftest import path_of, upload, uploaded
from tests.media.pictures import PDF, POLYGLOT, SVG, animated, bomb, encoded, jpeg, painted


def epub() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
    return file.getvalue()


MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isommp42" + bytes(40)
MP3 = b"ID3\x04" + bytes(60)


@pytest.mark.parametrize(
    ("content", "type"),
    [
        (jpeg(), "image/jpeg"),
        (encoded(painted(), "PNG"), "image/png"),
        (encoded(painted(), "WEBP"), "image/webp"),
        (encoded(painted(), "AVIF"), "image/avif"),
        (animated("GIF"), "image/gif"),
    ],
    ids=["JPEG", "PNG", "WebP", "AVIF", "GIF"],
)
def test_a_picture_is_answered_with_all_its_sizes(author, content, type):
    answer = upload(author, content, type, filename="Bøat on Sea.JPG")
    medium = answer.json

    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/media/{medium['id']}"
    assert author.simulate_get(answer.headers["Location"]).json == medium
    assert (medium["type"], medium["bytes"], medium["version"]) == (type, len(content), 1)
    assert medium["url"] == medium["sizes"][0]["url"]
    for size in medium["sizes"]:
        assert path_of(size["url"]).startswith(f"/media/boat-on-sea-{size['width']}-")
        served = author.simulate_get(path_of(size["url"]))
        assert (served.status_code, len(served.content)) == (200, size["bytes"])


@pytest.mark.parametrize(
    ("content", "type"),
    [
        (PDF, "application/pdf"),
        (epub(), "application/epub+zip"),
        (epub(), "application/zip"),
        (MP3, "audio/mpeg"),
        (b"\xff\xfb\x90\x00" + bytes(60), "audio/mpeg"),
        (MP4, "video/mp4"),
    ],
    ids=["PDF", "EPUB", "ZIP", "MP3 with tags", "MP3", "MP4"],
)
def test_a_file_to_sell_is_stored_as_it_came(client_as, store, content, type):
    medium = uploaded(client_as("shopkeeper"), content, type, filename="book")

    assert (medium["type"], medium["bytes"], medium["url"]) == (type, len(content), None)
    with store.open(f"originals/{medium['sha256']}") as file:
        assert file.read() == content


def test_the_same_bytes_from_the_same_account_are_the_same_medium(author, client_as, store):
    medium = uploaded(author, jpeg(), filename="boat.jpg")
    files = list(store.keys())

    again = upload(author, jpeg(), filename="other.jpg")

    assert (again.status_code, again.json) == (200, medium)
    assert list(store.keys()) == files
    assert uploaded(client_as("author"), jpeg())["id"] != medium["id"]


def test_the_second_of_two_uploads_at_once_leaves_no_file_of_its_own(author, store, monkeypatch):
    medium = uploaded(author, jpeg(), filename="boat.jpg")
    files, find_same = list(store.keys()), queries.find_same
    answers = iter([None])  # as the second one sees it, which began before the first had ended
    monkeypatch.setattr(queries, "find_same", lambda *args, **named: next(answers, find_same(*args, **named)))

    second = upload(author, jpeg(), filename="other.jpg")
    author.app.background.until_idle()

    assert (second.status_code, second.json) == (200, medium)
    assert list(store.keys()) == files


def test_a_repeated_key_gets_the_first_answer(author):
    first = upload(author, jpeg(), Idempotency_Key="one")

    again = upload(author, jpeg(), Idempotency_Key="one")
    other = upload(author, jpeg(800, 600), Idempotency_Key="one")

    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json["code"]) == (422, "idempotency-key-reused")


REFUSED = {
    "SVG": (SVG, "image/svg+xml", 415, "unsupported-media-type"),
    "SVG as PNG": (SVG, "image/png", 415, "unsupported-media-type"),
    "JPEG as PNG": (jpeg(), "image/png", 415, "unsupported-media-type"),
    "BMP as JPEG": (encoded(painted(), "BMP"), "image/jpeg", 415, "unsupported-media-type"),
    "GIF as WebP": (b"GIF89a", "image/webp", 415, "unsupported-media-type"),
    "PDF as JPEG": (PDF, "image/jpeg", 415, "unsupported-media-type"),
    "no type": (jpeg(), "", 415, "unsupported-media-type"),
    "script in a GIF": (POLYGLOT, "image/gif", 422, "invalid-image"),
    "half a JPEG": (jpeg()[:9_000], "image/jpeg", 422, "invalid-image"),
    "head of a JPEG": (jpeg()[:20], "image/jpeg", 422, "invalid-image"),
    "half a PNG": (encoded(painted(), "PNG")[:2_000], "image/png", 422, "invalid-image"),
    "half a WebP": (encoded(painted(), "WEBP")[:1_000], "image/webp", 422, "invalid-image"),
    "half an AVIF": (encoded(painted(), "AVIF")[:500], "image/avif", 422, "invalid-image"),
    "half a GIF": (animated("GIF", 8)[:1_500], "image/gif", 422, "invalid-image"),
    "a bomb": (bomb(60_000, 60_000), "image/png", 422, "image-too-large"),
    "51 megapixels": (bomb(10_200, 5_000), "image/png", 422, "image-too-large"),
    "nothing": (b"", "image/jpeg", 400, "body-required"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_picture_is_refused_and_nothing_is_left_of_it(author, store, kind):
    content, type, status, code = REFUSED[kind]

    answer = upload(author, content, type)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert list(store.keys()) == []
    assert author.simulate_get("/v1/media").json["data"] == []


def test_the_pixels_of_all_frames_count(author):
    answer = upload(author, animated("GIF", 220, duration=10), "image/gif")

    assert (answer.status_code, answer.json["code"]) == (422, "image-too-large")


def test_a_picture_has_its_own_limit_and_a_file_that_of_the_operator(db, settings, monkeypatch):
    monkeypatch.setattr(resources, "IMAGE_BYTES", 1_000)
    app = create_app(dataclasses.replace(settings, file_bytes=2_000), db, CHEAP_HASHER)
    with db.write() as tx:
        token = sign_in(tx, make_account(tx, role="shopkeeper"))
    keeper = TestClient(app, headers={"Authorization": f"Bearer {token}"})

    picture = upload(keeper, jpeg()[:1_001])
    small, large = (
        upload(keeper, PDF + bytes(size - len(PDF)), "application/pdf") for size in (2_000, 2_001)
    )

    assert (picture.status_code, picture.json["code"]) == (413, "body-too-large")
    assert (small.status_code, large.status_code) == (201, 413)


@pytest.mark.parametrize(
    ("filename", "stored", "words"),
    [
        ("../../etc/passwd", "passwd", "passwd"),
        ("C:\\pictures\\Bøat.JPG", "Bøat.JPG", "boat"),
        ("書店.png", "書店.png", "image"),
        ("a" * 200, "a" * 200, "a" * 60),
        ("x/", "file", "file"),
        ("a\nb\t.jpg", "a b .jpg", "a-b"),
    ],
)
def test_a_file_name_is_its_last_part_and_makes_a_plain_address(author, filename, stored, words):
    medium = uploaded(author, jpeg(), filename=filename)

    assert medium["filename"] == stored
    assert path_of(medium["url"]).startswith(f"/media/{words}-1200-")


@pytest.mark.parametrize("filename", ["", "a" * 201, "\u202egpj.exe"])
def test_a_file_name_that_hides_something_is_refused(author, filename):
    answer = author.simulate_post(
        "/v1/media", params={"filename": filename}, body=jpeg(), headers={"Content-Type": "image/jpeg"}
    )

    assert (answer.status_code, answer.json["code"]) == (400, "invalid-parameter")
