"""What commands leave in the audit: what was done and the command, since nobody is known at a shell."""

from __future__ import annotations

import io

import pytest

from api.__main__ import main
from api.audit.queries import list_audit_events
from api.audit.records import Origin
from api.storage import Keyset
from tests.backup.conftest import migrated
from tests.factories import PASSWORD
from tests.imports.conftest import FIXTURES
from tests.postgres import url_of

__all__ = ["migrated"]


@pytest.fixture
def kiosque(monkeypatch, tmp_path):
    """Runs a command over a database."""
    monkeypatch.setenv("KIOSQUE_DATA", str(tmp_path))

    def run(db, *arguments):
        monkeypatch.setenv("KIOSQUE_DATABASE_URL", url_of(db))
        monkeypatch.setattr("sys.argv", ["kiosque", *map(str, arguments)])
        monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD))
        main()

    return run


def events_of(db):
    with db.read() as tx:
        return list_audit_events(tx, Keyset("aud_~", 100))[::-1]


def origin_of(event):
    return Origin(**{name: getattr(event, name) for name in Origin.__struct_fields__})


def test_accounts_changed_at_the_shell(db, kiosque, ada):
    kiosque(db, "account", "add", "eve@kiosque.test", "--password-stdin")
    kiosque(db, "account", "role", ada.email, "editor")
    kiosque(db, "account", "password", ada.email, "--password-stdin")
    kiosque(db, "account", "erase", ada.email)

    added, *others = events_of(db)
    assert (added.kind, added.facts) == ("role", {"role": "customer", "command": "kiosque account add"})
    assert [(event.kind, event.subject, event.facts) for event in others] == [
        ("role", ada.id, {"role": "editor", "command": "kiosque account role"}),
        ("password", ada.id, {"command": "kiosque account password"}),
        ("erasure", ada.id, {"command": "kiosque account erase"}),
    ]
    assert {origin_of(event) for event in [added, *others]} == {Origin()}


def test_an_import_is_stored_with_its_format_and_a_dry_run_is_not(db, kiosque):
    kiosque(db, "import", FIXTURES / "blog.xml", "--dry-run")
    kiosque(db, "import", FIXTURES / "blog.xml")

    (event,) = events_of(db)
    assert (event.kind, event.subject, origin_of(event)) == ("import", None, Origin())
    assert event.facts == {"command": "kiosque import", "format": "WordPress export"}


def test_a_restore_is_stored_after_what_it_brought_back(db, empty, kiosque, ada, tmp_path):
    file = tmp_path / "a.kiosque"
    kiosque(db, "account", "role", ada.email, "editor")
    kiosque(db, "backup", file)
    kiosque(empty, "restore", file)

    role, event = events_of(empty)
    assert (role.kind, event.kind, event.subject, origin_of(event)) == ("role", "restore", None, Origin())
    assert event.facts.keys() == {"command", "written_at"}
    assert [event.kind for event in events_of(db)] == ["role"]
