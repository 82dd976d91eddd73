"""The commands: what they say, and exit codes that scripts can trust."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from tests.backup.filling import every_row, put_files
from tests.postgres import url_of


@pytest.fixture
def kiosque(run, monkeypatch, tmp_path):
    """Runs the command over a database: (exit code, standard output, standard error)."""
    monkeypatch.setenv("KIOSQUE_DATA", str(tmp_path))

    def over(db, *arguments):
        monkeypatch.setenv("KIOSQUE_DATABASE_URL", url_of(db))
        return run(*map(str, arguments))

    return over


def test_a_drill_with_a_backup(kiosque, filled, empty, tmp_path):
    file = tmp_path / "a.kiosque"
    put_files(filled, tmp_path)

    written = kiosque(filled, "backup", file)
    again = kiosque(filled, "backup", file)
    restored = kiosque(empty, "restore", file)
    twice = kiosque(empty, "restore", file)
    checked = kiosque(empty, "check")

    assert written[0] == restored[0] == checked[0] == 0
    assert re.search(r"^  orders +2$", written[1], re.MULTILINE)
    assert written[1].splitlines()[1:] == restored[1].splitlines()[1:]
    assert again[0] == twice[0] == 1
    assert "not overwritten" in again[2]
    assert "not empty" in twice[2]
    assert every_row(empty) == every_row(filled)


def test_a_move_tells_what_to_set(kiosque, filled, other_kind):
    code, out, err = kiosque(filled, "move-database", url_of(other_kind))
    again = kiosque(filled, "move-database", url_of(other_kind))

    assert code == 0
    assert f"set KIOSQUE_DATABASE_URL to {url_of(other_kind)}" in out.replace(":***@", ":@")
    assert "should be stopped" in err
    assert again[0] == 1
    assert "not empty" in again[2]


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("backup", "no/such/folder/a"), "no/such/folder"),
        (("restore", "missing"), "missing: No such file"),
        (("restore", "."), "directory"),
        (("restore", __file__), "not a backup of Kiosque"),
        (("move-database", "mysql://x/y"), "sqlite:///"),
        (("move-database", "postgresql://nobody@127.0.0.1:1/none"), "the database says"),
    ],
)
def test_what_can_go_wrong_is_a_sentence_and_exit_1(kiosque, filled, monkeypatch, tmp_path, arguments, said):
    monkeypatch.chdir(tmp_path)

    code, out, err = kiosque(filled, *arguments)

    assert (code, out) == (1, "")
    assert said in err


def test_a_backup_is_not_put_where_everybody_could_download_it(kiosque, filled, monkeypatch, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "link").symlink_to("site")
    monkeypatch.setenv("KIOSQUE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KIOSQUE_SITE", str(tmp_path / "site"))

    code, _, err = kiosque(filled, "backup", tmp_path / "link" / "a.kiosque")

    assert code == 1
    assert "everybody could download it" in err
    assert not list((tmp_path / "site").iterdir())


def test_a_database_is_not_moved_to_where_everybody_could_download_it(kiosque, filled, monkeypatch, tmp_path):
    (tmp_path / "site").mkdir()
    monkeypatch.setenv("KIOSQUE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KIOSQUE_SITE", str(tmp_path / "site"))

    code, _, err = kiosque(filled, "move-database", f"sqlite:///{tmp_path}/site/kiosque.db")

    assert code == 1
    assert "everybody could download it" in err
    assert not list((tmp_path / "site").iterdir())


@pytest.mark.only_on("sqlite")
def test_looking_for_a_database_does_not_make_one(kiosque, empty, tmp_path):
    code, _, err = kiosque(empty, "backup", tmp_path / "a")

    assert (code, "There is no database" in err) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_check_names_what_does_not_add_up(kiosque, filled):
    with filled.write() as tx:
        tx.run(sa.text("UPDATE variants SET available = available - 1 WHERE sku = 'Mug'"))

    code, out, _ = kiosque(filled, "check")

    assert code == 1
    assert re.search(
        r"^BAD  ledger +1 differ.*\n +Mug: 6 available, its movements sum to 7$", out, re.MULTILINE
    )
