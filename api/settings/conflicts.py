"""Settings that are right alone and wrong together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from api.settings import types

if TYPE_CHECKING:
    from api.settings import Settings

SAMPLE_SITE = Path(__file__).parents[1] / "site" / "sample"


def between(settings: Settings) -> Iterator[str]:
    """Each conflict in a sentence, after the name of a variable."""
    yield from _data_on_site(settings)
    if settings.limits == "off" and (settings.proxy or not types.is_loopback(settings.url)):
        yield (
            "KIOSQUE_LIMITS: off is for this machine alone,"
            " not with KIOSQUE_PROXY or a KIOSQUE_URL that is not loopback"
        )
    if settings.sendfile and not settings.proxy:
        yield "KIOSQUE_SENDFILE: a proxy that sends files needs its address in KIOSQUE_PROXY"
    yield from _office(settings)
    if settings.mail_url not in ("", "print:") and not settings.mail_from:
        yield "KIOSQUE_MAIL_FROM: mails need a sender when KIOSQUE_MAIL_URL is set"
    yield from _payments(settings)


def _office(settings: Settings) -> Iterator[str]:
    host = urlsplit(settings.admin_url).netloc
    if host and types.host_and_port(settings.admin_url) == types.host_and_port(settings.url):
        yield (
            "KIOSQUE_ADMIN_URL: its host answers the office and the API alone, and it is that of KIOSQUE_URL:"
            " leave it empty, or name another host"
        )
    elif host and settings.hosts and not settings.hosts & {host, host.rpartition(":")[0]}:
        yield f"KIOSQUE_HOSTS: it lacks {host}, the host of KIOSQUE_ADMIN_URL, which would be refused"


STRIPE_DIFFERS = frozenset(
    ("BHD", "CLF", "IQD", "ISK", "JOD", "KWD", "LYD", "MGA", "OMR", "TND", "UGX", "UYI", "UYW")
)
"""Currencies whose amounts Stripe writes with other decimals than ISO 4217, or does not take at all."""


def _payments(settings: Settings) -> Iterator[str]:
    if "test" in settings.payments and "_live_" in settings.stripe_key:
        yield (
            "KIOSQUE_PAYMENTS: anybody can pay with test, and no money moves:"
            " not beside the live key in KIOSQUE_STRIPE_KEY"
        )
    if "stripe" not in settings.payments:
        return
    if not settings.stripe_key:
        yield "KIOSQUE_STRIPE_KEY: payments by stripe need a restricted key of your Stripe account"
    if not settings.stripe_webhook_secrets:
        yield "KIOSQUE_STRIPE_WEBHOOK_SECRETS: payments by stripe need the signing secret of your webhook"
    if settings.currency in STRIPE_DIFFERS:
        yield f"KIOSQUE_CURRENCY: Stripe counts amounts in {settings.currency} otherwise than Kiosque does"


def _data_on_site(settings: Settings) -> Iterator[str]:
    site, data = settings.site.resolve(), settings.data.resolve()
    _, is_file, database = settings.database_url.partition("?")[0].partition("sqlite:///")
    on_site = f"lies in KIOSQUE_SITE ({site}): everybody could download it"
    if settings.is_on_site(data):
        yield f"KIOSQUE_DATA: {settings.data} {on_site}"
    elif is_file and settings.is_on_site(Path(database)):
        yield f"KIOSQUE_DATABASE_URL: {database} {on_site}"
    elif isinstance(settings.media_url, Path) and settings.is_on_site(settings.media_url):
        yield f"KIOSQUE_MEDIA_URL: {settings.media_url} {on_site}"
    elif site.is_relative_to(data) and settings.site != SAMPLE_SITE:  # that one is wherever the package is
        yield f"KIOSQUE_SITE: {site} lies in KIOSQUE_DATA ({settings.data}), which is for its owner alone"
