"""Imports over HTTP: sent by owners, imported by a worker, and seen by owners."""

from __future__ import annotations

import stat
from typing import Any

import pytest
from falcon.testing import TestClient

from api.audit.records import Origin
from api.ids import new_id
from api.imports.report import Report
from api.imports.uploads import rules
from api.imports.uploads.records import Options
from tests.imports.uploads.conftest import BLOG, send
from tests.nouns import Noun

MEMBERS = b"id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at"


def _make(tx: Any, owner: Any, **options: bool) -> Any:
    return rules.create(tx, new_id("imp"), Options(**options), origin=Origin(account_id=owner.id))


def _make_one(world: Any, owner: Any, _state: str) -> str:
    with world.db.write() as tx:
        return str(_make(tx, owner).id)


def _fill(tx: Any, owner: Any) -> None:
    report = Report("Hagbardsværk")
    report.skip("post", "書", "Ø")
    report.count("articles", "created")
    rules.finish(tx, report, begun=_make(tx, owner))
    rules.refuse(tx, _make(tx, owner, dry_run=True), rules.LOST)
    _make(tx, owner, people=True)


NOUN = Noun(
    roles="""
    GET    /v1/imports               -      401 401 403 403 403 403 200 403
    POST   /v1/imports               -      401 401 403 403 403 403 202 403
    GET    /v1/imports/{import_id}   own    401 401 403 403 403 403 200 403
    """,
    bodies={("POST", "/v1/imports"): lambda _world: b"[]"},
    makers={"{import_id}": _make_one},
    breaking={
        "ck_imports_state": "UPDATE imports SET state = 'x'",
        "ck_imports_ended_at": "UPDATE imports SET ended_at = '' WHERE state = 'waiting'",
    },
    fill=_fill,
)


def test_a_file_waits_and_says_where_its_import_is_seen(owner, folder):
    answer = send(owner, query="dry_run=true")

    assert (answer.status_code, answer.json["state"], answer.json["dry_run"]) == (202, "waiting", True)
    assert answer.headers["Location"] == f"/v1/imports/{answer.json['id']}"
    assert owner.simulate_get(answer.headers["Location"]).json == answer.json
    assert folder.path(answer.json["id"]).read_text() == BLOG


def test_only_the_server_can_read_a_file_that_waits(owner, folder, settings):
    file = folder.path(send(owner).json["id"])

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert not settings.is_on_site(file)


def test_a_file_is_imported_and_gone(ended, owner, folder):
    seen = ended()

    assert (seen["state"], seen["progress"], seen["error"]) == ("done", None, None)
    assert seen["format"] == "WordPress export"
    assert seen["counts"] == {"articles": {"created": 3, "updated": 0, "unchanged": 0}}
    assert len(owner.simulate_get("/v1/articles").json["data"]) == 3
    assert folder.ids() == []


@pytest.mark.parametrize(
    ("content", "detail", "remedy"),
    [
        (b"<html></html>", "a web page", "Send an export of WordPress"),
        (b"PK\x03\x04", "a ZIP archive", "Send an export of WordPress"),
        (BLOG[:-9].encode(), "The file ends too early", "Correct the file at this place"),
        (BLOG.replace("Fog", "\x01").encode(), "`?lenient=true` drops", "Send the file again"),
        (MEMBERS, "`?people=true` makes accounts", "Send the file again"),
    ],
)
def test_a_file_that_cannot_be_imported_is_refused_with_what_to_do(ended, folder, content, detail, remedy):
    seen = ended(content)

    assert (seen["state"], seen["counts"], folder.ids()) == ("refused", {}, [])
    assert detail in seen["error"]["detail"]
    assert seen["error"]["remedy"].startswith(remedy)


def test_a_refusal_has_the_place_in_the_file(ended):
    error = ended(BLOG + "junk")["error"]

    assert (error["line"], error["column"]) == (3, len(BLOG.splitlines()[2]) + 1)


def test_options_are_those_of_the_command(ended):
    seen = ended(BLOG.replace("Fog", "F\x01og"), "lenient=true")

    assert seen["state"] == "done"
    assert [note["detail"] for note in seen["notes"] if note["kind"] == "file"] == [
        "characters that no file may contain were dropped"
    ]


def test_an_option_that_does_not_exist_is_refused_and_no_file_waits(owner, folder):
    answer = send(owner, query="dryrun=true")

    assert (answer.status_code, answer.json["code"]) == (400, "unknown-parameter")
    assert folder.ids() == []


@pytest.mark.parametrize("role", ["shopkeeper", "editor", "customer"])
def test_nobody_but_owners_leaves_a_file(client_as, folder, role):
    assert send(client_as(role)).status_code == 403
    assert folder.ids() == []


def test_the_same_key_imports_once(owner, folder):
    first, second = (send(owner, Idempotency_Key="k") for _ in range(2))

    assert (second.status_code, second.headers["Location"]) == (202, first.headers["Location"])
    assert folder.ids() == [first.json["id"]]


def test_the_key_of_a_dry_run_imports_nothing(owner, folder):
    send(owner, query="dry_run=true", Idempotency_Key="k")

    answer = send(owner, Idempotency_Key="k")

    assert (answer.status_code, answer.json["code"]) == (422, "idempotency-key-reused")


def test_imports_are_listed_newest_first_and_by_state(ended, owner: TestClient):
    done, refused = ended(), ended(b"<html></html>")

    def listed(query: str) -> list[str]:
        return [each["id"] for each in owner.simulate_get("/v1/imports", query_string=query).json["data"]]

    assert listed("") == [refused["id"], done["id"]]
    assert listed("state=done") == [done["id"]]
    assert listed("limit=1") == [refused["id"]]


def test_the_audit_says_who_sent_what_was_imported(ended, owner):
    seen = ended()

    (event,) = owner.simulate_get("/v1/audit-events?kind=import").json["data"]
    assert (event["subject"], event["facts"]) == (seen["id"], {"format": "WordPress export"})
    assert event["account_id"] == owner.simulate_get("/v1/me").json["id"]


def test_notes_are_counted_beyond_the_first_hundred():
    report = Report("x")
    for number in range(150):
        for label in range(10):
            report.skip("post", f"reason {number:03}", f"{label}" * 90)

    result = rules.result_of(report)

    assert (len(result.notes), result.notes[-1].code, result.notes[-1].count) == (100, "more", 51)
    assert (result.notes[0].count, len(result.notes[0].labels)) == (10, 5)
    assert max(len(label) for note in result.notes for label in note.labels) == 60
