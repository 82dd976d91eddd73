"""The events of accounts, and of what shows a tag that changes."""

from __future__ import annotations

from api.accounts.profiles import administration
from api.personal_data import rules as personal_data
from tests.events.reading import happened, types
from tests.factories import make_account, make_article, make_comment, make_viewer


def test_who_signs_up_is_a_stranger(client, db):
    body = {"email": "ada@kiosque.test", "password": "violet-harbour-91", "name": "Ada"}

    account = client.simulate_post("/v1/accounts", json=body).json

    (event,) = happened(db, subject=account["id"])
    assert (event.type, event.actor, event.data["name"]) == ("account.created", "stranger", "Ada")


def test_a_change_of_a_role_is_noted_once(db):
    with db.write() as tx:
        owner, account = make_viewer(tx, role="owner"), make_account(tx)
        for _ in range(2):
            locked = administration.lock(tx, ref=account.id)
            administration.change(tx, locked, {"role": "editor"}, actor=owner)

    (event,) = happened(db, subject=account.id)
    assert (event.type, event.actor, event.data["role"]) == ("account.updated", "staff", "editor")


def test_an_erasure_leaves_no_name_in_the_log_and_shows_what_has_become_of_comments(db):
    with db.write() as tx:
        author, reader = make_viewer(tx), make_viewer(tx, role="customer", name="Grace Hopper")
        comment = make_comment(tx, make_article(tx, author=author), author=reader)
        personal_data.erase(tx, administration.lock(tx, ref=reader.id))

    erased = happened(db, subject=reader.id)[-1]
    assert (erased.type, erased.data["email"]) == ("account.erased", None)
    assert types(db, subject=comment.id) == ["comment.created", "comment.updated"]
    assert "Grace" not in str([event.data for event in happened(db)])


def test_a_tag_that_is_renamed_or_joined_is_a_change_of_whatever_has_it(client_as, db):
    owner = client_as("owner")
    with db.write() as tx:
        author = make_viewer(tx)
        article = make_article(tx, author=author, tags=("Fog", "Sea"))
        other = make_article(tx, author=author, tags=("Sea",))

    assert owner.simulate_patch("/v1/tags/fog", json={"name": "Mist"}).status_code == 200
    assert owner.simulate_delete("/v1/tags/sea?into=fog").status_code == 204

    events = happened(db, subject=article.id)[-2:]
    assert [(event.type, event.actor) for event in events] == [("article.updated", "staff")] * 2
    assert [tag["name"] for tag in events[-1].data["tags"]] == ["Mist"]
    assert types(db, subject=other.id)[-1] == "article.updated"
