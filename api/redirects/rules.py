"""Redirects: made by editors, or by an import, which keeps the old address of everything that it brings in.

An import calls `keep` with the addresses of many things, in the transaction that stores the things:

    keep(
        tx,
        [
            ("https://old.example/2020/05/hello/", Target("article", article.id)),
            ("/?p=7", Target("article", article.id)),
            ("/category/news/", Target("category", term.id)),
        ],
    )

It takes paths with or without a query, or whole URLs, of whatever site; it refuses nothing, may be called
again with the same, and returns of each whether it leads to its thing now. It does not when no request could
have the address, or when it leads elsewhere already: what an editor or another import made stays. Since such
a redirect refers to the thing, it follows when the slug changes, leads nowhere while the thing is not public,
and goes with it. Addresses under /v1 and the front page without a query are none of those that are kept.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias
from urllib.parse import quote, urljoin, urlsplit

from api.errors import NotFound
from api.redirects import addresses, queries
from api.redirects.addresses import Address
from api.redirects.records import Redirect, RedirectDraft, Target
from api.roles import Viewer
from api.settings.public_site import PublicSite
from api.storage import Transaction
from api.taxonomy.rules import InUse

MOST_HOPS = 20
"""Redirects that may follow each other; a longer chain leads nowhere."""

QueriesOf: TypeAlias = Callable[[Address], Sequence[str]]
"""The queries of the redirects that may serve a request of an address; none where a file is served."""


def _all(address: Address) -> Sequence[str]:
    return address.queries


def keep(tx: Transaction, old: Iterable[tuple[str, Target]]) -> list[bool]:
    """Let old addresses lead to these things, the first one where an address is named twice.

    Returns of each whether it does now.
    """
    parsed = [(addresses.parsed(url), target) for url, target in old]
    first: dict[Address, Target] = {}
    for address, target in parsed:
        if address is not None and address != Address("/"):
            first.setdefault(address, target)
    new = queries.insert_redirects(tx, first)
    there = {address: first[address] if address in new else _target_at(tx, address) for address in first}
    return [address is not None and there.get(address) == target for address, target in parsed]


def create(tx: Transaction, draft: RedirectDraft, *, site: PublicSite, actor: Viewer | None) -> Redirect:
    """Store a redirect. Raises InUse for an address that has one, and for one that leads back to itself."""
    redirect_id, address = tx.new_id("red"), draft.address
    is_new = queries.insert_redirect(
        tx,
        id=redirect_id,
        address=address,
        location=draft.location,
        by_account=actor.id if actor else None,
    )
    if not is_new:
        other = queries.find_for_request(tx, path=address.path, queries=[address.query])
        raise InUse.at("/from", f"There is a redirect from {address} already.", uses=_uses(other))
    last, is_endless = _follow(tx, address, site=site)
    if is_endless:
        other = last if last and last.id != redirect_id else None
        detail = f"This leads back to where it comes from, or through more than {MOST_HOPS} redirects."
        raise InUse.at("/to", detail, uses=_uses(other))
    return find(tx, redirect_id=redirect_id)


def find(tx: Transaction, *, redirect_id: str, lock: bool = False) -> Redirect:
    """The redirect of that id, or NotFound."""
    redirect = queries.find_redirect(tx, redirect_id=redirect_id, lock=lock)
    if redirect is None:
        raise NotFound
    return redirect


def delete(tx: Transaction, redirect: Redirect) -> None:
    """End a redirect."""
    queries.delete_redirect(tx, redirect_id=redirect.id)


def resolve(
    tx: Transaction, address: Address, *, site: PublicSite, queries_of: QueriesOf = _all
) -> str | None:
    """Where a request of that address is sent, through all redirects; None where it is not, or in a loop."""
    last, is_endless = _follow(tx, address, site=site, queries_of=queries_of)
    return None if last is None or is_endless else location_of(last, site)


def location_of(redirect: Redirect, site: PublicSite) -> str | None:
    """Where it leads, as it stands in Location; None while its thing is not public."""
    location, thing = redirect.location, redirect.thing
    if thing is not None and thing.is_public and thing.slug is not None:
        match thing.target.kind:
            case "article":
                location = site.article_url(thing.slug)
            case "item":
                location = site.item_url(thing.slug)
            case kind:
                location = site.term_url(thing.scope, kind, thing.slug)
        location = location.removeprefix(urljoin(site.url, "/").rstrip("/"))
    return location and quote(location, safe=string.punctuation)


def _target_at(tx: Transaction, address: Address) -> Target | None:
    redirect = queries.find_for_request(tx, path=address.path, queries=[address.query])
    return redirect.thing.target if redirect and redirect.thing else None


def _follow(
    tx: Transaction, address: Address, *, site: PublicSite, queries_of: QueriesOf = _all
) -> tuple[Redirect | None, bool]:
    """The last redirect from an address on, and whether it leads back to one before, or too far."""
    last: Redirect | None = None
    here: Address | None = address
    seen: set[str] = set()
    while here is not None:
        sought = queries_of(here)
        redirect = queries.find_for_request(tx, path=here.path, queries=sought) if sought else None
        if redirect is None:
            break
        following = _on_site(location_of(redirect, site), site)
        if redirect.thing and following and following.is_served_by(redirect.address):
            break  # the page of the thing is at its old address
        if redirect.id in seen or len(seen) == MOST_HOPS:
            return last, True
        seen.add(redirect.id)
        last, here = redirect, following
    return last, False


def _on_site(location: str | None, site: PublicSite) -> Address | None:
    """The address on this site, None of another one."""
    base, parts = urlsplit(site.url), urlsplit(urljoin(site.url, location or "//"))
    if parts.netloc.lower() != base.netloc.lower():
        return None
    path = parts.path.removeprefix(base.path)
    return addresses.parsed(f"{path}?{parts.query}")


def _uses(redirect: Redirect | None) -> list[dict[str, str]]:
    if redirect is None:
        return []
    return [{"kind": "redirect", "id": redirect.id, "title": str(redirect.address)}]
