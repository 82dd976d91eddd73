"""`kiosque check`: exit 0 only when all is well, else what is wrong and what to do."""

from __future__ import annotations

import re

from api.shop.reconcile import rules as reconcile


def test_check_is_exit_0_only_when_all_is_well(run, monkeypatch, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "kiosque.db").touch(mode=0o600)
    before = run("check")
    run("migrate")
    after = run("check")

    assert (before[0], after[0]) == (1, 0)
    assert "BAD  schema" in before[1]
    looked_at = {"settings", "database", "schema", "permissions", "sqlite", "disk", "clock", "jobs"}
    looked_at |= {"media", "providers", "files"}
    assert looked_at | set(reconcile.names()) == {line.split()[1] for line in after[1].splitlines()}
    for path in (tmp_path / "data").glob("kiosque.db*"):
        path.unlink()
    (tmp_path / "data" / "kiosque.db").write_bytes(b"this is no database, whatever its name says " * 99)
    assert run("check")[0] == 1


def test_a_check_warns_of_a_proxy_that_is_not_named(run, monkeypatch):
    run("migrate")
    monkeypatch.setenv("KIOSQUE_URL", "https://kiosque.test")
    unnamed = run("check")
    monkeypatch.setenv("KIOSQUE_PROXY", "127.0.0.1")

    named = run("check")

    assert (unnamed[0], named[0]) == (0, 0)
    assert "KIOSQUE_PROXY names no proxy" in unnamed[1]
    assert "KIOSQUE_PROXY" not in named[1]


def test_a_check_creates_nothing_and_says_how_to_create_it(run, tmp_path):
    code, out, _ = run("check")

    assert code == 1
    assert f"there is none at {tmp_path}/data/kiosque.db: `kiosque migrate` creates it" in out
    assert list(tmp_path.iterdir()) == []


def test_a_check_says_that_it_cannot_connect_and_why(run, tmp_path, monkeypatch):
    monkeypatch.setenv("KIOSQUE_DATABASE_URL", f"postgresql:///kiosque?host={tmp_path}")

    code, out, _ = run("check")

    assert code == 1
    assert re.search(r"^BAD +database +cannot connect: .*No such file or directory", out, re.MULTILINE)
    assert "disk" not in out


def test_a_check_of_a_damaged_file_is_in_the_words_of_sqlite(run, tmp_path):
    run("migrate")
    (tmp_path / "data" / "kiosque.db").write_bytes(b"this is no database " * 99)

    _, out, _ = run("check")

    assert re.search(r"^BAD +database +file is not a database$", out, re.MULTILINE)


def test_a_folder_that_others_may_enter_is_told_by_check(run, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "other.txt").touch()
    run("migrate")
    (tmp_path / "data").chmod(0o755)

    code, out, _ = run("check")

    assert code == 1
    assert f"BAD  permissions  others can open {tmp_path / 'data'}\n" in out
    assert "chmod go=" in out
