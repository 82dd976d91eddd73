"""The providers that an operator has switched on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from api.settings import Settings
from api.shop.payments.port import Provider
from api.shop.payments.providers.manual import Manual
from api.shop.payments.providers.test.provider import TestProvider
from api.storage import Database


def switched_on(settings: Settings, db: Database) -> dict[str, Provider]:
    """By name, in the order that buyers see."""
    language = "fr" if settings.languages[0].lower().startswith("fr") else "en"
    makers: Mapping[str, Callable[[str], Provider]] = {
        "manual": Manual,
        "stripe": lambda label: _stripe(settings, label),
        "test": lambda label: TestProvider(db, settings.url, label),
    }
    return {name: makers[name](_LABELS[name][language]) for name in settings.payments}


def _stripe(settings: Settings, label: str) -> Provider:
    from api.shop.payments.providers.stripe.provider import Stripe  # needs a package that not everybody has

    return Stripe(settings.stripe_key, settings.stripe_webhook_secrets, label)


_LABELS: Mapping[str, Mapping[str, str]] = {
    "manual": {"en": "Bank transfer or cash", "fr": "Virement ou espèces"},
    "stripe": {"en": "Card and more", "fr": "Carte et autres"},
    "test": {"en": "Test payment", "fr": "Paiement d’essai"},
}
