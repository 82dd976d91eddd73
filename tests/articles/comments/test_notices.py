"""Mails about comments: one digest for moderators, one mail for each answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import structs

from api.accounts.profiles import queries as accounts
from api.articles.comments import rules as comments
from api.articles.comments.notices.rules import DIGEST_AFTER, MOST_LISTED, NEWS_FOR
from api.articles.comments.republishing import Republication, change, create
from api.articles.writing.records import Article
from api.jobs.worker import Worker
from api.mail import queries as mails
from api.mail.records import Mail
from api.personal_data import commands
from api.roles import Viewer
from api.settings import Settings
from api.storage import Database, Keyset
from api.tasks import tasks
from tests.factories import make_account, make_article, make_comment, make_viewer


@pytest.fixture
def article(db: Database) -> Article:
    with db.write() as tx:
        return make_article(tx, author=make_viewer(tx))


@pytest.fixture
def reader(db: Database) -> Viewer:
    with db.write() as tx:
        return make_viewer(tx, role="customer", name="Cy")


@pytest.fixture
def listed(db: Database) -> Callable[[], list[Mail]]:
    def look() -> list[Mail]:
        with db.read() as tx:
            return mails.list_mails(tx, Keyset("mail_~", 100))[::-1]

    return look


@pytest.fixture
def texts(db: Database, settings: Settings, listed: Any) -> Callable[[], list[tuple[str, str]]]:
    """Address and text of each mail that is written by now."""

    def written() -> list[tuple[str, str]]:
        Worker(db, tasks(db, settings)).until_idle()
        with db.read() as tx:
            found = [(mail.to, mails.find_text(tx, mail_id=mail.id)) for mail in listed()]
        return [(to, text) for to, text in found if text is not None]

    return written


def comment_on(db: Database, article: Article, author: Any, **fields: Any) -> Any:
    with db.write() as tx:
        return make_comment(tx, article, author=author, **fields)


def approve(db: Database, comment: Any, status: Any = "approved") -> None:
    with db.write() as tx:
        comments.moderate(tx, comments.find(tx, ref=comment.id, lock=True), status=status, language="en")


def test_comments_that_wait_are_one_digest_for_each_moderator_in_their_language(
    db, clock, article, reader, texts
):
    with db.write() as tx:
        make_account(tx, role="editor", email="ed@kiosque.test", language="fr")
        make_account(tx, role="owner", email="owner@kiosque.test")
        make_account(tx, role="shopkeeper", email="shop@kiosque.test")
    comment_on(db, article, reader, body="First.")
    clock.advance(seconds=DIGEST_AFTER - 100)
    comment_on(db, article, reader, body="Second.")
    early = texts()
    clock.advance(seconds=100)

    sent = dict(texts())

    assert early == []
    assert sorted(sent) == ["ed@kiosque.test", "owner@kiosque.test"]
    assert "Les lire" in sent["ed@kiosque.test"]
    assert "Cy on Fog: First.\n- Cy on Fog: Second." in sent["owner@kiosque.test"]


@pytest.mark.parametrize("fields", [{"status": "suspended"}, {"role": "author"}])
def test_no_digest_goes_to_who_moderates_nothing(db, article, reader, listed, fields):
    with db.write() as tx:
        make_account(tx, **{"role": "editor", **fields})

    comment_on(db, article, reader)

    assert listed() == []


def test_a_digest_is_not_sent_when_nothing_waits_any_more(db, clock, article, reader, texts, listed):
    with db.write() as tx:
        make_account(tx, role="editor")
    approve(db, comment_on(db, article, reader))
    clock.advance(seconds=DIGEST_AFTER)

    sent = texts()

    assert (sent, [mail.error for mail in listed()]) == ([], ["it was no longer needed"])


def test_a_digest_is_not_sent_to_who_has_lost_the_role(db, clock, article, reader, texts):
    with db.write() as tx:
        editor = make_account(tx, role="editor")
    comment_on(db, article, reader)
    with db.write() as tx:
        accounts.update_account(tx, structs.replace(editor, role="author"))
    clock.advance(seconds=DIGEST_AFTER)

    assert texts() == []


def test_a_digest_lists_the_newest_comments_only(db, clock, article, reader, texts):
    with db.write() as tx:
        make_account(tx, role="editor")
        for number in range(MOST_LISTED + 1):
            make_comment(tx, article, author=reader, body=f"n{number}. {'long ' * 100}")
    clock.advance(seconds=DIGEST_AFTER)

    ((_, text),) = texts()

    assert (text.count("- Cy"), "n0." in text, f"n{MOST_LISTED}." in text) == (MOST_LISTED, False, True)
    assert "long…" in text


def test_a_comment_at_the_moment_a_digest_is_written_gets_another(db, clock, article, reader, listed):
    with db.write() as tx:
        make_account(tx, role="editor")
    comment_on(db, article, reader)
    clock.advance(seconds=DIGEST_AFTER - 1)

    comment_on(db, article, reader)

    assert [mail.kind for mail in listed()] == ["comment-waits"] * 2


@pytest.mark.only_on("postgresql")  # SQLite has one writer
def test_comments_at_the_same_time_bring_one_digest(db, other_db, clock, article, reader, texts, listed):
    with db.write() as tx:
        make_account(tx, role="editor")
        other = make_viewer(tx, role="customer", name="Di")
    other_db.clock = clock
    with db.write() as one, other_db.write() as two:
        make_comment(one, article, author=reader)
        make_comment(two, article, author=other)
    clock.advance(seconds=DIGEST_AFTER + 1)

    ((_, text),) = texts()

    assert (len(listed()), "Cy on Fog" in text, "Di on Fog" in text) == (2, True, True)


def test_an_answer_is_mailed_once_it_is_approved_and_never_again(db, article, reader, texts, listed):
    with db.write() as tx:
        asker = make_account(tx, email="asker@kiosque.test", language="fr")
    asked = comment_on(db, article, asker, status="approved")
    answer = comment_on(db, article, reader, parent_id=asked.id, body="Yes &amp; no.")
    before = listed()

    for status in ("approved", "spam", "approved"):
        approve(db, answer, status)
    sent = texts()
    for status in ("pending", "approved"):
        approve(db, answer, status)

    assert before == []
    assert [to for to, _ in sent] == ["asker@kiosque.test"]
    assert "Cy a répondu à votre commentaire sur Fog :\n\nYes & no." in sent[0][1]
    assert f"/article/?slug={article.slug}" in sent[0][1]
    assert texts() == sent


def test_an_answer_that_was_hidden_before_its_mail_was_written_is_mailed_when_it_is_shown(
    db, article, reader, texts
):
    with db.write() as tx:
        asker = make_account(tx)
    asked = comment_on(db, article, asker, status="approved")
    answer = comment_on(db, article, reader, parent_id=asked.id, status="approved")
    approve(db, answer, "spam")
    hidden = texts()

    approve(db, answer)

    assert (hidden, len(texts())) == ([], 1)


def test_an_answer_by_staff_is_mailed_at_once(db, article, listed):
    with db.write() as tx:
        asker = make_account(tx)
    asked = comment_on(db, article, asker, status="approved")
    with db.write() as tx:
        editor = make_viewer(tx, role="editor")

    comment_on(db, article, editor, parent_id=asked.id)

    assert [(mail.kind, mail.to) for mail in listed()] == [("comment-answered", asker.email)]


@pytest.mark.parametrize("reason", ["own", "suspended", "erased", "hidden", "old"])
def test_no_answer_is_mailed(db, clock, article, reader, listed, reason):
    with db.write() as tx:
        asker = make_account(tx)
    asked = comment_on(db, article, asker, status="approved")
    answer = comment_on(db, article, asker if reason == "own" else reader, parent_id=asked.id)
    if reason == "suspended":
        with db.write() as tx:
            accounts.update_account(tx, structs.replace(asker, status="suspended"))
    if reason == "erased":
        commands.erase(db, email=asker.email)
    if reason == "hidden":
        approve(db, asked, "trash")
    if reason == "old":
        clock.advance(days=NEWS_FOR, seconds=1)

    approve(db, answer)

    assert listed() == []


def test_an_import_sends_no_mails(db, article, listed):
    with db.write() as tx:
        make_account(tx, role="editor")
        asked = make_comment(tx, article, author=make_account(tx, role="author"))
        new = Republication(author_name="Eve", body="x", body_html="x", status="pending")
        answer = create(tx, new, article_id=article.id, parent=asked)
        change(tx, answer, structs.replace(new, status="approved"))

    assert listed() == []


def test_an_erasure_deletes_the_texts_that_may_name_the_account(db, clock, article, texts):
    with db.write() as tx:
        make_account(tx, role="editor")
        account = make_account(tx, email="eve@kiosque.test", name="Eve")
    comment_on(db, article, account)
    clock.advance(seconds=DIGEST_AFTER)
    written = texts()

    commands.erase(db, email="eve@kiosque.test")

    assert (len(written), texts()) == (1, [])
