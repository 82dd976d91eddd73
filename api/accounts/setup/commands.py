"""The shell door to the first owner: what the server says as it starts, while there is none."""

from __future__ import annotations

from api.accounts.profiles import queries
from api.accounts.setup import rules
from api.settings import Settings
from api.storage import Transaction

COMMAND = "kiosque account add you@example.org --role owner"


def advise(tx: Transaction, settings: Settings) -> str | None:
    """How to become the first owner: by a new link to the office, or by a command if there is no office."""
    if settings.admin == "off":
        rules.withdraw(tx)
        return None if queries.has_owner(tx) else f"Nobody owns this site yet: {COMMAND}"
    token = rules.offer(tx)
    if token is None:
        return None
    link = f"{settings.admin_url or settings.url}/admin/#setup={token}"
    return f"Nobody owns this site yet. Become its owner within {rules.MINUTES} minutes: {link}"
