"""Nothing that the cache answers is older than the last commit that was answered before."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa

from api import sqlite, times
from api.accounts.profiles.tables import accounts
from api.accounts.sessions.tables import sessions
from api.app import create_app
from api.articles.writing import publication
from api.roles import Viewer
from api.storage import Busy, Transaction
from api.storage.change_token import changes_of
from tests.factories import CHEAP_HASHER, make_account, make_article, make_viewer, sign_in
from tests.web.cached import Answer, Clock, set_price


def test_whoever_is_suspended_is_a_stranger_at_once(apps, db, shelf, other_db):
    cached, _ = apps
    with db.write() as tx:
        account = make_account(tx)
        header = f"Bearer {sign_in(tx, account)}"
    before = [Answer(cached, "/v1/articles", authorization=each) for each in (None, header, header)]

    with other_db.write() as tx:
        tx.run(sa.update(accounts).where(accounts.c.id == account.id).values(status="suspended"))

    assert [answer.status for answer in before] == ["200 OK"] * 3
    assert Answer(cached, "/v1/articles", authorization=header).status == "401 Unauthorized"


def test_a_session_ends_at_its_instant(db, settings, shelf):
    clock = Clock()
    db.clock = clock
    cached = create_app(replace(settings, cache_bytes=2**20), db, CHEAP_HASHER)
    with db.write() as tx:
        header = f"Bearer {sign_in(tx, make_account(tx))}"
        ends = times.later(tx.now, seconds=30)
        tx.run(sa.update(sessions).values(expires_at=ends))
    before = [Answer(cached, "/v1/articles", authorization=each) for each in (None, header, header)]

    clock.ahead(seconds=30)

    assert [answer.status for answer in before] == ["200 OK"] * 3
    assert Answer(cached, "/v1/articles", authorization=header).status == "401 Unauthorized"


def test_a_commit_of_anyone_ends_every_answer(apps, shelf, other_db):
    cached, _ = apps
    for price in range(1, 20):
        with other_db.write() as tx:
            set_price(tx, price)

        for _ in range(2):
            assert b'"price":{"amount":%d,' % price in Answer(cached, "/v1/variants/mug").body


def test_what_was_undone_ends_nothing_that_is_right(apps, shelf, other_db):
    cached, _ = apps
    before = Answer(cached, "/v1/variants/mug")

    with other_db.rehearse() as tx:
        set_price(tx, 77)

        assert Answer(cached, "/v1/variants/mug").body == before.body

    assert Answer(cached, "/v1/variants/mug").body == before.body


def test_a_draft_is_nobody_elses(apps, db, shelf):
    cached, _ = apps
    with db.write() as tx:
        account = make_account(tx, role="author")
        token = sign_in(tx, account)
        author = Viewer(id=account.id, email=account.email, name=account.name, role=account.role)
        make_article(tx, author=author, title="Secret", publish_at=None)

    for _ in range(2):
        mine = Answer(cached, "/v1/articles/secret", authorization=f"Bearer {token}")
        theirs = Answer(cached, "/v1/articles/secret")
        assert (mine.status, theirs.status) == ("200 OK", "404 Not Found")


def test_a_scheduled_article_appears_when_its_time_comes(db, settings, shelf):
    clock = Clock()
    db.clock = clock
    cached = create_app(replace(settings, cache_bytes=2**20), db, CHEAP_HASHER)
    with db.write() as tx:
        make_article(tx, author=make_viewer(tx), title="Soon", publish_at=times.later(tx.now, hours=1))

    def shown() -> bool:
        return b'"slug":"soon"' in Answer(cached, "/v1/articles").body

    seen = [shown(), shown()]
    clock.ahead(minutes=59)
    seen += [shown(), shown()]
    clock.ahead(minutes=1)
    seen += [shown(), shown()]
    clock.ahead(minutes=-1)
    seen += [shown(), shown()]
    assert seen == [False] * 4 + [True] * 2 + [False] * 2


@pytest.mark.only_on("sqlite")  # PostgreSQL's token also changes with the neighbours' databases
def test_the_cache_keeps_to_its_bytes(db, settings, shelf):
    cached = create_app(replace(settings, cache_bytes=40_000), db, CHEAP_HASHER)

    for number in range(200):
        Answer(cached, f"/v1/articles?limit=1&q=word{number}")

    current = cached.cache.generation()
    assert current is not None
    generation, _ = current
    assert 5 < len(generation.answers) < 40
    assert generation.size <= 40_000
    assert Answer(cached, "/v1/articles?limit=1&q=word199").status == "200 OK"


def test_readers_never_see_less_than_what_was_answered_before_they_asked(apps, shelf, db, other_db):
    """Writers elsewhere raise a price step by step; whoever asks after a step sees it, or a later one."""
    cached, _ = apps
    written, wrong, done = [0], [], threading.Event()

    def write() -> None:
        for price in range(1, 150):
            with other_db.write() as tx:
                set_price(tx, price)
            written[0] = price
        done.set()

    def read() -> None:
        while not done.is_set():
            known = written[0]
            body = Answer(cached, "/v1/variants/mug").body
            price = int(body.partition(b'"price":{"amount":')[2].partition(b",")[0])
            if known and price < known:
                wrong.append((known, price))

    threads = [threading.Thread(target=target) for target in (write, read, read, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert done.is_set()
    assert wrong == []


@pytest.mark.only_on("sqlite")
def test_hits_and_misses_are_counted(apps, shelf):
    cached, _ = apps
    for _ in range(3):
        Answer(cached, "/v1/tags")

    text = Answer(cached, "/metrics").body.decode()

    assert 'kiosque_cache_lookups_total{found="no"} ' in text
    hits = re.search(r'kiosque_cache_lookups_total\{found="yes"\} (\S+)', text)
    assert hits is not None
    assert float(hits[1]) >= 2


def test_an_answer_is_sent_and_not_stored_when_the_next_change_cannot_be_read(apps, shelf, monkeypatch):
    cached, _ = apps

    def busy(_tx: Transaction, _after: times.Instant) -> None:
        raise Busy

    monkeypatch.setattr(publication, "next_after", busy)

    answers = [Answer(cached, "/v1/articles") for _ in range(2)]

    assert [(answer.status, answer.at_hand) for answer in answers] == [("200 OK", False)] * 2


@pytest.mark.only_on("sqlite")
def test_a_token_that_cannot_be_read_is_asked_for_anew_and_equals_none_before(db, monkeypatch):
    cursors = []

    class Connection(sqlite.driver.Connection):
        def cursor(self):
            cursors.append(super().cursor())
            return cursors[-1]

    monkeypatch.setattr(sqlite.driver, "connect", partial(sqlite.driver.connect, factory=Connection))
    changes = changes_of(db)
    before = changes.look()
    cursors[0].close()

    broken, after = changes.look(), changes.look()

    assert broken is None
    assert before is not None
    assert after is not None
    assert before[0] != after[0]
