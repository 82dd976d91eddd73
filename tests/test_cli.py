"""The command line: exit codes that scripts can trust, and a sentence where another would show a trace."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api import __version__
from api.cli import kiosque
from api.settings import SAMPLE_SITE, SETTINGS
from tests.media.pictures import jpeg
from tests.postgres import url_of

FIXTURES = Path(__file__).parent / "imports" / "fixtures"
PASSWORD = "paper-lantern-42"


@pytest.mark.parametrize(
    "command", ["", *kiosque.commands, "account add", "account password", "site copy", "media fetch"]
)
def test_every_command_explains_itself(run, command):
    code, out, _ = run(*command.split(), "--help")

    assert code == 0
    assert len(out.splitlines()) >= 5


def test_the_command_says_its_version(run):
    assert run("--version") == (0, f"kiosque, version {__version__}\n", "")


def test_pictures_come_from_a_folder_and_the_exit_code_says_that_one_is_left(run, tmp_path):
    run("import", str(FIXTURES / "ghost.json"))
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "tide.jpg").write_bytes(jpeg())
    folder = ("--from-folder", str(tmp_path / "images"))

    first, second = run("media", "fetch", *folder), run("media", "fetch", *folder)

    assert re.findall(r"^(.*?)  +(\S+)", first[1], re.MULTILINE) == [
        ("not in the folder", "/i.png"),
        ("fetched", "/content/images/tide.jpg"),
    ]
    assert second[:2] == (1, "not in the folder        /i.png\n")
    assert run("media", "fetch", "--site", "old.example")[0] == 2


def test_an_account_is_added_once(run):
    added = run(
        "account", "add", "ada@example.org", "--role", "owner", "--password-stdin", typed=PASSWORD + "\n"
    )
    again = run("account", "add", "ADA@example.org", "--role", "owner", "--password-stdin", typed=PASSWORD)

    assert added[:2] == (0, "Created ada@example.org, owner.\n")
    assert "kiosque.security" in added[2]
    assert again[0] == 1
    assert "taken" in again[2]


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("account", "add", "nonsense", "--password-stdin"), PASSWORD, "form"),
        (("account", "add", "a@b.test", "--password-stdin"), "short", "12 characters"),
        (("account", "add", "a@b.test", "--password-stdin"), "passwordpassword", "password"),
        (("account", "password", "nobody@example.org", "--password-stdin"), PASSWORD, "nobody@example.org"),
        (("import", "missing.xml"), "", "missing.xml"),
        (("import", "."), "", "."),
    ],
)
def test_what_a_user_can_do_wrong_is_a_sentence_and_exit_1(run, arguments, typed, said):
    code, out, err = run(*arguments, typed=typed)

    assert (code, out) == (1, "")
    assert said in err


@pytest.mark.parametrize(
    ("name", "value"), [("KIOSQUE_BIND", "0.0.0.0:0"), ("KIOSQUE_URL", "https://shop.example")]
)
def test_the_demonstration_with_its_known_passwords_is_for_this_machine_alone(run, monkeypatch, name, value):
    monkeypatch.setenv(name, value)

    code, out, err = run("serve", "--demo")

    assert (code, out) == (1, "")
    assert "this machine alone" in err


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("account", "add"), ("account", "add", "a@b.test", "--role", "king")]
)
def test_a_wrong_call_is_exit_2_and_tells_what_is_right(run, arguments):
    code, _, err = run(*arguments)

    assert code == 2
    assert "Usage" in err


def test_all_mistakes_in_the_settings_are_told_together(run, monkeypatch):
    monkeypatch.setenv("KIOSQUE_BIND", "nowhere")
    monkeypatch.setenv("WEB_CONCURRENCY", "many")
    monkeypatch.setenv("KIOSQUE_SITE", "/no/such/folder")

    code, _, err = run("serve")

    assert code == 1
    for variable in ("KIOSQUE_BIND", "WEB_CONCURRENCY", "KIOSQUE_SITE"):
        assert variable in err


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KIOSQUE_DATA", "site/data"),
        ("KIOSQUE_DATA", "site"),
        ("KIOSQUE_DATA", "link/data"),
        ("KIOSQUE_DATA", "."),
        ("KIOSQUE_DATABASE_URL", "sqlite:///site/kiosque.db?timeout=5"),
        ("KIOSQUE_DATABASE_URL", "sqlite:///file:site/kiosque.db?uri=true"),
    ],
)
def test_what_everybody_could_download_is_no_place_for_data(run, monkeypatch, tmp_path, variable, value):
    (tmp_path / "site").mkdir()
    (tmp_path / "link").symlink_to("site")
    monkeypatch.setenv("KIOSQUE_SITE", "site")
    monkeypatch.setenv(variable, value)

    for command in ("check", "migrate", "serve"):
        code, _, err = run(command)

        assert code == 1
        assert variable in err
    assert not list(tmp_path.rglob("kiosque.db"))


def test_settings_and_routes_are_listed(run):
    assert all(setting.variable in run("settings")[1] for setting in SETTINGS.values())
    assert re.search(r"(?m)^POST +/v1/orders +orders:place or anyone +Place an order", run("routes")[1])


def test_listing_the_routes_makes_nothing(run, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KIOSQUE_DATA", raising=False)
    monkeypatch.delenv("KIOSQUE_DATABASE_URL", raising=False)

    code, _ = run("routes")[:2]

    assert code == 0
    assert list(tmp_path.iterdir()) == []


def test_the_password_of_a_database_is_not_shown(run, monkeypatch):
    monkeypatch.setenv("KIOSQUE_DATABASE_URL", "postgresql://kiosque:hush@localhost/kiosque")

    assert "hush" not in run("settings")[1]


@pytest.mark.parametrize(
    "url", ["mysql://kiosque:secret@localhost/kiosque", "postgresql://k:secret/8@localhost/k"]
)
def test_the_password_of_a_database_that_cannot_be_used_is_not_shown(run, monkeypatch, url):
    monkeypatch.setenv("KIOSQUE_DATABASE_URL", url)

    code, out, err = run("settings")

    assert code == 1
    assert "secret" not in out + err


def test_postgresql_without_its_driver_is_told_at_the_start(run, monkeypatch):
    monkeypatch.setenv("KIOSQUE_DATABASE_URL", "postgresql://localhost/kiosque")
    monkeypatch.setattr("api.settings.types.find_spec", lambda _name: None)

    code, _, err = run("serve")

    assert code == 1
    assert "pip install 'kiosque-server[postgres]'" in err


def test_migrating_twice_does_nothing_the_second_time(run):
    assert run("migrate")[1].startswith("Migrated from nothing")
    assert run("migrate")[1].startswith("Already at")


@pytest.mark.only_on("postgresql")
def test_migrate_check_and_account_work_on_postgresql(run, empty, monkeypatch):
    monkeypatch.setenv("KIOSQUE_DATABASE_URL", url_of(empty))

    before = run("check")
    migrated = run("migrate")
    after = run("check")
    added = run("account", "add", "ada@example.org", "--password-stdin", typed=PASSWORD)

    assert (before[0], after[0], added[0]) == (1, 0, 0)
    assert migrated[1].startswith("Migrated from nothing")
    assert re.search(r"^ok +database +PostgreSQL \d+", after[1], re.MULTILINE)


def test_the_sample_site_is_copied_whole_and_into_an_empty_folder_only(run, tmp_path):
    copied = run("site", "copy", "pages")
    (tmp_path / "pages" / "index.html").write_text("mine")
    again = run("site", "copy", "pages")

    assert copied == (
        0,
        f"Copied the sample site to pages. Change it as you like and set KIOSQUE_SITE={tmp_path}/pages\n",
        "",
    )
    names = [
        {file.relative_to(root) for file in root.rglob("*")} for root in (SAMPLE_SITE, tmp_path / "pages")
    ]
    assert names[0] == names[1]
    assert again == (1, "", "kiosque: pages is not an empty folder. Nothing was copied.\n")
    assert (tmp_path / "pages" / "index.html").read_text() == "mine"


def test_import_tells_what_it_did_and_goes_on_after_a_refusal(run, tmp_path):
    (tmp_path / "broken.xml").write_text(
        '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>&</channel>'
    )
    good = next(FIXTURES.glob("*.csv"))

    code, out, err = run("import", str(tmp_path / "broken.xml"), str(good))

    assert code == 1
    assert "broken.xml:1:" in err
    assert re.search(r"items +\d+ created, 0 updated, 0 unchanged", out)
