"""Tiny factories: each makes one row with the least that a test must say."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from types import MappingProxyType
from typing import Any

from api import times
from api.accounts.passwords import Hasher
from api.accounts.profiles import queries as account_queries
from api.accounts.profiles.records import Account
from api.accounts.sessions import rules as sessions
from api.articles.comments import rules as comments
from api.articles.comments.records import Comment, CommentDraft, CommentStatus
from api.articles.writing import publication
from api.articles.writing import rules as articles
from api.articles.writing.drafts import ArticleDraft, typeset
from api.articles.writing.records import Article
from api.ids import new_id
from api.roles import Viewer
from api.settings import Settings
from api.settings.shop import Tariff
from api.shop.cancellations import rules as cancellations
from api.shop.cancellations.records import CancellationDraft
from api.shop.fulfilments import rules as fulfilments
from api.shop.fulfilments.records import Fulfilment, FulfilmentDraft
from api.shop.items import rules as catalog
from api.shop.items.records import Item, ItemDraft, Status
from api.shop.money import Money
from api.shop.orders import placement
from api.shop.orders import rules as orders
from api.shop.orders.records import LineDraft, Order, OrderDraft
from api.shop.payments import rules as payments
from api.shop.payments.records import Payment
from api.shop.refunds import rules as refunds
from api.shop.refunds.records import Refund
from api.shop.variants.records import VariantDraft
from api.sights import sights
from api.storage import Transaction
from api.times import Instant

PASSWORD = "paper-lantern-42"
SIGHT_OF = sights(Settings.from_env({}).public_site)
CHEAP_HASHER = Hasher(rounds=1, memory=8)

_number = count(1)


def make_account(tx: Transaction, *, role: str = "customer", **fields: str) -> Account:
    """An account that cannot log in with a password, but can hold sessions."""
    email = fields.get("email", f"person{next(_number)}@kiosque.test")
    account = Account(
        id=new_id("acc"),
        email=email,
        email_verified_at=None,
        pending_email=None,
        name=fields.get("name", "Ada"),
        language=fields.get("language"),
        role=role,
        status=fields.get("status", "active"),
        created_at=tx.now,
        version=1,
        erased_at=None,
    )
    assert account_queries.insert_account(tx, account, email_key=email, password_hash="!")
    return account


def sign_in(tx: Transaction, account: Account) -> str:
    """A fresh token of `account`."""
    return sessions.create(tx, account).token


def make_login(tx: Transaction, *, email: str, **fields: str) -> Account:
    """An account that can log in with PASSWORD."""
    account = make_account(tx, email=email, **fields)
    account_queries.update_password(tx, account_id=account.id, password_hash=CHEAP_HASHER.hash(PASSWORD))
    return account


def make_item(
    tx: Transaction,
    *,
    sku: str = "mug",
    stock: int | None = None,
    price: int = 1000,
    status: Status = "published",
    name: str = "Mug",
    variant: Mapping[str, Any] = MappingProxyType({}),
    **fields: Any,
) -> Item:
    """An item with one variant, which has the fields of `variant` too."""
    sold = VariantDraft(sku=sku, price=Money(price, "EUR"), stock=stock, **variant)
    draft = ItemDraft(name=name, variants=(sold,), status=status, **fields)
    return catalog.create(tx, draft, currency="EUR", actor=None)


def make_order(tx: Transaction, buyer: Viewer, *lines: tuple[str, int], note: str | None = None) -> Order:
    """An order of these skus and quantities."""
    draft = OrderDraft(lines=tuple(LineDraft(*line) for line in lines), note=note)
    return placement.place(tx, draft, buyer=buyer, tariff=Tariff(currency="EUR"))


def pay(tx: Transaction, order: Order, amount: int, *, actor: Viewer, **fields: Any) -> Payment:
    """A payment for the order."""
    order = orders.find_any(tx, ref=order.id, lock=True)
    return payments.record(tx, order, amount=Money(amount, "EUR"), method="cash", actor=actor, **fields)


def refund(tx: Transaction, payment: Payment, amount: int, *, actor: Viewer, **fields: Any) -> Refund:
    """A refund of so much of the payment, which the buyer no longer owes."""
    order = orders.find_any(tx, ref=payment.order_id, lock=True)
    order = orders.change(tx, order, actor=actor, credited=order.credited + amount)
    return refunds.create(tx, order, payment, amount=amount, credited=amount, actor=actor, **fields)[0]


def cancel(tx: Transaction, order: Order, *, actor: Viewer, **fields: Any) -> Order:
    """The order without what was not sent of it."""
    order = orders.find_any(tx, ref=order.id, lock=True)
    return cancellations.cancel(tx, order, CancellationDraft(**fields), actor=actor)


def fulfil(
    tx: Transaction, order: Order, *lines: tuple[str, int], actor: Viewer, **fields: Any
) -> Fulfilment:
    """A fulfilment of these skus and quantities, or of all that remains."""
    order = orders.find_any(tx, ref=order.id, lock=True)
    draft = FulfilmentDraft(tuple(LineDraft(*line) for line in lines) or None, **fields)
    return fulfilments.create(tx, order, draft, actor=actor)


def make_article(
    tx: Transaction, *, author: Viewer, publish_at: str | None = "", body: str = "Text.", **fields: Any
) -> Article:
    """An article that is published now, or at `publish_at`; a draft when that is None."""
    draft = ArticleDraft(
        title=fields.pop("title", "Fog"), text=typeset(body, fields.pop("format", "markdown")), **fields
    )
    article = articles.create(tx, draft, actor=author)
    if publish_at is None:
        return article
    return publication.publish(tx, article, publish_at=Instant(publish_at or tx.now))


def make_comment(
    tx: Transaction,
    article: Article,
    *,
    author: Viewer,
    body: str = "Well.",
    parent_id: str | None = None,
    status: CommentStatus | None = None,
) -> Comment:
    """A comment on the article, of the status that the author's role gives it, or of `status`."""
    draft = CommentDraft(body=body, body_html=f"<p>{body}</p>", parent_id=parent_id)
    comment = comments.create(tx, draft, article=article, actor=author, language="en")
    if status:
        comments.moderate(tx, comment, status=status, language="en")
    return comments.find(tx, ref=comment.id, viewer=author)


def make_viewer(tx: Transaction, *, role: str = "author", **fields: str) -> Viewer:
    """Who asks: a fresh account with that role."""
    account = make_account(tx, role=role, **fields)
    return viewer_of(account)


def viewer_of(account: Account) -> Viewer:
    """The account as who asks."""
    return Viewer(id=account.id, email=account.email or "", name=account.name, role=account.role)


class Clock:
    """The instant that every transaction sees, until a test moves it on."""

    def __init__(self) -> None:
        self.now = Instant("2026-11-22T09:30:00.000Z")

    def __call__(self) -> Instant:
        return self.now

    def advance(self, **delta: float) -> None:
        self.now = times.later(self.now, **delta)
