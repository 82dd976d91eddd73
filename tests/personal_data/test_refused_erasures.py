"""Erasures that are refused, and what comes at the same time as one."""

from __future__ import annotations

import pytest

from api.accounts.profiles import rules as profiles
from api.accounts.profiles.administration import LastOwner
from api.accounts.profiles.rules import AccountErased
from api.articles.comments import rules as comments
from api.articles.comments.records import CommentDraft
from api.errors import InvalidToken, NotFound
from api.personal_data import commands
from tests.factories import (
    make_article,
    make_viewer,
)
from tests.personal_data.somebody import EMAIL, NAME, everything


def test_the_last_active_owner_cannot_be_erased(db, owner, client_as):
    me = owner.simulate_get("/v1/me").json
    with db.write() as tx:
        make_viewer(tx, role="owner", status="suspended")

    answers = [owner.simulate_delete(path) for path in ("/v1/me", f"/v1/accounts/{me['id']}")]
    with pytest.raises(LastOwner):
        commands.erase(db, email=me["email"])

    assert {(answer.status_code, answer.json["code"]) for answer in answers} == {(409, "last-owner")}
    assert owner.simulate_get("/v1/me").json == me
    client_as("owner")
    assert owner.simulate_delete("/v1/me").status_code == 204


@pytest.mark.parametrize("match", ['"v2"', '"x"'])
def test_an_account_that_has_changed_is_not_erased(owner, person, match):
    path = f"/v1/accounts/{person.id}"

    stale = owner.simulate_delete(path, headers={"If-Match": match})
    fitting = owner.simulate_delete(path, headers={"If-Match": '"v1"'})

    assert (stale.status_code, fitting.status_code) == (412, 204)


@pytest.mark.parametrize("path", ["/v1/me", "/v1/accounts/{id}"])
def test_a_session_that_is_not_fresh_erases_nobody(client_as, later, path):
    owner = client_as("owner")
    client_as("owner")
    me = owner.simulate_get("/v1/me").json["id"]
    later()

    answer = owner.simulate_delete(path.format(id=me))

    assert (answer.status_code, answer.json["code"]) == (403, "confirmation-required")
    assert owner.simulate_get("/v1/me").json["erased_at"] is None


def test_nobody_is_erased_who_is_not_there(db, owner):
    with pytest.raises(NotFound):
        commands.erase(db, email="nobody@kiosque.test")

    assert owner.simulate_delete("/v1/accounts/acc_1").status_code == 404


def test_a_comment_that_comes_at_the_same_time_brings_no_name_back(db, person, staff):
    with db.write() as tx:
        article = make_article(tx, author=staff)
    commands.erase(db, email=EMAIL)

    with db.write() as tx, pytest.raises(InvalidToken):
        comments.create(
            tx, CommentDraft(body="x", body_html="x"), article=article, actor=person, language="en"
        )

    assert NAME not in everything(db)


def test_a_change_of_ones_own_name_that_comes_at_the_same_time_is_refused(db, person):
    commands.erase(db, email=EMAIL)

    with db.write() as tx:
        erased = profiles.find(tx, ref=person.id)
        with pytest.raises(AccountErased):
            profiles.change(tx, erased, {"name": NAME}, proof=None, language="en")

    assert NAME not in everything(db)
