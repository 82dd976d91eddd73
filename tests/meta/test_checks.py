"""The checks over HTTP: the lines of the shell, but for those that take long, and nothing is written."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from api.meta.checks import rules
from api.shop.reconcile.rules import names
from api.storage import Busy
from tests.factories import make_item
from tests.nouns import Noun

NOUN = Noun(
    roles="""
GET    /v1/checks                             -                401 401 403 403 403 403 200 403
"""
)
ENDLESS = {
    "sqlite": "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c",
    "postgresql": "SELECT pg_sleep(60)",
}
AT_THE_SHELL_ALONE = {"database", "media", "files"}


@pytest.fixture
def checks(client_as, settings, monkeypatch):
    """`checks()` is name → check, for an owner; a database made by tests has no revision."""
    monkeypatch.setattr(rules.migrations, "current", lambda _db: rules.migrations.HEAD)
    owner = client_as("owner")

    def read():
        listed = owner.simulate_get("/v1/checks").json
        found = {each["name"]: each for each in listed["data"]}
        assert (len(found), listed["next"]) == (len(listed["data"]), None)
        return found

    return read


def test_a_sound_installation_has_no_failed_check(checks):
    found = checks()

    assert {*names(), "settings", "schema", "clock", "jobs", "providers"} <= found.keys()
    assert {name for name, each in found.items() if each["state"] == "failed"} - {"permissions"} == set()
    assert {name for name, each in found.items() if each["state"] == "skipped"} == AT_THE_SHELL_ALONE
    assert found["settings"]["state"] == "warning"
    assert found["settings"]["remedy"].startswith("Set KIOSQUE_PROXY")


def test_rows_that_differ_are_lines_of_the_detail(db, checks):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=7)
        tx.run(sa.text("UPDATE variants SET available = 6"))

    ledger = checks()["ledger"]

    assert ledger["state"] == "failed"
    assert ledger["detail"].splitlines()[1:] == ["mug: 6 available, its movements sum to 7"]


def test_sums_that_there_is_no_time_for_are_left_to_the_shell(checks, monkeypatch):
    monkeypatch.setattr(rules, "SECONDS", 0)

    found = checks()

    assert {found[name]["state"] for name in names()} == {"skipped"}
    assert found["ledger"]["remedy"] == rules.AT_THE_SHELL
    assert found["clock"]["state"] == "ok"


@pytest.mark.only_on("sqlite")
def test_a_check_that_fails_to_run_has_failed_and_the_others_are_made(checks, monkeypatch):
    def fail():
        raise OSError("no clock")

    monkeypatch.setattr(rules.machine, "clock", fail)

    found = checks()

    assert (found["clock"]["state"], found["clock"]["detail"]) == ("failed", "OSError: no clock")
    assert found["ledger"]["state"] == "ok"


def test_a_statement_ends_with_its_time_and_the_next_one_has_its_own(db):
    with pytest.raises(Busy), db.read() as tx, tx.at_most(0.01):
        tx.value(sa.text(ENDLESS[tx.dialect]))

    with db.read() as tx, tx.at_most(10):
        assert tx.value(sa.text("SELECT 1")) == 1
