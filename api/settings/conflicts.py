"""Settings that are right alone and wrong together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

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
    if settings.mail_url not in ("", "print:") and not settings.mail_from:
        yield "KIOSQUE_MAIL_FROM: mails need a sender when KIOSQUE_MAIL_URL is set"


def _data_on_site(settings: Settings) -> Iterator[str]:
    site, data = settings.site.resolve(), settings.data.resolve()
    _, is_file, database = settings.database_url.partition("?")[0].partition("sqlite:///")
    on_site = f"lies in KIOSQUE_SITE ({site}): everybody could download it"
    if settings.is_on_site(data):
        yield f"KIOSQUE_DATA: {settings.data} {on_site}"
    elif is_file and settings.is_on_site(Path(database)):
        yield f"KIOSQUE_DATABASE_URL: {database} {on_site}"
    elif site.is_relative_to(data) and settings.site != SAMPLE_SITE:  # that one is wherever the package is
        yield f"KIOSQUE_SITE: {site} lies in KIOSQUE_DATA ({settings.data}), which is for its owner alone"
