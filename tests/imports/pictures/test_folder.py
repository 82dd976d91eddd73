"""A folder of pictures: the file with the same end of path is found, and nothing outside it."""

from __future__ import annotations

import io

import pytest

from api.imports.pictures import getting
from api.imports.pictures.folder import Folder
from api.imports.pictures.getting import NotFetched

UPLOADS = "https://old.example/wp-content/uploads"


@pytest.fixture
def folder(tmp_path):
    """`folder("2020/05/a.jpg", …)`: a folder of files that hold their own path."""

    def made(*paths):
        root = tmp_path / "copy"
        for path in paths:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(path)
        return Folder(root)

    return made


def read(folder, address):
    target = io.BytesIO()
    folder.copy(address, target)
    return target.getvalue().decode()


def refused(folder, address):
    with pytest.raises(NotFetched) as error:
        folder.copy(address, io.BytesIO())
    return error.value.outcome


def test_the_longest_end_of_the_path_decides(folder):
    files = folder("2019/05/a.jpg", "2020/05/a.jpg", "a.jpg")

    assert read(files, f"{UPLOADS}/2020/05/a.jpg") == "2020/05/a.jpg"
    assert read(files, f"{UPLOADS}/2019/05/a.jpg?v=2") == "2019/05/a.jpg"
    assert read(files, f"{UPLOADS}/2021/05/a.jpg") == "a.jpg"


def test_a_copy_of_more_or_less_than_the_uploads_will_do(folder):
    files = folder("backup/wp-content/uploads/2020/05/a.jpg", "05/b.jpg")

    assert read(files, f"{UPLOADS}/2020/05/a.jpg") == "backup/wp-content/uploads/2020/05/a.jpg"
    assert read(files, f"{UPLOADS}/2020/05/b.jpg") == "05/b.jpg"


def test_a_file_of_the_same_name_and_month_of_another_year_is_another_picture(folder):
    assert refused(folder("2019/05/a.jpg"), f"{UPLOADS}/2020/05/a.jpg") == getting.NOT_IN_FOLDER


def test_two_files_that_fit_equally_are_named_and_not_guessed(folder):
    files = folder("one/uploads/2020/05/a.jpg", "two/uploads/2020/05/a.jpg")

    assert refused(files, f"{UPLOADS}/2020/05/a.jpg") == getting.SEVERAL


def test_names_are_found_however_they_are_encoded(folder):
    files = folder("Blaues Boot.jpg", "cafe\u0301.jpg")

    assert read(files, f"{UPLOADS}/Blaues%20Boot.jpg") == "Blaues Boot.jpg"
    assert read(files, f"{UPLOADS}/caf%C3%A9.jpg") == "cafe\u0301.jpg"


@pytest.mark.parametrize(
    "path", ["../secret.jpg", "%2e%2e/secret.jpg", "a/../../secret.jpg", "/secret.jpg", ""]
)
def test_no_address_leads_out_of_the_folder(folder, tmp_path, path):
    (tmp_path / "secret.jpg").write_text("secret")

    assert refused(folder("a/b.jpg"), f"{UPLOADS}/{path}") == getting.NOT_IN_FOLDER


@pytest.mark.parametrize("address", ["http://[::1/b.jpg", "http://[no]/b.jpg", "http://\u2100.test/b.jpg"])
def test_what_is_no_address_is_missed_alone(folder, address):
    assert refused(folder("a/b.jpg"), address) == getting.NO_SITE


def test_links_are_not_followed(folder, tmp_path):
    (tmp_path / "secret.jpg").write_text("secret")
    files = folder("b.jpg")
    (tmp_path / "copy" / "a.jpg").symlink_to(tmp_path / "secret.jpg")
    (tmp_path / "copy" / "more").symlink_to(tmp_path)
    files = folder()

    assert refused(files, f"{UPLOADS}/a.jpg") == getting.NOT_IN_FOLDER
    assert refused(files, f"{UPLOADS}/more/secret.jpg") == getting.NOT_IN_FOLDER


def test_a_file_over_25_megabytes_is_too_large(folder, tmp_path):
    files = folder("a.jpg")
    with (tmp_path / "copy" / "a.jpg").open("ab") as file:
        file.truncate(getting.MOST_BYTES + 1)

    assert refused(files, f"{UPLOADS}/a.jpg") == getting.TOO_LARGE
