"""The events of articles and comments."""

from __future__ import annotations

import pytest

from api import times
from api.articles.announcements import rules as announcements
from api.articles.comments import rules as comments
from api.articles.writing import publication, republishing, visibility
from api.articles.writing import rules as articles
from api.articles.writing.drafts import ArticleDraft, typeset
from api.articles.writing.republishing import Republication
from tests.events.reading import happened, types
from tests.factories import make_article, make_comment, make_viewer


@pytest.fixture
def author(db, clock):
    with db.write() as tx:
        return make_viewer(tx)


def find(tx, article, author):
    return visibility.find_for_change(tx, ref=article.id, viewer=author)


def test_the_life_of_an_article_is_noted_by_who_wrote_it(db, author):
    with db.write() as tx:
        article = make_article(tx, author=author, publish_at=None)
    with db.write() as tx:
        article = publication.publish(tx, article, publish_at=None, actor=author)
    with db.write() as tx:
        merged = articles.merge(article, {"title": "Rain"}, text=articles.changed_text(article, {}))
        article = articles.change(tx, article, merged, actor=author)
    with db.write() as tx:
        article = publication.withdraw(tx, article, actor=author)
        articles.delete(tx, article, actor=author)

    events = happened(db, subject=article.id)
    assert [event.type for event in events] == [
        "article.created",
        "article.published",
        "article.updated",
        "article.unpublished",
        "article.deleted",
    ]
    assert {event.actor for event in events} == {"staff"}
    assert [event.data and event.data["title"] for event in events] == ["Fog", "Fog", "Rain", "Rain", None]


def test_a_change_that_changes_nothing_is_no_event(db, author):
    with db.write() as tx:
        article = make_article(tx, author=author)
        same = articles.merge(article, {}, text=articles.changed_text(article, {}))
        articles.change(tx, article, same, actor=author)

    assert types(db, subject=article.id) == ["article.created", "article.published"]


def test_a_scheduled_article_is_published_once_when_its_time_has_come(db, author, clock):
    with db.write() as tx:
        article = make_article(tx, author=author, publish_at=times.later(tx.now, hours=1))
    announcements.announce(db)
    scheduled = types(db, subject=article.id)
    clock.advance(hours=1)
    announcements.announce(db)
    announcements.announce(db)

    assert scheduled == ["article.created", "article.scheduled"]
    assert types(db, subject=article.id) == [*scheduled, "article.published"]
    assert happened(db, subject=article.id)[-1].data["status"] == "published"


def test_an_article_that_was_put_off_is_published_at_its_new_time_alone(db, author, clock):
    with db.write() as tx:
        article = make_article(tx, author=author, publish_at=times.later(tx.now, hours=1))
        publication.publish(tx, article, publish_at=times.later(tx.now, hours=2), actor=author)
    clock.advance(hours=1)
    announcements.announce(db)
    early = types(db, subject=article.id)
    clock.advance(hours=1)
    announcements.announce(db)

    assert early == ["article.created", "article.scheduled", "article.scheduled"]
    assert types(db, subject=article.id) == [*early, "article.published"]


def test_an_article_that_was_withdrawn_before_its_time_is_never_published(db, author, clock):
    with db.write() as tx:
        article = make_article(tx, author=author, publish_at=times.later(tx.now, hours=1))
        publication.withdraw(tx, article, actor=author)
    clock.advance(hours=1)
    announcements.announce(db)

    assert types(db, subject=article.id)[-1] == "article.unpublished"


def test_an_article_that_has_just_appeared_is_published_before_it_is_withdrawn(db, author, clock):
    with db.write() as tx:
        article = make_article(tx, author=author, publish_at=times.later(tx.now, hours=1))
    clock.advance(hours=1)
    with db.write() as tx:
        publication.withdraw(tx, find(tx, article, author), actor=author)
    announcements.announce(db)

    assert types(db, subject=article.id)[-2:] == ["article.published", "article.unpublished"]


def test_an_article_that_is_edited_as_it_appears_is_published_all_the_same(db, author, clock):
    with db.write() as tx:
        article = make_article(tx, author=author, publish_at=times.later(tx.now, hours=1))
    clock.advance(hours=1)
    with db.write() as tx:
        article = find(tx, article, author)
        merged = articles.merge(article, {"title": "Rain"}, text=articles.changed_text(article, {}))
        articles.change(tx, article, merged, actor=author)
    announcements.announce(db)

    assert types(db, subject=article.id)[-2:] == ["article.updated", "article.published"]


def test_what_was_published_elsewhere_is_created_here_and_published_only_if_its_time_is_to_come(db, clock):
    draft = ArticleDraft(title="Fog", text=typeset("Text.", "markdown"))
    with db.write() as tx:
        old = republishing.create(tx, Republication(draft=draft, publish_at=times.later(tx.now, days=-1)))
        new = republishing.create(tx, Republication(draft=draft, publish_at=times.later(tx.now, days=1)))
    clock.advance(days=1)
    announcements.announce(db)

    assert types(db, subject=old.id) == ["article.created"]
    assert types(db, subject=new.id) == ["article.created", "article.published"]


def test_the_life_of_a_comment_is_noted(db, author):
    with db.write() as tx:
        article, reader = make_article(tx, author=author), make_viewer(tx, role="customer")
        comment = make_comment(tx, article, author=reader)
        comment = comments.moderate(tx, comment, status="approved", language="en", actor=author)
        comment = comments.moderate(tx, comment, status="approved", language="en", actor=author)
        comment = comments.moderate(tx, comment, status="spam", language="en", actor=author)
        comments.delete(tx, comment, actor=author)

    events = happened(db, subject=comment.id)
    assert [(event.type, event.actor) for event in events] == [
        ("comment.created", "buyer"),
        ("comment.approved", "staff"),
        ("comment.updated", "staff"),
        ("comment.deleted", "staff"),
    ]
    assert "body" not in events[0].data


def test_a_comment_that_needs_no_approval_is_created_and_approved(db, author):
    with db.write() as tx:
        comment = make_comment(tx, make_article(tx, author=author), author=author)

    assert types(db, subject=comment.id) == ["comment.created", "comment.approved"]


def test_an_article_takes_its_comments_with_it(db, author):
    with db.write() as tx:
        article = make_article(tx, author=author)
        comment = make_comment(tx, article, author=author)
        articles.delete(tx, article, actor=author)

    assert types(db, subject=comment.id)[-1] == "comment.deleted"
    assert types(db)[-1] == "article.deleted"
