"""A link to an order by mail, asked for with its number and e-mail, and without any look at the orders.

The job that writes the mail looks: if the two do not belong together, there is none.
"""

from __future__ import annotations

from typing import Any, Final

from api.accounts.profiles.emails import key_of
from api.mail import rules as mail
from api.mail.records import Request
from api.mail.writing import Link
from api.settings.public_site import PublicSite
from api.shop.guests import queries, tokens
from api.shop.orders.records import Order
from api.storage import Transaction

KIND: Final = "order-link"
PAGE = "/order/"


def ask(tx: Transaction, *, number: int, email: str, language: str) -> None:
    """Have a link to the order of that number sent to its e-mail, if that is the one."""
    mail.post(tx, KIND, to=email, language=language, facts={"number": str(number)})


def compose(tx: Transaction, request: Request, *, site: PublicSite) -> dict[str, Any] | None:
    """The facts of the mail; None if number and e-mail are of no order, or of a suspended account's."""
    number, key = int(request.facts["number"]), key_of(request.mail.to or "")
    order = queries.find_contact(tx, number=number, email_key=key)
    if order is None:
        return None
    mail.readdress(
        tx,
        request,
        kind=KIND,
        to=order.email,
        language=None,
        account_id=order.account_id,
        to_staff=False,
    )
    link = _with_token(tx, order.id, site=site, mail_id=request.mail.id)
    return {"link": link, "number": order.number, "days": tokens.DAYS}


def link_to(tx: Transaction, order: Order, *, site: PublicSite, mail_id: str) -> Link:
    """The page of the order; for a guest, who has no other way to it, with a fresh token."""
    if order.account_id is None:
        return _with_token(tx, order.id, site=site, mail_id=mail_id)
    return Link(f"{site.url}{PAGE}?order={order.id}")


def _with_token(tx: Transaction, order_id: str, *, site: PublicSite, mail_id: str) -> Link:
    token = tokens.issue(tx, order_id=order_id, mail_id=mail_id)
    # The id, since numbers can be guessed; the token behind the #, where no server sees it.
    return Link(f"{site.url}{PAGE}?order={order_id}#token={token}")
