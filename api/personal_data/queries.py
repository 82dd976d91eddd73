"""The SQL of what only an export asks: traces of logins, stored answers, whose articles these are."""

from __future__ import annotations

import sqlalchemy as sa

from api.accounts.throttle.rules import factor_of, subject_of
from api.accounts.throttle.tables import login_failures, login_networks
from api.articles.authors.tables import authors
from api.articles.writing.tables import article_authors
from api.personal_data.records import FailedLogins, LoginNetwork, StoredAnswer
from api.storage import Keyset, Transaction, columns_of
from api.web.idempotency.tables import idempotency_records as answers

_NETWORKS = (
    sa.select(*columns_of(login_networks, LoginNetwork))
    .where(
        login_networks.c.account_id == sa.bindparam("account"),
        login_networks.c.network > sa.bindparam("after"),
    )
    .order_by(login_networks.c.network)
    .limit(sa.bindparam("most"))
)


def list_networks(tx: Transaction, page: Keyset[str], *, account_id: str) -> list[LoginNetwork]:
    """A page of the networks from which the account has logged in."""
    rows = tx.rows(_NETWORKS, account=account_id, after=page.position, most=page.most)
    return [LoginNetwork(*row) for row in rows]


_FAILED = sa.select(*columns_of(login_failures, FailedLogins)).where(
    login_failures.c.subject.in_([sa.bindparam("by_email"), sa.bindparam("by_factor")])
)


def list_failed_logins(tx: Transaction, *, email_key: str, account_id: str) -> list[FailedLogins]:
    """The failed logins that are counted against the e-mail, and second steps against the account."""
    subjects = {"by_email": subject_of(email_key), "by_factor": factor_of(account_id)}
    return [FailedLogins(*row) for row in tx.rows(_FAILED, **subjects)]


_NAME = sa.tuple_(answers.c.method, answers.c.path, answers.c.key)
_ANSWERS = (
    sa.select(*columns_of(answers, StoredAnswer))
    .where(
        answers.c.account_id == sa.bindparam("account"),
        sa.tuple_(sa.bindparam("verb"), sa.bindparam("target"), sa.bindparam("token")) < _NAME,
    )
    .order_by(*_NAME.clauses)
    .limit(sa.bindparam("most"))
)


def list_answers(
    tx: Transaction, page: Keyset[tuple[str, str, str]], *, account_id: str
) -> list[StoredAnswer]:
    """A page of the requests of the account whose answers are stored."""
    verb, target, token = page.position
    rows = tx.rows(_ANSWERS, account=account_id, verb=verb, target=target, token=token, most=page.most)
    return [StoredAnswer(*row) for row in rows]


_ARTICLES = (
    sa.select(article_authors.c.article_id)
    .join_from(article_authors, authors)
    .where(
        authors.c.account_id == sa.bindparam("account"), article_authors.c.article_id < sa.bindparam("before")
    )
    .order_by(article_authors.c.article_id.desc())
    .limit(sa.bindparam("most"))
)


def list_article_ids(tx: Transaction, page: Keyset[str], *, account_id: str) -> list[str]:
    """A page of the ids of the articles that the account has signed, newest first."""
    rows = tx.rows(_ARTICLES, account=account_id, before=page.position, most=page.most)
    return [row.article_id for row in rows]
