"""The facts of mails about orders, as they are at the moment of sending, amounts and all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api.accounts.profiles.emails import key_of
from api.accounts.profiles.queries import find_account
from api.accounts.profiles.records import Account
from api.mail import rules as mail
from api.mail.records import MailKind, Request
from api.roles import ACTIVE, CUSTOMER
from api.settings.public_site import PublicSite
from api.shop.downloads import queries as entitlements
from api.shop.fulfilments import queries as fulfilments
from api.shop.guests.links import link_to
from api.shop.money import exponent
from api.shop.orders import queries as orders
from api.shop.orders.addresses import Address
from api.shop.orders.records import Order, OrderLine
from api.shop.payments import queries as payments
from api.shop.payments.records import MANUAL
from api.shop.refunds import queries as refunds
from api.storage import Keyset, Transaction

AFTER_ALL = "ent_~"
"""Sorts behind every id."""
MOST_FILES = 100
Facts = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Composer:
    """`seller` and `transfer_text` are the shop's words on who it is and how to pay by hand."""

    site: PublicSite
    seller: str
    transfer_text: str

    @property
    def letters(self) -> Mapping[MailKind, Callable[[Transaction, Request], Facts | None]]:
        """Kind of mail → who finds out what it says."""
        return {
            "receipt": self._addressed(self._receipt),
            "payment-waits": self._addressed(self._payment_waits),
            "shipped": self._addressed(self._shipped),
            "cancelled": self._addressed(self._cancelled),
            "expired": self._addressed(self._expired),
            "refunded": self._addressed(self._refunded),
            "download-ready": self._addressed(self._download_ready),
        }

    def _addressed(
        self, facts_of: Callable[[_Matter], Facts | None]
    ) -> Callable[[Transaction, Request], Facts | None]:
        def compose(tx: Transaction, request: Request) -> Facts | None:
            matter = _matter(tx, request)
            facts = facts_of(matter) if matter else None
            if matter is None or facts is None:
                return None
            order, account = matter.order, matter.account
            mail.readdress(
                tx,
                request,
                kind=request.mail.kind,
                to=order.email,
                language=account.language if account else None,
                account_id=order.account_id,
                to_staff=account is not None and account.role != CUSTOMER,
            )
            link = link_to(tx, order, site=self.site, mail_id=request.mail.id)
            return {"link": link, "is_guest": account is None, **_common(order), **facts}

        return compose

    def _receipt(self, matter: _Matter) -> Facts | None:
        return {"seller": _lines(self.seller)} if matter.is_expected else None

    def _payment_waits(self, matter: _Matter) -> Facts | None:
        """None once nothing is left to pay, or it is paid in another way: another mail has the link then."""
        order = matter.order
        live = payments.find_live(matter.tx, order_id=order.id)
        if order.order_status != "open" or not order.due or (live and live.provider != MANUAL):
            return None
        return {
            "seller": _lines(self.seller),
            "instructions": _lines(self.transfer_text),
            "expires_at": order.expires_at,
        }

    def _shipped(self, matter: _Matter) -> Facts | None:
        order = matter.order
        fulfilment = fulfilments.find_fulfilment(matter.tx, ref=matter.ids["fulfilment"], order_id=order.id)
        if fulfilment is None:
            return None
        names = {line.sku: line.name for line in order.lines}
        sent = sum(line.quantity for line in fulfilment.lines)
        return {
            "sent": [{"quantity": line.quantity, "name": names[line.sku]} for line in fulfilment.lines],
            "carrier": fulfilment.carrier,
            "tracking": fulfilment.tracking,
            "is_whole": sent == sum(line.standing for line in order.lines),
            "rest": _units(order, lambda line: line.remaining),
        }

    def _download_ready(self, matter: _Matter) -> Facts | None:
        """None if what was bought has been given back since."""
        page = Keyset(AFTER_ALL, MOST_FILES)
        found = entitlements.list_entitlements(matter.tx, page, order_id=matter.order.id)
        names = list(dict.fromkeys(each.name for each in found if each.revoked_at is None))
        return {"files": names} if names and matter.is_expected else None

    def _cancelled(self, matter: _Matter) -> Facts | None:
        """None for somebody who has cancelled what nobody paid for, from an address that nobody confirmed."""
        order, event = matter.order, matter.order.events[int(matter.ids["event"])]
        by_buyer = event.by_account in (order.account_id, order.id)
        if not matter.is_expected or (by_buyer and not matter.is_confirmed):
            return None
        return {
            "is_whole": event.kind == "cancelled",
            "units": _units(order, lambda line: line.cancelled),
            "reason": event.note,
        }

    def _expired(self, matter: _Matter) -> Facts | None:
        return {} if matter.order.order_status == "expired" and matter.is_expected else None

    def _refunded(self, matter: _Matter) -> Facts | None:
        refund = refunds.find_refund(matter.tx, ref=matter.ids["refund"])
        payment = payments.find_payment(matter.tx, ref=refund.payment_id) if refund else None
        if refund is None or payment is None:
            return None
        return {
            "amount": _money(refund.amount, matter.order),
            "way": payment.method or payment.provider.capitalize(),
            "reason": None if refund.reason in _CODES else refund.reason,
        }


