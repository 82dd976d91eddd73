"""The shell door to rehearsals: it refuses whatever could touch something real."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from api.errors import OperatorError
from api.rehearsal import serving
from api.rehearsal.seeds import DEMO, EMPTY
from api.rehearsal.serving import Order
from api.settings import Settings
from api.settings.environ import are_set
from api.settings.types import is_loopback

REAL = ("KIOSQUE_DATA", "KIOSQUE_DATABASE_URL", "KIOSQUE_MEDIA_URL", "KIOSQUE_PROXY")
"""Settings that belong to a server with real data."""


class CannotRehearse(OperatorError):
    """The reason why a rehearsal does not start."""


def rehearse(
    *, sandboxes: int, seed: str, bind: str, port_file: Path | None, public: bool, secret: str | None
) -> NoReturn:
    """Serve sandboxes until Ctrl-C, or raise CannotRehearse."""
    real = are_set(REAL)
    if real:
        raise CannotRehearse(
            f"{', '.join(real)} {'is' if len(real) == 1 else 'are'} set, which is for a live server:"
            " a rehearsal only ever uses data of its own. Unset it here."
        )
    if not public and not is_loopback(f"http://{bind}"):
        raise CannotRehearse(
            f"{bind} can be reached from other machines, and whoever reaches a rehearsal controls it:"
            " add --public and a --secret, or bind to 127.0.0.1."
        )
    if public and not secret:
        raise CannotRehearse("--public needs a --secret, which tests send as Kiosque-Rehearsal-Secret.")
    if seed not in (DEMO, EMPTY) and not Path(seed).is_file():
        raise CannotRehearse(f"There is no backup {seed}; other seeds are {DEMO} and {EMPTY}.")
    settings = Settings.from_env()
    url = settings.url if are_set(("KIOSQUE_URL",)) else None
    serving.serve(settings, Order(seed, bind, sandboxes, secret or None, port_file, url))
