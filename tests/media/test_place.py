"""KIOSQUE_MEDIA_URL: a folder or a bucket, and never a place for credentials."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from api.media import files
from api.settings import Settings, SettingsError
from api.settings.media import BucketAddress

AT = BucketAddress(name="pictures", prefix="a/b", endpoint="http://127.0.0.1:9000", region="eu-west-3")


def read(text, **others):
    return Settings.from_env({"KIOSQUE_MEDIA_URL": text, **others}).media_url


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", None),
        ("/srv/media", Path("/srv/media")),
        ("s3://pictures", BucketAddress(name="pictures")),
        ("s3://pictures/a/b/?endpoint=http://127.0.0.1:9000/&region=eu-west-3", AT),
        (str(AT), AT),
    ],
)
def test_a_place_is_a_folder_or_a_bucket(text, place):
    assert read(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "https://s3.example.org/pictures",
        "S3:/pictures://",
        "s3://",
        "s3://key:hush@pictures",
        "s3://pictures?secret_access_key=hush",
        "s3://pictures?endpoint=https://key:hush@s3.example.org",
        "s3://pictures?endpoint=s3.example.org",
        "s3://pictures?region=eu/hush",
        "s3://pictures/../hush",
        "s3://pictures#hush",
    ],
)
def test_another_place_is_refused_without_repeating_a_secret(text):
    with pytest.raises(SettingsError, match="KIOSQUE_MEDIA_URL: ") as refused:
        read(text)

    assert "hush" not in str(refused.value)


def test_a_bucket_needs_its_package(monkeypatch):
    monkeypatch.setattr("api.settings.media.find_spec", lambda _name: None)

    with pytest.raises(SettingsError, match=r"kiosque-server\[s3\]"):
        read("s3://pictures")


def test_a_folder_that_everybody_could_download_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="everybody could download it"):
        read(str(tmp_path / "media"), KIOSQUE_SITE=str(tmp_path))


@pytest.mark.only_on("sqlite")
def test_a_folder_of_its_own_holds_the_files(tmp_path, settings, db):
    elsewhere = dataclasses.replace(settings, media_url=tmp_path / "media-disk")

    assert files.store_of(elsewhere, db).address == str(tmp_path / "media-disk")
    assert files.store_of(settings, db).address == str(settings.data / "media")


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    ("place", "path"),
    [(None, "media/sizes/ab"), (Path("/srv/media"), None), (BucketAddress(name="pictures"), None)],
)
def test_nginx_sends_only_what_is_below_the_data(settings, db, place, path):
    where = files.store_of(dataclasses.replace(settings, media_url=place, sendfile="/data/"), db)

    sent = files.place_of(where, f"sizes/boat-400-{'ab' * 16}.webp")

    assert sent is None if path is None else sent.startswith(path)
