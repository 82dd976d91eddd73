"""The views by which the log of events shows each kind of thing, as a table of contents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from api.accounts.profiles.records import Account
from api.articles.comments.records import ShownComment
from api.articles.comments.schemas import CommentView
from api.articles.writing.records import Article
from api.articles.writing.schemas import ArticleView
from api.events.records import Sight, Subject, SubjectKind
from api.media.records import Medium
from api.media.schemas import MediumView
from api.roles import OWNER, Viewer
from api.settings.public_site import PublicSite
from api.shop.items.records import Item
from api.shop.items.schemas import ItemView
from api.shop.orders.records import Order
from api.shop.orders.schemas import OrderView
from api.shop.payments.records import Payment
from api.shop.payments.schemas import PaymentView
from api.shop.refunds.records import Refund
from api.shop.refunds.schemas import RefundView
from api.shop.variants.records import Variant
from api.shop.variants.schemas import VariantView
from api.webhooks.records import Webhook

_OWNER = Viewer(id="", email="", name="", role=OWNER)
_UNSHOWN = ("body",)
"""The text of an author is for whoever may edit it."""


def sights(site: PublicSite) -> Callable[[Any], Sight]:
    """The function that shows a record as its GET shows it to the owner; LookupError if there is none."""
    shown: dict[type, tuple[SubjectKind, Callable[[Any], Any]]] = {
        Account: ("account", lambda account: account),
        Article: ("article", lambda article: ArticleView.of(article, site=site)),
        ShownComment: ("comment", lambda comment: CommentView.of(comment, viewer=_OWNER)),
        Item: ("item", lambda item: ItemView.of(item, site, viewer=_OWNER)),
        Medium: ("media", lambda medium: MediumView.of(medium, site)),
        Order: ("order", lambda order: OrderView.of(order, viewer=_OWNER)),
        Payment: ("payment", PaymentView.of),
        Refund: ("refund", RefundView.of),
        Variant: ("variant", lambda variant: VariantView.of(variant, viewer=_OWNER)),
        Webhook: ("webhook", lambda webhook: webhook),
    }

    def sight_of(thing: Any) -> Sight:
        try:
            kind, view = shown[type(thing)]
        except KeyError:
            raise LookupError(f"no event can show a {type(thing).__name__}") from None
        data = _json(view(thing))
        about = thing.id if isinstance(thing, Account) else getattr(thing, "account_id", None)
        if isinstance(thing, Order):
            about = about or thing.id
        return Sight(Subject(kind, thing.id), data, about)

    return sight_of


def _json(view: Any) -> bytes:
    if not any(hasattr(view, name) for name in _UNSHOWN):
        return msgspec.json.encode(view)
    data = msgspec.to_builtins(view)
    return msgspec.json.encode({name: data[name] for name in data if name not in _UNSHOWN})
