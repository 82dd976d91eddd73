"""The demonstration in an empty database, written by the rules that serve requests, in order of time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from api import times
from api.accounts.passwords import Hasher
from api.accounts.profiles import registration
from api.roles import Viewer
from api.shop.items import rules as catalog
from api.shop.items.records import ItemDraft, Option, Property
from api.shop.money import Money
from api.shop.variants.records import VariantDraft
from api.site.demo import journal, sales
from api.site.demo.events import CURRENCY, KEEPER, Event, People, read
from api.storage import Database, Transaction
from api.text.images import ImageDraft
from api.times import Instant

FOUNDED_DAYS_AGO = 365


class Clock:
    """A clock that can be set back."""

    def __init__(self) -> None:
        self.days_ago = 0.0

    def __call__(self) -> Instant:
        return times.later(times.now(), days=-self.days_ago)


def fill(db: Database, clock: Clock, hasher: Hasher) -> None:
    """Create the accounts, then replay every event at its time; `clock` is the clock of `db`."""
    clock.days_ago = FOUNDED_DAYS_AGO
    people = _people(db, hasher)
    events: list[Event] = [*_items(people), *journal.events(people), *sales.events(people)]
    for days_ago, happen in sorted(events, key=lambda event: -event[0]):
        clock.days_ago = days_ago
        with db.write() as tx:
            happen(tx)
    clock.days_ago = 0


def _people(db: Database, hasher: Hasher) -> People:
    people = {}
    for person in read("accounts"):
        hashed, email = hasher.hash(person.pop("password")), person["email"]
        with db.write() as tx:
            account = registration.register(tx, **person, password_hash=hashed)
        people[email] = Viewer(id=account.id, email=email, name=account.name, role=account.role)
    return people


def _items(people: People) -> Iterator[Event]:
    for age, item in enumerate(reversed(read("items")), start=1):
        yield FOUNDED_DAYS_AGO - age, partial(_offer, draft=_draft(item), by=people[KEEPER])


def _offer(tx: Transaction, *, draft: ItemDraft, by: Viewer) -> None:
    catalog.create(tx, draft, currency=CURRENCY, actor=by)


def _draft(item: dict[str, Any]) -> ItemDraft:
    return ItemDraft(
        name=item["name"],
        slug=item["slug"],
        kind=item["kind"],
        external_url=item.get("external_url"),
        status=item.get("status", "published"),
        summary=item["summary"],
        categories=item["categories"],
        tags=tuple(item["tags"]),
        images=tuple(ImageDraft(**image) for image in item["images"]),
        options=tuple(
            Option(name=option["name"], values=tuple(option["values"])) for option in item.get("options", ())
        ),
        properties=tuple(Property(**one) for one in item.get("properties", ())),
        variants=tuple(_variant(variant) for variant in item["variants"]),
        **catalog.described(item["description"], "markdown"),
    )


def _variant(variant: dict[str, Any]) -> VariantDraft:
    compare_at = variant.get("compare_at")
    return VariantDraft(
        sku=variant["sku"],
        price=Money(variant["price"], CURRENCY),
        compare_at=Money(compare_at, CURRENCY) if compare_at else None,
        options=variant.get("options", {}),
        stock=variant.get("stock"),
    )
