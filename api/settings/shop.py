"""The settings of the shop: money, payments and how long goods are held."""

from __future__ import annotations

from dataclasses import dataclass

from api.settings import types
from api.settings.media import MediaSettings
from api.settings.rows import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """The settings that prices depend on."""

    currency: str
    country: str = ""
    prices_include_tax: bool = True
    taxed_at_destination: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSettings(MediaSettings):
    """The choices of whoever runs the shop."""

    country: str = setting("KIOSQUE_COUNTRY", types.COUNTRY, "", "country that the shop is in")
    currency: str = setting(
        "KIOSQUE_CURRENCY",
        types.CURRENCY,
        "EUR",
        "the one currency of this server's shop",
    )
    prices: str = setting(
        "KIOSQUE_PRICES",
        types.one_of("include-tax", "exclude-tax"),
        "include-tax",
        "whether tax is in the prices, which are then the same everywhere, or comes on top of them",
    )
    tax_place: str = setting(
        "KIOSQUE_TAX_PLACE",
        types.one_of("home", "destination"),
        "home",
        "whose tax rates hold: those of KIOSQUE_COUNTRY, or those of the place of delivery",
    )
    hold_minutes: int = setting(
        "KIOSQUE_HOLD_MINUTES",
        types.count(0, 525_600),
        "30",
        "minutes after which an order that nobody has paid expires and its stock is back; 0: never",
    )
    guests: str = setting(
        "KIOSQUE_GUESTS",
        types.one_of("on", "off"),
        "on",
        "whether strangers may order with an e-mail, without an account",
    )
    download_hours: int = setting(
        "KIOSQUE_DOWNLOAD_HOURS",
        types.count(1, 8_760),
        "24",
        "hours for which a link to a file that was bought works",
    )
    seller: str = setting(
        "KIOSQUE_SELLER",
        types.text(500),
        "",
        "name, address and tax number of the shop, in lines, for receipts, pages of orders and packing slips",
    )
    payments: tuple[str, ...] = setting(
        "KIOSQUE_PAYMENTS",
        types.PAYMENTS,
        "manual",
        "how orders are paid, comma-separated, in the order that buyers see: `manual`, `stripe`, `test`",
    )
    pay_minutes: int = setting(
        "KIOSQUE_PAY_MINUTES",
        types.count(30, 1_380),
        "60",
        "minutes that a buyer has on the page of a payment provider",
    )
    transfer_text: str = setting(
        "KIOSQUE_TRANSFER_TEXT",
        types.text(2_000),
        "",
        "what buyers who pay by `manual` are to do: the account to pay to, for instance",
    )
    transfer_days: int = setting(
        "KIOSQUE_TRANSFER_DAYS",
        types.count(1, 365),
        "7",
        "days after which an order that is to be paid by `manual` expires",
    )
    stripe_key: str = setting(
        "KIOSQUE_STRIPE_KEY",
        types.STRIPE_KEY,
        lambda _: "",
        "secret or restricted key of the Stripe account: `rk_live_…`, or `rk_test_…` to try",
        shown="empty",
    )
    stripe_webhook_secrets: tuple[str, ...] = setting(
        "KIOSQUE_STRIPE_WEBHOOK_SECRETS",
        types.STRIPE_SECRETS,
        "",
        "signing secrets of Stripe's webhook, comma-separated: the new one and the old one while you rotate",
    )

    @property
    def tariff(self) -> Tariff:
        """The settings that prices depend on."""
        return Tariff(
            currency=self.currency,
            country=self.country,
            prices_include_tax=self.prices == "include-tax",
            taxed_at_destination=self.tax_place == "destination",
        )
