"""The client: which requests it repeats, how lists go on, and which refusals it raises."""

from __future__ import annotations

import ast
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from kiosque_client import Client, Problem

PACKAGE = Path(__file__).parents[2] / "kiosque_client"
LOST = {"code": 502, "after": True}


def statuses(kiosque, path):
    """The answers to requests for that path, in order."""
    seen = kiosque.every("/rehearsal/requests")
    return [request["status"] for request in seen if request["path"] == path]


def test_the_client_imports_nothing_but_python_and_its_plugin_pytest():
    imported = {
        (path.name, (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name)
        for path in PACKAGE.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }

    others = {
        (file, module)
        for file, module in imported
        if module.partition(".")[0] not in {*sys.stdlib_module_names, "kiosque_client"}
    }
    assert others == {("pytest_plugin.py", "pytest")}


def test_the_plugin_loads_nothing_until_a_test_asks_for_it():
    loaded = "[name for name in sys.modules if name.startswith('kiosque_client')]"
    script = f"import sys, kiosque_client.pytest_plugin; print({loaded})"

    printed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout

    assert printed == "['kiosque_client', 'kiosque_client.pytest_plugin']\n"


def test_a_post_has_a_key_wherever_the_server_stores_its_answer(kiosque):
    kiosque.as_("customer").post("/v1/orders", {"lines": [{"sku": "print-blue-hour", "quantity": 1}]})
    kiosque.post(
        "/v1/accounts", {"email": "ada@kiosque.test", "password": "violet-harbour-91", "name": "Ada"}
    )

    requests = list(kiosque.every("/rehearsal/requests"))
    assert {each["path"]: "idempotency-key" in each["headers"] for each in requests} == {
        "/v1/orders": True,
        "/v1/accounts": False,
    }


@pytest.mark.parametrize("step", [LOST, {"cut": 10}], ids=["lost", "cut"])
def test_a_post_whose_answer_was_lost_is_repeated_with_its_key(kiosque, step):
    author = kiosque.as_("author")
    kiosque.fail("/v1/articles", step, method="POST")

    article = author.post("/v1/articles", {"title": "Fog", "body": "Thick."})

    assert [mine["id"] for mine in author.every("/v1/articles", status="all", q="Thick")] == [article["id"]]


@pytest.mark.parametrize("step", [LOST, {"cut": 0}], ids=["lost", "cut"])
def test_a_patch_whose_answer_was_lost_is_not_repeated(kiosque, step):
    customer = kiosque.as_("customer")
    kiosque.fail("/v1/me", step, method="PATCH")

    with pytest.raises((Problem, OSError)):
        customer.patch("/v1/me", {"name": "Ada"})

    assert customer.get("/v1/me")["name"] == "Ada"
    assert len(statuses(kiosque, "/v1/me")) == 2


def test_a_change_of_one_version_is_not_repeated_lest_it_meets_itself(kiosque):
    editor, path = kiosque.as_("editor"), "/v1/articles/seventeen-words-for-fog"
    etag = editor.send("GET", path).headers["ETag"]
    kiosque.fail(f"{path}/publication", LOST)

    with pytest.raises(Problem) as refused:
        editor.put(f"{path}/publication", {}, etag=etag)

    assert refused.value.status == 502


def test_a_deletion_whose_answer_was_lost_has_succeeded(kiosque):
    editor, path = kiosque.as_("editor"), "/v1/articles/seventeen-words-for-fog"
    kiosque.fail(path, LOST, method="DELETE")

    editor.delete(path)

    assert statuses(kiosque, path) == [502, 404]
    with pytest.raises(Problem, match="404"):
        editor.delete(path)


def test_a_request_that_the_server_put_off_is_repeated_whatever_it_is(kiosque):
    customer = kiosque.as_("customer")
    kiosque.fail("/v1/me", "busy")

    customer.patch("/v1/me", {"name": "Ada"})

    assert statuses(kiosque, "/v1/me") == [503, 200]


def test_a_wait_that_is_too_long_is_left_to_the_caller(kiosque, monkeypatch):
    monkeypatch.setattr("kiosque_client.client.LONGEST_WAIT", 0.5)
    kiosque.fail("/v1/items", "too-many-requests")

    with pytest.raises(Problem) as refused:
        kiosque.get("/v1/items")

    assert (refused.value.code, refused.value.headers["Retry-After"]) == ("too-many-requests", "1")
    assert statuses(kiosque, "/v1/items") == [429]


def test_repeats_come_to_an_end(kiosque):
    kiosque.fail("/v1/items", 502, 502, 502)

    with pytest.raises(Problem) as refused:
        Client(kiosque.url, retries=1).get("/v1/items")

    assert (refused.value.status, refused.value.code, str(refused.value)) == (502, "", "502 : Bad Gateway")
    assert statuses(kiosque, "/v1/items") == [502, 502]


def test_an_answer_that_takes_too_long_is_an_error(kiosque):
    kiosque.fail("/v1/items", {"wait": 1})

    with pytest.raises(TimeoutError):
        Client(kiosque.url, timeout=0.1, retries=0).get("/v1/items")


def test_lists_and_events_go_on_to_their_end(kiosque):
    owner = kiosque.as_("owner")
    for number in range(3):
        owner.post("/v1/articles", {"title": f"Fog {number}", "body": "Thick."})

    articles = owner.every("/v1/articles", status="draft", q="Thick", limit=1)
    events = owner.every("/v1/events", limit=90, type="article.*")

    assert [article["title"] for article in articles] == ["Fog 2", "Fog 1", "Fog 0"]
    assert [event["data"]["title"] for event in events][-3:] == ["Fog 0", "Fog 1", "Fog 2"]


def test_a_query_may_stand_in_the_path_and_in_arguments_and_no_value_is_lost(kiosque):
    articles = kiosque.get("/v1/articles?limit=1", type="article")
    with pytest.raises(Problem) as refused:
        kiosque.get("/v1/articles", tag=["fog", "sea"])

    assert len(articles["data"]) == 1
    assert "limit=1&type=article" in articles["next"]
    assert refused.value.code == "repeated-parameter"


def test_an_old_address_leads_to_the_new_one(kiosque):
    editor, path = kiosque.as_("editor"), "/v1/articles/seventeen-words-for-fog"

    editor.patch(path, {"slug": "words-for-fog"})

    assert editor.get(path)["slug"] == "words-for-fog"
    assert editor.patch(path, {"title": "Fog"})["title"] == "Fog"


def test_documents_other_than_json_are_text(kiosque):
    assert kiosque.get("/robots.txt").startswith("User-agent:")
    assert kiosque.as_("customer").delete("/v1/sessions/current") is None


def test_whoever_logs_in_is_somebody(kiosque):
    person = kiosque.post("/rehearsal/accounts", {"role": "shopkeeper"})

    assert kiosque.log_in(person["email"], person["password"]).get("/v1/me")["email"] == person["email"]


def test_mails_are_those_that_a_live_server_would_have_sent(kiosque):
    assert kiosque.mails() == kiosque.get("/rehearsal/mails")["data"]


def test_a_problem_can_be_shown_and_sent_to_another_process(kiosque):
    with pytest.raises(Problem) as refused:
        kiosque.as_("author").post("/v1/articles", {"title": "", "body": 1})

    copied = pickle.loads(pickle.dumps(refused.value))
    assert str(copied) == str(refused.value)
    assert "/title: " in str(copied)
    assert (copied.code, copied.errors, copied.members) == (
        refused.value.code,
        refused.value.errors,
        refused.value.members,
    )
