"""The erasure of an account: what says who somebody was goes, and what others rely on stays.

Orders keep what the law wants of invoices, the e-mail among it, and articles the byline that they appeared
with, which an editor may change. Nothing leads from either to a person who can be reached.
"""

from __future__ import annotations

from api.accounts.profiles import administration
from api.accounts.profiles.administration import ERASED_NAME
from api.accounts.profiles.records import Account
from api.articles.authors import rules as authors
from api.articles.comments import rules as comments
from api.mail import rules as mail
from api.media import rules as media
from api.roles import CUSTOMER, Viewer
from api.shop.cancellations import rules as cancellations
from api.shop.cancellations.records import CancellationDraft
from api.shop.downloads import rules as downloads
from api.shop.letters import rules as letters
from api.shop.orders import queries as order_queries
from api.shop.orders import rules as orders
from api.shop.orders.states import next_steps
from api.storage import Transaction
from api.webhooks.deliveries import rules as deliveries

REASON = "The account was deleted."


def erase(tx: Transaction, account: Account, *, actor: Viewer | None = None) -> None:
    """Erase an account that `administration.lock` has locked, once; LastOwner.

    Its open orders of which nothing is paid are cancelled by `actor`, or as if by their buyer.
    """
    if account.erased_at is not None:
        return
    authors.leave(tx, account_id=account.id)  # while its name is still that of the account
    media.leave(tx, account_id=account.id)
    downloads.forget(tx, account_id=account.id)
    _cancel_orders(tx, account, actor=actor)  # while what that says to others is still emptied below
    deliveries.forget(tx, account_id=account.id)  # while the events still say whom they are about
    administration.erase(tx, account, actor=actor)
    comments.forget_author(tx, account_id=account.id, name=ERASED_NAME)
    mail.forget(tx, account_id=account.id)
    letters.forget(tx, account_id=account.id)


def _cancel_orders(tx: Transaction, account: Account, *, actor: Viewer | None) -> None:
    buyer = Viewer(id=account.id, email="", name="", role=CUSTOMER)
    for order_id in order_queries.list_open_unpaid(tx, account_id=account.id):
        order = orders.find(tx, ref=order_id, viewer=buyer, lock=True)
        if "cancellation" in next_steps(order, actor=buyer):
            cancellations.cancel(tx, order, CancellationDraft(reason=REASON), actor=actor or buyer)
