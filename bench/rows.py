"""The rows that all contenders serve: written by Kiosque's own rules, then copied for each database."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from api import sqlite, times
from api.accounts.profiles import queries as account_queries
from api.accounts.profiles.records import Account
from api.accounts.sessions import rules as sessions
from api.articles.authors import rules as author_rules
from api.articles.authors.records import Author
from api.articles.writing import republishing
from api.articles.writing.drafts import ArticleDraft, typeset
from api.articles.writing.republishing import Republication
from api.ids import new_id
from api.roles import CUSTOMER, Role
from api.settings import Settings
from api.shop.items import rules as catalog
from api.shop.items.records import ItemDraft
from api.shop.money import Money
from api.shop.variants.records import VariantDraft
from api.storage import Database, Transaction, migrations
from api.taxonomy import rules as terms
from api.text.images import ImageDraft
from bench.words import text, title

ARTICLES, ITEMS, BUYERS = 1_000, 200, 8
BODY = 3_000
"""Characters in the source of an article."""
STOCK = 10_000_000
FILE = 10_240
"""Bytes of the static file."""
TAGS = ("autumn", "boats", "bread", "fog", "harbour", "lamps", "letters", "maps", "markets", "rain", "trains")
CATEGORIES = ("Notes", "Travel")


@dataclass(frozen=True, slots=True)
class Shop:
    """The skus that can be ordered, and the customers who order."""

    skus: tuple[str, ...]
    tokens: tuple[str, ...]
    """Session tokens, one for each customer."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that were written, and their folder."""

    folder: Path
    slug: str
    """The slug of the newest article."""
    shop: Shop

    @property
    def site(self) -> Path:
        """The folder with the static file `file.bin`."""
        return self.folder / "site"

    def database(self, name: str) -> Path:
        """The database of that name."""
        return self.folder / name / "kiosque.db"

    def copy(self, name: str) -> Path:
        """A new database with the same rows."""
        path = self.database(name)
        path.parent.mkdir()
        source = sqlite.driver.connect(str(self.database("rows")))
        source.execute("VACUUM INTO ?", (str(path),))
        source.close()
        copy = sqlite.driver.connect(str(path))
        copy.execute("PRAGMA journal_mode = WAL")
        copy.close()
        return path


def fill(folder: Path) -> Rows:
    """Write everything into an empty folder."""
    chance = random.Random(5)
    site = folder / "site"
    site.mkdir()
    (site / "file.bin").write_bytes(chance.randbytes(FILE))
    (folder / "rows").mkdir()
    db = migrations.migrated(Settings.from_env({"KIOSQUE_DATA": str(folder / "rows")}))
    slug = _write_articles(db, chance)
    shop = fill_shop(db)
    db.dispose()
    return Rows(folder, slug, shop)


def fill_shop(db: Database) -> Shop:
    """Write items with more stock than can be sold, and customers who are signed in."""
    skus = tuple(f"item-{number}" for number in range(ITEMS))
    with db.write() as tx:
        for sku in skus:
            variant = VariantDraft(sku=sku, price=Money(1_000, "EUR"), stock=STOCK)
            draft = ItemDraft(name=sku.replace("-", " ").title(), variants=(variant,), status="published")
            catalog.create(tx, draft, currency="EUR", actor=None)
        tokens = tuple(sign_up(tx, f"buyer{number}@kiosque.test") for number in range(BUYERS))
    return Shop(skus, tokens)


def sign_up(tx: Transaction, email: str, role: Role = CUSTOMER) -> str:
    """The token of somebody new, who never needs a password."""
    account = Account(
        id=new_id("acc"),
        email=email,
        email_verified_at=None,
        pending_email=None,
        name="Ada",
        language=None,
        role=role,
        status="active",
        created_at=tx.now,
        version=1,
        erased_at=None,
    )
    account_queries.insert_account(tx, account, email_key=email, password_hash="!")
    return sessions.create(tx, account).token


def _write_articles(db: Database, chance: random.Random) -> str:
    slug = ""
    with db.write() as tx:
        authors = [author_rules.create(tx, name=name) for name in ("Ada Quay", "Bela Fog", "Cyril Lamp")]
        for number, draft in enumerate(_drafts(chance)):
            published = times.later(tx.now, minutes=number - ARTICLES)
            republication = Republication(
                draft=draft,
                bylines=_signed(chance, authors),
                tags=terms.named(tx, "articles", "tag", sorted(chance.sample(TAGS, 3))),
                categories=terms.named(tx, "articles", "category", [chance.choice(CATEGORIES)]),
                publish_at=published,
            )
            slug = republishing.create(tx, republication).slug
    return slug


def _drafts(chance: random.Random) -> Iterator[ArticleDraft]:
    for number in range(ARTICLES):
        yield ArticleDraft(
            title=title(chance),
            text=typeset(text(chance, BODY), "markdown"),
            slug=f"article-{number}",
            excerpt=text(chance, 150),
            language="en",
            image=ImageDraft(f"https://example.org/{number}.jpg", "A picture") if number % 2 else None,
            featured=number % 7 == 0,
        )


def _signed(chance: random.Random, authors: list[Author]) -> list[Author]:
    # By name, as every peer may sort them.
    return sorted(chance.sample(authors, chance.choice((1, 1, 2))), key=lambda author: author.name)
