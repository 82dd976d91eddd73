"""People come along on request, as accounts without a password."""

from __future__ import annotations

import pytest

from api.accounts.profiles import administration, queries
from api.accounts.profiles.emails import key_of
from api.imports import runs
from api.imports.errors import ImportRefused
from api.imports.people import INVALID
from api.imports.report import DELETED
from tests.imports.wxr import HEAD, TAIL

MEMBERS = (
    "id,email,name,note,subscribed_to_emails,deleted_at\n"
    "1,ada@example.test,Ada,,true,\n2,bea@example.test,,,,2024-01-01\n3,no address,Cy,,,\n"
)
USERS = (
    "<wp:author><wp:author_login>ada</wp:author_login><wp:author_email>ada@example.test</wp:author_email>"
    "<wp:author_display_name>Ada</wp:author_display_name></wp:author>"
)


@pytest.fixture
def bring(db, tmp_path):
    """Import a file of this content."""

    def one(content: str, *, with_people: bool = True):
        path = tmp_path / "people"
        path.write_text(content)
        return runs.run(
            db,
            path,
            currency="EUR",
            dry_run=False,
            progress=lambda _doing, rows, _count: rows,
            with_people=with_people,
        )

    return one


def account_of(tx, email: str):
    return queries.find_login(tx, email_key=key_of(email))


@pytest.mark.parametrize("content", [MEMBERS, HEAD + USERS + TAIL], ids=["ghost", "wordpress"])
def test_members_and_users_become_customers_without_a_password(db, client, bring, content):
    reports = [bring(content), bring(content)]

    assert [report.done["accounts", "created"] for report in reports] == [1, 0]
    assert reports[1].done["accounts", "unchanged"] == 1
    with db.read() as tx:
        login = account_of(tx, "ada@example.test")
    assert (login.account.name, login.account.role) == ("Ada", "customer")
    for password in ("!", "ada@example.test", "a long enough guess"):
        answer = client.simulate_post(
            "/v1/sessions", json={"email": "ada@example.test", "password": password}
        )
        assert answer.status_code == 401


def test_whoever_has_left_or_has_no_address_is_skipped(bring):
    report = bring(MEMBERS)

    assert report.skipped["member", "they have left"] == [""]
    assert report.skipped["account", INVALID] == ["Cy"]


def test_nobody_comes_along_unasked(db, bring):
    with pytest.raises(ImportRefused, match="--people"):
        bring(MEMBERS, with_people=False)
    bring(HEAD + USERS + TAIL, with_people=False)

    with db.read() as tx:
        assert account_of(tx, "ada@example.test") is None


def test_whoever_was_erased_here_does_not_come_back(db, bring):
    bring(MEMBERS)
    with db.write() as tx:
        administration.erase(tx, account_of(tx, "ada@example.test").account)

    report = bring(MEMBERS)

    assert report.skipped["account", DELETED] == ["Ada"]
    assert report.done["accounts", "created"] == 0