_CODES = ("came-too-late", "paid-twice", "cancelled")
"""Reasons that are words for programs."""


@dataclass(frozen=True, kw_only=True)
class _Matter:
    """An order as it is now, its account, and the ids that its mail is about."""

    tx: Transaction
    order: Order
    account: Account | None
    ids: Mapping[str, str]

    @property
    def is_expected(self) -> bool:
        """Whether its address is no stranger's: money came, or was asked for, or an account has it."""
        return self.is_confirmed or self._is_own

    @property
    def is_confirmed(self) -> bool:
        """Whether money came, or was asked for, or the account's owner reads the mail of that address."""
        if self.order.paid or mail.has_gone_out(self.tx, "payment-waits", about=self.order.id):
            return True
        return self._is_own and self.account is not None and self.account.email_verified_at is not None

    @property
    def _is_own(self) -> bool:
        return self.account is not None and key_of(self.account.email or "") == key_of(self.order.email)


def _matter(tx: Transaction, request: Request) -> _Matter | None:
    """None for the order of an account that is suspended or erased."""
    order = orders.find_order(tx, ref=request.facts["order"])
    if order is None:
        return None
    account = find_account(tx, account_id=order.account_id) if order.account_id else None
    if order.account_id and (account is None or account.status != ACTIVE):
        return None
    return _Matter(tx=tx, order=order, account=account, ids=request.facts)


def _common(order: Order) -> Facts:
    return {
        "number": order.number,
        "placed_at": order.placed_at,
        "lines": [
            {"quantity": line.quantity, "name": line.name, "total": _money(line.total, order)}
            for line in order.lines
        ],
        "discount": _money(order.discount, order) if order.discount else None,
        "coupons": ", ".join(coupon.code for coupon in order.coupons),
        "shipping": order.shipping_method
        and {"name": order.shipping_method.name, "price": _money(order.shipping, order)},
        "taxes": [
            {
                "name": tax.name,
                "rate": tax.rate,
                "net": _money(tax.net, order),
                "amount": _money(tax.amount, order),
            }
            for tax in order.taxes
        ],
        "prices_include_tax": order.prices_include_tax,
        "total": _money(order.total, order),
        "paid": _money(order.paid, order) if order.paid else None,
        "due": _money(order.due, order),
        "credited": _money(order.credited, order) if order.credited else None,
        "refunded": _money(order.refunded, order) if order.refunded else None,
        "shipping_address": _address(order.shipping_address),
        "billing_address": _address(order.billing_address),
        "tax_id": order.tax_id,
    }


def _money(amount: int, order: Order) -> Facts:
    return {"amount": amount, "currency": order.currency, "decimals": exponent(order.currency)}


def _units(order: Order, count: Callable[[OrderLine], int]) -> list[Facts]:
    return [{"quantity": count(line), "name": line.name} for line in order.lines if count(line)]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _address(address: Address | None) -> Facts | None:
    if address is None:
        return None
    town = " ".join(filter(None, (address.postcode, address.city)))
    lines = (address.name, address.company, address.line1, address.line2, town, address.region)
    return {"lines": [line for line in lines if line], "country": address.country}
